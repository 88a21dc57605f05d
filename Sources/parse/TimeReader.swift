import Events
import Records

/// Reads times in every form that sources write them in.
///
///     2026-03-13T10:21:14.123Z   2026-03-13 10:21:14+0530   2026-03-13 10:21:14 UTC   RFC 3339 and near it
///     17/May/2015:10:05:03 +0000                                    common log format
///     1573470087   1573470087123   "1573470087.5"                   epoch s, ms, µs by their size
///     2026-03-13 10:21:14   2026-03-13                              naive: only with a zone
struct TimeReader: Sendable {
  /// The zone of times that name none; without one they are no times.
  var zone: TimeZoneRules?
  /// The unit of epoch numbers, where their size shall not tell it.
  var unit: EpochUnit?
  private var recentDay = RecentDay()

  init(zone: TimeZoneRules?) { self.zone = zone }

  /// The units of epoch numbers.
  enum EpochUnit: String, CaseIterable, Sendable {
    case seconds
    case milliseconds
    case microseconds
    case nanoseconds

    /// The power of ten that makes milliseconds of it.
    var power: Int {
      switch self {
      case .seconds: 3
      case .milliseconds: 0
      case .microseconds: -3
      case .nanoseconds: -6
      }
    }
  }

  static let noTime = "bad time: neither RFC 3339 nor an epoch number nor a log date"
  static let noZone = "bad time: no time zone in it; --time-zone NAME says which is meant"

  /// The moment that a field gives, `nil` for `null`.
  @inline(__always)
  mutating func moment(
    _ field: Field, in bytes: Span<UInt8>
  ) throws(RecordError) -> Moment? {
    // What RFC 3339 gives lies within the years that can be written.
    if bytes[field.start] == ASCII.quote,
      let moment = recentDay.moment(rfc3339: bytes, from: field.start + 1, to: field.end - 1)
    {
      return moment
    }
    return try unusualMoment(field, in: bytes)
  }

  @inline(never)
  private func unusualMoment(_ field: Field, in bytes: Span<UInt8>) throws(RecordError) -> Moment? {
    switch field.kind(in: bytes) {
    case .null: return nil
    case .number:
      if let moment = epoch(DecimalNumber(bytes, from: field.start, to: field.end)) {
        return try writable(moment, at: field.start)
      }
    case .string:
      let moment = try moment(text: bytes, from: field.start + 1, to: field.end - 1)
      return try writable(moment, at: field.start)
    default: break
    }
    throw RecordError(TimeReader.noTime, at: field.start)
  }

  private func writable(_ moment: Moment, at offset: Int) throws(RecordError) -> Moment {
    guard moment >= Moment.writableStart, moment < Moment.writableEnd else {
      throw RecordError("bad time: not within the years 0 to 9999", at: offset)
    }
    return moment
  }

  /// The moment that a text gives.
  func moment(
    text bytes: Span<UInt8>, from start: Int, to end: Int
  ) throws(RecordError) -> Moment {
    if let moment = epoch(decimalText(bytes, from: start, to: end)) { return moment }
    guard let clock = ClockTime(bytes, from: start, to: end) else {
      throw RecordError(TimeReader.noTime, at: start)
    }
    if let offset = clock.offsetSeconds {
      return Moment(milliseconds: clock.local.milliseconds - offset * 1000)
    }
    guard let zone else { throw RecordError(TimeReader.noZone, at: start) }
    return zone.moment(ofLocal: clock.local)
  }

  private func epoch(_ number: DecimalNumber?) -> Moment? {
    guard let number else { return nil }
    guard let unit else { return Moment(epochNumber: number) }
    guard let milliseconds = number.scaled(by: unit.power), let value = Int64(exactly: milliseconds)
    else { return nil }
    return Moment(milliseconds: value)
  }
}

/// What the clocks of a place show, and how far they are from UTC where the text says so.
struct ClockTime: Equatable {
  /// The time as if it were UTC.
  let local: Moment
  /// Seconds east of UTC, `nil` for a naive time.
  let offsetSeconds: Int64?
}

