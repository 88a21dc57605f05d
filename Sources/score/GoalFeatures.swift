import Events

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
///     events        different events in the window
///     channels      different channels in it
///     stages        steps of a funnel ever reached, by `stage`
///     NAME          ln(1 + how often in the window), for each of the events of most persons
///
/// The window is as long as the horizon of the goal, and ends where the features are asked for.
struct GoalFeatures: Sendable {
  /// The features of activity as a whole.
  static let activityNames = ["recency", "activeDays", "trend", "events", "channels", "stages"]

  /// The length of a window.
  let windowDays: Int
  /// The events that are features by themselves, by number of ``Behaviours``.
  let events: [UInt32]
  /// Of each number of ``Behaviours`` its feature, -1 for none.
  private var places: [Int]
  /// When each number of ``Behaviours`` was last counted: by which question.
  private var stamps: [Int]
  private var question = 0
  private let kinds: [Behaviours.Kind?]
  /// What has been found of the person looked at.
  private(set) var values: [Double]

  /// Features with these events.
  init(_ behaviours: Behaviours, events: [UInt32], windowDays: Int) {
    (self.events, self.windowDays) = (events, windowDays)
    places = Array(repeating: -1, count: behaviours.count)
    stamps = Array(repeating: 0, count: behaviours.count)
    for (index, event) in events.enumerated() {
      places[Int(event)] = Self.activityNames.count + index
    }
    kinds = (0..<behaviours.count).map { behaviours.meaning(UInt32($0))?.kind }
    values = Array(repeating: 0, count: Self.activityNames.count + events.count)
  }

  /// Looks at a person from the start of a day.
  ///
  /// - Parameter days: what the person did, the oldest first.
  /// - Returns: whether anything had happened before.
  mutating func look(at days: [Behaviours.Day], from origin: Int) -> Bool {
    question += 1
    for index in values.indices { values[index] = 0 }
    let (first, firstBefore) = (origin - windowDays, origin - 2 * windowDays)
    var (last, active, activeBefore) = (Int.min, 0, 0)
    for day in days {
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
        if isNew(kind) { values[3] += 1 }
        if places[kind] >= 0 { values[places[kind]] += Double(day.count) }
      case .channel: if number >= first, isNew(kind) { values[4] += 1 }
      case .stage: if isNew(kind) { values[5] += 1 }
      case .goal, nil: break
      }
    }
    guard last > .min else { return false }
    values[0] = log(1 + Double(origin - 1 - last))
    values[1] = Double(active)
    values[2] = Double(active - activeBefore)
    for index in Self.activityNames.count..<values.count {
      values[index] = log(1 + values[index])
    }
    return true
  }

  /// Whether a kind is met for the first time by the question at hand.
  private mutating func isNew(_ kind: Int) -> Bool {
    if stamps[kind] == question { return false }
    stamps[kind] = question
    return true
  }
}
