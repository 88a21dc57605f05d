/// A decimal number of at most 38 digits, exactly as its text says: `coefficient × 10^exponent`.
///
///     13.49  →  1349 × 10^-2        1e3  →  1 × 10^3
///
/// Trailing zeros are dropped, so that equal numbers have equal parts.
public struct DecimalNumber: Equatable, Sendable {
  /// The digits as a whole number, with the sign.
  public let coefficient: Int128
  /// The power of ten that the coefficient is multiplied with.
  public let exponent: Int

  /// A number by its parts.
  public init(coefficient: Int128, exponent: Int) {
    var coefficient = coefficient
    var exponent = coefficient == 0 ? 0 : exponent
    while coefficient != 0, coefficient % 10 == 0 {
      coefficient /= 10
      exponent += 1
    }
    self.coefficient = coefficient
    self.exponent = exponent
  }

  /// Reads the JSON number that fills the bytes, or gives `nil` where it has more than 38 digits
  /// or an exponent past ±9999.
  ///
  /// The grammar must have been validated.
  public init?(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
    var offset = start
    let isNegative = offset < end && bytes[offset] == ASCII.minus
    if isNegative { offset += 1 }
    var magnitude: UInt64 = 0
    var wide: Int128 = 0
    var digitCount = 0
    var exponent = 0
    var isFraction = false
    var pendingZeros = 0
    while offset < end {
      let byte = bytes[offset]
      if byte == ASCII.period {
        isFraction = true
      } else if ASCII.isDigit(byte) {
        if isFraction { exponent -= 1 }
        if byte == ASCII.zero {
          // Zeros are held back: those at the end belong to the exponent.
          if digitCount > 0 { pendingZeros += 1 }
        } else {
          guard digitCount + pendingZeros < 38 else { return nil }
          for _ in 0..<pendingZeros {
            if digitCount < 19 { magnitude *= 10 } else { wide *= 10 }
            digitCount += 1
            if digitCount == 19 { wide = Int128(magnitude) }
          }
          pendingZeros = 0
          let digit = byte - ASCII.zero
          if digitCount < 19 {
            magnitude = magnitude * 10 + UInt64(digit)
          } else {
            wide = wide * 10 + Int128(digit)
          }
          digitCount += 1
          if digitCount == 19 { wide = Int128(magnitude) }
        }
      } else {
        break
      }
      offset += 1
    }
    if offset < end {
      guard let power = DecimalNumber.power(bytes, from: offset + 1, to: end) else { return nil }
      exponent += power
    }
    let absolute = digitCount < 19 ? Int128(magnitude) : wide
    coefficient = isNegative ? -absolute : absolute
    self.exponent = absolute == 0 ? 0 : exponent + pendingZeros
  }

  /// Reads the exponent behind an `e`.
  private static func power(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
    var offset = start
    guard offset < end else { return nil }
    let isNegative = bytes[offset] == ASCII.minus
    if isNegative || bytes[offset] == UInt8(ascii: "+") { offset += 1 }
    var power = 0
    while offset < end {
      guard ASCII.isDigit(bytes[offset]) else { return nil }
      power = power * 10 + Int(bytes[offset] - ASCII.zero)
      guard power <= 9999 else { return nil }
      offset += 1
    }
    return isNegative ? -power : power
  }

  /// The number times 10^`places`, cut towards zero, or `nil` past the range of an `Int128`.
  public func scaled(by places: Int) -> Int128? {
    var value = coefficient
    var shift = exponent + places
    while shift > 0, value != 0 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      value = product
      shift -= 1
    }
    while shift < 0, value != 0 {
      value /= 10
      shift += 1
    }
    return value
  }

  /// Adds the shortest plain decimal text: `13.49`, `-0.5`, `1000`.
  public func append(to output: inout [UInt8]) {
    if coefficient < 0 { output.append(ASCII.minus) }
    let digits = Array(coefficient.magnitude.description.utf8)
    if exponent >= 0 {
      output.append(contentsOf: digits)
      output.append(contentsOf: repeatElement(ASCII.zero, count: exponent))
    } else {
      let fractionCount = -exponent
      if digits.count > fractionCount {
        output.append(contentsOf: digits.dropLast(fractionCount))
      } else {
        output.append(ASCII.zero)
      }
      output.append(ASCII.period)
      let zeroCount = max(0, fractionCount - digits.count)
      output.append(contentsOf: repeatElement(ASCII.zero, count: zeroCount))
      output.append(contentsOf: digits.suffix(fractionCount))
    }
  }

  /// The nearest double.
  public var double: Double {
    // Both are exact below 2^53 and 10^22, so that one correctly rounded operation is too.
    // Source: Clinger, How to read floating point numbers accurately, 1990.
    if coefficient.magnitude <= 1 << 53, abs(exponent) <= 22 {
      let value = Double(Int64(coefficient))
      let power = DecimalNumber.powersOfTen[abs(exponent)]
      return exponent < 0 ? value / power : value * power
    }
    return Double("\(coefficient)e\(exponent)") ?? 0
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
