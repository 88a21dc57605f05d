internal import Records

/// A constant number that JSON numbers are compared with.
struct ComparedNumber: Sendable, BitwiseCopyable {
  /// Its exact value.
  let decimal: DecimalParts
  /// The same as `mantissa × 10^-fractionDigits` where that fits, for the quick comparison.
  let plain: PlainNumber?

  init(_ number: DecimalNumber) {
    decimal = DecimalParts(coefficient: number.coefficient, exponent: number.exponent)
    let fractionDigits = max(0, -number.exponent)
    if fractionDigits <= PlainNumber.digitsMax, let mantissa = number.scaled(by: fractionDigits),
      let narrow = Int64(exactly: mantissa)
    {
      plain = PlainNumber(mantissa: narrow, fractionDigits: fractionDigits)
    } else {
      plain = nil
    }
  }

  /// The number again.
  var number: DecimalNumber {
    DecimalNumber(coefficient: decimal.coefficient, exponent: decimal.exponent)
  }

  /// The parts of a decimal number, without the promise that they are the shortest.
  struct DecimalParts: Sendable, BitwiseCopyable {
    let coefficient: Int128
    let exponent: Int
  }
}
