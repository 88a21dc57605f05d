import Foundation
import TestSupport
import Testing

/// What is counted, and for what: computed by hand.
@Suite("Counting of funnels") struct CountingTests {
  private func passage(_ options: String, _ story: String, steps: String = "A,B,C") throws -> String
  {
    try Story(story).run(options.split(separator: " ").map(String.init), steps: steps)
  }

  @Test(
    "with --hold every step has the same value",
    arguments: [
      ("", "A0/i=1 B1/i=2 C2/i=1", "1: 0"), ("", "A0/i=1 B1/i=1 C2/i=1", "3: 0 1 2"),
      ("", "A0/i=1 A1/i=2 B2/i=2 C3/i=1", "2: 1 2"),
      // 2, 2.0 and 2e0 are one value.
      ("", "A0/i=2 B1/i=2.0 C2/i=2e0", "3: 0 1 2"),
      // Of values that come as far the one that enters first.
      ("", "A0/i=1 A1/i=2 B2/i=2 B3/i=1", "2: 0 3"),
      // An event without a value is no step.
      ("", "A0/i=1 B1 C2/i=1", "1: 0"), ("", "A0 A1/i=null", "none"),
      // Events of other values stand between.
      ("--order strict", "A0/i=1 B1/i=2 B2/i=1", "1: 0"),
      ("--order strict", "A0/i=1 B2/i=1", "2: 0 2"),
      // An excluded event has the value, or none at all.
      ("--exclude X", "A0/i=1 X1/i=2 B2/i=1", "2: 0 2"),
      ("--exclude X", "A0/i=1 X1/i=1 B2/i=1", "removed"),
      ("--exclude X", "A0/i=1 X1 B2/i=1", "removed"),
      ("--order any", "C0/i=1 A1/i=1 B2/i=2", "2: 0 1"),
      ("--semantics clickhouse --window 1h", "A0/i=1 A1/i=2 B2/i=2 C3/i=2", "3: 1 2 3"),
      // Mixpanel holds the value of the first entry, unless each entry is looked at.
      ("--semantics mixpanel", "A0/i=1 A1/i=2 B9/i=2", "1: 0"),
      ("--semantics mixpanel --reentry optimized", "A0/i=1 A1/i=2 B9/i=2", "2: 1 9"),
      // Amplitude counts each value.
      ("--semantics amplitude --window 1h", "A0/i=1 A1/i=2 B9/i=2", "1: 0 | 2: 1 9"),
    ])
  func hold(_ options: String, _ story: String, _ wanted: String) throws {
    #expect(try passage("--hold properties.i \(options)", story) == wanted)
  }

  @Test("who came furthest with one value may still go on with another")
  func openWithAnotherValue() throws {
    let input = Story("A0/i=1 B1/i=1 A900/i=2 X1500").lines.joined()
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B,C", "--window", "20m", "--hold", "properties.i"], text: input)
    let steps = outcome.records("funnel.step")
    #expect(steps.map { $0["persons"] as? Int } == [1, 1, 0])
    #expect(["open", "dropped"].map { steps[2][$0] as? Int } == [1, 0])
  }

  @Test("a value that no event has is told, where it would be a funnel of nobody")
  func missingValues() throws {
    func told(_ options: [String], _ story: String) throws -> String {
      let lines = Story(story).lines.joined()
      return try Programs.run("funnel", ["--steps", "A,B"] + options, text: lines).errorText
    }
    let hold = ["--hold", "properties.plan"]
    let nobody =
      "funnel: no event of a step has 'properties.plan', which --hold asks for: so nobody enters\n"
    #expect(try told(hold, "A0/n=1 B1/n=1 X2/plan=1") == nobody)
    #expect(try told(hold, "A0/plan=1 B1/n=1") == "")
    #expect(try told(hold, "X0/n=1") == "")
    let value = ["--value", "properties.n"]
    #expect(try told(value, #"A0/n="x" B1/m=1"#).contains("no event of a step has a number in"))
    #expect(try told(value, "A0/n=2 B1/m=1") == "")
  }

  @Test("any number of values can be held")
  func holdTwo() throws {
    let options = "--hold properties.i --hold properties.k"
    #expect(try passage(options, "A0/i=1/k=1 B1/i=1/k=2 C2/i=1/k=1") == "1: 0")
    #expect(try passage(options, "A0/i=1/k=2 B1/i=1/k=2 C2/i=1/k=2") == "3: 0 1 2")
  }

