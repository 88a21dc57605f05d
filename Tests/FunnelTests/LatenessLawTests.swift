import Foundation
import TestSupport
import Testing

/// Folding changes no report: with `--lateness` it is what it is without, for any order of arrival
/// whose disorder stays within.
@Suite("Lateness laws") struct LatenessLawTests {
  /// Events of random persons, most at whole minutes, so that ties, repeats and windows that just
  /// close are many, and so that nearly every minute folds what some persons have done.
  private static func events(
    _ stepCount: Int, minutes: Int, _ randomness: inout Randomness
  ) -> [(time: Int, line: String)] {
    (0..<240).flatMap { person in
      (0..<randomness.number(1...14)).map { number in
        let steps = (1...stepCount).filter { _ in randomness.happens(35) }
        let odd = randomness.happens(10) ? randomness.number(0...59_999) : 0
        let time = 1_772_323_200_000 + randomness.number(0...minutes) * 60_000 + odd
        let plan = randomness.one(of: ["pro", "free", "none"])
        let line =
          "{\"event\":\"E\",\"userId\":\"\(person)\",\"timestamp\":\(time)"
          + ",\"messageId\":\"\(person)-\(number)\""
          + ",\"properties\":{\"steps\":\(steps),\"plan\":\"\(plan)\"}}\n"
        return (time, line)
      }
    }
  }

  /// An order of arrival in which no event comes later than so many minutes after a newer one.
  private static func arrival(
    _ events: [(time: Int, line: String)], within minutes: Int, _ randomness: inout Randomness
  ) -> String {
    events.map { event in
      (arrival: event.time + randomness.number(0...minutes * 60_000), line: event.line)
    }.sorted { $0.arrival < $1.arrival }.map(\.line).joined()
  }

  /// A report without what may differ, and the quantiles by themselves.
  private static func split(_ outcome: Outcome) throws -> (text: String, quantiles: [Double]) {
    #expect(outcome.status == 0)
    #expect(outcome.errorText.isEmpty)
    let quantiles = outcome.records("funnel.step").flatMap { step in
      ["medianSeconds", "p90Seconds"].map { step[$0] as? Double ?? -1 }
    }
    let pattern = /"medianSeconds":[^,}]*,"p90Seconds":[^,}]*(,"quantileError":0.01)?/
    return (outcome.text.replacing(pattern, with: ""), quantiles)
  }

  private static func check(_ options: [String], seed: UInt64) throws {
    var randomness = Randomness(seed: seed)
    let stepCount = randomness.number(2...5)
    let events = events(stepCount, minutes: randomness.one(of: [20, 90]), &randomness)
    for window in [0, 4, 30] {
      var arguments = ["--persons", "--window", "\(window)m"] + options
      for step in 1...stepCount { arguments += ["--step", "S\(step)=\(step) in properties.steps"] }
      let whole = try split(
        Programs.run("funnel", arguments, text: events.map(\.line).joined()))
      for lateness in [0, 3, 25] {
        let text = arrival(events, within: lateness, &randomness)
        let folded = try split(
          Programs.run("funnel", arguments + ["--lateness", "\(lateness)m"], text: text))
        #expect(folded.text == whole.text, "\(options) --lateness \(lateness)m")
        for (one, other) in zip(folded.quantiles, whole.quantiles) {
          #expect(abs(one - other) <= 0.0101 * abs(other))
        }
      }
    }
  }

  static let modeSets: [[String]] = {
    let modes = ["strict_deduplication", "strict_order", "strict_increase", "strict_once"]
    let sets = (0..<16).map { bits in modes.indices.filter { bits >> $0 & 1 == 1 }.map { modes[$0] }
    }
    return sets + sets.filter { $0.contains("strict_order") }.map { $0 + ["allow_reentry"] }
  }()

  @Test("ClickHouse's levels in every set of modes", arguments: Self.modeSets)
  func clickhouse(_ modes: [String]) throws {
    let mode = modes.isEmpty ? [] : ["--mode", modes.joined(separator: ",")]
    let seed = UInt64(modes.joined().utf8.reduce(7) { $0 &* 31 &+ Int($1) } & 0xFFFF)
    try Self.check(["--semantics", "clickhouse"] + mode, seed: seed)
  }

  @Test(
    "PostHog's levels",
    arguments: [[], ["--order", "strict"], ["--by", "properties.plan"]], [1, 2, 3] as [UInt64])
  func posthog(_ options: [String], _ seed: UInt64) throws {
    try Self.check(options, seed: seed)
  }

  @Test(
    "PostHog's levels with optional steps, exclusions and a step window",
    arguments: [
      ["--optional", "2"], ["--optional", "2", "--order", "strict"], ["--step-window", "6m"],
      ["--exclude", outside], ["--exclude", outside + "@1-2", "--order", "strict"],
      ["--exclude", outside, "--exclude", "size(properties.steps) == 3@1-2", "--optional", "2"],
      ["--exclude", outside, "--optional", "2", "--step-window", "9m"],
    ], [1, 2] as [UInt64])
  func posthogOptions(_ options: [String], _ seed: UInt64) throws {
    try Self.check(options, seed: seed)
  }

  private static let outside = "properties.plan == \"none\" && size(properties.steps) == 0"

  @Test("a snapshot folds a copy: the reports that follow are the same")
  func snapshots() throws {
    var randomness = Randomness(seed: 5)
    let events = Self.events(3, minutes: 60, &randomness)
    let arguments = [
      "--persons", "--window", "10m", "--step", "A=1 in properties.steps",
      "--step", "B=2 in properties.steps", "--every", "500",
    ]
    let text = Self.arrival(events, within: 5, &randomness)
    let whole = try Self.split(Programs.run("funnel", arguments, text: text))
    let folded = try Self.split(
      Programs.run("funnel", arguments + ["--lateness", "5m"], text: text))
    #expect(whole.text.contains("\"final\":false"))
    #expect(folded.text == whole.text)
  }
}
