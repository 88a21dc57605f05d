import Events
import Records

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is known of a person at a moment, as numbers; nothing that happened from then on is in it.
///
///     recency       ln(1 + days since the last interaction)
///     activeDays    days with an interaction in the window
///     trend         these less those of the window before
///     otherEvents   different events in the window that are no features by themselves
///     channels      different channels in it
///     stages        steps of a funnel ever reached, by `stage`
///     sessions      sessions begun in it, see ``SessionCount``
///     money         ln(1 + what was paid in it, less what was paid back)
///     NAME          ln(1 + how often in the window), for each of some events
///
/// The window is as long as the horizon of the goal, and ends where the features are asked for. An event
/// is in one feature only: where breadth counts all of them, it says once more which of them came at all,
/// and takes from their weights.
struct GoalFeatures: Sendable {
  /// The features of activity as a whole.
  enum Activity: Int, CaseIterable, Sendable {
    case recency
    case activeDays
    case trend
    case otherEvents
    case channels
    case stages
    case sessions
    case money

    /// The name in records.
    var name: String { "\(self)" }
  }

  /// The length of a window.
  let windowDays: Int
  /// Of each number of ``Behaviours`` its feature, -1 for none.
  private var places: [Int]
  /// When each number of ``Behaviours`` was last counted: by which question.
  private var stamps: [Int]
  private var question = 0
  private let kinds: [Behaviours.Kind?]
  /// What has been found of the person looked at: of its activity, then of each event.
  private(set) var values: [Double]
  /// The same, but as it was counted: days, times, money.
  private(set) var counts: [Double]

  /// Features with these events, by number of ``Behaviours``; `nil` is an event that nobody has.
  init(_ behaviours: Behaviours, events: [UInt32?], windowDays: Int) {
    self.windowDays = windowDays
    places = Array(repeating: -1, count: behaviours.count)
    stamps = Array(repeating: 0, count: behaviours.count)
    for (index, event) in events.enumerated() {
      if let event { places[Int(event)] = Activity.allCases.count + index }
    }
    kinds = (0..<behaviours.count).map { behaviours.meaning(UInt32($0))?.kind }
    values = Array(repeating: 0, count: Activity.allCases.count + events.count)
    counts = values
  }

  /// Looks at a person from the start of a day.
  ///
  /// - Returns: whether anything had happened before.
  mutating func look(at days: GoalEvidence.Days, from origin: Int) -> Bool {
    question += 1
    for index in counts.indices { counts[index] = 0 }
    let (first, firstBefore) = (origin - windowDays, origin - 2 * windowDays)
    var (last, active, activeBefore) = (Int.min, 0, 0)
    var sessions = SessionCount(since: first)
    for day in days.behaviours {
      let number = Int(day.day)
      guard number < origin else { break }
      let kind = Int(day.kind)
      switch kinds[kind] {
      case .event:
        if number != last {
          if number >= first { active += 1 } else if number >= firstBefore { activeBefore += 1 }
        }
        last = number
        guard number >= first else { continue }
        if places[kind] >= 0 {
          counts[places[kind]] += Double(day.count)
        } else if isNew(kind) {
          count(.otherEvents, 1)
        }
      case .channel: if number >= first, isNew(kind) { count(.channels, 1) }
      case .stage: if isNew(kind) { count(.stages, 1) }
      case .halfHours: sessions.add(Behaviours.halfHours(day), on: number)
      case .goal, .contractStart, .contractEnd, nil: break
      }
    }
    guard last > .min else { return false }
    sessions.finishDay()
    count(.recency, origin - 1 - last)
    count(.activeDays, active)
    count(.trend, active - activeBefore)
    count(.sessions, sessions.count)
    var paid = DecimalSum()
    for day in days.purchases where (first..<origin).contains(Int(day.day)) {
      _ = paid.merge(day.amount)
    }
    counts[Activity.money.rawValue] = max(0, paid.double)
    for index in counts.indices {
      values[index] = Self.isLogarithm(index) ? log(1 + counts[index]) : counts[index]
    }
    return true
  }

  private mutating func count(_ activity: Activity, _ count: Int) {
    counts[activity.rawValue] += Double(count)
  }

  /// Whether the feature at a place is the logarithm of what was counted.
  private static func isLogarithm(_ place: Int) -> Bool {
    switch Activity(rawValue: place) {
    case .recency, .money, nil: true
    default: false
    }
  }

  /// Whether a kind is met for the first time by the question at hand.
  private mutating func isNew(_ kind: Int) -> Bool {
    if stamps[kind] == question { return false }
    stamps[kind] = question
    return true
  }
}