  @Test(
    "--count sessions takes each session by itself",
    arguments: [
      ("", "A0 B1 A1802 B1803", "2: 0 1 | 2: 1802 1803"),
      ("", "A0 B1800 C3600", "3: 0 1800 3600"), ("", "A0 B1801 C1802", "1: 0"),
      // Events that are no step keep a session going.
      ("", "A0 X900 B2000", "2: 0 2000"), ("--idle 10s", "A0 B10 C21", "2: 0 10"),
    ])
  func sessions(_ options: String, _ story: String, _ wanted: String) throws {
    #expect(try passage("--count sessions \(options)", story) == wanted)
  }

  @Test("a session that is over is not open, however long the window is")
  func closedSessions() throws {
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B", "--count", "sessions"],
      text: Story("A0 A3600 B3601 A7200").lines.joined())
    let step = try #require(outcome.records("funnel.step").last)
    #expect(["sessions", "open", "dropped"].map { step[$0] as? Int } == [1, 1, 1])
  }

  @Test(
    "--count totals lets a person enter again",
    arguments: [
      ("", "A0 B1 C2 A3 B4", "3: 0 1 2 | 2: 3 4"),
      // A later first step renews the try, since the latest one counts.
      ("--window 10s", "A0 A5 B12", "2: 5 12"), ("--window 10s", "A0 A11 B12", "1: 0 | 2: 11 12"),
      ("--order strict", "A0 B1 X2 A3", "2: 0 1 | 1: 3"),
      ("--exclude X", "A0 X1 A20 B21", "2: 20 21"),
      // Mixpanel: after conversion, time-out or exclusion.
      ("--semantics mixpanel", "A0 B10 C20 A30 B40", "3: 0 10 20 | 2: 30 40"),
      ("--semantics mixpanel --window 15s", "A0 A10 B20 A30", "1: 0 | 1: 30"),
      ("--semantics mixpanel --exclude A", "A0 A10 A20 B30", "1: 0 | 2: 20 30"),
      ("--semantics mixpanel", "A0 A10 B20", "2: 0 20"),
    ])
  func totals(_ options: String, _ story: String, _ wanted: String) throws {
    #expect(try passage("--count totals \(options)", story) == wanted)
  }

  @Test("Mixpanel's own example of totals: two entries, one conversion")
  func mixpanelTotals() throws {
    let outcome = try Programs.run(
      "funnel",
      ["--steps", "A,B", "--semantics", "mixpanel", "--count", "totals", "--exclude", "A"],
      text: Story("A0 A60 A120 B180").lines.joined())
    #expect(outcome.records("funnel.step").map { $0["entries"] as? Int } == [2, 1])
  }

  @Test("--value sums what the events of each step say, currency by currency")
  func value() throws {
    let stories = [
      ("a", #"A0/v=0.1/currency="EUR" B1/v="0.20"/currency="eur""#),
      ("b", #"A0/v=0.2/currency="EUR" B1/v=7/currency="USD" C2/v=1"#),
      // The first A is not the one of the try that is reported, and text is no amount.
      ("c", #"A0/v=100 A5/v=0.7 B9/v="x""#),
    ]
    let input = stories.flatMap { Story($0.1, person: $0.0).lines }.joined()
    func values(_ options: [String]) throws -> [[String]] {
      let outcome = try Programs.run(
        "funnel", ["--steps", "A,B,C", "--value", "properties.v"] + options, text: input)
      return outcome.lines.filter { $0.contains("funnel.step") }.map { line in
        line.matches(of: /"currency":(?:"(\w+)"|null),"count":(\d+),"sum":([^,]+),"mean":([^}]+)/)
          .map { "\($0.1 ?? "-") \($0.2) \($0.3) \($0.4)" }
      }
    }
    #expect(
      try values([]) == [
        ["- 1 0.7 0.7", "EUR 2 0.3 0.15"], ["EUR 1 0.2 0.2", "USD 1 7 7"], ["- 1 1 1"],
      ])
    #expect(try values(["--currency", "usd"]) == [[], ["USD 1 7 7"], []])
  }

  private static let plans = [
    ("a", #"A0/p="x" B1/p="y" C2/p="x""#), ("b", #"A0/p="y" B1/p="y""#),
    ("c", #"A0 B1/p="x""#), ("d", #"B0/p="y" A1/p="x""#),
  ]

  /// The persons of each step by the value of `--by`.
  private func counts(_ options: [String]) throws -> [String: [Int]] {
    let input = Self.plans.flatMap { Story($0.1, person: $0.0).lines }.joined()
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B,C", "--by", "properties.p"] + options, text: input)
    #expect(outcome.status == 0)
    var counts: [String: [Int]] = [:]
    for step in outcome.records("funnel.step") {
      let by = (step["by"] as? [String: Any])?["properties.p"] as? String ?? "none"
      counts[by, default: []].append(step["persons"] as? Int ?? -1)
    }
    return counts
  }

  @Test("PostHog's attributions of --by")
  func attribution() throws {
    #expect(
      try counts(["--attribution", "first"])
        == ["x": [2, 2, 1], "y": [2, 1, 0]])
    #expect(
      try counts(["--attribution", "last"]) == ["x": [3, 2, 1], "y": [1, 1, 0]])
    // Each with the events that carry it: a is A C for x; c has no A with a value.
    #expect(
      try counts(["--attribution", "all"])
        == ["x": [2, 0, 0], "y": [1, 1, 0], "none": [1, 0, 0]])
    // d did step 2 with y, though not behind step 1.
    #expect(
      try counts(["--attribution", "step:2"]) == ["y": [3, 2, 1], "x": [1, 1, 0]])
    #expect(try counts(["--attribution", "step:1"]) == ["x": [2, 1, 1], "y": [1, 1, 0]])
  }

  @Test("the attributed step with another value neither goes on nor stands between")
  func attributedStrictly() throws {
    let outcome = try Programs.run(
      "funnel",
      ["--steps", "A,B", "--order", "strict", "--by", "properties.p", "--attribution", "step:1"],
      text: Story(#"A0/p="x" A1/p=null B2/p="y""#).lines.joined())
    #expect(outcome.records("funnel.step").map { $0["persons"] as? Int } == [1, 1])
  }

  @Test("--trend dates by entry, once a period, and open windows are no loss")
  func trend() throws {
    let day = 86_400
    let stories = [
      ("a", "A0 A10 B20"), ("b", "A0 A\(day) B\(day + 5)"), ("c", "A\(day)"), ("d", "A\(3 * day)"),
    ]
    let input = stories.flatMap { Story($0.1, person: $0.0).lines }.joined()
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B", "--trend", "day", "--window", "36h"], text: input)
    let trends = outcome.records("funnel.trend")
    func counts(_ key: String) -> [Int?] { trends.map { $0[key] as? Int } }
    #expect(
      trends.map { $0["period"] as? String }
        == ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"])
    #expect(counts("entered") == [2, 2, 0, 1])
    // One purchase converts the entries of two days.
    #expect(counts("converted") == [2, 1, 0, 0])
    #expect(counts("open") == [0, 0, 0, 1])
    #expect(counts("dropped") == [0, 1, 0, 0])
    #expect(trends.map { $0["complete"] as? Bool } == [true, false, false, false])
  }

  @Test("--matured takes only entries whose window has closed")
  func matured() throws {
    let stories = [
      ("a", "A0 B5"), ("b", "A0 A95"), ("c", "A95 B96"), ("d", "A89 B90"), ("e", "X100"),
    ]
    let input = stories.flatMap { Story($0.1, person: $0.0).lines }.joined()
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B", "--matured", "--window", "10s", "--persons"], text: input)
    #expect(outcome.records("funnel.step").map { $0["persons"] as? Int } == [3, 2])
    #expect(outcome.records("funnel.step")[1]["open"] as? Int == 0)
    #expect(
      outcome.records("funnel.person").compactMap { $0["userId"] as? String } == ["a", "b", "d"])
  }

  @Test("what does not go together is refused with words that help")
  func refused() throws {
    for (options, reason) in [
      ("--idle 1m", "needs --count sessions"), ("--currency EUR", "restricts --value"),
      ("--attribution last", "--by counts, which is not given"),
      ("--by event --attribution middle", "takes first, last, all or step:N"),
      ("--by event --attribution step:4", "has the steps 1 to 3"),
      ("--count totals --semantics clickhouse --window 1h", "finds one way a person"),
      ("--count totals --semantics amplitude --window 1h", "is not public"),
      ("--count totals --semantics mixpanel --reentry optimized", "needs --reentry first"),
      ("--count totals --order any", "needs a first step"),
      ("--trend day --order any", "needs a first step"),
      ("--matured --order any", "needs a first step"), ("--hold x --lateness 1h", "not enough for"),
      ("--count sessions --lateness 1h", "not enough for"),
      ("--value 'count(true)'", "none that looks back"),
    ] {
      let outcome = try Programs.shell("funnel --steps A,B,C \(options)")
      #expect(outcome.status == 64, "\(options)")
      #expect(outcome.errorText.contains(reason), "\(options): \(outcome.errorText)")
    }
  }
}
