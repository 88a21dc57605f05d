import Testing

/// One person, a funnel's options, and what is said of the person.
struct RuleCase: CustomTestStringConvertible, Sendable {
  let options: String
  let story: String
  let passage: String

  init(_ options: String, _ story: String, _ passage: String) {
    (self.options, self.story, self.passage) = (options, story, passage)
  }

  var testDescription: String { "\(options): \(story)" }
}

extension RuleCase {
  static let posthog = exclusions + optional + stepWindows + anyOrder

  private static let exclusions = [
    RuleCase("--exclude X@1-2", "A0 X1 B2 C3", "removed"),
    RuleCase("--exclude X@1-2", "A0 B1 X2 C3", "3: 0 1 3"),
    RuleCase("--exclude X@2-3", "A0 B1 X2 C3", "removed"),
    RuleCase("--exclude X@2-3", "A0 X1 B2 C3", "3: 0 2 3"),
    // Without a range: anywhere between the first step and the last.
    RuleCase("--exclude X", "A0 X1 B2 C3", "removed"),
    RuleCase("--exclude X", "A0 B1 X2", "removed"),
    RuleCase("--exclude X", "X0 A1 B2 C3 X4", "3: 1 2 3"),
    // A new try is clean, and comes as far.
    RuleCase("--exclude X", "A0 X1 A2 B3 C4", "3: 2 3 4"),
    RuleCase("--exclude X", "A0 X1 A2", "1: 2"),
    // The furthest try is the one that decides.
    RuleCase("--exclude X", "A0 B1 X2 A3", "removed"),
    RuleCase("--exclude X", "A0 B1 X2 A3 B4", "2: 3 4"),
    // The tainted try ends with its window; the furthest one stays what it was.
    RuleCase("--exclude X --window 10s", "A0 X20 B21", "1: 0"),
    // At one moment with a step, exclusions are not looked at.
    RuleCase("--exclude X", "A0 X1 B1 C2", "3: 0 1 2"),
    RuleCase("--exclude X --exclude Y@1-2", "A0 B1 Y2 C3", "3: 0 1 3"),
    RuleCase("--exclude X --exclude Y@1-2", "A0 Y1 B2", "removed"),
    RuleCase("--exclude event=='X'&&properties.n>1", "A0 X1/n=1 B2 C3", "3: 0 2 3"),
    RuleCase("--exclude event=='X'&&properties.n>1", "A0 X1/n=2 B2 C3", "removed"),
    RuleCase("--exclude X --order strict", "A0 B1 X2 C3", "removed"),
    RuleCase("--exclude X@1-2 --order strict", "A0 B1 X2 C3", "2: 0 1"),
    // In any order an exclusion makes the person begin anew.
    RuleCase("--exclude X --order any", "A0 X1 B2 C3", "2: 2 3"),
    RuleCase("--exclude X --order any", "A0 X1", "none"),
    RuleCase("--exclude X --order any", "B0 A1 C2 X3", "3: 0 1 2"),
  ]

  private static let optional = [
    RuleCase("--optional 2", "A0 B1 C2", "3: 0 1 2"),
    RuleCase("--optional 2", "A0 C2", "3: 0 - 2"),
    RuleCase("--optional 2", "A0 B1", "2: 0 1"),
    RuleCase("--optional 2", "B1 C2", "none"),
    RuleCase("--optional 3", "A0 B1 C2", "3: 0 1 2"),
    RuleCase("--optional 3", "A0 C2", "1: 0"),
    // The step before goes on where the optional one's try is out of its window.
    RuleCase("--optional 2 --window 10s", "A0 B5 A8 C15", "3: 8 - 15"),
    RuleCase("--optional 2 --window 20s", "A0 B5 A8 C15", "3: 0 5 15"),
    RuleCase("--optional 2 --order strict", "A0 C1", "3: 0 - 1"),
    RuleCase("--optional 2 --order strict", "A0 X1 C2", "1: 0"),
    RuleCase("--optional 2 --exclude X@2-3", "A0 B1 X2 C3", "removed"),
    RuleCase("--optional 2 --exclude X@2-3", "A0 X2 C3", "removed"),
  ]

