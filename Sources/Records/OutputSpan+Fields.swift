/// Fields of a JSON record whose length is known to have a limit, written into one stretch of room.
///
///     output.append(addingCapacity: 100) { line in
///       line.key("frequency")            // ,"frequency":
///       line.append(integer: 3)
///     }
///
/// Against ``RecordWriter`` it asks once for the room of many fields and needs no `String`.
extension OutputSpan where Element == UInt8 {
  /// The most bytes that a whole number takes.
  public static var integerBytesMax: Int { 20 }

  /// Writes the key of a field behind another one: `,"frequency":`; it must need no escape.
  @inlinable @inline(__always)
  public mutating func key(_ name: StaticString) {
    append(static: ",\"")
    append(static: name)
    append(static: "\":")
  }

  /// Writes a whole number.
  @inlinable @inline(__always)
  public mutating func field(_ name: StaticString, _ value: Int) {
    key(name)
    append(integer: value)
  }

  /// Writes a text that needs no escape.
  @inlinable @inline(__always)
  public mutating func field(_ name: StaticString, _ value: StaticString) {
    key(name)
    append(ASCII.quote)
    append(static: value)
    append(ASCII.quote)
  }

  /// Writes `null`.
  @inlinable @inline(__always)
  public mutating func null(_ name: StaticString) {
    key(name)
    append(static: "null")
  }

  /// Adds a whole number in decimal digits.
  public mutating func append(integer value: Int) {
    if value < 0 { append(ASCII.minus) }
    append(digits: UInt64(value.magnitude), widthMin: 1)
  }

  /// Adds the decimal digits of a number, at least so many.
  mutating func append(digits value: UInt64, widthMin: Int) {
    if value < 10, widthMin <= 1 { return append(ASCII.zero + UInt8(value)) }
    var digits = InlineArray<20, UInt8>(repeating: ASCII.zero)
    var first = digits.count
    var rest = value
    while rest > 0 {
      first -= 1
      digits[first] = ASCII.zero + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    for index in min(first, digits.count - widthMin)..<digits.count { append(digits[index]) }
  }
}
