import Foundation
import TestSupport
import Testing

/// Health by the components of a file.
@Suite("Health of a file's components") final class HealthTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "footfall-health-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func file(_ text: String) throws -> String {
    let file = folder.appendingPathComponent("health.json")
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// A component whose value is a property of that name.
  private static func component(_ name: String, _ weight: String, _ rest: String = "") -> String {
    #"{"name":"\#(name)","weight":\#(weight),"value":"properties.\#(name)"\#(rest)}"#
  }

  private static func plan(_ components: [String], _ rest: String = "") -> String {
    #"{"components":[\#(components.joined(separator: ","))]\#(rest)}"#
  }

  /// An event that says properties.
  private static func said(_ user: String, _ day: String, _ properties: String) -> String {
    event("Rated", user, day, #","properties":{\#(properties)}"#)
  }

  private func health(
    _ plan: String, _ lines: [String], _ options: [String] = []
  ) throws -> Outcome {
    let written = try score(["--health", try file(plan)] + options, over: lines)
    #expect(written.status == 0, "\(written.errorText)")
    return written
  }

  /// Natero's published example: churn 7 × 83, engagement 5 × 71, usage 8 × 78, CSM 3 × 54 → 75.
  @Test("Natero's worked example comes out, and its usage of three parts")
  func natero() throws {
    let usage = ["depth", "breadth", "seats"].map { Self.component($0, "33") }
    let plan = Self.plan([
      Self.component("churn", "7"), Self.component("engagement", "5"),
      #"{"name":"usage","weight":8,"components":[\#(usage.joined(separator: ","))]}"#,
      Self.component("csm", "3"),
    ])
    let properties = #""churn":83,"engagement":71,"csm":54,"depth":90,"breadth":80,"#
    let exact = try health(
      plan, [Self.said("u", "2026-03-01", properties + #""seats":64"#)])
    // (7 × 83 + 5 × 71 + 8 × 78 + 3 × 54) ÷ 23 = 74.87
    #expect(exact.person("u")?["healthScore"] as? Double == 74.9)
    #expect(exact.person("u")?["health"] as? String == "yellow")
    // Weights of 33 % that sum to 99 are renormalised: 236 ÷ 3 = 78.67, not 77.88 as there.
    let usageAlone = try health(
      Self.plan(usage), [Self.said("u", "2026-03-01", properties + #""seats":66"#)])
    #expect(usageAlone.person("u")?["healthScore"] as? Double == 78.7)
    let names = ["churn", "engagement", "depth", "breadth", "seats", "csm"]
    #expect(exact.person("u")?["healthOf"] as? [String] == names)
    let drivers = try #require(exact.person("u")?["drivers"] as? [String: [String]])
    // 5 × 21 ÷ 23 before 8 × 40 ÷ 3 ÷ 23 by a hair: 105 against 106.7.
    #expect(
      drivers["raises"] == [
        "churn 83 of 100", "depth 90 of 100", "engagement 71 of 100", "breadth 80 of 100",
        "seats 64 of 100", "csm 54 of 100",
      ])
    let weights = try #require(exact.records("score.weights").first?["health"] as? [String: Any])
    #expect(weights["churn"] as? Int == 7)
    #expect((weights["usage"] as? [String: Any])?["weight"] as? Int == 8)
  }

  /// Weights of any size from 0 to 999,999; 50 is red, 51 yellow, 75 yellow, 76 green.
  @Test(
    "Gainsight's bands and weights",
    arguments: [
      (50, "red"), (51, "yellow"), (75, "yellow"), (76, "green"), (0, "red"), (100, "green"),
    ])
  func gainsight(_ score: Int, _ band: String) throws {
    let plan = Self.plan([Self.component("a", "999999"), Self.component("b", "999999")])
    let told = try health(
      plan,
      [
        Self.said(
          "u", "2026-03-01", #""a":\#(max(0, 2 * score - 100)),"b":\#(min(100, 2 * score))"#)
      ])
    #expect(told.person("u")?["healthScore"] as? Int == score)
    #expect(told.person("u")?["health"] as? String == band)
  }

  @Test("What has no value is left out, and the weights are renormalised")
  func missing() throws {
    let plan = Self.plan([
      Self.component("a", "1"), Self.component("b", "3"),
      #"{"name":"g","weight":4,"components":[\#(Self.component("c", "1")),\#(Self.component("d", "0"))]}"#,
    ])
    func told(_ properties: String) throws -> [String: Any] {
      try #require(try health(plan, [Self.said("u", "2026-03-01", properties)]).person("u"))
    }
    // (1 × 20 + 4 × 60) ÷ 5
    #expect(try told(#""a":20,"c":60"#)["healthScore"] as? Int == 52)
    #expect(try told(#""a":20,"b":null,"c":"x""#)["healthScore"] as? Int == 20)
    #expect(try told(#""a":20,"b":60"#)["healthOf"] as? [String] == ["a", "b"])
    // A group of weight 0 alone has no value.
    #expect(try told(#""a":20,"d":90"#)["healthScore"] as? Int == 20)
    let nothing = try told(#""e":1"#)
    #expect(nothing["health"] is NSNull && nothing["healthScore"] is NSNull)
    #expect(nothing["healthReason"] as? String == "no component has a value")
  }

  @Test("The latest event counts, on its scale, and components without a value are the usual ones")
  func latest() throws {
    let plan = Self.plan(
      [
        Self.component("nps", "1", #","when":"event == \"Rated\"","worst":-100"#),
        Self.component("tickets", "1", #","worst":5,"best":0"#),
        #"{"name":"support","weight":1}"#,
      ], #","bands":{"yellow":20,"green":90}"#)
    let lines = [
      Self.said("u", "2026-03-02", #""nps":0,"tickets":1"#),
      Self.said("u", "2026-03-01", #""nps":100,"tickets":9"#),
      event("Other", "u", "2026-03-03", #","properties":{"nps":-100}"#),
      event("Ticket Opened", "u", "2026-03-03"),
    ]
    let told = try health(plan, lines)
    // 50, 80 and 80.
    #expect(told.person("u")?["healthScore"] as? Int == 70)
    #expect(told.person("u")?["health"] as? String == "yellow")
    let drivers = try #require(told.person("u")?["drivers"] as? [String: [String]])
    #expect(drivers["lowers"] == ["1 open ticket", "nps 50 of 100"])
    #expect(drivers["raises"] == ["tickets 80 of 100"])
    let bands = told.records("score.weights").first?["bands"] as? [String: String]
    #expect(bands?["yellow"] == "over 20 to 90")
    #expect(try health(plan, lines.reversed()).text == told.text)
  }

  @Test("What is wrong in a health file is told with its place")
  func malformed() throws {
    func refusal(_ text: String) throws -> String {
      let told = try score(["--health", try file(text)], over: [])
      #expect(told.status == 64 && told.text.isEmpty)
      return told.errorText
    }
    #expect(try refusal("{}").contains("a health file is"))
    #expect(try refusal(Self.plan([])).contains("no component with a weight"))
    #expect(
      try refusal(Self.plan([Self.component("a", "0")])).contains("no component with a weight"))
    #expect(try refusal(Self.plan([Self.component("a", "-1")])).contains("health.json:1:"))
    #expect(try refusal(Self.plan([Self.component("a", "1000000")])).contains("0 to 999999"))
    let one = Self.component("a", "1")
    #expect(try refusal(Self.plan([one, one])).contains("another's too"))
    #expect(try refusal(Self.plan([#"{"name":"a","weight":1}"#])).contains("usage, engagement"))
    #expect(
      try refusal(Self.plan([#"{"name":"a","weight":1,"valu":"1"}"#])).contains("did you mean"))
    #expect(try refusal(Self.plan([Self.component("a", "1", #","best":0"#)])).contains("different"))
    let looking = #"{"name":"a","weight":1,"value":"count(true, \"1d\")"}"#
    #expect(try refusal(Self.plan([looking])).contains("looks back"))
    #expect(
      try refusal(Self.plan([#"{"name":"a","weight":1,"value":"1 +"}"#])).contains("health.json:1:")
    )
    #expect(try refusal(Self.plan([one], #","bands":{"yellow":80}"#)).contains("green begins"))
    var deep = one
    for level in 0..<9 {
      deep = #"{"name":"g\#(level)","weight":1,"components":[\#(deep)]}"#
    }
    #expect(try refusal(Self.plan([deep])).contains("8 deep at most"))
  }
}

/// Whether health told what came.
@Suite("Backtests of health") struct BacktestTests {
  /// Persons of whom some fall silent half way, most of whom then cancel.
  private static func stream(persons: Int, seed: UInt64, tells: Bool = true) -> [String] {
    var randomness = Randomness(seed: seed)
    var lines: [String] = []
    for person in 0..<persons {
      let fallsSilent = randomness.happens(40)
      for day in 0..<60 where randomness.happens(day < 32 || !fallsSilent ? 50 : 4) {
        let time = 1_767_225_600 + day * 86_400 + randomness.number(0...80_000)
        lines.append(#"{"event":"Read","userId":"u\#(person)","timestamp":\#(time)}"#)
      }
      guard randomness.happens(!tells ? 30 : fallsSilent ? 70 : 10) else { continue }
      let time = 1_767_225_600 + (60 + randomness.number(0...29)) * 86_400
      lines.append(
        #"{"event":"Subscription Cancelled","userId":"u\#(person)","timestamp":\#(time)}"#)
    }
    return lines
  }

  private static let options = [
    "--backtest", #"event == "Subscription Cancelled""#, "--origin", "2026-03-02", "--horizon",
    "30d",
    "--as-of", "2026-04-30",
  ]

  private static func number(_ value: Any?, _ name: String) -> Double {
    (value as? [String: Any])?[name] as? Double ?? .nan
  }

  @Test("Health that tells churn is told from health that does not")
  func churn() throws {
    let written = try score(Self.options, over: Self.stream(persons: 400, seed: 1))
    #expect(written.status == 0 && written.records("score").isEmpty)
    let record = try #require(written.records("score.backtest").first)
    #expect(record["predicts"] as? Bool == true && record["reason"] is NSNull)
    #expect((record["note"] as? String ?? "").contains("rarer"))
    #expect(Self.number(record["auc"], "high") < 0.35)
    #expect(record["persons"] as? Int == 400 && record["seenDays"] as? Int == 30)
    let bands = try #require(record["bands"] as? [[String: Any]])
    let rates = bands.map { Self.number($0["outcome"], "value") }
    #expect(bands.map { $0["band"] as? String } == ["red", "yellow", "green"])
    #expect(rates[0] > 0.5 && rates[2] < 0.2)
    let sizes = bands.map { Self.number($0["outcome"], "denominator") }
    #expect(sizes.reduce(0, +) == 400)
    let components = try #require(record["components"] as? [[String: Any]])
    #expect(components.map { $0["name"] as? String } == ["usage", "engagement"])
    #expect(components.allSatisfy { $0["vanity"] as? Bool == false })
    let chance = try score(Self.options, over: Self.stream(persons: 400, seed: 2, tells: false))
    let other = try #require(chance.records("score.backtest").first)
    #expect(other["predicts"] as? Bool == false)
    #expect((other["note"] as? String ?? "").contains("predicts nothing"))
  }

  /// What is judged is the score that a run over what came before writes.
  @Test("No event from the origin on is in the scores")
  func leakage() throws {
    let lines = Self.stream(persons: 60, seed: 3)
    let later = lines.filter { $0.contains("Cancelled") }
    let record = try #require(
      try score(Self.options, over: lines).records("score.backtest").first)
    // The same with much more behind the origin, and with the cancellations of the persons twice.
    let more = (0..<60).flatMap { person in
      [
        event("Read", "u\(person)", "2026-03-05"),
        event("Payment Failed", "u\(person)", "2026-03-06"),
      ]
    }
    let with = try score(Self.options, over: (lines + later + more).shuffled())
    let other = try #require(with.records("score.backtest").first)
    #expect(NSDictionary(dictionary: record) == NSDictionary(dictionary: other))
    let before = try score(
      ["--as-of", "2026-03-01T23:59:59Z"], over: lines.filter { !$0.contains("Cancelled") })
    let churned = Set(later.map { $0.split(separator: "\"")[7] })
    let reds = before.records("score").filter { $0["health"] as? String == "red" }
    let bands = try #require(record["bands"] as? [[String: Any]])
    #expect(Self.number(bands[0]["outcome"], "denominator") == Double(reds.count))
    #expect(
      Self.number(bands[0]["outcome"], "numerator")
        == Double(reds.count { churned.contains(Substring($0["userId"] as? String ?? "")) }))
  }

  @Test("The outcome counts by whichever id it came, whenever that is linked")
  func linked() throws {
    let lines = [
      event("Read", "u1", "2026-03-01"), event("Read", "u2", "2026-03-01"),
      #"{"event":"Left","anonymousId":"a1","timestamp":"2026-03-03T00:00:00Z"}"#,
      #"{"event":"Read","userId":"u1","anonymousId":"a1","timestamp":"2026-03-04T00:00:00Z"}"#,
    ]
    for first in lines.indices {
      let turned = Array(lines[first...] + lines[..<first])
      let written = try score(
        ["--backtest", "event == 'Left'", "--origin", "2026-03-02"], over: turned)
      #expect(written.records("score.backtest").first?["outcomes"] as? Int == 1)
    }
  }

  @Test("What cannot be judged is null, and why is told")
  func reasons() throws {
    func told(_ lines: [String]) throws -> (reason: String, errors: String) {
      let written = try score(
        ["--backtest", #"event == "Left""#, "--origin", "2026-03-02"], over: lines)
      let record = try #require(written.records("score.backtest").first)
      #expect(written.status == 0 && record["predicts"] is NSNull)
      return (record["reason"] as? String ?? "", written.errorText)
    }
    #expect(try told([]).reason.contains("nobody was known"))
    let one = event("Read", "u1", "2026-03-01")
    #expect(try told([one]).reason.contains("came to nobody"))
    #expect(try told([one]).errors.contains("90 days before the horizon"))
    #expect(try told([one, event("Left", "u1", "2026-03-03")]).reason.contains("came to all"))
    // Who is first seen behind the origin is nobody's case; behind the horizon nothing counts.
    let others = [event("Left", "u2", "2026-03-03"), event("Left", "u1", "2026-06-01")]
    #expect(try told([one] + others).reason.contains("came to nobody"))
  }

  @Test(
    "Options that do not fit are refused",
    arguments: [
      ["--backtest", "true"], ["--origin", "2026-03-01"],
      ["--backtest", "true", "--origin", "2026-03-01T10:00:00Z"],
      ["--backtest", "true", "--origin", "2026-03-01", "--top", "3"],
      ["--backtest", "&&", "--origin", "2026-03-01"],
    ])
  func usage(_ arguments: [String]) throws {
    let written = try score(arguments, over: [])
    #expect(written.status == 64 && written.text.isEmpty)
  }
}
