/// The types of the language, by the names that `type(x)` gives them.
public enum ValueType: String, Sendable, CaseIterable {
  /// Known only when the expression is evaluated: fields of a record.
  case dynamic = "dyn"
  /// Only `null`.
  case null = "null_type"
  /// `true` and `false`.
  case bool
  /// 64 bits with a sign.
  case int
  /// 64 bits without a sign.
  case uint
  /// IEEE 754 in 64 bits.
  case double
  /// A number of JSON: exactly what its digits say.
  case number
  /// Text.
  case string
  /// Bytes.
  case bytes
  /// A list of values of any type.
  case list
  /// Values by key.
  case map
  /// A moment, to the nanosecond.
  case timestamp = "google.protobuf.Timestamp"
  /// A length of time, to the nanosecond.
  case duration = "google.protobuf.Duration"
  /// A type as a value.
  case type

  /// Whether values of the type are compared by their size.
  var isNumeric: Bool {
    switch self {
    case .int, .uint, .double, .number: true
    default: false
    }
  }

  /// The type in the words of an error message.
  var phrase: String {
    switch self {
    case .dynamic: "a field"
    case .null: "null"
    case .bool: "true or false"
    case .int: "an int"
    case .uint: "a uint"
    case .double: "a double"
    case .number: "a number"
    case .string: "a string"
    case .bytes: "bytes"
    case .list: "a list"
    case .map: "a map"
    case .timestamp: "a timestamp"
    case .duration: "a duration"
    case .type: "a type"
    }
  }
}
