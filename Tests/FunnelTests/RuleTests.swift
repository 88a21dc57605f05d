import TestSupport
import Testing

/// The rules of each profile on one person, computed by hand.
@Suite("Rules of funnels") struct RuleTests {
  private func check(_ one: RuleCase, _ more: [String]) throws {
    var options = one.options.split(separator: " ").map(String.init)
    let repeats = options.contains("--steps2")
    options.removeAll { $0 == "--steps2" }
    let passage = try Story(one.story).run(options + more, steps: repeats ? "A,A,B" : "A,B,C")
    #expect(passage == one.passage)
  }

  @Test("posthog", arguments: RuleCase.posthog)
  func posthog(_ one: RuleCase) throws { try check(one, []) }

  @Test("mixpanel, as its documentation has it", arguments: RuleCase.mixpanel)
  func mixpanel(_ one: RuleCase) throws { try check(one, ["--semantics", "mixpanel"]) }

  @Test("amplitude, as its documentation has it", arguments: RuleCase.amplitude)
  func amplitude(_ one: RuleCase) throws {
    let window = one.options.contains("--window") ? [] : ["--window", "1d"]
    try check(one, ["--semantics", "amplitude"] + window)
  }

  @Test("with an optional step those who left it out are neither dropped nor reached")
  func optionalCounts() throws {
    let input = [("a", "A0 B1 C2"), ("b", "A0 C2"), ("c", "A0 B5"), ("d", "A0"), ("e", "A900")]
      .flatMap { Story($0.1, person: $0.0).lines }.joined()
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B,C", "--optional", "2", "--window", "10m"], text: input)
    let steps = outcome.records("funnel.step")
    func counts(_ key: String) -> [Int?] { steps.map { $0[key] as? Int } }
    #expect(counts("persons") == [5, 2, 2])
    #expect(counts("skipped") == [nil, 1, nil])
    #expect(counts("open") == [nil, 1, 1])
    #expect(counts("dropped") == [nil, 1, 2])
    #expect(steps.map { $0["meanSeconds"] as? Double } == [nil, 3, 2])
    #expect((steps[2]["fromPrevious"] as? [String: Any])?["denominator"] as? Int == 5)
  }

  @Test("the excluded are counted, and are in no step")
  func excludedCounts() throws {
    let input = [("a", "A0 X1 B2"), ("b", "A0 B1"), ("c", "A0 X5")]
      .flatMap { Story($0.1, person: $0.0).lines }.joined()
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B", "--exclude", "X"], text: input)
    let steps = outcome.records("funnel.step")
    #expect(steps.map { $0["persons"] as? Int } == [1, 1])
    #expect(steps.map { $0["excluded"] as? Int } == [2, nil])
  }

  /// PostHog takes a moment step by step and asks of an event only whether its try has used it; which of
  /// two events that fit a step is kept for the other steps, it does not try out.
  @Test("at one moment steps are taken in their order, and events as they come first")
  func ties() throws {
    func level(_ events: [String]) throws -> Int? {
      let steps = ["A", "B", "C"].flatMap { ["--step", "\($0)=properties.x.contains(\"\($0)\")"] }
      let text = events.map { event in
        "{\"event\":\"E\",\"userId\":\"u\",\"timestamp\":1772323200,\"properties\":{\"x\":\"\(event)\"}}\n"
      }.joined()
      let outcome = try Programs.run("funnel", steps + ["--persons"], text: text)
      return outcome.records("funnel.person").first?["level"] as? Int
    }
    #expect(try level(["C", "B", "A"]) == 3)
    #expect(try level(["AB", "B", "C"]) == 3)
    // ABC is taken as B, though B could have been, and then there is no C.
    for events in [["A", "ABC", "B"], ["B", "ABC", "A"]] { #expect(try level(events) == 2) }
  }

  @Test("bare words behind a step's = are told to be no expression")
  func bareWords() throws {
    for (step, reason) in [
      ("Bought=Purchase", #"write 'Bought=event == "Purchase"', for a field of that name"#),
      ("Bought=Order Completed", #"write 'Bought=event == "Order Completed"'"#),
      ("B= Purchase ", #"'B=Purchase == true'"#),
    ] {
      let outcome = try Programs.run("funnel", ["--step", "A", "--step", step], text: "")
      #expect(outcome.status == 64 && outcome.errorText.contains(reason), "\(outcome.errorText)")
    }
    for step in ["B=bot", "B=true", "B=properties.x", "B=Purchase == true", "Order Completed"] {
      #expect(try Programs.run("funnel", ["--step", "A", "--step", step], text: "").status == 0)
    }
  }

  static let refusals: [(command: String, reason: String)] = [
    ("--exclude X@2-2", "the end of a range comes behind its start"),
    ("--exclude X@1-4", "the funnel has the steps 1 to 3"),
    ("--exclude X@0-2", "the funnel has the steps 1 to 3"),
    ("--exclude B", "is step 2 itself"), ("--exclude @1-2", "names no event"),
    (#"--exclude "event == 'B'""#, "is step 2 itself"),
    ("--exclude X@1-2 --order any", "there are no steps to stand between"),
    (
      "--exclude X --semantics clickhouse --window 1h", "belongs to --semantics posthog or mixpanel"
    ),
    ("--optional 1", "the first step of a funnel cannot be optional"),
    ("--optional 4", "takes the number of one step"), ("--optional 2,3", "once for each"),
    ("--optional 2 --order any", "needs steps in order"),
    ("--step-window 1h --semantics mixpanel", "belongs to --semantics posthog"),
    ("--reentry optimized", "belongs to --semantics mixpanel"),
    ("--tie-grace 1s --semantics amplitude --window 1d", "belongs to --semantics mixpanel"),
    ("--semantics amplitude", "needs a --window"), ("--order any --pass", "needs steps in order"),
    ("--order any --semantics amplitude --window 1d", "belongs to --semantics posthog"),
    ("--mode strict_order", "belongs to --semantics clickhouse"),
    ("--order strict --semantics mixpanel", "belongs to --semantics posthog or amplitude"),
    ("--order any --lateness 1h", "keeps of a person how far"),
    ("--semantics mixpanel --lateness 1h", "keeps of a person how far"),
  ]

  @Test("what a profile has not is refused with words that help")
  func refused() throws {
    for (options, reason) in Self.refusals {
      let outcome = try Programs.shell("funnel --steps A,B,C \(options)")
      #expect(outcome.status == 64, "\(options)")
      #expect(outcome.errorText.contains(reason), "\(options): \(outcome.errorText)")
    }
    let same = try Programs.shell("funnel --steps A,B,B --optional 2")
    #expect(same.status == 64)
    #expect(same.errorText.contains("it is the same as step 3"))
  }
}
