import Foundation
import TestSupport
import Testing

/// What `--since`, `--until` and `--where` leave out is of the past that rules look back at.
@Suite("The past that options leave out") struct PastTests {
  static let input =
    SegmentTests.line("A", #""userId":"u""#, "01-01T00:00:00")
    + SegmentTests.line("A", #""userId":"u""#, "01-02T00:00:00")
    + SegmentTests.line("B", #""userId":"v""#, "01-02T00:00:00")
    + SegmentTests.line("A", #""userId":"u""#, "01-03T00:00:00", #","x":1"#)
    + SegmentTests.line("A", #""userId":"v""#, "01-04T00:00:00", #","x":1"#)
  static let rules = [
    ("often", "count(event == \"A\", \"32d\") >= 3"), ("ever", "count(true) > 0"),
  ]

  @Test(
    "an annotator's segments are those of all events, whichever come out",
    arguments: [
      ["--since", "2026-01-03"], ["--where", "has(record.x)"], ["--until", "2026-01-04"],
    ])
  func annotated(options: [String]) throws {
    let all = try SegmentTests.run(Self.rules, [], Self.input)
    let some = try SegmentTests.run(Self.rules, options, Self.input)
    #expect(!some.lines.isEmpty && some.lines.count < all.lines.count)
    #expect(some.lines == all.lines.filter { some.lines.contains($0) })
    #expect(options[0] == "--until" || some.lines[0].contains("\"often\""))
  }

  @Test("changes are told of the period alone, as they are without it")
  func changes() throws {
    let options = ["--changes", "--time-zone", "UTC"]
    let all = try SegmentTests.run(Self.rules, options, Self.input)
    let some = try SegmentTests.run(
      Self.rules, options + ["--since", "2026-01-02T12:00:00Z"], Self.input)
    #expect(
      some.records("segment.entered").map { "\($0["segment"] ?? "") \($0["userId"] ?? "")" } == [
        "often u"
      ])
    #expect(some.lines == all.lines.suffix(some.lines.count))
  }

  @Test("populations are those of persons who count, with all of their past")
  func populations() throws {
    for (options, expected) in [
      ([], [1, 2]), (["--since", "2026-01-03"], [1, 2]), (["--where", "has(record.x)"], [1, 2]),
      (["--since", "2026-01-04"], [0, 1]), (["--until", "2026-01-03"], [0, 2]),
      (["--as-of", "2026-01-02T12:00:00Z"], [0, 2]),
    ] as [([String], [Int])] {
      for period in [[], ["--period", "week"]] {
        let outcome = try SegmentTests.run(
          Self.rules, ["--populations"] + options + period, Self.input)
        let last = outcome.records("segment.population").suffix(2).map { $0["persons"] as? Int }
        #expect(last == expected, "\(options + period)")
      }
    }
  }

  @Test("the past is in partial results and in the state of a run")
  func kept() throws {
    let file = try SegmentTests.rules(Self.rules)
    defer { try? FileManager.default.removeItem(at: file) }
    let outcome = try Programs.shell(
      """
      set -e; d=$(mktemp -d); cat > $d/all; cd $d; S="segment --rules '\(file.path)' --populations --since 2026-01-03"
      grep '"u"' all > u; grep '"v"' all > v; head -2 all > first; tail -n +3 all > rest
      eval $S all > whole
      for part in u v; do eval $S --partial $part; done | eval $S | cmp - whole
      eval $S --state s first > /dev/null; eval $S --state s rest | cmp - whole
      echo same
      """, input: Data(Self.input.utf8))
    #expect(outcome.text == "same\n", "\(outcome.errorText)")
  }
}
