import Expressions
import Pipes

/// Which events a side of a metric means.
enum MetricCondition: Sendable {
  /// What a person does; what only reaches a person, as a delivery or an impression, is none.
  case interaction
  /// What `--purchase` names, with an amount that is not negative or none.
  case purchase
  /// The events of a name, or those for which an expression is true.
  case event(EventCondition)

  /// The words that stand for the first two in a definition.
  static let words = ["interaction", "purchase"]

  /// What tells one condition from another.
  var key: String {
    switch self {
    case .interaction: "interaction"
    case .purchase: "purchase"
    // A name and an expression of the same text are two things.
    case .event(.name(let name)): "name " + String(decoding: name, as: UTF8.self)
    case .event(.expression(let expression)): "expression " + expression.source
    }
  }

  /// The names one of which an event must have; `nil` where any may do.
  var eventNames: [[UInt8]]? {
    switch self {
    case .interaction, .purchase: nil
    case .event(.name(let name)): [name]
    case .event(.expression(let expression)): expression.eventNames
    }
  }
}
