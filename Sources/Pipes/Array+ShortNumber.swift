import Records

extension Array where Element == UInt8 {
  /// Writes the number at the end in its shortest form, so that 1, 1.0 and 1e0 are one value.
  mutating func writeNumberShort(from start: Int) {
    guard start < count, self[start] == ASCII.minus || ASCII.isDigit(self[start]),
      let number = DecimalNumber(span, from: start, to: count), abs(number.exponent) <= 38
    else { return }
    removeSubrange(start...)
    number.append(to: &self)
  }
}
