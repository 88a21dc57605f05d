import Records

/// Writes numbers and times, several digits at a time.
///
/// The day of the last time is kept, for the next one is mostly of the same day.
struct NumberText: Sendable {
  private var time: [UInt8] = Array("0000-00-00T00:00:00.000Z".utf8)
  private var day = Int64.min
  private var digits = [UInt8](repeating: 0, count: 20)

  /// Writes a time as RFC 3339 in UTC with milliseconds.
  mutating func append(time milliseconds: Int64, to target: inout [UInt8]) {
    let moment = Moment(milliseconds: milliseconds)
    guard moment < Moment.writableEnd else { return moment.append(to: &target) }
    if moment.dayNumber != day {
      day = moment.dayNumber
      time.removeAll(keepingCapacity: true)
      moment.append(to: &time)
    }
    let rest = Int(milliseconds - day * 86_400_000)
    let seconds = rest / 1000
    setTwoDigits(seconds / 3600, at: 11)
    setTwoDigits(seconds / 60 % 60, at: 14)
    setTwoDigits(seconds % 60, at: 17)
    time[20] = ASCII.zero + UInt8(rest % 1000 / 100)
    setTwoDigits(rest % 100, at: 21)
    target.append(time.span, from: 0, to: 24)
  }

  @inline(__always)
  private mutating func setTwoDigits(_ value: Int, at offset: Int) {
    time[offset] = ASCII.zero + UInt8(value / 10)
    time[offset + 1] = ASCII.zero + UInt8(value % 10)
  }

  /// Writes a number that is not negative.
  mutating func append(number: Int, to target: inout [UInt8]) {
    var rest = UInt64(number)
    var start = digits.count
    repeat {
      start -= 1
      digits[start] = ASCII.zero + UInt8(rest % 10)
      rest /= 10
    } while rest > 0
    target.append(digits.span, from: start, to: digits.count)
  }

  /// Writes hundredths as a decimal number with two decimals.
  mutating func append(cents: Int, to target: inout [UInt8]) {
    append(number: cents / 100, to: &target)
    target.append(ASCII.period)
    target.append(ASCII.zero + UInt8(cents / 10 % 10))
    target.append(ASCII.zero + UInt8(cents % 10))
  }

  /// Writes a word as sixteen hexadecimal digits.
  func append(hexadecimal word: UInt64, to target: inout [UInt8]) {
    target.append(eightBytes: hexadecimalDigits(UInt32(truncatingIfNeeded: word >> 32)))
    target.append(eightBytes: hexadecimalDigits(UInt32(truncatingIfNeeded: word)))
  }

  /// Writes an IPv4 address.
  mutating func append(address: UInt32, to target: inout [UInt8]) {
    for shift in [24, 16, 8, 0] as [UInt32] {
      append(number: Int(address >> shift & 255), to: &target)
      if shift > 0 { target.append(ASCII.period) }
    }
  }
}

/// The eight hexadecimal digits of a word, the first one in the lowest byte.
///
/// Spreads the nibbles over the bytes, then adds to each the distance to its digit: 48, and 39 more
/// from ten on.
private func hexadecimalDigits(_ word: UInt32) -> UInt64 {
  var spread = UInt64(word.byteSwapped)
  spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF
  spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
  let high = spread >> 4 & 0x000F_000F_000F_000F
  let low = spread & 0x000F_000F_000F_000F
  let nibbles = high | low << 8
  let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
  return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 39
}

extension Array where Element == UInt8 {
  /// Adds the bytes of a word, the lowest first.
  fileprivate mutating func append(eightBytes word: UInt64) {
    // The word is whole, and its bytes are copied before the closure ends.
    unsafe Swift.withUnsafeBytes(of: word.littleEndian) { pointer in
      unsafe append(contentsOf: pointer)
    }
  }
}
