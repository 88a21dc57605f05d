/// Time divided by the calendar of a place: days, weeks from Monday on, months, quarters, years.
///
///     let weeks = CalendarPeriods(.week, zone: berlin)
///     let week = weeks.index(of: moment)         // 2,948
///     weeks.start(of: week)                      // Monday, 00:00 in Berlin
///     weeks.start(of: week + 1)                  // the first moment that is not in it any more
///
/// A day is as long as the clocks of the place make it: 23 or 25 hours where they are changed.
public struct CalendarPeriods: Sendable {
  /// How long a period is.
  public enum Unit: String, CaseIterable, Sendable {
    /// From midnight to midnight.
    case day
    /// From Monday to Sunday (ISO 8601).
    case week
    /// From the first of a month to its last day.
    case month
    /// Three months, the first from January on.
    case quarter
    /// From the first of January to the last of December.
    case year

    /// How many months a period has; `nil` for one that is made of days.
    var months: Int64? {
      switch self {
      case .day, .week: nil
      case .month: 1
      case .quarter: 3
      case .year: 12
      }
    }
  }

  /// The length of the periods.
  public let unit: Unit
  private let days: CalendarDays

  /// The periods of a place.
  public init(_ unit: Unit, zone: TimeZoneRules) {
    self.unit = unit
    days = CalendarDays(zone)
  }

  /// The number of the day that holds a moment, 0 for 1970-01-01.
  public func day(of moment: Moment) -> Int32 { Int32(clamping: days.day(of: moment)) }

  /// The first moment of a day.
  public func start(ofDay day: Int32) -> Moment { days.start(of: Int64(day)) }

  /// The number of the period that holds a moment; periods that follow each other have numbers that do.
  public func index(of moment: Moment) -> Int32 {
    index(ofDay: day(of: moment))
  }

  /// The number of the period that holds a day.
  public func index(ofDay number: Int32) -> Int32 {
    let day = Int64(number)
    switch unit {
    case .day: return number
    // 1970-01-01 was a Thursday.
    case .week: return Int32(clamping: floorDivide(day + 3, 7))
    case .month, .quarter, .year:
      let date = CivilDate(dayNumber: day)
      let months = (date.year - 1970) * 12 + date.month - 1
      return Int32(clamping: floorDivide(months, unit.months ?? 1))
    }
  }

  /// The date of a period's first day, `2026-11-22`; of a month `2026-11`, of a quarter `2026-Q4`, of a
  /// year `2026`.
  public func label(of period: Int32) -> String {
    let number = Int64(period)
    func digits(_ number: Int64, _ width: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    if let months = unit.months {
      let first = number * months
      let year = floorDivide(first, 12)
      let text = digits(1970 + year, 4)
      let month = first - year * 12
      switch unit {
      case .year: return text
      case .quarter: return "\(text)-Q\(month / 3 + 1)"
      default: return "\(text)-\(digits(month + 1, 2))"
      }
    }
    let date = CivilDate(dayNumber: unit == .week ? number * 7 - 3 : number)
    return "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))"
  }

  /// The first moment of a period.
  public func start(of period: Int32) -> Moment {
    guard let months = unit.months else {
      return start(ofDay: unit == .day ? period : Int32(clamping: Int64(period) * 7 - 3))
    }
    let first = Int64(period) * months
    let year = floorDivide(first, 12)
    let day = dayNumber(year: 1970 + year, month: first - year * 12 + 1, day: 1)
    return start(ofDay: Int32(clamping: day))
  }
}
