import Expressions
import Pipes

/// What `--goal` and the options that go with it ask for.
struct GoalSetting: Sendable {
  /// So many different events, those of most persons, are features by themselves.
  static let behavioursMax = 30
  /// So many times are looked back from at most.
  static let originsMax = 12
  /// So many cases are learned from, and judged by, at most.
  static let casesMax = 100_000
  /// The penalty of the weights, scikit-learn's default.
  static let penalty = 1.0

  /// The goal.
  let condition: Expression
  /// In how many days the goal is to be reached.
  let horizonDays: Int

  /// The setting; `nil` without `--goal`.
  init?(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    guard let goal = arguments.value("goal") else {
      guard !arguments.has("fit") else {
        throw .usage("--fit needs --goal, what the score is to tell in advance")
      }
      return nil
    }
    guard arguments.has("fit") else {
      throw .usage("--goal needs --fit: it is learned from the events who will reach it")
    }
    for option in ["by", "top", "value"] where arguments.has(option) {
      throw .usage("--fit learns one model and scores nobody: it takes no --\(option)")
    }
    condition = try setup.condition(goal, of: "--goal")
    horizonDays = try ValueSetting.horizonDays(arguments) ?? 30
  }
}
