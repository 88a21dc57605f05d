import Foundation
import TestSupport
import Testing

@testable import Pipes
@testable import cohort
@testable import funnel
@testable import kpi
@testable import score
@testable import segment
@testable import session

/// A report is the same whether the run was interrupted or divided, or not.
@Suite("States of aggregators") struct AggregatorStateTests {
  static let scores: [[String]] = [
    [], ["--top", "7"], ["--by", "properties.plan"], ["--no-link", "--bots", "include"],
    ["--by", "channel", "--by-limit", "2"], ["--where", "properties.n > 2"], ["--lateness", "30d"],
    ["--currency", "USD"], ["--where", "count(event == \"A\", \"20d\") >= 1"],
    ["--goal", "event == \"Login\"", "--fit", "--horizon", "9d"],
    ["--model", StateModel.file], ["--model", StateModel.file, "--by", "channel", "--top", "3"],
    ["--health", StateHealth.file], ["--health", StateHealth.file, "--model", StateModel.file],
    ["--backtest", "event == \"Login\"", "--origin", "2026-02-01", "--health", StateHealth.file],
    ["--profile", "plan=properties.plan", "--profile", "n=properties.n", "--by", "channel"],
    ["--contract", "event == \"A\"", "--contract-end", "event == \"B\"", "--horizon", "9d"],
    ["--value", "bg-nbd", "--horizon", "60d"],
    ["--value", "pareto-nbd", "--by", "properties.plan", "--no-link"],
  ]
  static let populations: [[String]] = [
    [], ["--by", "properties.plan"], ["--no-link"], ["--pass"], ["--lateness", "30d"],
    ["--where", "distinct(true, event) > 3", "--by", "days(true, \"30d\")"],
    ["--builtin", "lifecycle,rfm,value,channel,device", "--by", "channel"],
    ["--builtin", "rfm,value", "--rfm-ties", "split", "--rfm-nested", "--time-zone", "+02:00"],
  ].map { ["--rules", StateRules.file, "--populations"] + $0 }
  static let funnels: [[String]] =
    [
      [], ["--persons", "--by", "properties.plan"], ["--lateness", "30d", "--window", "3d"],
      ["--pass"], ["--times", "--bins", "5", "--by", "properties.plan"],
      ["--drivers", "9", "--dropoff", "2", "--drivers-of", "properties,channel"],
      ["--dropoff", "9", "--order", "strict", "--interval", "sequential"],
      ["--semantics", "clickhouse", "--mode", "strict_order", "--persons", "--window", "9d"],
      ["--exclude", "Login@1-2", "--exclude", "Invoice Paid", "--optional", "2", "--persons"],
      ["--hold", "properties.plan", "--persons", "--trend", "week", "--matured"],
      ["--value", "properties.revenue", "--count", "totals", "--by", "properties.plan"],
      ["--count", "sessions", "--value", "properties.revenue", "--currency", "EUR", "--persons"],
      ["--by", "properties.plan", "--attribution", "all", "--trend", "month"],
      ["--by", "properties.plan", "--by", "channel", "--attribution", "step:2"],
      ["--by", "properties.plan", "--attribution", "last"],
      ["--explain", "u1", "--explain", "a2", "--exclude", "Login", "--order", "strict"],
      ["--order", "any", "--persons"], ["--order", "strict", "--exclude", "Login"],
      ["--semantics", "mixpanel", "--exclude", "properties.n == 3@2-3", "--persons"],
      ["--semantics", "amplitude", "--window", "30d", "--persons", "--by", "channel"],
      [
        "--lateness", "30d", "--exclude", "Login@1-2", "--optional", "2", "--step-window", "20d",
        "--persons",
      ],
      ["--step-window", "5d", "--persons", "--trend", "day", "--matured", "--order", "strict"],
      [
        "--semantics", "mixpanel", "--reentry", "optimized", "--tie-grace", "1h", "--persons",
        "--count", "sessions", "--idle", "2d",
      ],
      ["--order", "any", "--hold", "properties.plan", "--hold", "channel", "--persons"],
      ["--by", "channel", "--attribution", "first", "--trend", "month"],
    ].map { ["--steps", "A,B,C"] + $0 } + lookingBack

