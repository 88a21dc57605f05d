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

  var testDescription: String { name }

  /// The command in shell.
  var command: String { "\(name) \(options)" }

  /// What a run said on standard error beside the balance of lines that `parse` always gives.
  func messages(_ outcome: Outcome) -> String {
    outcome.errorText.split(separator: "\n").filter { !$0.contains(" lines read = ") }
      .map { $0 + "\n" }.joined()
  }

  /// Every program that reads events; a new one is a line here.
  static let all = [
    Member(
      name: "funnel", options: "--steps 'Product Viewed,Order Completed'", reports: true),
    Member(name: "score", options: "", reports: true),
    Member(name: "parse", options: "--from segment", reports: false),
    Member(name: "segment", options: "--rules \(rulesFile)", reports: false),
    Member(
      name: "segment", options: "--rules \(rulesFile) --populations", reports: true),
  ]

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
      "funnel \(steps) --persons --by properties.plan --lateness 4h --max-jump 4h",
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
      "score", "score --no-link --bots include", "score --top 3",
      "score --where 'channel == \"web\"'",
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

/// Events for the promises, the same in each run.
enum Stream {
  /// One event.
  static func event(_ number: Int = 0) -> String {
    #"{"event":"Product Viewed","userId":"u\#(number)","timestamp":"2026-03-01T00:00:00.\#(100 + number % 900)Z","extra":{"kept": [1,"é"]}}"#
      + "\n"
  }

  /// Many events of some persons, with ids that link, equal times, and a few bots and bad lines.
  static func mixed(_ count: Int, seed: UInt64) -> [String] {
    var randomness = Randomness(seed: seed)
    return (0..<count).map { number in
      let person = randomness.number(0...count / 12)
      var ids = ""
      switch randomness.number(0...9) {
      case 0...4: ids = "\"userId\":\"u\(person)\""
      case 5...7: ids = "\"anonymousId\":\"a\(randomness.number(0...count / 12))\""
      case 8: ids = "\"userId\":\"u\(person)\",\"anonymousId\":\"a\(person)\""
      default: ids = "\"traits\":{}"
      }
      let name = randomness.one(of: ["A", "B", "C", "X"])
      // Half of the times are one of 20 moments: many are equal.
      let second =
        randomness.happens(50) ? randomness.number(0...19) * 600 : randomness.number(0...14_399)
      let time = "2026-03-01T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
      let plan = randomness.one(of: ["\"pro\"", "\"free\"", "null", "\"größe\"", "7"])
      let bot = randomness.happens(3) ? ",\"bot\":true" : ""
      let message = randomness.happens(50) ? ",\"messageId\":\"m\(number)\"" : ""
      let channel = randomness.one(of: ["web", "email"])
      return "{\"event\":\"\(name)\",\(ids),\"timestamp\":\"\(time)\",\"channel\":\"\(channel)\""
        + ",\"properties\":{\"plan\":\(plan),\"n\":\(number % 7)}\(bot)\(message)}\n"
    }
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// What is too long for every run: only under `make torture`.
let isTorture = ProcessInfo.processInfo.environment["FOOTFALL_TORTURE"] != nil
