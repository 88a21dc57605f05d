import Foundation
import TestSupport
import Testing

/// Populations by calendar period, by hand and against the changes of the same events.
@Suite struct PopulationTests {
  static func records(_ options: [String], _ input: String) throws -> [[String: Any]] {
    let outcome = try Programs.run("segment", options + ["--populations"], text: input)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return outcome.records("segment.population")
  }

  /// The records of a segment as `period persons entered left`, with a dot where incomplete.
  static func rows(_ segment: String, _ records: [[String: Any]]) -> [String] {
    records.filter { $0["segment"] as? String == segment }.map { record in
      let numbers = ["persons", "entered", "left"].map { "\(record[$0] as? Int ?? -1)" }
      let end = record["complete"] as? Bool == true ? "" : "."
      return "\(record["period"] ?? "") \(numbers.joined(separator: " "))\(end)"
    }
  }

  static let input =
    BuiltInTests.line("Page Viewed", "a", "01-30T10:00:00")
    + BuiltInTests.line("Page Viewed", "b", "01-31T23:30:00")
    + BuiltInTests.line("Page Viewed", "a", "02-01T10:00:00")
    + BuiltInTests.line("Page Viewed", "c", "02-02T10:00:00")
    + BuiltInTests.line("Page Viewed", "a", "02-03T10:00:00")

