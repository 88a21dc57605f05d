/// What `sequence(A, B, …)` keeps of the events in one step.
///
///     A  A B   A  B        the earliest A and the latest B tell whether an A comes before a B here
///        └ latest A of an earlier step, earliest B of a later one: whether they are near enough
///
/// A step is at most as long as the time between the two may be, so that an A and a B in one step are
/// always near enough; of an A in an earlier step only the latest matters, and only to the earliest
/// B. So what is answered is exact.
struct EventPairs: WindowAmount, BitwiseCopyable {
  /// The place of an event in the order of events.
  struct Place: Comparable, BitwiseCopyable {
    var time: Int64
    var fingerprint: UInt64

    static func < (left: Place, right: Place) -> Bool {
      (left.time, left.fingerprint) < (right.time, right.fingerprint)
    }

    static let afterAll = Place(time: .max, fingerprint: .max)
    static let beforeAll = Place(time: .min, fingerprint: 0)
  }

  /// After all where there is none.
  var earliestFirst = Place.afterAll
  var earliestSecond = Int64.max
  /// Before all where there is none.
  var latestFirst = Int64.min
  var latestSecond = Place.beforeAll

  /// Nothing.
  init() {}

  /// One event that may come first, second, or both.
  init(_ place: Place, isFirst: Bool, isSecond: Bool) {
    if isFirst { (earliestFirst, latestFirst) = (place, place.time) }
    if isSecond { (latestSecond, earliestSecond) = (place, place.time) }
  }

  var hasFirst: Bool { latestFirst != .min }
  var hasSecond: Bool { earliestSecond != .max }

  mutating func merge(_ other: EventPairs) {
    earliestFirst = min(earliestFirst, other.earliestFirst)
    latestFirst = max(latestFirst, other.latestFirst)
    earliestSecond = min(earliestSecond, other.earliestSecond)
    latestSecond = max(latestSecond, other.latestSecond)
  }

  /// Whether a second event of this step comes behind a first one near enough.
  ///
  /// - Parameter before: the time of the latest first event in earlier steps, if any.
  func isComplete(before: Int64?, within milliseconds: Int64) -> Bool {
    guard hasSecond else { return false }
    if earliestFirst < latestSecond { return true }
    guard let before else { return false }
    return earliestSecond - before <= milliseconds
  }
}

extension WindowStore where Amount == EventPairs {
  /// The last step of a window in which a sequence ends.
  func lastCompleteStep(of window: Int, within milliseconds: Int64) -> Int64? {
    guard window < slabs.count else { return nil }
    let slab = slabs[window]
    var latestFirst: Int64?
    var complete: Int64?
    for place in 0..<Int(slab.count) {
      let bucket = pool[slab, place]
      if bucket.amount.isComplete(before: latestFirst, within: milliseconds) {
        complete = bucket.step
      }
      if bucket.amount.hasFirst { latestFirst = bucket.amount.latestFirst }
    }
    return complete
  }
}

/// That something happened: what `days` keeps of a day.
struct Presence: WindowAmount, BitwiseCopyable {
  mutating func merge(_ other: Presence) {}
}
