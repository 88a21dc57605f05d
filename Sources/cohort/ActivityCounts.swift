import Records

/// How many persons are active in each period, on how many days, and how often lately.
///
///     a person's days     ■ ·  · ■ · · · · · ·
///     7 days up to each   ■ ■  ■ ■ ■ ■ ■ ■ ■ ■      covered once from day to day, kept as +1 … −1
struct ActivityCounts: Sendable {
  /// The persons of a period, and on how many of its days each was active, all together.
  struct Count: Sendable {
    var persons = 0
    var days = 0
  }

  /// Days up to and with each day that are looked back at for a week and for a month.
  static let (weekDays, monthDays): (Int32, Int32) = (7, 30)

  private let periods: CalendarPeriods
  /// The periods that count for how often a person was active lately.
  private let recent: ClosedRange<Int32>
  private(set) var counts: [Int32: Count] = [:]
  /// Persons by the number of recent periods in which they were active.
  private(set) var frequencies: [Int]
  /// Where the look back at a week or a month of some persons begins and ends.
  private(set) var weekly: [Int32: Int] = [:]
  private(set) var monthly: [Int32: Int] = [:]

  init(_ periods: CalendarPeriods, recent: ClosedRange<Int32>) {
    (self.periods, self.recent) = (periods, recent)
    frequencies = Array(repeating: 0, count: recent.count + 1)
  }

  /// The first and the last period with a person; `nil` without any.
  var range: ClosedRange<Int32>? {
    guard let first = counts.keys.min(), let last = counts.keys.max() else { return nil }
    return first...last
  }

  /// Adds the days of a person.
  mutating func add(_ days: [PersonDay]) {
    var last: Int32?
    var frequency = 0
    for day in days where day.marks.contains(.back) {
      let period = periods.index(ofDay: day.day)
      counts[period, default: Count()].days += 1
      guard period != last else { continue }
      last = period
      counts[period, default: Count()].persons += 1
      if recent.contains(period) { frequency += 1 }
    }
    frequencies[frequency] += 1
    guard periods.unit == .day else { return }
    Self.cover(days, Self.weekDays, &weekly)
    Self.cover(days, Self.monthDays, &monthly)
  }

  private static func cover(_ days: [PersonDay], _ length: Int32, _ edges: inout [Int32: Int]) {
    var end: Int32?
    for day in days where day.marks.contains(.back) {
      let next = day.day + length
      if let known = end, day.day <= known {
        // Still covered by the days before: it goes on for longer.
        edges[known, default: 0] += 1
      } else {
        edges[day.day, default: 0] += 1
      }
      edges[next, default: 0] -= 1
      end = next
    }
  }
}
