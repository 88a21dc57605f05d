import Pipes
import Records

/// What counts as having come back, and when.
///
///     --calendar  Mon 20:00 start, Tue 06:00 return      day1: the next calendar day (PostHog)
///     --rolling   Mon 20:00 start, Tue 06:00 return      day0: 10 hours after the start (Mixpanel)
///
/// Source: PostHog's retention query (calendar, on, recurring); Mixpanel's retention report (rolling,
/// on or after, custom brackets).
struct RetentionDefinition: Sendable {
  /// The calendar periods that cohorts are named after.
  let periods: CalendarPeriods
  /// Whether a return counts for its bracket and all before it.
  let isOnOrAfter: Bool
  /// Whether periods are counted from each person's start, and not by the calendar.
  let isRolling: Bool
  /// Whether a person is in the cohort of the first start alone.
  let isFirstTime: Bool
  /// The periods after the start that are reported, each bracket as one.
  let brackets: [ClosedRange<Int>]
  /// The name of each bracket in a record: `day1`, `day4to7`.
  let names: [String]

  /// How many periods are followed where nothing is said.
  private static let periodCount = 12
  /// The most periods that may be followed.
  static let periodsMax = 1000

  /// What the options say.
  ///
  /// - Parameter isSameEvent: whether what begins a cohort is itself a return.
  init(
    _ arguments: Arguments, _ periods: CalendarPeriods, isSameEvent: Bool
  ) throws(Failure) {
    for (one, other) in [("calendar", "rolling"), ("first-time", "recurring")]
    where arguments.has(one) && arguments.has(other) {
      throw .usage("--\(one) and --\(other) exclude each other")
    }
    self.periods = periods
    isOnOrAfter = arguments.value("mode") == "on-or-after"
    isRolling = arguments.has("rolling")
    isFirstTime = arguments.has("first-time")
    let count = try arguments.count("periods", in: 1...Self.periodsMax)
    if let text = arguments.value("brackets") {
      guard count == nil else {
        throw .usage("--brackets says which periods are followed: leave it or --periods out")
      }
      brackets = try Self.brackets(text)
    } else {
      // That who is active in a period is active in it says nothing.
      let first = isSameEvent && !isRolling ? 1 : 0
      brackets = (first...(count ?? Self.periodCount)).map { $0...$0 }
    }
    let unit = periods.unit.rawValue
    names = brackets.map { bracket in
      bracket.count == 1
        ? "\(unit)\(bracket.lowerBound)" : "\(unit)\(bracket.lowerBound)to\(bracket.upperBound)"
    }
  }

  /// Reads `0,1-3,4-7`.
  private static func brackets(_ text: String) throws(Failure) -> [ClosedRange<Int>] {
    var brackets: [ClosedRange<Int>] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { end in
        end.utf8.allSatisfy(ASCII.isDigit) ? Int(end) : nil
      }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
        first <= last, last <= periodsMax, first > brackets.last?.upperBound ?? -1
      else {
        throw .usage(
          "--brackets takes periods after the start in their order, up to \(periodsMax), like"
            + " 0,1-3,4-7,8-14, not '\(text)'")
      }
      brackets.append(first...last)
    }
    return brackets
  }

  /// Whether it matters when in a period something was.
  var needsTimes: Bool { isRolling || brackets[0].lowerBound == 0 }

  /// How long a period is where it is counted from a start: a day is 24 hours, a month 30 days.
  var periodMilliseconds: Int64 {
    switch periods.unit {
    case .day: 86_400_000
    case .week: 604_800_000
    case .month: 2_592_000_000
    case .quarter: 7_776_000_000
    case .year: 31_536_000_000
    }
  }

  /// Whether a bracket of a cohort has begun, for some of its persons at least.
  func hasBegun(_ bracket: ClosedRange<Int>, of cohort: Int32, at moment: Moment) -> Bool {
    guard isRolling else {
      return periods.start(of: cohort + Int32(bracket.lowerBound)) <= moment
    }
    let start = periods.start(of: cohort).milliseconds
    return start + Int64(bracket.lowerBound) * periodMilliseconds <= moment.milliseconds
  }

  /// Whether a bracket of a cohort is over, for all of its persons.
  func isComplete(_ bracket: ClosedRange<Int>, of cohort: Int32, at moment: Moment) -> Bool {
    guard isRolling else {
      return periods.isComplete(cohort + Int32(bracket.upperBound), at: moment)
    }
    // The last to begin does so at the last moment of the cohort's period.
    let end = periods.start(of: cohort + 1).milliseconds - 1
    return moment.milliseconds >= end + Int64(bracket.upperBound + 1) * periodMilliseconds - 1
  }
}
