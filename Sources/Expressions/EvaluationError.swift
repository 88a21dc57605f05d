/// Why an expression has no value for an event.
///
/// In a condition it makes the answer false, and the caller counts it.
public enum EvaluationError: UInt8, Error, Equatable, Sendable, BitwiseCopyable, CaseIterable {
  /// An operator or a function does not take values of these types.
  case noSuchOverload
  /// A map or an object does not have the key.
  case noSuchKey
  /// A list is shorter than the index, or the index is no whole number.
  case noSuchIndex
  /// The result does not fit its type.
  case overflow
  /// Division by zero, or its rest.
  case divisionByZero
  /// A value is outside what the type can hold.
  case outOfRange
  /// A text does not say a value of the wanted type.
  case badConversion
  /// The same key twice in a map.
  case repeatedKey
  /// A map key that is no int, uint, bool or string.
  case badKey
  /// A name that nothing is known of.
  case unknownName
  /// A function that is not known.
  case unknownFunction
  /// A time zone that is not known.
  case unknownZone
  /// The nested JSON, or a string in it, is invalid.
  case invalidRecord
  /// More work than one event may cost.
  case tooCostly
  /// A look-back function where no person is known.
  case needsPerson
  /// A rule of the person's event was asked before there was one.
  case noEvent
  /// A text that is no regular expression.
  case badPattern
  /// Nothing, where an operator needs a value: `null`, a field that is not there, what never happened.
  case noValue

  /// Whether there was nothing to evaluate, as most streams have it, rather than something wrong.
  public var isAbsence: Bool { self == .noSuchKey || self == .noValue }

  /// The error in words.
  public var message: String {
    switch self {
    case .noSuchOverload: "values of these types do not go together here"
    case .noSuchKey: "no such field or key"
    case .noSuchIndex: "no such index in the list"
    case .overflow: "the number does not fit its type"
    case .divisionByZero: "division by zero"
    case .outOfRange: "the value is out of range"
    case .badConversion: "the text does not say such a value"
    case .repeatedKey: "the same key twice in a map"
    case .badKey: "a map key must be an int, a uint, a bool or a string"
    case .unknownName: "unknown name"
    case .unknownFunction: "unknown function"
    case .unknownZone: "unknown time zone: a zone is Europe/Berlin, UTC or +05:45"
    case .invalidRecord: "the record is invalid where it was read"
    case .tooCostly: "the evaluation costs more than one event may"
    case .needsPerson: "a look-back function needs the person"
    case .noEvent: "the person has no event yet"
    case .badPattern: "the text is no regular expression"
    case .noValue: "there is no value"
    }
  }
}