  private static let stepWindows = [
    RuleCase("--step-window 10s", "A0 B10 C20", "3: 0 10 20"),
    RuleCase("--step-window 10s", "A0 B11 C20", "1: 0"),
    RuleCase("--step-window 10s", "A0 B10 C21", "2: 0 10"),
    // A later event of a step reaches further.
    RuleCase("--step-window 10s", "A0 B1 B9 C19", "3: 0 9 19"),
    RuleCase("--step-window 10s --window 15s", "A0 B9 C16", "2: 0 9"),
    RuleCase("--step-window 10s", "A0 A8 B18", "2: 8 18"),
  ]

  private static let anyOrder = [
    RuleCase("--order any", "C0 A1 B2", "3: 0 1 2"),
    RuleCase("--order any", "B0 B1", "1: 0"),
    RuleCase("--order any --window 10s", "A0 B5 C11", "2: 0 5"),
    RuleCase("--order any --window 10s", "A0 B5 A9 C11", "3: 5 9 11"),
    RuleCase("--order any", "X0", "none"),
  ]

  static let mixpanel = [
    RuleCase("", "A0 B1 C2", "3: 0 1 2"),
    // Later first steps change nothing, and the first entry alone counts.
    RuleCase("--window 1h", "A0 A1800 B2700 C4500", "2: 0 2700"),
    RuleCase("--window 10s", "A0 A20 B21", "1: 0"),
    RuleCase("--reentry optimized --window 10s", "A0 A20 B21", "2: 20 21"),
    RuleCase("--reentry optimized --window 1h", "A0 A1800 B2700 C4500", "3: 1800 2700 4500"),
    RuleCase("--reentry optimized", "A0 A1 A2 B10 C11", "3: 2 10 11"),
    RuleCase("--reentry optimized", "A0 B10 C20 A30 B40 C50", "3: 0 10 20"),
    // The default window is seven days, its end included.
    RuleCase("", "A0 B604800", "2: 0 604800"), RuleCase("", "A0 B604801", "1: 0"),
    // Two seconds of grace, not more.
    RuleCase("", "B0 A2 C3", "3: 2 0 3"), RuleCase("", "B0 A2.001 C3", "1: 2.001"),
    RuleCase("--tie-grace 0s", "B0 A2 C3", "1: 2"),
    RuleCase("--tie-grace 0s", "B0 A0", "1: 0"), RuleCase("--tie-grace 5s", "B0 A5", "2: 5 0"),
    // An exclusion is a drop-off.
    RuleCase("--exclude X@1-2", "A0 X10 B20", "1: 0"),
    RuleCase("--exclude X@2-3", "A0 X10 B20 X30 C40", "2: 0 20"),
    RuleCase("--exclude X --reentry optimized", "A0 X10 A20 B30", "2: 20 30"),
    RuleCase("--exclude X", "A0 X2 B20", "2: 0 20"),
    RuleCase("--exclude X", "A0 X10 B12", "2: 0 12"),
    RuleCase("--exclude A", "A0 A10 A20 B30", "1: 0"),
  ]

  static let amplitude = [
    RuleCase("", "A0 B1 C2", "3: 0 1 2"),
    // Events of one second in any order, of different ones not.
    RuleCase("", "B0.1 A0.9 C2", "3: 0.9 0.1 2"), RuleCase("", "B0.9 A1.1", "1: 1.1"),
    // Like events of one second are one.
    RuleCase("--steps2", "A0 A0.5 B3", "1: 0"), RuleCase("--steps2", "A0 A1.5 B3", "3: 0 1.5 3"),
    // The longest counts, of equals the earliest.
    RuleCase("--window 10s", "A0 A20 B21", "2: 20 21"), RuleCase("", "A0 A5 B6", "2: 0 6"),
    RuleCase("--window 10s", "A0 B10 C11", "2: 0 10"),
    // The exact order: other events of the same second do not matter.
    RuleCase("--order strict", "A0 X1 B2", "1: 0"),
    RuleCase("--order strict", "A0 X2 B2.5 C3", "3: 0 2.5 3"),
    RuleCase("--order strict", "A0 A1 B2", "2: 1 2"),
    RuleCase("--order strict", "A0 B1 B2 C3", "2: 0 1"),
    // A step that could be taken in this second or in the next: where it helps.
    RuleCase("--order strict", "A0.1 B0.2 B1 C2", "3: 0.1 1 2"),
    RuleCase("", "A0.2 A0.4 B0.1", "2: 0.2 0.1"),
  ]
}
