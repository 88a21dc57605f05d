import Events
import Expressions
import Pipes

/// What `--goal` or `--model` and the options that go with them ask for.
struct GoalSetting: Sendable {
  /// What is done about the goal.
  enum Task: Sendable {
    /// Learn who reaches it.
    case fit(Expression)
    /// Tell by a model who will.
    case tell(GoalModel)
  }

  /// So many different events, those of most persons, are features by themselves, beside purchases.
  static let behavioursMax = 30
  /// So many times are looked back from at most.
  static let originsMax = 12
  /// So many cases are learned from, and judged by, at most.
  static let casesMax = 100_000
  /// The penalty of the weights, scikit-learn's default.
  static let penalty = 1.0

  /// What is done about the goal.
  let task: Task
  /// In how many days the goal is to be reached.
  let horizonDays: Int
  /// The names of purchases.
  let purchaseNames: Set<[UInt8]>
  /// The options that what is known of persons depends on, as they are written on a command line.
  let options: [String]

  /// The setting; `nil` without `--goal` and `--model`.
  init?(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    purchaseNames = Set(EventNames.purchases(arguments).map { Array($0.utf8) })
    options = Self.options(arguments)
    if let path = arguments.value("model") {
      for option in ["goal", "fit"] where arguments.has(option) {
        throw .usage("--model has its goal and what was learned of it: it takes no --\(option)")
      }
      let model = try GoalModel(try setup.contents(of: path), file: path)
      try model.check(options: options, currency: setup.currency, file: path)
      (task, horizonDays) = (.tell(model), model.horizonDays)
      return
    }
    guard let goal = arguments.value("goal") else {
      guard !arguments.has("fit") else {
        throw .usage("--fit needs --goal, what the score is to tell in advance")
      }
      return nil
    }
    guard arguments.has("fit") else {
      throw .usage(
        "--goal needs --fit: it is learned from the events who will reach it; --model FILE then tells"
          + " it of persons")
    }
    for option in ["by", "top", "value"] where arguments.has(option) {
      throw .usage("--fit learns one model and scores nobody: it takes no --\(option)")
    }
    task = .fit(try setup.condition(goal, of: "--goal"))
    horizonDays = try ValueSetting.horizonDays(arguments) ?? 30
  }

  /// The condition of the goal, where it is learned who reaches it.
  var condition: Expression? {
    if case .fit(let condition) = task { condition } else { nil }
  }

  /// The model of `--model`.
  var model: GoalModel? {
    if case .tell(let model) = task { model } else { nil }
  }

  /// The options that decide whose an event is, whether it counts, and what it says.
  private static func options(_ arguments: Arguments) -> [String] {
    var words = EventNames.purchases(arguments).map { "--purchase \($0)" }
    for name in ["passive", "where", "key", "bots", "time-zone"] {
      words += arguments.values(name).map { "--\(name) \($0)" }
    }
    if arguments.has("no-link") { words.append("--no-link") }
    return Set(words).sorted()
  }
}
