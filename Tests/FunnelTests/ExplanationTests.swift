import Foundation
import TestSupport
import Testing

/// `--explain` tells what the report counts.
@Suite("Explanations") struct ExplanationTests {
  private static func texts(_ options: [String], _ story: String) throws -> [String] {
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B,C", "--explain", "u"] + options, text: Story(story).lines.joined())
    #expect(outcome.status == 0)
    return outcome.records("funnel.explain").map { record in
      let time = record["event"] as? String
      return "\(time ?? (record["outcome"] as? String ?? "?")): \(record["text"] as? String ?? "")"
    }
  }

  @Test("event by event, in words")
  func words() throws {
    let entered = "entered 2026-03-01T00:00:10.000Z"
    #expect(
      try Self.texts(["--window", "1h"], "B0 A10 N20 C30 B45 A50 C4000")
        == [
          "B: is step 2 'B', but the person has not entered", "A: enters the funnel by step 1 'A'",
          "N: is no step", "C: is step 3 'C', but step 2 has not been reached",
          "B: reaches step 2 'B', 35 s after the step before",
          "A: begins a try, which may convert later",
          "C: would be step 3 'C', but the window has passed",
          "dropped: dropped: came to step 2 of 3, \(entered)",
        ])
    #expect(
      try Self.texts(["--exclude", "X"], "A0 X1 A2 B3").suffix(4)
        == [
          "X: is excluded here: the person leaves the funnel",
          "A: reaches step 1 'A' in a clean try",
          "B: reaches step 2 'B', 1 s after the step before",
          "open: still on the way: came to step 2 of 3, entered 2026-03-01T00:00:02.000Z",
        ])
    #expect(
      try Self.texts(["--semantics", "mixpanel", "--exclude", "X"], "A0 X10 B20").suffix(3)
        == [
          "X: is excluded here: the person drops off",
          "B: would be step 2 'B', but the try has ended",
          "dropped: dropped: came to step 1 of 3, entered 2026-03-01T00:00:00.000Z",
        ])
    #expect(try Self.texts([], "N0") == ["N: is no step", "none: never entered the funnel"])
  }

  @Test("an id that no event has, and an id of a person who is known by another")
  func ids() throws {
    let lines = [
      #"{"event":"A","anonymousId":"a","timestamp":1}"#,
      #"{"event":"B","anonymousId":"a","userId":"u","timestamp":2}"#,
    ].map { $0 + "\n" }.joined()
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B", "--explain", "a", "--explain", "nobody"], text: lines)
    let records = outcome.records("funnel.explain")
    #expect(records.map { $0["id"] as? String } == ["a", "a", "a", "nobody"])
    #expect(records[2]["outcome"] as? String == "converted")
    #expect(records[3]["outcome"] as? String == "unknown")
  }

  /// Random persons with few names and many equal times.
  private static func events(_ persons: Int, seed: UInt64) -> String {
    var randomness = Randomness(seed: seed)
    return (0..<persons).flatMap { person in
      (0..<randomness.number(1...9)).map { number in
        let name = randomness.one(of: ["A", "B", "C", "X", "N"])
        let second = randomness.number(0...40) * 20
        return "{\"event\":\"\(name)\",\"userId\":\"u\(person)\",\"messageId\":\"\(number)\","
          + "\"timestamp\":\(1_772_323_200 + second),\"properties\":{\"i\":\(number % 2)}}\n"
      }
    }.joined()
  }

  @Test(
    "it agrees with the report for every person",
    arguments: [
      "--window 300s", "--window 300s --order strict --exclude X", "--window 300s --order any",
      "--window 300s --exclude X@1-2 --optional 2", "--window 300s --hold properties.i",
      "--window 300s --semantics mixpanel --exclude X",
      "--window 300s --semantics mixpanel --reentry optimized --tie-grace 0s",
      "--window 300s --semantics amplitude",
      "--window 300s --semantics clickhouse --mode strict_once",
    ])
  func agrees(_ options: String) throws {
    // 10,000 in the plain case, fewer of each other one.
    let count = options == "--window 300s" ? 10_000 : 1000
    let words = options.split(separator: " ").map(String.init)
    let input = Self.events(count, seed: UInt64(options.utf8.count))
    let explained = (0..<count).flatMap { ["--explain", "u\($0)"] }
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B,C"] + words + explained, text: input)
    #expect(outcome.status == 0)
    let plain = try Programs.run(
      "funnel", ["--steps", "A,B,C", "--persons"] + words, text: input)
    var counts: [String: [Int]] = [:]
    for record in outcome.records("funnel.explain") {
      guard let result = record["outcome"] as? String, result != "none",
        let level = record["level"] as? Int
      else { continue }
      counts[result, default: [0, 0, 0, 0]][level] += 1
    }
    func reached(_ level: Int) -> Int {
      ["converted", "open", "dropped"].reduce(0) { sum, outcome in
        sum + (counts[outcome] ?? [0, 0, 0, 0])[level...].reduce(0, +)
      }
    }
    let steps = plain.records("funnel.step")
    if !options.contains("optional") {
      #expect(steps.map { $0["persons"] as? Int } == (1...3).map { reached($0) })
    }
    #expect(steps[0]["persons"] as? Int == reached(1))
    #expect((counts["excluded"] ?? [0]).reduce(0, +) == steps[0]["excluded"] as? Int ?? 0)
    #expect(plain.records("funnel.person").count == reached(1))
    if !options.contains("optional") {
      let open = steps.compactMap { $0["open"] as? Int }.reduce(0, +)
      #expect((counts["open"] ?? [0]).reduce(0, +) == open)
    }
    // Each person's level, one by one.
    var levels: [String: Int] = [:]
    for record in plain.records("funnel.person") {
      levels[record["userId"] as? String ?? ""] = record["level"] as? Int
    }
    for record in outcome.records("funnel.explain") where record["time"] is NSNull {
      let result = record["outcome"] as? String
      if result == "none" || result == "excluded" { continue }
      #expect(levels[record["id"] as? String ?? ""] == record["level"] as? Int)
    }
  }
}