  /// Steps, filters and breakdowns that look back over a person's earlier events.
  static let lookingBack: [[String]] = [
    [
      "--step", "A", "--step", "B=event == \"B\" && count(event == \"A\", \"20d\") >= 1",
      "--persons",
      "--window", "60d",
    ],
    [
      "--step", "A=days(true, \"9d\") > 1", "--step", "P=periods(true, \"4d\", 3, 1) > 1",
      "--step", "Seq=sequence(event == \"A\", event == \"C\", \"20d\", \"40d\")", "--by",
      "latest(event == \"B\", properties.plan)", "--persons", "--window", "60d",
    ],
    [
      "--steps", "A,B", "--where", "distinct(true, event) > 2 && last(event == \"C\") != now",
      "--since", "2026-01-10", "--pass",
    ],
    [
      "--steps", "A,B,C", "--where", "sum(true, properties.n, \"10d\") > 3", "--lateness", "60d",
      "--by", "count(true) > 3",
    ],
  ]
  static let discoveries: [[String]] = [
    ["--discover", "3", "--persons"], ["--discover", "2", "--no-link", "--purchase", "A"],
  ]
  /// Populations at the end of each period.
  static let trends: [[String]] = [
    ["--rules", StateRules.file, "--period", "week"],
    [
      "--builtin", "lifecycle,channel,device", "--period", "day", "--time-zone", "Europe/Berlin",
      "--pass",
    ],
    ["--rules", StateRules.file, "--builtin", "lifecycle,rfm,value", "--period", "month"],
    ["--builtin", "lifecycle,rfm", "--period", "day", "--lateness", "30d"],
    ["--builtin", "lifecycle", "--period", "week", "--no-link", "--as-of", "2026-02-15"],
  ].map { $0 + ["--populations"] }

  static let cohorts: [[String]] = [
    [], ["--period", "week", "--by", "properties.plan", "--no-link"], ["--pass"],
    ["--start", "A", "--return", "B", "--time-zone", "Europe/Berlin"],
    ["--start", "Login", "--rolling", "--first-time", "--by", "channel", "--by-limit", "2"],
    ["--event", "properties.n > 2", "--mode", "on-or-after", "--brackets", "0,1-3,4-9"],
    ["--lateness", "30d", "--period", "month", "--rolling"],
    ["--return", "count(event == \"A\", \"20d\") >= 1", "--start", "A"],
    ["--active", "--by", "channel"], ["--active", "--period", "week"],
    ["--lifecycle", "--period", "week", "--by", "properties.plan"], ["--churn", "--no-link"],
    ["--survival", "--start", "A", "--idle", "9d"],
  ]

  static let sessions: [[String]] = [
    ["--report"], ["--report", "--rules", "posthog", "--idle", "9d", "--max", "20d", "--no-link"],
    ["--report", "--rules", "matomo", "--by", "properties.plan", "--currency", "EUR"],
    ["--summary", "--idle", "5d", "--by", "channel", "--by-limit", "2"], ["--report", "--pass"],
    ["--summary", "--lateness", "30d", "--idle", "2d", "--by", "properties.plan"],
    ["--summary", "--lateness", "30d", "--rules", "matomo", "--time-zone", "Asia/Kathmandu"],
    ["--report", "--event", "count(event == \"A\", \"20d\") >= 1", "--idle", "20d"],
  ]

  static let kpis: [[String]] = [
    ["--period", "day"], ["--period", "week", "--by", "properties.plan", "--no-link"], ["--pass"],
    ["--lateness", "30d", "--period", "month", "--by", "channel", "--by-limit", "2"],
    ["--define", Metrics.file, "--period", "week", "--time-zone", "Europe/Berlin"],
    ["--define", Metrics.file, "--period", "day", "--by", "channel"],
  ]

  private static func interrupt<F: Filter>(_ filter: F.Type, _ arguments: [String]) throws {
    let run = StateRun<EventStage<F>>(arguments)
    for seed in [1, 2] as [UInt64] {
      let lines = StateEvents.lines(240, seed: seed, isSorted: seed == 2)
      let whole = try run.whole(lines)
      #expect(whole.text.contains("\"final\":true"))
      for places in [[0], [1], [60, 61], [120], [239, 240], [50, 100, 150]] {
        #expect(try run.interrupted(lines, after: places) == whole, "\(arguments) \(places)")
      }
    }
  }

  @Test("score goes on", arguments: scores)
  func score(_ arguments: [String]) throws { try Self.interrupt(Score.self, arguments) }

  @Test("cohort goes on", arguments: cohorts)
  func cohort(_ arguments: [String]) throws { try Self.interrupt(Cohort.self, arguments) }

  @Test(
    "cohort is divided by person",
    arguments: cohorts.filter { !$0.contains("--lateness") && !$0.contains("--pass") })
  func dividedCohort(_ arguments: [String]) throws { try Self.divide(Cohort.self, arguments) }

  @Test("session goes on", arguments: sessions)
  func session(_ arguments: [String]) throws { try Self.interrupt(Sessions.self, arguments) }

  @Test(
    "session is divided by person",
    arguments: sessions.filter { !$0.contains("--lateness") && !$0.contains("--pass") })
  func dividedSession(_ arguments: [String]) throws { try Self.divide(Sessions.self, arguments) }

