import Foundation
import TestSupport
import Testing

/// When segments by look-back functions are entered and left, and in which order events count.
@Suite("Look-back functions in segment") struct LookBackChangesTests {
  private static func changes(_ outcome: Outcome) -> [String] {
    ["segment.entered", "segment.left"].flatMap { kind in
      outcome.records(kind).map { record in
        let verb = kind == "segment.left" ? "left" : "entered"
        return "\(verb) \(record["segment"] ?? "") \(record["timestamp"] ?? "")"
      }
    }
  }

  @Test("what ends by time alone ends at its own time")
  func endings() throws {
    let input =
      SegmentTests.line("A", #""userId":"u""#, "01-01T00:00:00")
      + SegmentTests.line("B", #""userId":"u""#, "01-01T12:00:00")
      + SegmentTests.line("C", #""userId":"v""#, "04-01T00:00:00")
    let rules = [
      ("days", "days(event != \"C\", \"3d\") >= 1"),
      ("flow", "sequence(event == \"A\", event == \"B\", \"1d\", \"64d\")"),
      ("variety", "distinct(true, event, \"64h\") >= 2"),
      ("weekly", "periods(event != \"C\", \"64h\", 2, 1) >= 2"),
    ]
    let utc = try SegmentTests.run(rules, ["--changes"], input)
    #expect(
      Self.changes(utc) == [
        "entered days 2026-01-01T00:00:00.000Z", "entered flow 2026-01-01T12:00:00.000Z",
        "entered variety 2026-01-01T12:00:00.000Z", "entered weekly 2026-01-03T17:00:00.000Z",
        "left variety 2026-01-03T17:00:00.000Z", "left days 2026-01-04T00:00:00.000Z",
        "left weekly 2026-01-04T05:00:00.000Z", "left flow 2026-03-07T00:00:00.000Z",
      ])
    let tokyo = try SegmentTests.run(
      Array(rules.prefix(1)), ["--changes", "--time-zone", "+09:00"], input)
    #expect(
      Self.changes(tokyo) == [
        "entered days 2026-01-01T00:00:00.000Z", "left days 2026-01-03T15:00:00.000Z",
      ])
  }

  @Test("events of one time count in the order of arrival, with --reorder by messageId")
  func ties() throws {
    let lines = ["A", "B"].map { name in
      SegmentTests.line(
        name, #""userId":"u""#, "01-01T00:00:00", ",\"messageId\":\"\(name == "A" ? 2 : 1)\"")
    }
    let rule = [("flow", "sequence(event == \"A\", event == \"B\", \"1d\", \"64d\")")]
    for (input, options, expected) in [
      (lines, [], 1), (lines.reversed(), [], 0), (lines, ["--reorder", "1h"], 0),
      (lines.reversed(), ["--reorder", "1h"], 0),
    ] {
      let outcome = try SegmentTests.run(rule, options, input.joined())
      #expect(outcome.lines.count { $0.contains("\"segments\":[\"flow\"]") } == expected)
    }
  }

  @Test("who is forgotten leaves its segments, and enters them again as a new person")
  func forgotten() throws {
    let days = [("u", "01-01"), ("v", "01-01"), ("v", "01-05"), ("v", "01-20"), ("u", "01-21")]
    let input = days.map { person, day in
      SegmentTests.line("A", "\"userId\":\"\(person)\"", "\(day)T00:00:00")
    }
    let outcome = try SegmentTests.run(
      [("ever", "count(event == \"A\") >= 1")],
      ["--changes", "--forget", "8d", "--max-jump", "30d"], input.joined())
    #expect(
      Self.changes(outcome) == [
        "entered ever 2026-01-01T00:00:00.000Z", "entered ever 2026-01-01T00:00:00.000Z",
        "entered ever 2026-01-21T00:00:00.000Z", "left ever 2026-01-20T00:00:00.000Z",
      ])
    #expect(outcome.records("segment.left").map { $0["userId"] as? String } == ["u"])
  }

  @Test("under --reorder a shuffled stream is annotated as the sorted one is without it")
  func reordered() throws {
    var randomness = Randomness(seed: 31)
    let sorted = (0..<400).map { number in
      let person = randomness.number(0...9)
      let id =
        switch randomness.number(0...9) {
        case 0: "\"userId\":\"u\(person)\",\"anonymousId\":\"a\(person)\""
        case 1...4: "\"anonymousId\":\"a\(person)\""
        default: "\"userId\":\"u\(person)\""
        }
      return "{\"event\":\"\(randomness.one(of: ["A", "B", "C"]))\",\(id),"
        + "\"timestamp\":\(1_767_225_600 + number / 3 * 20_000),\"messageId\":\"\(1000 + number)\"}\n"
    }
    let rules = [
      ("count", "count(event == \"A\", \"9d\") > 2"), ("ever", "distinct(true, event) == 3"),
      ("distinct", "distinct(true, messageId, \"5d\") > 3"), ("days", "days(true, \"9d\") >= 3"),
      ("periods", "periods(event == \"B\", \"4d\", 4, 1) > 2"),
      ("sequence", "sequence(event == \"A\", event == \"C\", \"1d\", \"9d\")"),
      ("latest", "latest(event != \"B\", event) == event"),
      ("quiet", "now - last(event == \"B\") > duration(\"100h\")"),
    ]
    let expected = try SegmentTests.run(rules, ["--changes"], sorted.joined())
    for rule in rules { #expect(expected.text.contains("\"\(rule.0)\"")) }
    for _ in 0..<3 {
      let outcome = try SegmentTests.run(
        rules, ["--changes", "--reorder", "400d"], sorted.shuffled(using: &randomness).joined())
      #expect(outcome.text == expected.text)
    }
  }

  @Test("estimates of distinct() are told")
  func estimates() throws {
    let input = (0..<300).map { number in
      SegmentTests.line("A", #""userId":"u""#, "01-01T00:00:00", ",\"n\":\(number)")
    }.joined()
    let rule = [("wide", "distinct(true, n) > 280")]
    let annotated = try SegmentTests.run(rule, [], input)
    #expect(annotated.errorText.contains("44 answers of distinct() are estimates"))
    let report = try SegmentTests.run(rule, ["--populations"], input)
    #expect(report.errorText.contains("1 answers of distinct() are estimates"))
    let few = try SegmentTests.run([("few", "distinct(true, n % 256) > 2")], [], input)
    #expect(few.errorText.isEmpty)
    let filtered = try Programs.run(
      "funnel", ["--steps", "A,B", "--where", "distinct(true, n) > 3"], text: input)
    #expect(filtered.records("funnel.run").first?["estimates"] as? Int == 44)
  }

  @Test("what the clock alone changes is told, so many times without an event")
  func clock() throws {
    let input =
      SegmentTests.line("A", #""userId":"u""#, "01-01T00:00:00")
      + SegmentTests.line("A", #""userId":"v""#, "12-31T00:00:00")
      + SegmentTests.line("A", #""userId":"u""#, "12-31T00:00:31")
    let quick = try SegmentTests.run(
      [("half", "now.getSeconds() < 30"), ("week", "count(event == \"A\", \"64d\") > 0")],
      ["--changes"], input)
    #expect(quick.status == 0)
    // 10,000 seconds; then the window alone is followed, and the next event tells the rest.
    let ofClock = Self.changes(quick).filter { $0.contains("half") }
    // u: at first, at each half minute, at the window's end, at the next event; v: in and out.
    #expect(ofClock.count == 1 + 10_000 / 30 + 2 + 2, "\(ofClock.count)")
    #expect(Self.changes(quick).contains("left week 2026-03-07T00:00:00.000Z"))
    #expect(Self.changes(quick).contains("left half 2026-12-31T00:00:30.000Z"))
    #expect(
      quick.errorText.contains("answered 10000 times without an event of the person"),
      "\(quick.errorText)")
    let hours = try SegmentTests.run(
      [("night", "now.getHours(\"Europe/Berlin\") < 6")], ["--changes"], input)
    let nights = Self.changes(hours)
    // Clocks go forward on 29 March and back on 25 October.
    for expected in [
      "entered night 2026-03-28T23:00:00.000Z", "left night 2026-03-29T04:00:00.000Z",
      "entered night 2026-10-24T22:00:00.000Z", "left night 2026-10-25T05:00:00.000Z",
    ] { #expect(nights.contains(expected)) }
    #expect(nights.count(where: { $0.hasPrefix("entered") }) == 365 + 1)
    #expect(hours.errorText.isEmpty)
    let days = try SegmentTests.run(
      [("sunday", "now.getDayOfWeek(\"Europe/Berlin\") == 0")], ["--changes"], input)
    #expect(
      Self.changes(days).suffix(200).contains("entered sunday 2026-10-24T22:00:00.000Z")
        && Self.changes(days).contains("left sunday 2026-10-25T23:00:00.000Z"))
  }

  @Test("a signal to end is answered while time passes")
  func interrupted() throws {
    let first = (0..<4000).map { person in
      SegmentTests.line("A", "\"userId\":\"u\(person)\"", "01-01T00:00:00")
    }.joined()
    let input = first + SegmentTests.line("A", #""userId":"z""#, "12-31T00:00:00")
    let file = try SegmentTests.rules([("half", "now.getSeconds() < 30")])
    defer { try? FileManager.default.removeItem(at: file) }
    let outcome = try Programs.shell(
      """
      exec 3<&0
      segment --rules '\(file.path)' --changes --grace 100ms <&3 > /dev/null & child=$!
      sleep 1; kill -TERM $child; SECONDS=0; wait $child; echo "$? $SECONDS"
      """, input: Data(input.utf8))
    let parts = outcome.text.split(separator: " ")
    #expect(parts.first == "143", "\(outcome.text) \(outcome.errorText)")
    #expect((Int(parts.last?.dropLast() ?? "") ?? 99) < 10, "\(outcome.text)")
  }
}
