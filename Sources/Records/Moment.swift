/// A point in event time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// What is finer than a millisecond is cut off, so that a record is at the same moment before and
/// after `parse`, which writes milliseconds.
public struct Moment: Comparable, Hashable, Sendable, BitwiseCopyable {
  /// Milliseconds since the Unix epoch; negative before it.
  public var milliseconds: Int64

  /// Before every moment that can be written.
  public static let distantPast = Moment(milliseconds: .min)
  /// After every moment that can be written.
  public static let distantFuture = Moment(milliseconds: .max)
  /// The first moment of the year 10000, which RFC 3339 cannot write any more.
  public static let writableEnd = Moment(milliseconds: 253_402_300_800_000)
  /// The first moment of the year 0.
  public static let writableStart = Moment(milliseconds: -62_167_219_200_000)

  /// A moment by its milliseconds.
  @inlinable
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The earlier of the two, by milliseconds.
  @inlinable
  public static func < (left: Moment, right: Moment) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// Whether it lies in the years 0 to 9999, which RFC 3339 can write.
  @inlinable
  public var isWritable: Bool { self >= Moment.writableStart && self < Moment.writableEnd }

  /// The number of the UTC day that holds the moment, 0 for 1970-01-01.
  @inlinable
  public var dayNumber: Int64 { floorDivide(milliseconds, 86_400_000) }
}

/// Quotient rounded towards negative infinity; the divisor is positive.
@inlinable
public func floorDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
  let quotient = dividend / divisor
  return dividend % divisor < 0 ? quotient - 1 : quotient
}

/// The day number of a date of the proleptic Gregorian calendar.
///
/// Source: Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
@inlinable
public func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
  let shiftedYear = month <= 2 ? year - 1 : year
  let era = floorDivide(shiftedYear, 400)
  let yearOfEra = shiftedYear - era * 400
  let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/// A date of the proleptic Gregorian calendar.
public struct CivilDate: Equatable, Sendable {
  /// The year, 0 for 1 BC.
  public let year: Int64
  /// 1 to 12.
  public let month: Int64
  /// 1 to 31.
  public let day: Int64

  /// The date of a day number.
  ///
  /// Source: Hinnant, civil_from_days.
  public init(dayNumber: Int64) {
    let shifted = dayNumber + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}

/// The number of days of a month.
@inlinable
public func daysInMonth(year: Int64, month: Int64) -> Int64 {
  switch month {
  case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  case 4, 6, 9, 11: return 30
  default: return 31
  }
}
