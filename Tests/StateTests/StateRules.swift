import Foundation

/// A rules file that keeps every sort of state: each look-back call with and without a window, and
/// what is read of the event itself.
enum StateRules {
  static let file: String = {
    let rules = #"""
      {"segments":[
        {"name":"pro","when":"properties.plan == \"pro\""},
        {"name":"ever","when":"count(event == \"A\") >= 3"},
        {"name":"busy","when":"count(event == \"A\", \"20d\") >= 2"},
        {"name":"rich","when":"sum(event == \"Order Completed\", properties.revenue) > 600.25"},
        {"name":"spending","when":"sum(event == \"Order Completed\", properties.revenue, \"9d\") > 90"},
        {"name":"back","when":"last(event == \"B\") > timestamp(\"2026-01-20T01:00:00Z\")"},
        {"name":"away","when":"now - last(event == \"Login\") > duration(\"72h\")"},
        {"name":"young","when":"now - first(true) < duration(\"400h\")"},
        {"name":"wide","when":"distinct(true, properties.plan) > 3"},
        {"name":"broad","when":"distinct(event != \"C\", event, \"12d\") >= 4"},
        {"name":"daily","when":"days(true, \"14d\") > 2"},
        {"name":"weekly","when":"periods(event != \"A\", \"5d\", 5, 1) >= 3"},
        {"name":"flow","when":"sequence(event == \"A\", event == \"B\", \"8d\", \"30d\")"},
        {"name":"plan","when":"latest(event != \"C\", properties.plan) == properties.plan"},
        {"name":"listed","when":"latest(true, properties.plan) == [\"p\",\"q\"]"},
        {"name":"number","when":"latest(has(properties.n), properties.n) + 1 > 4.5"},
        {"name":"late","when":"properties.n > 3 && now - last(true) > duration(\"24h\")"}]}
      """#
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "footfall-state-rules-\(ProcessInfo.processInfo.processIdentifier).json")
    try? Data(rules.utf8).write(to: file)
    return file.path
  }()
}
