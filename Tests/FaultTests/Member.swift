import Foundation
import TestSupport
import Testing

/// A program of the family as the promises see it: how it is called, and what it makes of events.
struct Member: Sendable, CustomTestStringConvertible {
  let name: String
  /// The options that it needs to run at all, as words of shell.
  let options: String
  /// Whether it writes something on empty input: the reports of an aggregator.
  let reports: Bool
  /// Whether it reads events, and not only makes them.
  var reads = true
  /// The option that bounds how late an event may come, where there is one.
  var lateness: String?
  /// The options with which an aggregator's report shows ids.
  var showingIds = "--by userId"

  var testDescription: String { name }

  /// The command in shell.
  var command: String { "\(name) \(options)" }

  /// The command with the events on its output too.
  var passing: String { reports && reads ? "\(command) --pass" : command }

  /// What a run said on standard error beside the balance of lines that `parse` always gives.
  func messages(_ outcome: Outcome) -> String {
    outcome.errorText.split(separator: "\n").filter { !$0.contains(" lines read = ") }
      .map { $0 + "\n" }.joined()
  }

  /// Every program of the family; a new one is a line here.
  static let everyone = [
    Member(
      name: "funnel", options: "--steps 'Product Viewed,Order Completed'", reports: true,
      lateness: "--lateness"),
    Member(
      name: "score", options: "", reports: true, lateness: "--lateness", showingIds: ""),
    Member(name: "cohort", options: "--period month", reports: true, lateness: "--lateness"),
    Member(name: "session", options: "", reports: false, lateness: "--reorder"),
    Member(name: "session", options: "--summary", reports: true, lateness: "--lateness"),
    Member(name: "kpi", options: "", reports: true, lateness: "--lateness"),
    Member(name: "parse", options: "--from segment", reports: false),
    Member(
      name: "segment", options: "--rules \(rulesFile)", reports: false,
      lateness: "--reorder"),
    Member(
      name: "segment", options: "--rules \(rulesFile) --populations", reports: true,
      lateness: "--lateness"),
    Member(name: "simulate", options: "--persons 300", reports: true, reads: false),
  ]

  /// Every program that reads events.
  static let all = everyone.filter(\.reads)

  /// Every program that reads events and reports on them.
  static let reporters = all.filter(\.reports)

  /// The options that change what an aggregator reports, for the laws of order.
  static let aggregators =
    [
      "funnel \(steps)", "funnel \(steps) --persons --by properties.plan --window 1h",
      "funnel \(steps) --order strict --persons --window 1h",
      "funnel \(steps) --no-link --persons", "funnel \(steps) --where 'properties.n > 3'",
      "funnel \(steps) --by properties.plan --by channel --by-limit 2",
      "funnel --step 'Seen=event == \"A\" || event == \"B\"' --step 'More=event in [\"B\",\"C\"]'"
        + " --step C --persons --window 1h",
      "funnel \(steps) --since 2026-03-01T00:30:00Z --until 2026-03-02 --persons",
      "funnel \(steps) --as-of 2026-03-01T03:00:00Z",
      "funnel \(steps) --bins auto --window 1h --by properties.plan --by-limit 2",
      "funnel \(steps) --drivers 9 --dropoff 2 --window 1h --interval sequential",
      "funnel \(steps) --persons --by properties.plan --lateness 4h --max-jump 4h",
      "funnel --steps A,B,B --exclude C@1-2 --persons --step-window 30m",
      "funnel \(steps) --optional 2 --order strict --persons --window 2h",
      "funnel \(steps) --order any --persons --window 1h --by properties.plan",
      "funnel \(steps) --semantics mixpanel --persons --window 1h --exclude B@2-3",
      "funnel \(steps) --semantics mixpanel --tie-grace 0s --reentry optimized --persons",
      "funnel \(steps) --semantics amplitude --window 1h --persons",
      "funnel \(steps) --semantics amplitude --window 1h --persons --order strict",
      "funnel \(steps) --hold properties.n --persons --trend day --window 2h",
      "funnel \(steps) --count sessions --persons --value properties.n --by properties.plan",
      "funnel \(steps) --count totals --by properties.plan --attribution last --window 1h --persons",
      "funnel \(steps) --by properties.plan --attribution all --matured --window 1h",
      "funnel \(steps) --by properties.plan --attribution step:2 --trend week --value properties.n",
      "funnel \(steps) --count sessions --idle 5m --trend month --hold properties.n --persons",
      "funnel \(steps) --explain u1 --explain a2 --matured --window 1h",
      "funnel --steps A,B --exclude C@1-2 --optional 2 --step-window 2h --persons --lateness 4h"
        + " --max-jump 4h",
      "score --lateness 4h", "segment --rules \(rulesFile) --populations --lateness 4h",
    ]
    + [
      "", "strict_order", "strict_deduplication", "strict_increase", "strict_once",
      "strict_order,allow_reentry", "strict_order,strict_once,strict_increase,strict_deduplication",
    ].map { mode in
      "funnel \(steps) --persons --semantics clickhouse --window 1h"
        + (mode.isEmpty ? "" : " --mode \(mode)")
    }
    + [
      "segment --rules \(rulesFile) --populations",
      "segment --rules \(rulesFile) --populations --by properties.plan",
      "segment --rules \(rulesFile) --populations --no-link --bots include",
      "segment --builtin lifecycle,rfm,value,channel,device --populations --rfm-ties split",
      "segment --builtin lifecycle,rfm,channel --populations --period day --time-zone +05:00",
      "segment --rules \(rulesFile) --populations --period week --no-link",
      "segment --discover 3 --persons",
      "score", "score --no-link --bots include", "score --top 3", "score --value bg-nbd",
      "score --goal 'event == \"C\"' --fit --horizon 1d",
      "score --where 'channel == \"web\"'", "score --profile plan=properties.plan --by channel",
      "score --contract 'event == \"A\"' --contract-end 'event == \"B\"' --lateness 4h",
      "score --backtest 'event == \"C\"' --origin 2026-03-01 --horizon 1d --time-zone -01:00",
      "score --rfm-ties split --rfm-nested",
    ] + cohorts + sessions + kpis + lookingBack

