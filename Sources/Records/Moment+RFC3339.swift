/// A date and time as text gives it, its zone perhaps missing.
public struct ParsedTime: Equatable, Sendable {
  /// The moment; read as UTC where the text names no zone.
  public let moment: Moment
  /// Whether the text had a `Z` or an offset.
  public let hasZone: Bool
  /// Offset of the byte behind the time.
  public let end: Int
}

extension Moment {
  /// Reads an RFC 3339 time that fills the bytes from `start` up to `end`, or gives `nil`.
  ///
  ///     2026-03-13T10:21:14.123Z     2026-03-13 10:21:14+05:45     2026-06-30T23:59:60Z
  ///
  /// A leap second is the second after it. 30 February, 24:00, bytes behind the zone and what its
  /// offset puts before the year 0 or after 9999 are no time.
  /// Source: RFC 3339 §5.6, where a space may stand for the `T`.
  public init?(rfc3339 bytes: Span<UInt8>, from start: Int, to end: Int) {
    if end - start == 24, let moment = Moment(canonical: bytes, from: start), moment.isWritable {
      self = moment
      return
    }
    guard let parsed = parseTime(bytes, from: start, to: end), parsed.hasZone, parsed.end == end,
      parsed.moment.isWritable
    else { return nil }
    self = parsed.moment
  }

  /// Reads the 24 bytes of a time as `parse` writes it, three words at once; `nil` for any other.
  ///
  ///     2026-03-│13T10:21│:14.123Z     xor with   0000-00-│00T00:00│:00.000Z
  ///
  /// leaves the digits as numbers and the marks as zero, so that one comparison checks them all.
  private init?(canonical bytes: Span<UInt8>, from start: Int) {
    let date = bytes.word(at: start) ^ 0x2D30_302D_3030_3030
    let middle = bytes.word(at: start + 8)
    let dayDigits = (middle & 0xFFFF) ^ 0x3030
    guard date & 0xFF00_00FF_0000_0000 == 0, areDigits(date), areDigits(dayDigits),
      let time = timeOfDay(canonical: middle, bytes.word(at: start + 16))
    else { return nil }
    let year = twoDigits(of: date, at: 0) * 100 + twoDigits(of: date, at: 16)
    let (month, day) = (twoDigits(of: date, at: 40), twoDigits(of: dayDigits, at: 0))
    guard month >= 1, month <= 12, day >= 1,
      day <= 28 || day <= daysInMonth(year: year, month: month)
    else { return nil }
    milliseconds = Records.dayNumber(year: year, month: month, day: day) * 86_400_000 + time
  }

  /// Adds the time as RFC 3339 in UTC with milliseconds: `2026-03-13T10:21:14.123Z`.
  ///
  /// Moments before the year 0 or after 9999 are cut to the nearest one that can be written.
  public func append(to output: inout [UInt8]) {
    output.append(addingCapacity: Moment.textBytes) { text in append(to: &text) }
  }

  /// How many bytes a time is written in.
  public static let textBytes = 24

  /// The same where there is room for it: three words of eight bytes.
  public func append(to output: inout OutputSpan<UInt8>) {
    let last = Moment.writableEnd.milliseconds - 1
    let clamped = min(max(milliseconds, Moment.writableStart.milliseconds), last)
    let day = floorDivide(clamped, 86_400_000)
    let date = CivilDate(dayNumber: day)
    let time = clamped - day * 86_400_000
    let (seconds, rest) = (time / 1000, time % 1000)
    let (minutes, hours) = (seconds / 60, seconds / 3600)
    let (dash, colon) = (UInt64(ASCII.minus), UInt64(ASCII.colon))
    let year = digits(date.year / 100) | (digits(date.year % 100) << 16)
    output.append(word: year | (dash << 32) | (digits(date.month) << 40) | (dash << 56))
    let hour = (UInt64(UInt8(ascii: "T")) << 16) | (digits(hours) << 24) | (colon << 40)
    output.append(word: digits(date.day) | hour | (digits(minutes - hours * 60) << 48))
    let second = colon | (digits(seconds - minutes * 60) << 8) | (UInt64(ASCII.period) << 24)
    let tenth = (UInt64(ASCII.zero) + UInt64(rest / 100)) << 32
    let ending = (digits(rest % 100) << 40) | (UInt64(UInt8(ascii: "Z")) << 56)
    output.append(word: second | tenth | ending)
  }
}

/// The two digits of a number under 100, the first in the lowest byte.
@inline(__always)
private func digits(_ number: Int64) -> UInt64 {
  let tens = UInt64(truncatingIfNeeded: number) / 10
  let ones = UInt64(truncatingIfNeeded: number) - 10 * tens
  return 0x3030 + tens + (ones << 8)
}

