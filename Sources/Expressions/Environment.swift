public import Records

/// What the expressions of one program have in common: the fields that they read of a record, and
/// the look-back calls that a ``PersonMemory`` must answer.
///
///     var environment = Environment()
///     environment.selection.slot("userId")                 // others' keys in the same selection
///     let condition = try environment.compile("properties.revenue > 50")
///     let breakdown = try environment.compile("properties.plan", as: .value)
public struct Environment: Sendable {
  /// What an expression must yield.
  public enum Purpose: Sendable {
    /// `true` or `false`.
    case condition
    /// Any value.
    case value
  }

  /// The top-level keys that the expressions read, beside those that others entered.
  public var selection: Selection
  /// Whether the functions over the person's earlier events may be called.
  public let allowsLookBack: Bool
  /// Whether persons are asked without an event too, when time has passed.
  let followsTime: Bool
  /// The zone of the calendar days that `days` counts.
  public var timeZone = TimeZoneRules.utc

  /// What is to be said of each expression that was compiled, in their order.
  public private(set) var summaries: [ExpressionSummary] = []

  /// The only names there are, for expressions of the standard; `nil` where names are fields.
  let variables: [String]?
  /// Whether types are checked before the first evaluation.
  let checksTypes: Bool
  /// Where time zones are looked for.
  let zones: TimeZones
  /// The look-back calls and captures of all expressions.
  var plan = LookBackPlan()
  /// The patterns of all expressions, since rules often ask for the same one.
  var patterns: [[UInt8]: Pattern] = [:]

  /// An environment in which names are the fields of records.
  ///
  /// - Parameters:
  ///   - followsTime: whether what looks back is asked without an event too; so it is unless said
  ///     otherwise.
  ///   - zones: where time zones are looked for.
  public init(
    selection: Selection = Selection(), allowsLookBack: Bool = false, followsTime: Bool = true,
    zones: TimeZones = .fixed
  ) {
    self.selection = selection
    self.allowsLookBack = allowsLookBack
    self.followsTime = allowsLookBack && followsTime
    self.zones = zones
    variables = nil
    checksTypes = true
  }

  /// An environment of the standard alone, without the extensions for JSON.
  ///
  /// - Parameters:
  ///   - names: the variables, whose values ``Expression/value(variables:)`` takes.
  ///   - checksTypes: whether unknown names and types that do not fit are errors of ``compile(_:as:)``
  ///     or of the evaluation.
  ///   - zones: where time zones are looked for.
  public init(
    standardWith names: [String], checksTypes: Bool = true, zones: TimeZones = .fixed
  ) {
    selection = Selection()
    self.zones = zones
    allowsLookBack = false
    followsTime = false
    variables = names
    self.checksTypes = checksTypes
  }

  /// Reads an expression, checks it, and enters what it reads into the selection.
  ///
  /// Where it throws, the environment stays as it was.
  ///
  /// - Parameter origin: where the expression is from, for its summary: an option, a rule.
  public mutating func compile(
    _ source: String, as purpose: Purpose = .condition, from origin: String? = nil
  ) throws(ExpressionError) -> Expression {
    var compiler = Compiler(self, tree: try Parser.parse(source))
    let expression = try compiler.expression(as: purpose)
    self = compiler.environment
    summaries.append(expression.summary)
    summaries[summaries.count - 1].origin = origin
    return expression
  }

  /// Has something that is no expression told of among the summaries.
  public mutating func tell(_ summary: ExpressionSummary) { summaries.append(summary) }

  /// The names that a look-back call or a function can have.
  static var functionNames: [String] {
    (Function.allCases.map(\.rawValue) + Macro.Kind.allCases.map(\.rawValue)
      + LookBackCall.Kind.allCases.map(\.rawValue) + ["has"]).sorted()
  }

  /// The fields of the record contract, which names are compared with.
  static let knownNames = [
    "event", "type", "userId", "anonymousId", "timestamp", "originalTimestamp", "sentAt",
    "receivedAt", "messageId", "properties", "traits", "context", "channel", "trafficSource", "bot",
    "sessionId", "session", "segments", "stage", "groupId", "previousId", "category", "name",
    "integrations", "version", "record", "now",
  ]
}
