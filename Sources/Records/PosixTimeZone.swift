/// The rule by which clocks change every year, as POSIX writes it.
///
///     CET-1CEST,M3.5.0,M10.5.0/3      an hour east; summer time from the last Sunday of March
///
/// Source: POSIX.1-2017 §8.3, with the longer hours of RFC 8536 §3.3.1.
struct PosixTimeZone: Equatable, Sendable {
  private let standardOffset: Int64
  private let summer: Summer?

  /// Summer time: its offset, when it begins, and when it ends.
  private struct Summer: Equatable, Sendable {
    let offset: Int64
    let begin: Day
    let end: Day
  }

  /// A day of the year and the second of it at which clocks change.
  private struct Day: Equatable, Sendable {
    enum Form: Equatable, Sendable {
      /// 1 to 365; 29 February is not counted.
      case ordinal
      /// 0 to 365; 29 February is counted.
      case countedFromZero
      /// Month, week (5 is the last one) and weekday, 0 for Sunday.
      case weekday(month: Int64, week: Int64)
    }

    let form: Form
    let number: Int64
    let secondOfDay: Int64
  }

  /// Reads the text of a rule, or gives `nil`.
  init?(_ text: [UInt8]) {
    var reader = Reader(text: text)
    guard reader.skipName(), let west = reader.seconds() else { return nil }
    standardOffset = -west
    if reader.isAtEnd {
      summer = nil
      return
    }
    guard reader.skipName() else { return nil }
    var offset = standardOffset + 3600
    if reader.peek != ASCII.comma {
      guard let west = reader.seconds() else { return nil }
      offset = -west
    }
    guard let begin = reader.day(), let end = reader.day(), reader.isAtEnd else { return nil }
    summer = Summer(offset: offset, begin: begin, end: end)
  }

  /// Seconds east of UTC at a moment given in seconds since the epoch.
  func offset(at seconds: Int64) -> Int64 {
    guard let summer else { return standardOffset }
    let year = CivilDate(dayNumber: floorDivide(seconds + standardOffset, 86_400)).year
    let begin = PosixTimeZone.second(of: summer.begin, in: year) - standardOffset
    let end = PosixTimeZone.second(of: summer.end, in: year) - summer.offset
    let isSummer =
      begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end
    return isSummer ? summer.offset : standardOffset
  }

  /// The local second, since the epoch, of a change in a year.
  private static func second(of day: Day, in year: Int64) -> Int64 {
    let number: Int64
    let newYear = dayNumber(year: year, month: 1, day: 1)
    switch day.form {
    case .countedFromZero: number = newYear + day.number
    case .ordinal:
      let isLeap = daysInMonth(year: year, month: 2) == 29
      number = newYear + day.number - 1 + (isLeap && day.number >= 60 ? 1 : 0)
    case .weekday(let month, let week):
      let first = dayNumber(year: year, month: month, day: 1)
      // Day 0 of the epoch was a Thursday, the fourth day behind Sunday.
      let weekday = (first + 4) % 7
      let wanted = (day.number - (weekday < 0 ? weekday + 7 : weekday) + 7) % 7
      let last = daysInMonth(year: year, month: month)
      var offset = wanted + (week - 1) * 7
      if offset >= last { offset -= 7 }
      number = first + offset
    }
    return number * 86_400 + day.secondOfDay
  }

  /// Reads the parts of a rule one after the other.
  private struct Reader {
    let text: [UInt8]
    var offset = 0

    var isAtEnd: Bool { offset == text.count }
    var peek: UInt8 { isAtEnd ? 0 : text[offset] }

    /// Passes the name of a zone: letters, or anything in angle brackets.
    mutating func skipName() -> Bool {
      let start = offset
      if peek == UInt8(ascii: "<") {
        while peek != UInt8(ascii: ">") {
          if isAtEnd { return false }
          offset += 1
        }
        offset += 1
      } else {
        while peek | 0x20 >= UInt8(ascii: "a"), peek | 0x20 <= UInt8(ascii: "z") { offset += 1 }
      }
      return offset - start >= 3
    }

    /// Reads `[+|-]hh[:mm[:ss]]`.
    mutating func seconds() -> Int64? {
      let isNegative = peek == ASCII.minus
      if isNegative || peek == UInt8(ascii: "+") { offset += 1 }
      var total: Int64 = 0
      for unit: Int64 in [3600, 60, 1] {
        if unit < 3600 {
          guard peek == ASCII.colon else { break }
          offset += 1
        }
        guard let value = number() else { return nil }
        total += value * unit
      }
      return isNegative ? -total : total
    }

    mutating func number() -> Int64? {
      let start = offset
      var value: Int64 = 0
      while ASCII.isDigit(peek), offset - start < 3 {
        value = value * 10 + Int64(peek - ASCII.zero)
        offset += 1
      }
      return offset > start ? value : nil
    }

    /// Reads `,M3.5.0`, `,J60` or `,59`, perhaps with a time.
    mutating func day() -> Day? {
      guard peek == ASCII.comma else { return nil }
      offset += 1
      var form = Day.Form.countedFromZero
      if peek == UInt8(ascii: "M") {
        offset += 1
        guard let month = number(), (1...12).contains(month), peek == ASCII.period else {
          return nil
        }
        offset += 1
        guard let week = number(), (1...5).contains(week), peek == ASCII.period else { return nil }
        offset += 1
        form = .weekday(month: month, week: week)
      } else if peek == UInt8(ascii: "J") {
        offset += 1
        form = .ordinal
      }
      guard let number = number(), number <= 365 else { return nil }
      var second: Int64 = 7200
      if peek == ASCII.slash {
        offset += 1
        guard let time = seconds() else { return nil }
        second = time
      }
      return Day(form: form, number: number, secondOfDay: second)
    }
  }
}