/// The milliseconds since midnight of `..Thh:mm│:ss.mmmZ`, the last sixteen bytes of a canonical
/// time; the first two are not looked at.
@inlinable @inline(__always)
func timeOfDay(canonical middle: UInt64, _ rest: UInt64) -> Int64? {
  let minutes = (middle >> 16) ^ 0x3030_3A30_3054
  let seconds = rest ^ 0x5A30_3030_2E30_303A
  guard (minutes & 0x0000_FF00_00FF) | (seconds & 0xFF00_0000_FF00_00FF) == 0,
    areDigits(minutes), areDigits(seconds)
  else { return nil }
  // Each byte becomes the number that it and the next one make; at most 99, so it stays a byte.
  let minutePairs = minutes &* 10 &+ minutes >> 8
  let secondPairs = seconds &* 10 &+ seconds >> 8
  let hour = minutePairs >> 8 & 0xFF
  let minute = minutePairs >> 32 & 0xFF
  let second = secondPairs >> 8 & 0xFF
  guard hour < 24, minute < 60, second < 61 else { return nil }
  let thousandths = (secondPairs >> 32 & 0xFF) &* 10 &+ (seconds >> 48 & 0xF)
  return Int64(
    bitPattern: (hour &* 60 &+ minute) &* 60_000 &+ second &* 1000 &+ thousandths)
}

/// Whether every byte is at most 9.
@inlinable @inline(__always)
func areDigits(_ word: UInt64) -> Bool {
  (word | (word &+ repeated(0x76))) & repeated(0x80) == 0
}

/// The number that the digits of two bytes make, the first `shift` bits up.
@inline(__always)
private func twoDigits(of word: UInt64, at shift: UInt64) -> Int64 {
  Int64(bitPattern: (word >> shift & 0xF) * 10 + (word >> (shift + 8) & 0xF))
}

/// Reads `YYYY-MM-DD`, then `T`, `t` or a space, `hh:mm:ss`, a fraction and a zone, as far as they
/// go; the last two may be missing.
public func parseTime(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> ParsedTime? {
  guard end - start >= 19, let day = parseDate(bytes, from: start) else { return nil }
  let separator = bytes[start + 10]
  guard separator | 0x20 == UInt8(ascii: "t") || separator == ASCII.space,
    bytes[start + 13] == ASCII.colon, bytes[start + 16] == ASCII.colon
  else { return nil }
  let hour = twoDigits(bytes, at: start + 11)
  let minute = twoDigits(bytes, at: start + 14)
  let second = twoDigits(bytes, at: start + 17)
  guard hour < 24, minute < 60, second < 61 else { return nil }
  var milliseconds = ((day * 24 + hour) * 60 + minute) * 60_000 + second * 1000
  var offset = start + 19
  if offset < end, bytes[offset] == ASCII.period {
    var scale: Int64 = 100
    let first = offset + 1
    offset = first
    while offset < end, ASCII.isDigit(bytes[offset]) {
      milliseconds += Int64(bytes[offset] - ASCII.zero) * scale
      scale /= 10
      offset += 1
    }
    if offset == first { return nil }
  }
  guard offset < end else {
    return ParsedTime(moment: Moment(milliseconds: milliseconds), hasZone: false, end: offset)
  }
  switch bytes[offset] {
  case UInt8(ascii: "Z"), UInt8(ascii: "z"):
    return ParsedTime(moment: Moment(milliseconds: milliseconds), hasZone: true, end: offset + 1)
  case UInt8(ascii: "+"), ASCII.minus:
    guard offset + 6 <= end, bytes[offset + 3] == ASCII.colon else { return nil }
    let hours = twoDigits(bytes, at: offset + 1)
    let minutes = twoDigits(bytes, at: offset + 4)
    guard hours < 24, minutes < 60 else { return nil }
    let zone = (hours * 60 + minutes) * 60_000
    milliseconds += bytes[offset] == ASCII.minus ? zone : -zone
    return ParsedTime(moment: Moment(milliseconds: milliseconds), hasZone: true, end: offset + 6)
  default:
    return ParsedTime(moment: Moment(milliseconds: milliseconds), hasZone: false, end: offset)
  }
}

/// The day number of `YYYY-MM-DD`, or `nil` where there is no such day.
///
/// Ten bytes must be there.
public func parseDate(_ bytes: Span<UInt8>, from start: Int) -> Int64? {
  guard bytes[start + 4] == ASCII.minus, bytes[start + 7] == ASCII.minus else { return nil }
  let century = twoDigits(bytes, at: start)
  let yearOfCentury = twoDigits(bytes, at: start + 2)
  let year = century * 100 + yearOfCentury
  let month = twoDigits(bytes, at: start + 5)
  let day = twoDigits(bytes, at: start + 8)
  guard century < 100, yearOfCentury < 100, month >= 1, month <= 12, day >= 1,
    day <= daysInMonth(year: year, month: month)
  else { return nil }
  return dayNumber(year: year, month: month, day: day)
}

/// The value of two digits, or a number past every bound where one is none.
@inline(__always)
private func twoDigits(_ bytes: Span<UInt8>, at offset: Int) -> Int64 {
  let tens = bytes[offset] &- ASCII.zero
  let ones = bytes[offset + 1] &- ASCII.zero
  return tens < 10 && ones < 10 ? Int64(tens &* 10 &+ ones) : 1000
}

extension Array where Element == UInt8 {
  /// Adds a number that is not negative with leading zeros.
  public mutating func append(digits value: Int64, count: Int) {
    var divisor: Int64 = 1
    for _ in 1..<count { divisor *= 10 }
    while divisor > 0 {
      append(ASCII.zero + UInt8(truncatingIfNeeded: value / divisor % 10))
      divisor /= 10
    }
  }
}
