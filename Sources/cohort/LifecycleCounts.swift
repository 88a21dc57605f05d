import Records

/// In which stage of life the persons of each period are.
///
///     period      1    2    3    4    5    6          first event of any kind in 1
///     active      ■    ■    ·    ·    ■    ·
///               new  retu dorm   –  resu dorm
///
/// - new: active in the period of the person's first event of any kind
/// - returning: active in this period and in the one before it
/// - resurrected: active in this period, not in the one before it, and not new
/// - dormant: active in the period before, not in this one; counted once, in that period
///
/// Source: PostHog's lifecycle query; Amplitude's lifecycle, whose quick ratio ("pulse") is new and
/// resurrected over dormant.
struct LifecycleCounts: Sendable {
  /// The persons of a period by stage.
  struct Count: Sendable {
    var new = 0
    var returning = 0
    var resurrected = 0
    var dormant = 0

    /// How many come for each who goes; `nil` where nobody goes.
    var quickRatio: Double? {
      dormant == 0 ? nil : Double(new + resurrected) / Double(dormant)
    }
  }

  private let periods: CalendarPeriods
  private(set) var counts: [Int32: Count] = [:]

  init(_ periods: CalendarPeriods) { self.periods = periods }

  /// The first and the last period with a person; `nil` without any.
  var range: ClosedRange<Int32>? {
    guard let first = counts.keys.min(), let last = counts.keys.max() else { return nil }
    return first...last
  }

  /// Adds the days of a person: marked as start are those with an event of any kind.
  mutating func add(_ days: [PersonDay]) {
    guard let first = days.first else { return }
    let created = periods.index(ofDay: first.day)
    var last: Int32?
    for day in days where day.marks.contains(.back) {
      let period = periods.index(ofDay: day.day)
      guard period != last else { continue }
      if let last, last == period - 1 {
        counts[period, default: Count()].returning += 1
      } else {
        if let last { counts[last + 1, default: Count()].dormant += 1 }
        if period == created {
          counts[period, default: Count()].new += 1
        } else {
          counts[period, default: Count()].resurrected += 1
        }
      }
      last = period
    }
    if let last { counts[last + 1, default: Count()].dormant += 1 }
  }
}