  /// Sessions by the rules of every product, one by one and together.
  private static let sessions = [
    "session --report", "session --report --rules posthog --no-link --bots include --idle 9m",
    "session --report --rules matomo --time-zone Europe/Berlin --by properties.plan --by-limit 2",
    "session --summary --by channel --by properties.plan", "session --summary --lateness 4h",
    "session --summary --lateness 4h --by properties.plan --rules matomo --idle 2m",
    "session --report --event 'properties.n > 2' --max 1h --key-event B --page A",
    "session --summary --max-events 3 --engaged-after 1m --where 'count(event == \"A\") > 1'",
  ]

  /// Returns and activity of every kind.
  private static let cohorts = [
    "cohort", "cohort --no-link --bots include --period week", "cohort --lateness 4h",
    "cohort --start A --return B --by properties.plan --by-limit 2 --period month",
    "cohort --start A --return C --rolling --mode on-or-after --time-zone Europe/Berlin",
    "cohort --event 'properties.n > 2' --rolling --first-time --brackets 0,1-2 --by channel",
    "cohort --start 'count(event == \"A\") > 1' --return B --first-time",
    "cohort --active --period week --by channel", "cohort --active --event A --lateness 4h",
    "cohort --lifecycle --time-zone Europe/Berlin", "cohort --churn --period month --no-link",
    "cohort --survival --idle 1d --start A --by properties.plan",
  ]

  /// Metrics of every form, built in and of one's own.
  private static let kpis = [
    "kpi",
    "kpi --period month --by properties.plan --by-limit 2 --metrics visitors,retentionRate,resolvedShare",
    "kpi --lateness 4h --by channel",
    "kpi --period week --no-link --bots include --time-zone Europe/Berlin",
    "kpi --define \(Metrics.file) --period month", "kpi --define \(Metrics.file) --by channel",
  ]

  /// Expressions over a person's earlier events, in every place where one may stand.
  private static let lookingBack = [
    "funnel --step A --step 'B=event == \"B\" && count(event == \"A\", \"1h\") > 1' --persons",
    "funnel \(steps) --where 'distinct(true, event) > 1' --by 'days(true, \"2d\")' --persons",
    "funnel \(steps) --where 'sequence(event == \"A\", event == \"C\", \"1h\", \"2h\")' --lateness 4h",
    "funnel --step 'S=latest(event == \"A\", properties.plan) == \"pro\"' --step 'T=first(true) < now'",
    "score --where 'periods(true, \"1h\", 3, 1) > 1'",
    "segment --rules \(rulesFile) --populations --where 'count(event == \"B\") > 1'",
  ]

  private static let steps = "--steps A,B,C"

  /// A rules file that looks at the event and back at earlier ones.
  static let rulesFile: String = {
    let rules = #"""
      {"segments":[
        {"name":"pro","when":"properties.plan == \"pro\""},
        {"name":"busy","when":"count(event == \"A\", \"1h\") >= 2"},
        {"name":"rich","when":"sum(event == \"C\", properties.n, \"90d\") > 10"},
        {"name":"back","when":"last(event == \"B\") > timestamp(\"2026-03-01T01:00:00Z\")"}]}
      """#
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-rules-\(ProcessInfo.processInfo.processIdentifier).json")
    try? Data(rules.utf8).write(to: file)
    return file.path
  }()
}