  @Test("days: who is in at the end, who came and went since the end of the day before")
  func days() throws {
    let records = try Self.records(["--builtin", "lifecycle", "--period", "day"], Self.input)
    #expect(
      Self.rows("lifecycle:new", records) == [
        "2026-01-30 1 1 0", "2026-01-31 1 1 1", "2026-02-01 0 0 1", "2026-02-02 1 1 0",
        "2026-02-03 0 0 1.",
      ])
    #expect(
      Self.rows("lifecycle:dormant", records) == [
        "2026-01-30 0 0 0", "2026-01-31 1 1 0", "2026-02-01 1 1 1", "2026-02-02 2 1 0",
        "2026-02-03 2 1 1.",
      ])
  }

  @Test("months, weeks and the zone's calendar")
  func calendars() throws {
    let months = try Self.records(["--builtin", "lifecycle", "--period", "month"], Self.input)
    #expect(Self.rows("lifecycle:new", months) == ["2026-01 2 2 0", "2026-02 1 1 2."])
    // In Berlin b's page was viewed in February.
    let berlin = try Self.records(
      ["--builtin", "lifecycle", "--period", "month", "--time-zone", "Europe/Berlin"], Self.input)
    #expect(Self.rows("lifecycle:new", berlin) == ["2026-01 1 1 0", "2026-02 2 2 1."])
    let weeks = try Self.records(["--builtin", "lifecycle", "--period", "week"], Self.input)
    #expect(Self.rows("lifecycle:new", weeks) == ["2026-01-26 2 2 0", "2026-02-02 1 1 2."])
    // As of its last moment a period is complete.
    let whole = try Self.records(
      [
        "--builtin", "lifecycle", "--period", "month", "--as-of", "2026-02-28T23:59:59.999Z",
      ], Self.input)
    #expect(Self.rows("lifecycle:new", whole) == ["2026-01 2 2 0", "2026-02 1 1 2"])
  }

  @Test("growth is against the last period that ended 90 days before")
  func growth() throws {
    var input = ""
    for person in 0..<50 { input += BuiltInTests.order("p\(person)", "01-01", 1) }
    for person in 50..<80 { input += BuiltInTests.order("p\(person)", "03-20", 1) }
    input += BuiltInTests.line("Page Viewed", "x", "04-01T00:00:00")
    let rules = [("ever", "count(event == \"Order Completed\") > 0")]
    let file = try SegmentTests.rules(rules)
    defer { try? FileManager.default.removeItem(at: file) }
    let options = ["--rules", file.path, "--period", "day"]
    // What a day that is not over comes to is no growth.
    let unfinished = try #require(try Self.records(options, input).last)
    #expect(unfinished["growth"] is NSNull && unfinished["complete"] as? Bool == false)
    let records = try Self.records(options + ["--as-of", "2026-04-01T23:59:59.999Z"], input)
    let last = try #require(records.last)
    let growth = try #require(last["growth"] as? [String: Any])
    #expect(growth["since"] as? String == "2026-01-01")
    #expect(growth["before"] as? Int == 50)
    #expect(growth["value"] as? Double == 0.6)
    // ln 1.6 ± 1.959964 × √(30 ÷ (50 × 80))
    let low = try #require(growth["low"] as? Double)
    let high = try #require(growth["high"] as? Double)
    #expect(abs(low - 0.3502176) < 1e-6 && abs(high - 0.8959907) < 1e-6, "\(low) \(high)")
    #expect(records.dropLast().allSatisfy { $0["growth"] == nil })
  }

  @Test("who came before the first period that is shown did not come in it")
  func omitted() throws {
    let days = ["1990-01-01", "1990-01-02", "2026-01-01"]
    let input = days.enumerated().map { number, day in
      "{\"event\":\"A\",\"userId\":\"u\(number)\",\"timestamp\":\"\(day)T00:00:00Z\"}\n"
    }.joined()
    let rules = [("ever", "count(true) > 0"), ("young", "count(true, \"64d\") > 0")]
    let file = try SegmentTests.rules(rules)
    defer { try? FileManager.default.removeItem(at: file) }
    let records = try Self.records(["--rules", file.path, "--period", "day"], input)
    #expect(records.count == 20_000)
    let ever = Self.rows("ever", records)
    #expect(
      ever.first?.hasSuffix(" 2 0 0") == true && ever.last == "2026-01-01 3 1 0.", "\(ever[0])")
    #expect(Self.rows("young", records).first?.hasSuffix(" 0 0 0") == true)
    let since = try Self.records(
      ["--rules", file.path, "--period", "day", "--since", "2025-12-01"], input)
    #expect(Self.rows("ever", since) == ["2026-01-01 1 1 0."])
  }

  @Test("the periods of rules are those of their changes replayed")
  func replay() throws {
    var random = Randomness(seed: 23)
    var input = ""
    for step in 0..<1200 {
      let name = ["A", "B"][Int(random.next() % 2)]
      let moment = Date(timeIntervalSince1970: 1_767_225_600 + Double(step * 5000))
      input +=
        "{\"event\":\"\(name)\",\"userId\":\"u\(random.next() % 25)\",\"timestamp\":\"\(moment.formatted(.iso8601))\"}\n"
    }
    let rules = [
      ("often", "count(event == \"A\", \"5d\") >= 2"),
      ("quiet", "now - last(event == \"B\") > duration(\"72h\")"),
    ]
    let changes = try SegmentTests.run(rules, ["--changes"], input)
    let file = try SegmentTests.rules(rules)
    defer { try? FileManager.default.removeItem(at: file) }
    let records = try Self.records(["--rules", file.path, "--period", "day"], input)
    for (name, _) in rules {
      var members: Set<String> = []
      var before: Set<String> = []
      var log = changes.lines.filter { $0.contains("\"segment\":\"\(name)\"") }[...]
      for record in records where record["segment"] as? String == name {
        let day = try #require(record["period"] as? String)
        while let line = log.first,
          let change = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String],
          let time = change["timestamp"], time.prefix(10) <= day
        {
          log.removeFirst()
          let person = try #require(change["userId"])
          if change["record"] == "segment.entered" {
            members.insert(person)
          } else {
            members.remove(person)
          }
        }
        #expect(record["persons"] as? Int == members.count, "\(name) \(day)")
        #expect(record["entered"] as? Int == members.subtracting(before).count, "\(name) \(day)")
        #expect(record["left"] as? Int == before.subtracting(members).count, "\(name) \(day)")
        before = members
      }
      #expect(log.isEmpty)
    }
  }

  @Test(
    "what does not go together is refused",
    arguments: [
      (
        ["--populations", "--period", "day", "--by", "channel"],
        "--by is for populations at the end"
      ),
      (["--populations", "--period", "day", "--partial"], "--partial cannot rank the buyers"),
      (["--populations", "--period", "day", "--forget", "9d"], "leave it or --period out"),
      (
        ["--populations", "--period", "day", "--rfm-nested"],
        "--rfm-nested ranks all buyers at the end"
      ),
      (
        ["--populations", "--period", "day", "--rfm-ties", "split"],
        "--rfm-ties split ranks all buyers at the end"
      ),
      (["--populations", "--changes"], "take one of them"),
      (["--discover", "3"], "--discover finds groups without rules"),
      (["--persons"], "it needs --discover"),
    ])
  func usage(options: [String], message: String) throws {
    let outcome = try Programs.run("segment", ["--builtin", "rfm"] + options)
    #expect(outcome.status == 64)
    #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
  }
}
