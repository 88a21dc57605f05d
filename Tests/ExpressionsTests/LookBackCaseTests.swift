import Records
import Testing

@testable import Expressions

/// Look-back functions by hand: each border, tie and day that their definition names.
@Suite("Look-back functions, case by case")
struct LookBackCaseTests {
  /// An event of the one person: when, and the rest of its line.
  typealias Event = (time: Int64, json: String)

  /// A memory that has seen events, the later in the list the later where times are equal.
  static func memory(_ environment: Environment, _ events: [Event]) throws -> PersonMemory {
    var memory = PersonMemory(for: environment)
    for (index, event) in events.enumerated() {
      let sample = try Sample(
        event.json, environment, time: event.time, fingerprint: UInt64(index + 1))
      memory.observe(0, sample.place, fields: sample.fields, in: sample.bytes.span)
    }
    return memory
  }

  static func value(
    _ source: String, _ events: [Event], at moment: Int64, in zone: TimeZoneRules = .utc
  ) throws -> String {
    var environment = Environment(allowsLookBack: true)
    environment.timeZone = zone
    let expression = try environment.compile(source, as: .value)
    var memory = try memory(environment, events)
    return LookBackTests.outcome(
      memory.value(expression, person: 0, at: Moment(milliseconds: moment)))
  }

  static func named(_ times: [(Int64, String)]) -> [Event] {
    times.map { ($0.0, "{\"event\":\"\($0.1)\"}") }
  }

  @Test("distinct counts values that differ, not how they are written")
  func distinctValues() throws {
    let values = [
      "1", "1.0", "1e0", "10e-1", "\"1\"", "true", "false", "null", "\"é\"", "\"\\u00e9\"",
      "{\"a\":1,\"b\":2}", "{\"b\":2.0,\"a\":1}", "[1,2]", "[2,1]", "[1.0,2]", "\"\"", "-0", "0",
      "1e20000", "10e19999", "123456789012345678901234567890123456789012345",
      "123456789012345678901234567890123456789012345.0",
      "123456789012345678901234567890123456789012346", "\"\(String(repeating: "x", count: 40))\"",
    ]
    let events = values.map { (Int64(5), "{\"properties\":{\"v\":\($0)}}") }
    #expect(try Self.value("distinct(true, properties.v)", events, at: 5) == "int 14")
    var environment = Environment(allowsLookBack: true)
    _ = try environment.compile("distinct(true, properties.v)", as: .value)
    let memory = try Self.memory(environment, [(0, "{\"properties\":{}}")])
    #expect(memory.failureCount == 1)
  }

  @Test(
    "what a window of 64 s holds, second by second",
    arguments: [
      ("count(event == \"A\", \"64s\")", 64_999, "int 1"),
      ("count(event == \"A\", \"64s\")", 65_000, "int 0"),
      ("distinct(event == \"A\", event, \"64s\")", 64_999, "int 1"),
      ("distinct(event == \"A\", event, \"64s\")", 65_000, "int 0"),
      // Both came last in their steps.
      ("distinct(true, event, \"64s\")", 65_000, "int 1"),
      ("distinct(true, event, \"64s\")", 67_000, "int 0"),
      ("sequence(event == \"A\", event == \"B\", \"2s\", \"64s\")", 66_999, "true"),
      ("sequence(event == \"A\", event == \"B\", \"2s\", \"64s\")", 67_000, "false"),
      // Period 0 reaches back 64 s, period 1 another 64 s.
      ("periods(event == \"A\", \"64s\", 1, 1)", 64_999, "int 1"),
      ("periods(event == \"A\", \"64s\", 1, 1)", 65_000, "int 0"),
      ("periods(true, \"64s\", 2, 1)", 65_000, "int 2"),
      ("periods(true, \"64s\", 2, 1)", 67_000, "int 1"),
      ("periods(true, \"64s\", 2, 2)", 64_000, "int 1"),
      ("periods(true, \"64s\", 2, 2)", 65_000, "int 0"),
      ("periods(true, \"64s\", 3, 1)", 194_999, "int 1"),
      ("periods(true, \"64s\", 3, 1)", 195_000, "int 0"),
    ])
  func window(_ source: String, _ moment: Int64, _ expected: String) throws {
    // A at 0 s, B at 2 s.
    let events = Self.named([(0, "A"), (2000, "B")])
    #expect(try Self.value(source, events, at: moment) == expected)
  }

