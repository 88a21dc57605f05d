import Expressions
import Testing

@Suite("The standard's own tests")
struct ConformanceTests {
  /// The cases that do not pass, by the start of their name.
  ///
  /// The two want a backslash that their expressions do not have, unlike their twins of strings.
  static let impossible = [
    "parse/bytes_literals/triple_single_quoted_unescaped_punctuation",
    "parse/bytes_literals/triple_double_quoted_unescaped_punctuation",
  ]

  @Test(
    "all but the known ones pass",
    .enabled(
      if: ConformanceCase.isThere,
      "the suite lies beside the repository: ../shared/conformance/cel.jsonl"))
  func suite() throws {
    var passed = 0
    var failures: [String] = []
    for test in try ConformanceCase.all() {
      if let failure = test.failure {
        failures.append("\(test.name): \(test.source): \(failure)")
      } else {
        passed += 1
      }
    }
    let unknown = failures.filter { failure in
      !ConformanceTests.impossible.contains { failure.hasPrefix($0) }
    }
    #expect(unknown.isEmpty, "\(unknown.joined(separator: "\n"))")
    #expect(passed >= 847, "passed \(passed); failed: \(failures.joined(separator: "\n"))")
  }
}
