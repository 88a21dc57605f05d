import Records

extension Array where Element == UInt8 {
  /// Adds a JSON number as people read it.
  ///
  ///     1234567 → 1,234,567      54.50 → 54.50      0.0123456 → 0.01235      3.25e-45 → 3.25e-45
  ///
  /// Up to four decimals stand as they were written: sums of money are exact. More are a
  /// double's and are rounded to four significant ones.
  mutating func append(number source: Span<UInt8>, from start: Int, to end: Int) {
    if hasShortFraction(source, from: start, to: end) {
      return append(grouped: source, from: start, to: end)
    }
    guard let number = DecimalNumber(source, from: start, to: end) else {
      return append(source, from: start, to: end)
    }
    let digitCount = number.coefficient.magnitude.description.utf8.count
    let leadingPower = digitCount + number.exponent - 1
    guard number.coefficient == 0 || -6...20 ~= leadingPower else {
      return append(scientific: number, leadingPower: leadingPower)
    }
    let decimals = 4 + Swift.max(0, -leadingPower - 1)
    append(grouped: number.rounded(toDecimals: decimals))
  }

  /// Adds a double with a fixed number of decimals and its thousands apart.
  mutating func append(_ value: Double, decimals: Int) {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    guard abs(value * scale) < 1e15 else { return append(value.description) }
    let scaled = Int((value * scale).rounded())
    if scaled < 0 { append(ASCII.minus) }
    let digits = Array(scaled.magnitude.description.utf8)
    let missing = Swift.max(0, decimals + 1 - digits.count)
    var text = Array(repeating: ASCII.zero, count: missing) + digits
    if decimals > 0 { text.insert(ASCII.period, at: text.count - decimals) }
    append(grouped: text.span, from: 0, to: text.count)
  }

  /// Adds a duration of so many seconds in the unit that suits it.
  ///
  ///     0.35 → 350 ms      5.25 → 5.3 s      72 → 1 m 12 s      8280 → 2.3 h      345600 → 4 d
  mutating func append(durationSeconds seconds: Double) {
    if seconds < 0 { append(ASCII.minus) }
    let seconds = abs(seconds)
    switch seconds {
    case ..<0.0005: append("0 s")
    case ..<0.9995:
      append(seconds * 1000, decimals: 0)
      append(" ms")
    case ..<59.5: append(seconds, oneDecimalBelow: 9.95, unit: " s")
    case ..<3599.5:
      let whole = Int(seconds.rounded())
      append(integer: whole / 60)
      append(" m")
      if whole % 60 > 0 { append(" \(whole % 60) s") }
    case ..<(23.95 * 3600): append(seconds / 3600, oneDecimalBelow: 24, unit: " h")
    default: append(seconds / 86_400, oneDecimalBelow: 99.95, unit: " d")
    }
  }

  private mutating func append(_ value: Double, oneDecimalBelow limit: Double, unit: String) {
    let tenths = (value * 10).rounded()
    let isWhole = value >= limit || tenths == (tenths / 10).rounded() * 10
    append(value, decimals: isWhole ? 0 : 1)
    append(unit)
  }

  private mutating func append(scientific number: DecimalNumber, leadingPower: Int) {
    let shift = number.exponent - leadingPower
    let mantissa = DecimalNumber(coefficient: number.coefficient, exponent: shift)
    mantissa.rounded(toDecimals: 3).append(to: &self)
    append("e\(leadingPower)")
  }

  private mutating func append(grouped number: DecimalNumber) {
    var plain: [UInt8] = []
    number.append(to: &plain)
    append(grouped: plain.span, from: 0, to: plain.count)
  }

  /// Adds plain decimal text with a comma before each three digits of its whole part.
  private mutating func append(grouped text: Span<UInt8>, from start: Int, to end: Int) {
    var offset = start
    if offset < end, text[offset] == ASCII.minus {
      append(ASCII.minus)
      offset += 1
    }
    let wholeEnd = text.firstOffset(of: ASCII.period, from: offset, to: end)
    while offset < wholeEnd {
      append(text[offset])
      offset += 1
      if offset < wholeEnd, (wholeEnd - offset) % 3 == 0 { append(ASCII.comma) }
    }
    append(text, from: wholeEnd, to: end)
  }
}

/// Whether a JSON number has no exponent and at most four decimals.
private func hasShortFraction(_ source: Span<UInt8>, from start: Int, to end: Int) -> Bool {
  var decimals = -1
  for offset in start..<end {
    let byte = source[offset]
    if byte | 0x20 == UInt8(ascii: "e") { return false }
    if byte == ASCII.period || decimals >= 0 { decimals += 1 }
  }
  return decimals <= 4
}

extension DecimalNumber {
  /// The nearest number with so many decimals, halves away from zero.
  fileprivate func rounded(toDecimals decimals: Int) -> DecimalNumber {
    let excess = -exponent - decimals
    guard excess > 0 else { return self }
    guard excess <= 38 else { return DecimalNumber(coefficient: 0, exponent: 0) }
    var divisor: Int128 = 1
    for _ in 0..<excess { divisor *= 10 }
    let (quotient, rest) = coefficient.quotientAndRemainder(dividingBy: divisor)
    let isUp = rest.magnitude >= divisor.magnitude - rest.magnitude
    let step: Int128 = isUp ? coefficient.signum() : 0
    return DecimalNumber(coefficient: quotient + step, exponent: -decimals)
  }
}