  @Test("periods end at the moment: weeks of somebody who comes on days 0, 8, 9 and 27")
  func periods() throws {
    let day: Int64 = 86_400_000
    let events = Self.named([0, 8, 9, 27].map { ($0 * day, "Login") })
    for (source, moment, expected) in [
      ("periods(event == \"Login\", \"7d\", 4, 1)", 27 * day, "int 3"),
      ("periods(event == \"Login\", \"7d\", 4, 2)", 27 * day, "int 1"),
      ("periods(event == \"Login\", \"7d\", 4, 1)", 28 * day, "int 3"),
      ("periods(event == \"Login\", \"7d\", 4, 1)", 29 * day, "int 2"),
      ("periods(event == \"Login\", \"7d\", 100, 1)", 700 * day, "int 3"),
      ("periods(event == \"Logout\", \"7d\", 4, 1)", 27 * day, "int 0"),
    ] {
      #expect(try Self.value(source, events, at: moment) == expected, "\(source) \(moment / day)")
    }
  }

  @Test(
    "a sequence needs the first strictly before the second, near enough, in the order of events",
    arguments: [
      ([(0, "A"), (1000, "B")], "true"), ([(0, "B"), (1000, "A")], "false"),
      ([(0, "A"), (1001, "B")], "false"), ([(5, "A"), (5, "B")], "true"),
      ([(5, "B"), (5, "A")], "false"), ([(0, "A")], "false"),
      // A second A is nearer to B.
      ([(0, "A"), (900, "A"), (1800, "B")], "true"),
      // The first B is near enough, the last is not.
      ([(0, "A"), (900, "B"), (5000, "B")], "true"),
      ([(0, "B"), (900, "A"), (1901, "B")], "false"),
      // Observed late.
      ([(1800, "B"), (0, "A"), (900, "A")], "true"),
      ([(-1, "A"), (0, "C"), (999, "B")], "true"),
    ] as [([(Int64, String)], String)])
  func sequence(_ events: [(Int64, String)], _ expected: String) throws {
    let source = "sequence(event == \"A\", event == \"B\", \"1s\", \"68m\")"
    #expect(try Self.value(source, Self.named(events), at: 6000) == expected)
    // The same event is not before itself, two are.
    let same = "sequence(event == \"A\", event != \"B\", \"1s\", \"1m\")"
    if events.count(where: { $0.1 != "B" }) == 1 {
      #expect(try Self.value(same, Self.named(events), at: 6000) == "false")
    }
  }

  @Test("the window of a sequence is that of its second event")
  func sequenceWindow() throws {
    let day: Int64 = 86_400_000
    let events = Self.named([(0, "A"), (day, "B"), (3 * day, "A")])
    let source = "sequence(event == \"A\", event == \"B\", \"1d\", \"32d\")"
    // Steps of half a day.
    #expect(try Self.value(source, events, at: 33 * day + day / 2 - 1) == "true")
    #expect(try Self.value(source, events, at: 33 * day + day / 2) == "false")
    // The first may be longer ago than the window.
    let short = "sequence(event == \"A\", event == \"B\", \"2d\", \"1h\")"
    let two = Array(events.dropLast())
    #expect(try Self.value(short, two, at: day) == "true")
    #expect(try Self.value(short, two, at: day + 3_700_000) == "false")
  }

