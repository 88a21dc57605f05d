internal import Records

/// A number of at most 18 digits without an exponent: nearly all there are.
///
///     13.49  →  1349, two fraction digits
struct PlainNumber: Sendable, BitwiseCopyable {
  /// Digits that always fit an Int64.
  static var digitsMax: Int { 18 }

  /// The digits as a whole number, with the sign.
  let mantissa: Int64
  /// How many of the digits stand behind the point.
  let fractionDigits: Int

  @inline(__always)
  init(mantissa: Int64, fractionDigits: Int) {
    self.mantissa = mantissa
    self.fractionDigits = fractionDigits
  }

  /// Reads the JSON number that fills the bytes, or gives `nil` for one that is not plain.
  @inline(__always)
  init?(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
    if end - start <= 8, let short = PlainNumber(word: bytes.word(at: start), count: end - start) {
      self = short
      return
    }
    let isNegative = bytes[start] == ASCII.minus
    var offset = isNegative ? start + 1 : start
    // The point may be one of the bytes.
    guard end - offset <= PlainNumber.digitsMax else { return nil }
    var magnitude: Int64 = 0
    var point = end
    while offset < end {
      let byte = bytes[offset]
      let digit = byte &- ASCII.zero
      offset += 1
      if digit < 10 {
        magnitude = magnitude &* 10 &+ Int64(digit)
      } else if byte == ASCII.period {
        point = offset
      } else {
        return nil
      }
    }
    mantissa = isNegative ? -magnitude : magnitude
    fractionDigits = end - point
  }

  /// Reads a number of at most eight bytes that stand in a word, or gives `nil` where one of them is
  /// neither a digit nor the point.
  ///
  ///     3 1 . 1 4 …     the point is taken out, the digits are moved to the high end, and
  ///     0 0 0 0 3 1 1 4   added up in pairs, fours and the eight
  ///
  /// Source: Lemire, "Quickly parsing eight digits", 2018.
  @inline(__always)
  private init?(word: UInt64, count: Int) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let used = UInt64.max >> UInt64(64 - count * 8)
    let marked = word ^ (ones &* UInt64(ASCII.period))
    // Exact up to and including the lowest byte that is the point.
    let hits = (marked &- ones) & ~marked & (ones << 7) & used
    var digits = (word ^ (ones &* UInt64(ASCII.zero))) & used
    var digitCount = count
    fractionDigits = hits == 0 ? 0 : count - 1 - hits.trailingZeroBitCount >> 3
    if hits != 0 {
      let point = UInt64(hits.trailingZeroBitCount & 0x38)
      let before: UInt64 = (1 << point) &- 1
      digits = digits & before | (digits >> 8) & ~before
      digitCount -= 1
    }
    guard (digits &+ ones &* 0x76) & (ones << 7) == 0, digits & (ones << 7) == 0, digitCount > 0
    else { return nil }
    digits <<= 64 - digitCount * 8
    digits = (digits &* 10) &+ (digits >> 8)
    let pairs: UInt64 = 0x0000_00FF_0000_00FF
    let sum =
      (digits & pairs) &* 0x000F_4240_0000_0064
      &+ ((digits >> 16) & pairs) &* 0x0000_2710_0000_0001
    mantissa = Int64(truncatingIfNeeded: sum >> 32)
  }

  /// Compares with another number: below zero where this one is smaller, `nil` where the two are
  /// too far apart for that.
  @inline(__always)
  func order(against other: PlainNumber) -> Int? {
    var left = mantissa
    var right = other.mantissa
    var leftOverflow = false
    var rightOverflow = false
    var difference = fractionDigits - other.fractionDigits
    while difference > 0, !rightOverflow {
      (right, rightOverflow) = right.multipliedReportingOverflow(by: 10)
      difference -= 1
    }
    while difference < 0, !leftOverflow {
      (left, leftOverflow) = left.multipliedReportingOverflow(by: 10)
      difference += 1
    }
    if leftOverflow || rightOverflow { return nil }
    return left < right ? -1 : left == right ? 0 : 1
  }
}
