import Foundation
import TestSupport
import Testing

/// The worked example: readers of a news site stay five minutes on average.
@Suite struct NewsSiteTests {
  @Test("the example of a news site writes what stands beside it")
  func example() throws {
    let folder = Programs.root.appendingPathComponent("examples/metrics")
    let outcome = try Programs.shell("'\(folder.path)/session.sh'")
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let expected = folder.appendingPathComponent("session.txt")
    #expect(outcome.text == String(decoding: try Data(contentsOf: expected), as: UTF8.self))
  }

  @Test("the average session is five minutes")
  func average() throws {
    let visits = Visits(
      "/ 08:00:00, /politics 08:01:30, /budget 08:04:00, /sport 18:00:00, /derby 18:06:00")
    #expect(try visits.summary("averageSeconds", "pageSeconds", "sessions") == ["300 200 2"])
  }
}
