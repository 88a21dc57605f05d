/// Whole numbers written where there is room for them.
///
///     output.append(addingCapacity: 40) { line in
///       line.append(static: ",\"frequency\":")
///       line.append(integer: 3)
///     }
///
/// Against ``RecordWriter`` the room of many fields is asked for once, and no `String` is needed.
extension OutputSpan where Element == UInt8 {
  /// The most bytes that a whole number takes.
  public static var integerBytesMax: Int { 20 }

  /// Adds a whole number in decimal digits.
  public mutating func append(integer value: Int) {
    // Most numbers of a report are that small.
    if UInt(bitPattern: value) < 100 {
      let tens = UInt8(value) / 10
      if tens > 0 { append(ASCII.zero + tens) }
      return append(ASCII.zero + UInt8(value) - 10 * tens)
    }
    if value < 0 { append(ASCII.minus) }
    append(digits: UInt64(value.magnitude), widthMin: 1)
  }

  /// Adds the decimal digits of a number, at least so many.
  mutating func append(digits value: UInt64, widthMin: Int) {
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
