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

/// A model as `score --goal --fit` writes it, of events that the tests of states make.
enum StateModel {
  static let file: String = {
    let activities = [
      "recency", "activeDays", "trend", "otherEvents", "channels", "stages", "sessions", "money",
    ]
    let features =
      activities.map { #"{"name":"\#($0)","kind":"activity","# }
      + ["A", "Login", "Order Completed"].map { #"{"name":"\#($0)","kind":"event","# }
    let text =
      #"{"record":"score.model","version":1,"goal":"event == \"B\"","horizonDays":9,"#
      + #""options":["--purchase Order Completed"],"currency":"EUR","reason":null,"predicts":true,"#
      + #""intercept":-1.5,"chancePercentiles":["#
      + (0...100).map { "\(Double($0) / 100)" }.joined(separator: ",") + #"],"features":["#
      + features.enumerated().map { place, opening in
        opening + #""mean":1.25,"deviation":2,"weight":0.\#(place + 1),"vanity":false}"#
      }.joined(separator: ",") + "]}\n"
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "footfall-state-model-\(ProcessInfo.processInfo.processIdentifier).json")
    try? Data(text.utf8).write(to: file)
    atexit { try? FileManager.default.removeItem(atPath: StateModel.file) }
    return file.path
  }()
}

/// Components of health that ask the events that the tests of states make.
enum StateHealth {
  static let file: String = {
    let text = #"""
      {"components":[{"name":"usage","weight":2},{"name":"n","weight":3,"value":"properties.n","best":9},
        {"name":"g","weight":1.5,"components":[{"name":"engagement","weight":1},
          {"name":"paid","weight":2,"when":"event == \"Order Completed\"","value":"properties.revenue","best":500}]}]}
      """#
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "footfall-state-health-\(ProcessInfo.processInfo.processIdentifier).json")
    try? Data(text.utf8).write(to: file)
    atexit { try? FileManager.default.removeItem(atPath: StateHealth.file) }
    return file.path
  }()
}
