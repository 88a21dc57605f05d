/// How many sessions a person began, from the half hours in which it did anything.
///
///     half hours    · 1 1 · · 1 · 1 1 1 ·      3 sessions
///
/// A half hour without an interaction divides two sessions, so those that lie over an hour apart always
/// are two, and those less than a half hour apart never. Half hours, unlike the gaps between events, may come
/// in any order.
struct SessionCount {
  /// Sessions begun since the day that counting began with.
  private(set) var count = 0
  private let first: Int
  private var day = Int.min
  private var halfHours: UInt64 = 0
  /// Whether the day before ended in a session.
  private var isGoingOn = false

  /// No session yet; those begun before a day do not count.
  init(since first: Int) { self.first = first }

  /// Adds half hours of a day, bits from the lowest on; days come in their order, each in any parts.
  mutating func add(_ halfHours: UInt64, on day: Int) {
    if day != self.day {
      finishDay()
      isGoingOn = isGoingOn && day == self.day + 1
      (self.day, self.halfHours) = (day, 0)
    }
    self.halfHours |= halfHours
  }

  /// Counts the sessions of the last day.
  mutating func finishDay() {
    let isLast = halfHours >> 47 & 1 == 1
    defer { (isGoingOn, halfHours) = (isLast, 0) }
    guard day >= first else { return }
    let before = halfHours << 1 | (isGoingOn ? 1 : 0)
    count += (halfHours & ~before).nonzeroBitCount
  }
}
