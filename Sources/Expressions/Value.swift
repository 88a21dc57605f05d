public import Records

/// What an expression yields.
///
/// Values of a record stay where they lie until somebody needs more than their place: see
/// ``json(_:)``.
public enum Value: Sendable {
  /// No value.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case int(Int64)
  /// A whole number without a sign.
  case uint(UInt64)
  /// A floating-point number.
  case double(Double)
  /// An exact number of at most 38 digits.
  case number(DecimalNumber)
  /// An exact number of more digits, as JSON text.
  case digits([UInt8])
  /// Text, as UTF-8; a lone surrogate of JSON as the three bytes of its code point.
  case text([UInt8])
  /// Bytes.
  case bytes([UInt8])
  /// A list.
  case list([Value])
  /// A map, in the order of its entries.
  case map([MapEntry])
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  case timestamp(Int128)
  /// Nanoseconds.
  case duration(Int64)
  /// A type.
  case type(ValueType)
  /// A number, a string without escapes, an array or an object where it lies in the record.
  ///
  /// Only inside an evaluation: the values that are handed out are copies.
  case json(Field)
}

/// A key of a map with its value.
public struct MapEntry: Sendable {
  /// An int, a uint, a bool or a text; a double finds the int of its value.
  public let key: Value
  /// What the key leads to.
  public let value: Value

  /// An entry by its parts.
  public init(key: Value, value: Value) {
    self.key = key
    self.value = value
  }
}
