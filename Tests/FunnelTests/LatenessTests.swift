import Foundation
import TestSupport
import Testing

/// What `--lateness` makes of late events, of events ahead, and of ids that are linked late.
@Suite("Lateness") struct LatenessTests {
  /// An event at a minute of the day.
  private static func line(_ name: String, _ ids: String, _ minute: Double) -> String {
    let milliseconds = 1_772_323_200_000 + Int(minute * 60_000)
    return "{\"event\":\"\(name)\",\(ids),\"timestamp\":\(milliseconds)}\n"
  }

  private static let user = #""userId":"u""#
  private static let visitor = #""anonymousId":"a""#
  private static let both = #""userId":"u","anonymousId":"a""#

  private static func run(_ options: String, _ lines: [String]) throws -> Outcome {
    try Programs.shell(
      "funnel --steps A,B,C --persons \(options)", input: Data(lines.joined().utf8))
  }

  private static func counts(_ outcome: Outcome) -> [Int?] {
    outcome.records("funnel.step").map { $0["persons"] as? Int }
  }

  private static func header(_ outcome: Outcome, _ key: String) -> Int? {
    outcome.records("funnel.run").first?[key] as? Int
  }

  @Test("an event at the limit counts, one a millisecond before it is late")
  func late() throws {
    let lines = [
      Self.line("A", Self.user, 0), Self.line("X", Self.user, 120),
      Self.line("B", Self.user, 60), Self.line("C", Self.user, 60 - 1 / 60_000),
    ]
    let outcome = try Programs.shell(
      """
      r=$(mktemp)
      funnel --steps A,B,C --lateness 1h --strict --rejects $r && cat $r; rm $r
      """, input: Data(lines.joined().utf8))
    #expect(outcome.status == 0)
    #expect(Self.counts(outcome) == [1, 1, 0])
    #expect(Self.header(outcome, "events") == 3)
    #expect(Self.header(outcome, "late") == 1)
    #expect(Self.header(outcome, "rejected") == 0)
    #expect(
      outcome.errorText == "funnel: 1 of 4 lines too late to count: "
        + "line 4: later than --lateness 1h by 0.001 s\n")
    let record = try #require(outcome.records("rejected").first)
    #expect(record["reason"] as? String == "later than --lateness 1h by 0.001 s")
    #expect(record["line"] as? Int == 4)
    #expect(record["column"] as? Int == 1)
    #expect(record["text"] as? String == String(lines[3].dropLast()))
  }

  @Test("a late event passes unchanged, links its ids, and is told but to --quiet")
  func latePasses() throws {
    let lines = [
      Self.line("A", Self.visitor, 200), Self.line("B", Self.user, 201),
      Self.line("X", Self.both, 0),
    ]
    let outcome = try Self.run("--lateness 1h --pass --quiet", lines)
    #expect(outcome.errorText.isEmpty)
    #expect(outcome.text.contains(lines[2]))
    #expect(Self.header(outcome, "persons") == 1)
    #expect(Self.counts(outcome) == [1, 1, 0])
    let twice = try Self.run("--lateness 1h", lines + [lines[2], "nonsense\n"])
    #expect(
      twice.errorText == """
        funnel: 1 of 5 lines rejected: line 5: invalid JSON: a record is one object, {…}, on one line \
        (--rejects FILE keeps them)
        funnel: 2 of 5 lines too late to count: line 3: later than --lateness 1h by 8460.000 s; \
        line 4: later than --lateness 1h by 8460.000 s (--rejects FILE keeps them)

        """)
  }

  @Test("what --where, --until and --bots leave out moves no clock and is never late")
  func filtered() throws {
    let far = Self.line("X", Self.user, 100_000)
    let bot = far.replacing("{", with: "{\"bot\":true,")
    let lines = [Self.line("A", Self.user, 0), bot, far, Self.line("B", Self.user, 1)]
    let outcome = try Self.run("--lateness 1m --where 'event != \"X\"'", lines)
    #expect(Self.header(outcome, "late") == 0)
    #expect(Self.counts(outcome) == [1, 1, 0])
    let late = try Self.run("--lateness 1m --where 'event != \"B\"' --max-jump 10w", lines)
    #expect(Self.header(late, "late") == 0)
    #expect(Self.header(late, "filtered") == 1)
  }

  @Test("one event of the year 2099 counts and makes no other late")
  func ahead() throws {
    let future = #"{"event":"B","userId":"u","timestamp":"2099-01-01T00:00:00Z"}"# + "\n"
    let lines = [
      Self.line("A", Self.user, 0), future, Self.line("B", Self.user, 1),
      Self.line("C", Self.user, 2),
    ]
    let outcome = try Self.run("--lateness 1d", lines)
    #expect(outcome.errorText.isEmpty)
    #expect(Self.counts(outcome) == [1, 1, 1])
    #expect(Self.header(outcome, "ahead") == 1)
    #expect(Self.header(outcome, "late") == 0)
    #expect(Self.header(outcome, "events") == 4)
    #expect(outcome.records("funnel.run").first?["to"] as? String == "2099-01-01T00:00:00.000Z")
    // The clock has gone a day on: with an hour of lateness the two events after it are late.
    let short = try Self.run("--lateness 1h", lines)
    #expect(Self.counts(short) == [1, 0, 0])
    #expect(Self.header(short, "late") == 2)
    let slow = try Self.run("--lateness 1h --max-jump 30m", lines)
    #expect(Self.counts(slow) == [1, 1, 1])
    let fast = try Self.run("--lateness 1d --max-jump 8000w", lines)
    #expect(Self.header(fast, "ahead") == 0)
    #expect(Self.header(fast, "late") == 2)
  }

  @Test("a visitor who signs up long after is one person with what was folded")
  func linkOfOne() throws {
    let lines = [
      Self.line("A", Self.visitor, 0), Self.line("B", Self.visitor, 2),
      Self.line("X", #""userId":"other""#, 1000), Self.line("X", Self.both, 1001),
      Self.line("C", Self.user, 1002),
    ]
    for options in ["", "--order strict", "--semantics clickhouse --window 1d"] {
      let whole = try Self.run(options, lines)
      let folded = try Self.run("--lateness 10m \(options)", lines)
      #expect(folded.records("funnel.person").first?["userId"] as? String == "u")
      #expect(Self.counts(folded) == Self.counts(whole), "\(options)")
    }
  }

  @Test("what two ids did before the lateness of their link is joined, not interleaved")
  func linkOfTwo() throws {
    // The A of the visitor and the B of the user are folded when the link comes.
    let lines = [
      Self.line("A", Self.visitor, 0), Self.line("B", Self.user, 2), Self.line("A", Self.user, 4),
      Self.line("X", #""userId":"other""#, 1000), Self.line("X", Self.both, 1001),
      Self.line("B", Self.user, 1002), Self.line("C", Self.visitor, 1003),
    ]
    #expect(Self.counts(try Self.run("", Array(lines.prefix(5)))) == [1, 1, 0])
    let early = try Self.run("--lateness 10m", Array(lines.prefix(5)))
    #expect(Self.counts(early) == [1, 0, 0])
    // Of equals the earlier try is reported, the later one goes on.
    #expect(Self.times(early) == [["2026-03-01T00:00:00.000Z"]])
    let late = try Self.run("--lateness 10m", lines)
    #expect(
      Self.times(late) == [
        ["2026-03-01T00:04:00.000Z", "2026-03-01T16:42:00.000Z", "2026-03-01T16:43:00.000Z"]
      ])
  }

  private static func times(_ outcome: Outcome) -> [[String]] {
    outcome.records("funnel.person").map { $0["times"] as? [String] ?? [] }
  }

  @Test("a link reaches back a lateness before its own time, whenever it comes within one after")
  func linkReach() throws {
    let lines = [
      Self.line("A", Self.visitor, 0), Self.line("B", Self.user, 1),
      Self.line("X", #""userId":"other""#, 120),
      // An hour old, and what it joins is an hour older.
      Self.line("X", Self.both, 60), Self.line("C", Self.user, 121),
    ]
    #expect(Self.counts(try Self.run("--lateness 1h", lines)) == [1, 1, 1])
    #expect(Self.counts(try Self.run("--lateness 1h --no-link", lines)) == [1, 0, 0])
  }

  @Test("of two folded ways the further one is reported, and each step keeps its later try")
  func merge() throws {
    let lines = [
      Self.line("A", Self.visitor, 0), Self.line("B", Self.visitor, 1),
      Self.line("A", Self.user, 2), Self.line("X", #""userId":"other""#, 1000),
      Self.line("X", Self.both, 1001), Self.line("C", Self.user, 1002),
    ]
    let outcome = try Self.run("--lateness 10m", lines)
    #expect(
      Self.times(outcome) == [
        ["2026-03-01T00:00:00.000Z", "2026-03-01T00:01:00.000Z", "2026-03-01T16:42:00.000Z"]
      ])
  }

  @Test("quantiles say how exact they are")
  func quantiles() throws {
    let lines = [Self.line("A", Self.user, 0), Self.line("B", Self.user, 1)]
    let steps = try Self.run("--lateness 1h", lines).records("funnel.step")
    #expect(steps.map { $0["quantileError"] as? Double } == [nil, 0.01, 0.01])
    #expect(abs((steps[1]["medianSeconds"] as? Double ?? 0) - 60) <= 0.6)
    #expect(steps[1]["meanSeconds"] as? Double == 60)
    #expect(steps[2]["medianSeconds"] is NSNull)
  }

  @Test(
    "durations that make no sense are refused",
    arguments: [
      ("--lateness 1", "--lateness takes a duration like 500ms, 30s, 15m, 12h, 7d or 4w, not '1'"),
      ("--max-jump 1d", "--max-jump needs --lateness or --forget, whose clock it slows"),
      ("--lateness 1h --max-jump 0s", "--max-jump takes a duration longer than 0s"),
    ])
  func refused(_ options: String, _ message: String) throws {
    let outcome = try Self.run(options, [])
    #expect(outcome.status == 64)
    #expect(outcome.errorText.hasPrefix("funnel: \(message)\n"))
  }

  @Test("segment takes --lateness only for its reports")
  func segment() throws {
    let rules = FileManager.default.temporaryDirectory
      .appendingPathComponent("lateness-\(UUID().uuidString).json")
    try Data(#"{"segments":[{"name":"a","when":"count(event == \"A\") > 0"}]}"#.utf8)
      .write(to: rules)
    defer { try? FileManager.default.removeItem(at: rules) }
    let lines = [Self.line("X", Self.user, 120), Self.line("A", Self.user, 0)].joined()
    let refused = try Programs.run(
      "segment", ["--rules", rules.path, "--lateness", "1h"], text: lines)
    #expect(refused.status == 64)
    let report = try Programs.run(
      "segment", ["--rules", rules.path, "--lateness", "1h", "--populations"], text: lines)
    #expect(report.records("segment.run").first?["late"] as? Int == 1)
    #expect(report.records("segment.population").first?["persons"] as? Int == 0)
  }
}