  @Test("a damaged state of sessions is no crash", arguments: sessions)
  func damagedSession(_ arguments: [String]) throws {
    let lines = StateEvents.lines(240, seed: 5, persons: 20)
    try StateRun<EventStage<Sessions>>(arguments)
      .survivesDamage(lines, seed: 9)
  }

  @Test("kpi goes on", arguments: kpis)
  func kpi(_ arguments: [String]) throws { try Self.interrupt(Kpi.self, arguments) }

  @Test(
    "kpi is divided by person",
    arguments: kpis.filter { !$0.contains("--lateness") && !$0.contains("--pass") })
  func dividedKpi(_ arguments: [String]) throws { try Self.divide(Kpi.self, arguments) }

  @Test("segment --populations goes on", arguments: populations)
  func segment(_ arguments: [String]) throws { try Self.interrupt(Segment.self, arguments) }

  @Test("segment --populations --period goes on", arguments: trends)
  func trend(_ arguments: [String]) throws { try Self.interrupt(Segment.self, arguments) }

  @Test(
    "segment --populations --period is divided by person",
    arguments: trends.filter { arguments in
      !["--pass", "--lateness", "rfm"].contains { word in
        arguments.contains { $0.contains(word) }
      }
    })
  func dividedTrend(_ arguments: [String]) throws { try Self.divide(Segment.self, arguments) }

  @Test("segment --discover goes on", arguments: discoveries)
  func discover(_ arguments: [String]) throws { try Self.interrupt(Segment.self, arguments) }

  @Test("segment --discover is divided by person", arguments: discoveries)
  func dividedDiscover(_ arguments: [String]) throws { try Self.divide(Segment.self, arguments) }

  @Test("funnel goes on", arguments: funnels)
  func funnel(_ arguments: [String]) throws { try Self.interrupt(Funnel.self, arguments) }

  private static func divide<F: Filter>(_ filter: F.Type, _ arguments: [String]) throws {
    let run = StateRun<EventStage<F>>(arguments)
    let partial = StateRun<EventStage<F>>(arguments + ["--partial"])
    var randomness = Randomness(seed: 3)
    let lines = StateEvents.lines(400, seed: 4)
    let whole = try run.whole(lines)
    for count in [1, 2, 7] {
      var parts: [String] = []
      for part in StateEvents.parts(lines, count) {
        parts += try partial.whole(part).text.split(separator: "\n").map { $0 + "\n" }
      }
      for _ in 0..<2 {
        let merged = try run.whole(parts.shuffled(using: &randomness))
        #expect(merged.text == whole.text, "\(arguments) \(count)")
      }
    }
  }

  @Test("score is divided by person", arguments: scores.filter { !$0.contains("--lateness") })
  func dividedScore(_ arguments: [String]) throws { try Self.divide(Score.self, arguments) }

  @Test(
    "segment --populations is divided by person",
    arguments: populations.filter { !$0.contains("--lateness") && !$0.contains("--pass") })
  func dividedSegment(_ arguments: [String]) throws { try Self.divide(Segment.self, arguments) }

  @Test(
    "funnel is divided by person",
    arguments: funnels.filter { !$0.contains("--lateness") && !$0.contains("--pass") })
  func dividedFunnel(_ arguments: [String]) throws { try Self.divide(Funnel.self, arguments) }

  @Test("a damaged state of cohorts is no crash", arguments: cohorts)
  func damagedCohort(_ arguments: [String]) throws {
    let lines = StateEvents.lines(240, seed: 5, persons: 20)
    try StateRun<EventStage<Cohort>>(arguments)
      .survivesDamage(lines, seed: 9)
  }

  @Test("a damaged state is no crash")
  func damage() throws {
    let lines = StateEvents.lines(240, seed: 5, persons: 20)
    let scores = Self.scores.prefix(3) + Self.scores.filter { $0.contains("--horizon") }
    for (index, arguments) in scores.enumerated() {
      try StateRun<EventStage<Score>>(arguments)
        .survivesDamage(lines, seed: UInt64(index))
    }
    for (index, arguments) in Self.populations.prefix(2).enumerated() {
      try StateRun<EventStage<Segment>>(arguments)
        .survivesDamage(lines, seed: UInt64(index))
    }
    for arguments in Self.trends.suffix(2) {
      try StateRun<EventStage<Segment>>(arguments)
        .survivesDamage(lines, seed: 8)
    }
    try StateRun<EventStage<Segment>>(Self.discoveries[0])
      .survivesDamage(lines, seed: 7)
    for (index, arguments)
      in (Self.funnels.prefix(3) + Self.funnels.filter { $0.contains("--value") })
      .enumerated()
    {
      try StateRun<EventStage<Funnel>>(arguments)
        .survivesDamage(lines, seed: UInt64(index))
    }
  }
}
