/// An exact sum of decimal numbers: no rounding, the same in any order of adding.
///
///     0.1 + 0.2 = 0.3        10 × 13.49 = 134.9
///
///     whole: Int128 | fraction: Int128 in units of 10^-36, of the same range
///
/// It holds numbers of up to 36 decimals and sums up to about 10^38. Two sums merge exactly.
public struct DecimalSum: Equatable, Sendable, BitwiseCopyable {
  private static let unit: Int128 = 1_000_000_000_000_000_000_000_000_000_000_000_000
  private static let fractionDigits = 36

  private var whole: Int128 = 0
  /// Always at least 0 and below ``unit``.
  private var fraction: Int128 = 0

  /// The sum of nothing.
  public init() {}

  /// A sum by its ``parts``; `nil` where they are none.
  init?(whole: Int128, fraction: Int128) {
    // The lowest whole part has no counterpart of the other sign.
    guard whole > .min, fraction >= 0, fraction < DecimalSum.unit else { return nil }
    self.whole = whole
    self.fraction = fraction
  }

  /// The part before the point, rounded down, and the rest in units of 10^-36.
  var parts: (whole: Int128, fraction: Int128) { (whole, fraction) }

  /// Whether the sum is zero.
  public var isZero: Bool { whole == 0 && fraction == 0 }

  /// Adds a number; `false`, and nothing added, where it is too long or the sum would overflow.
  public mutating func add(_ number: DecimalNumber) -> Bool {
    if number.exponent < -DecimalSum.fractionDigits { return false }
    guard let wholePart = number.scaled(by: 0) else { return false }
    var addend = DecimalSum()
    addend.whole = wholePart
    if number.exponent < 0 {
      // 10^38 fits an Int128, and the rest of a division by 10^-exponent is below that power.
      let divisor = DecimalSum.power(-number.exponent)
      let rest = number.coefficient % divisor
      addend.fraction = rest * DecimalSum.power(DecimalSum.fractionDigits + number.exponent)
      if addend.fraction < 0 {
        addend.fraction += DecimalSum.unit
        addend.whole -= 1
      }
    }
    return merge(addend)
  }

  /// Adds another sum; `false`, and nothing added, where the result would overflow.
  @discardableResult
  public mutating func merge(_ other: DecimalSum) -> Bool {
    var carried = fraction + other.fraction
    var carry: Int128 = 0
    if carried >= DecimalSum.unit {
      carried -= DecimalSum.unit
      carry = 1
    }
    let (sum, overflow) = whole.addingReportingOverflow(other.whole)
    let (total, carryOverflow) = sum.addingReportingOverflow(carry)
    guard !overflow, !carryOverflow else { return false }
    whole = total
    fraction = carried
    return true
  }

  /// The sum without another one: exact.
  public mutating func subtract(_ other: DecimalSum) {
    var negated = DecimalSum()
    negated.whole = -other.whole
    if other.fraction > 0 {
      negated.whole -= 1
      negated.fraction = DecimalSum.unit - other.fraction
    }
    merge(negated)
  }

  /// The nearest double, for statistics.
  public var double: Double {
    Double(whole) + Double(fraction) / 1e36
  }

  /// The most bytes that ``append(to:)`` writes: a sign, 39 digits, a point and the decimals.
  public static let textBytesMax = 80

  /// Adds the sum as plain decimal text.
  public func append(to output: inout [UInt8]) {
    output.append(addingCapacity: DecimalSum.textBytesMax) { text in append(to: &text) }
  }

  /// Adds the sum as plain decimal text where there is room for ``textBytesMax``.
  public func append(to output: inout OutputSpan<UInt8>) {
    var wholePart = whole
    var fractionPart = fraction
    if wholePart < 0, fractionPart > 0 {
      wholePart += 1
      fractionPart = DecimalSum.unit - fractionPart
    }
    if whole < 0 { output.append(ASCII.minus) }
    DecimalSum.append(wholePart.magnitude, to: &output)
    guard fractionPart > 0 else { return }
    output.append(ASCII.period)
    // 18 digits fit a word: the decimals are two of them, the zeros at the end left out.
    let half: Int128 = 1_000_000_000_000_000_000
    let (high, low) = fractionPart.quotientAndRemainder(dividingBy: half)
    if low == 0 {
      DecimalSum.append(decimals: UInt64(high), to: &output)
    } else {
      output.append(digits: UInt64(high), widthMin: 18)
      DecimalSum.append(decimals: UInt64(low), to: &output)
    }
  }

  /// Adds the digits of a number, 18 at a time where it is longer than a word.
  private static func append(_ number: UInt128, to output: inout OutputSpan<UInt8>) {
    if let word = UInt64(exactly: number) { return output.append(digits: word, widthMin: 1) }
    let (high, low) = number.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
    append(high, to: &output)
    output.append(digits: UInt64(low), widthMin: 18)
  }

  /// Adds 18 decimals, those zeros left out that end them.
  private static func append(decimals: UInt64, to output: inout OutputSpan<UInt8>) {
    var digits = decimals
    var width = 18
    while digits > 0, digits % 10 == 0 {
      digits /= 10
      width -= 1
    }
    output.append(digits: digits, widthMin: width)
  }

  /// The smaller of two sums comes first.
  public static func < (left: DecimalSum, right: DecimalSum) -> Bool {
    left.whole != right.whole ? left.whole < right.whole : left.fraction < right.fraction
  }

  private static func power(_ exponent: Int) -> Int128 {
    // By squaring: 10^36 in eight multiplications.
    var power: Int128 = 1
    var square: Int128 = 10
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { power *= square }
      rest >>= 1
      if rest > 0 { square *= square }
    }
    return power
  }
}

extension DecimalSum: Comparable {}
