import Foundation
import TestSupport
import Testing

/// The funnel against slow ones written from the descriptions of the engines, on random persons.
@Suite("Funnel against references") struct FunnelReferenceTests {
  private static let personCount = isTorture ? 20_000 : 1200

  /// Few seconds and few steps, so that ties, repeats and windows that just close are many.
  private static func persons(_ stepCount: Int, _ randomness: inout Randomness)
    -> [[ReferenceEvent]]
  {
    (0..<personCount).map { _ in
      let span = randomness.one(of: [2, 6, 14])
      return (0..<randomness.number(1...8)).map { _ in
        let steps = (1...stepCount).filter { _ in randomness.happens(35) }
        return ReferenceEvent(time: randomness.number(0...span), steps: steps)
      }
    }
  }

  private static func lines(_ persons: [[ReferenceEvent]]) -> Data {
    var text = ""
    for (person, events) in persons.enumerated() {
      for event in events {
        text +=
          "{\"event\":\"E\",\"userId\":\"\(person)\",\"timestamp\":\(1_772_323_200 + event.time)"
        text += ",\"properties\":{\"steps\":\(event.steps)}}\n"
      }
    }
    return Data(text.utf8)
  }

  private static func check(
    _ stepCount: Int, _ window: Int, _ options: [String], _ randomness: inout Randomness,
    _ level: ([ReferenceEvent]) -> Int
  ) throws {
    let persons = persons(stepCount, &randomness)
    var arguments = ["--persons", "--window", "\(window)s"] + options
    for step in 1...stepCount { arguments += ["--step", "S\(step)=\(step) in properties.steps"] }
    let outcome = try Programs.run("funnel", arguments, input: lines(persons))
    #expect(outcome.status == 0)
    var levels = [Int](repeating: 0, count: persons.count)
    for record in outcome.records("funnel.person") {
      let person = try #require((record["userId"] as? String).flatMap(Int.init))
      levels[person] = try #require(record["level"] as? Int)
      checkTimes(record, persons[person], window)
    }
    for (person, events) in persons.enumerated() where levels[person] != level(events) {
      let sorted = events.sorted { $0.time < $1.time }.map { "\($0.time)s \($0.steps)" }
      Issue.record(
        "\(options) \(window)s: \(sorted) is \(levels[person]), not \(level(events))")
    }
    let steps = outcome.records("funnel.step").map { $0["persons"] as? Int }
    #expect(steps == (1...stepCount).map { step in levels.count { $0 >= step } })
  }

  /// Whatever the rules, each step has an event at its time, in order and within the window.
  private static func checkTimes(
    _ record: [String: Any], _ events: [ReferenceEvent], _ window: Int
  ) {
    let times = (record["times"] as? [String] ?? []).compactMap { text in
      try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }.map { Int($0.timeIntervalSince1970) - 1_772_323_200 }
    let level = record["level"] as? Int
    let isFine =
      times.count == level && times == times.sorted()
      && (times.last ?? 0) - (times.first ?? 0) <= window
      && times.enumerated().allSatisfy { index, time in
        events.contains { $0.time == time && $0.steps.contains(index + 1) }
      }
    if !isFine { Issue.record("\(record) of \(events)") }
  }

  /// Every set of modes that may stand together.
  static let modeSets: [[String]] = {
    let modes = ["strict_deduplication", "strict_order", "strict_increase", "strict_once"]
    let sets = (0..<16).map { bits in modes.indices.filter { bits >> $0 & 1 == 1 }.map { modes[$0] }
    }
    return sets + sets.filter { $0.contains("strict_order") }.map { $0 + ["allow_reentry"] }
  }()

  @Test("ClickHouse's levels in every set of modes", arguments: Self.modeSets)
  func clickHouse(_ modes: [String]) throws {
    var randomness = Randomness(
      seed: UInt64(modes.joined().utf8.reduce(7) { $0 &* 31 &+ Int($1) } & 0xFFFF))
    let stepCount = randomness.number(2...4)
    let window = randomness.number(0...6)
    let reference = ReferenceWindowFunnel(
      stepCount: stepCount, window: window, modes: Set(modes))
    let mode = modes.isEmpty ? [] : ["--mode", modes.joined(separator: ",")]
    try Self.check(
      stepCount, window, ["--semantics", "clickhouse"] + mode, &randomness, reference.level)
  }

  @Test("PostHog's levels", arguments: ["sequential", "strict"], [2, 3, 4])
  func posthog(_ order: String, _ stepCount: Int) throws {
    var randomness = Randomness(seed: UInt64(stepCount))
    for window in [0, 3, 6] {
      let reference = ReferenceSteps(
        stepCount: stepCount, window: window, isStrict: order == "strict")
      try Self.check(stepCount, window, ["--order", order], &randomness, reference.level)
    }
  }

  @Test("of PostHog's ties lower steps come first, whatever the order of arrival")
  func tiesHelp() throws {
    var randomness = Randomness(seed: 9)
    let reference = ReferenceSteps(stepCount: 3, window: 3, isStrict: false)
    for events in Self.persons(3, &randomness) {
      let level = reference.level(events)
      for _ in 0..<3 { #expect(reference.level(events.shuffled(using: &randomness)) == level) }
    }
  }
}
