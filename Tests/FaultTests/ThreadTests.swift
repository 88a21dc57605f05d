import Foundation
import TestSupport
import Testing

/// Several threads look at the lines of a file, and nothing that is written shows it.
@Suite("Threads") struct ThreadTests {
  /// Larger than the blocks that threads share: events, lines that are none, one that is too long,
  /// blank ones, and a last one that is torn.
  private static let file: String = {
    var lines = Stream.mixed(9000, seed: 7)
    let space = String(repeating: " ", count: 100)
    lines = lines.map { $0.dropLast() + space + "\n" }
    for place in stride(from: 8900, to: 0, by: -700) {
      lines.insert(place % 200 == 0 ? "\n" : "{\"event\":\n", at: place)
    }
    lines.insert(String(repeating: "x", count: 700_000) + "\n", at: 4000)
    lines.append("{\"event\":\"A\"")
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-threads-\(ProcessInfo.processInfo.processIdentifier).nd")
    try? Data(lines.joined().utf8).write(to: file)
    return file.path
  }()

  @Test("46 any number of threads gives the same bytes", arguments: Member.aggregators)
  func sameBytes(_ command: String) throws {
    let outcome = try Programs.shell(
      """
      d=$(mktemp -d)
      for n in 1 2 5; do
        \(command) --max-line 64K --threads $n --rejects $d/r$n \(Self.file) > $d/o$n 2> $d/e$n ||
          echo failed
        cmp $d/o1 $d/o$n; cmp $d/r1 $d/r$n; cmp $d/e1 $d/e$n
      done
      wc -l < $d/r1; rm -r $d
      """)
    #expect(outcome.text == "9\n")
    #expect(outcome.errorText.isEmpty)
  }

  @Test("the file is one that threads share")
  func size() throws {
    let size = try FileManager.default.attributesOfItem(atPath: Self.file)[.size] as? Int
    #expect(try #require(size) > 2 << 20)
  }

  @Test("so does a file on standard input, and one behind another")
  func inputs() throws {
    let outcome = try Programs.shell(
      """
      d=$(mktemp -d)
      funnel --steps A,B --threads 1 --quiet < \(Self.file) > $d/one
      funnel --steps A,B --threads 3 --quiet < \(Self.file) | cmp - $d/one
      funnel --steps A,B --threads 1 --quiet \(Self.file) \(Self.file) > $d/two
      funnel --steps A,B --threads 3 --quiet \(Self.file) \(Self.file) | cmp - $d/two
      wc -l < $d/one; rm -r $d
      """)
    #expect(outcome.text == "3\n")
  }

  @Test("an error among the lines ends the run in the same way")
  func strict() throws {
    for threads in [1, 4] {
      let outcome = try Programs.shell(
        "funnel --steps A,B --strict --threads \(threads) \(Self.file)")
      #expect(outcome.status == 65)
      #expect(outcome.errorText.contains("line 501, column 10"), "\(outcome.errorText)")
    }
  }

  @Test("threads have nothing to do where events pass")
  func passing() throws {
    let refused = try Programs.shell("funnel --steps A,B --pass --threads 2 \(Self.file)")
    #expect(refused.status == 64)
    #expect(refused.errorText.contains("--threads 2 works on reports alone"))
    #expect(try Programs.shell("funnel --steps A,B --pass --threads 1 < /dev/null").status == 0)
    #expect(try Programs.shell("funnel --steps A,B --threads 0 < /dev/null").status == 64)
  }
}