extension ClockTime {
  /// Reads `YYYY-MM-DD`, perhaps with a time and a zone behind it, or a date of the common log
  /// format.
  init?(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
    guard end - start >= 10 else { return nil }
    if bytes[start + 2] == ASCII.slash {
      self.init(log: bytes, from: start, to: end)
      return
    }
    if end - start == 10 {
      guard let day = parseDate(bytes, from: start) else { return nil }
      self.init(local: Moment(milliseconds: day * 86_400_000), offsetSeconds: nil)
      return
    }
    guard end - start >= 19 else { return nil }
    // The zone is read apart, for it has more forms than RFC 3339 knows.
    var zoneStart = start + 19
    while zoneStart < end, ASCII.isDigit(bytes[zoneStart]) || bytes[zoneStart] == ASCII.period {
      zoneStart += 1
    }
    guard let time = parseTime(bytes, from: start, to: zoneStart), time.end == zoneStart else {
      return nil
    }
    if zoneStart == end {
      self.init(local: time.moment, offsetSeconds: nil)
      return
    }
    guard let offset = ClockTime.zone(bytes, from: zoneStart, to: end) else { return nil }
    self.init(local: time.moment, offsetSeconds: offset)
  }

  /// Reads `17/May/2015:10:05:03 +0000`; the zone may be missing.
  private init?(log bytes: Span<UInt8>, from start: Int, to end: Int) {
    guard end - start >= 20, bytes[start + 6] == ASCII.slash, bytes[start + 11] == ASCII.colon,
      bytes[start + 14] == ASCII.colon, bytes[start + 17] == ASCII.colon,
      let day = ClockTime.number(bytes, at: start, count: 2),
      let month = ClockTime.month(bytes, at: start + 3),
      let year = ClockTime.number(bytes, at: start + 7, count: 4),
      let hour = ClockTime.number(bytes, at: start + 12, count: 2), hour < 24,
      let minute = ClockTime.number(bytes, at: start + 15, count: 2), minute < 60,
      let second = ClockTime.number(bytes, at: start + 18, count: 2), second < 61,
      day >= 1, day <= daysInMonth(year: year, month: month)
    else { return nil }
    let number = dayNumber(year: year, month: month, day: day)
    let local = Moment(milliseconds: ((number * 24 + hour) * 60 + minute) * 60_000 + second * 1000)
    if end == start + 20 {
      self.init(local: local, offsetSeconds: nil)
      return
    }
    guard let offset = ClockTime.zone(bytes, from: start + 20, to: end) else { return nil }
    self.init(local: local, offsetSeconds: offset)
  }

  /// Reads ` UTC`, `Z`, `+02`, ` +0200`, `+02:00`.
  private static func zone(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int64? {
    let first = bytes[start] == ASCII.space ? start + 1 : start
    if end - first == 3, bytes[first] == UInt8(ascii: "U") || bytes[first] == UInt8(ascii: "G") {
      return TimeZoneRules(fixed: bytes.text(from: first, to: end)) == nil ? nil : 0
    }
    return zoneOffset(bytes, from: first, to: end)
  }

  private static func number(_ bytes: Span<UInt8>, at start: Int, count: Int) -> Int64? {
    var value: Int64 = 0
    for offset in start..<start + count {
      guard ASCII.isDigit(bytes[offset]) else { return nil }
      value = value * 10 + Int64(bytes[offset] - ASCII.zero)
    }
    return value
  }

  /// The month of an English three-letter name.
  private static func month(_ bytes: Span<UInt8>, at start: Int) -> Int64? {
    let name = UInt32(bytes[start]) << 16 | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2])
    switch name | 0x20_2020 {
    case 0x6A_616E: return 1
    case 0x66_6562: return 2
    case 0x6D_6172: return 3
    case 0x61_7072: return 4
    case 0x6D_6179: return 5
    case 0x6A_756E: return 6
    case 0x6A_756C: return 7
    case 0x61_7567: return 8
    case 0x73_6570: return 9
    case 0x6F_6374: return 10
    case 0x6E_6F76: return 11
    case 0x64_6563: return 12
    default: return nil
    }
  }
}