  @Test("days are those of the calendar, the moment's own and those before it")
  func days() throws {
    let day: Int64 = 86_400_000
    let hour: Int64 = 3_600_000
    let events = Self.named([
      (0, "A"), (23 * hour, "A"), (day, "A"), (3 * day - 1, "A"), (3 * day, "B"),
    ])
    for (source, moment, expected) in [
      ("days(event == \"A\", \"28d\")", 3 * day, "int 3"),
      ("days(event == \"A\", \"3d\")", 3 * day - 1, "int 3"),
      ("days(event == \"A\", \"3d\")", 3 * day, "int 2"),
      ("days(event == \"A\", \"72h\")", 4 * day, "int 1"),
      ("days(true, \"1d\")", 3 * day, "int 1"), ("days(true, \"1d\")", 4 * day, "int 0"),
      ("days(true, \"4w\")", 30 * day, "int 1"), ("days(true, \"4w\")", 30 * day - 1, "int 2"),
    ] {
      #expect(try Self.value(source, events, at: moment) == expected, "\(source) \(moment)")
    }
    // 23:00 is the next day in a place an hour east.
    let east = TimeZoneRules(offsetSeconds: 3600)
    #expect(
      try Self.value("days(event == \"A\", \"28d\")", events, at: 3 * day, in: east) == "int 3")
    #expect(
      try Self.value("days(event == \"A\", \"1d\")", events, at: 3 * day, in: east) == "int 1")
  }

  @Test("up to 256 values are counted exactly, in any window; more are estimated, and that is said")
  func distinctEstimates() throws {
    var environment = Environment(allowsLookBack: true)
    let ever = try environment.compile("distinct(true, v)", as: .value)
    let hour = try environment.compile("distinct(true, v, \"1h\")", as: .value)
    var memory = PersonMemory(for: environment)
    func ask(_ expression: Expression, _ time: Int64) -> (Int, Int) {
      memory.estimateCount = 0
      let text = LookBackTests.outcome(
        memory.value(expression, person: 0, at: Moment(milliseconds: time)))
      return (Int(text.dropFirst(4)) ?? -1, memory.estimateCount)
    }
    // A value a second, each twice.
    for number in 0..<20_000 {
      let sample = try Sample("{\"v\":\"x\(number / 2)\"}", environment, time: Int64(number) * 500)
      memory.observe(0, sample.place, fields: sample.fields, in: sample.bytes.span)
      guard [255, 511, 512, 513, 2000, 8000, 19_999].contains(number) else { continue }
      let now = Int64(number) * 500
      let count = number / 2 + 1
      for (expression, exact) in [(ever, count), (hour, min(count, 3600 + 57))] {
        let (answer, estimates) = ask(expression, now)
        if exact <= 256 {
          #expect(answer == exact && estimates == 0, "\(number)")
        } else {
          #expect(estimates == 1)
          #expect(
            abs(Double(answer) / Double(exact) - 1) < 0.1, "\(number): \(answer) for \(exact)")
        }
      }
    }
    // What is left of the hour is few enough to be exact again.
    let end: Int64 = 9_999_500
    let (answer, estimates) = ask(hour, end + 3_600_000)
    #expect(answer <= 57 && answer > 0 && estimates == 0)
    #expect(ask(hour, end + 3_700_000) == (0, 0))
    #expect(ask(ever, end + 3_700_000).1 == 1)
  }

  @Test(
    "errors say what is wrong, with a caret",
    arguments: [
      (
        "distinct(bot)",
        "1: distinct() is written distinct(condition, value) or distinct(condition, value, \"7d\")"
      ),
      (
        "distinct(1, event) > 1", "10: the condition of distinct() is true or false, this is an int"
      ),
      (
        "distinct(bot, event, 7) > 1",
        "22: a window is a length of time in quotes: \"30m\", \"7d\", \"4w\""
      ),
      (
        "distinct(bot, event, event) > 1",
        "22: a window is a length of time in quotes: \"30m\", \"7d\", \"4w\""
      ),
      ("days(bot) > 1", "1: days() is written days(condition, \"28d\")"),
      ("days(bot, \"36h\") > 1", "11: days() counts whole calendar days, from \"1d\" to \"4096d\""),
      (
        "days(bot, \"4097d\") > 1",
        "11: days() counts whole calendar days, from \"1d\" to \"4096d\""
      ),
      (
        "days(bot, \"-1d\") > 1",
        "11: a window is a length of time in quotes: \"30m\", \"7d\", \"4w\""
      ),
      ("days(bot, 28) > 1", "11: a window is a length of time in quotes: \"30m\", \"7d\", \"4w\""),
      ("periods(bot, \"7d\", 4) > 1", "1: periods() is written periods(condition, \"7d\", 4, 1)"),
      ("periods(bot, \"7d\", -4, 1) > 1", "20: the number of periods is a number from 1 to 100"),
      ("periods(bot, \"7d\", 101, 1) > 1", "20: the number of periods is a number from 1 to 100"),
      (
        "periods(bot, \"7d\", 4, 0) > 1",
        "23: how many events make a period count is a number from 1 on"
      ),
      (
        "periods(bot, \"7d\", size(event), 1) > 1",
        "20: the number of periods is a number from 1 to 100"
      ),
      (
        "periods(bot, \"7x\", 4, 1) > 1",
        "14: a window is a length of time in quotes: \"30m\", \"7d\", \"4w\""
      ),
      (
        "sequence(bot, bot, \"1d\")",
        "1: sequence() is written sequence(condition, condition, \"1d\", \"30d\")"
      ),
      (
        "sequence(bot, 5, \"1d\", \"30d\")",
        "15: the condition of sequence() is true or false, this is an int"
      ),
      (
        "sequence(bot, bot, \"0s\", \"30d\")",
        "20: a window is a length of time in quotes: \"30m\", \"7d\", \"4w\""
      ),
      (
        "sequence(bot, bot, \"1m\", \"30d\")",
        "26: sequence() looks back at most 4096 times the time between the two"
      ),
      (
        "sequence(bot, count(bot) > 1, \"1d\", \"30d\")",
        "15: count() cannot stand inside another look-back function"
      ),
      ("days(bot, \"28d\") == true", "18: '==' does not take an int and true or false"),
    ])
  func errors(_ source: String, _ expected: String) throws {
    #expect(ErrorTests.error(source) == expected)
    var environment = Environment(allowsLookBack: true)
    let error = #expect(throws: ExpressionError.self) { try environment.compile(source) }
    #expect(error?.rendering.hasSuffix("^") ?? false)
  }
}
