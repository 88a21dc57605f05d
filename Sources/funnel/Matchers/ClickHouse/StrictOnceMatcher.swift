/// ClickHouse's `windowFunnel(window, 'strict_once', …)`: one event counts for one step only.
///
/// The engine follows every possible try, since it cannot know which use of an event helps; their
/// number can explode. Here tries that cannot differ any more are one: an event can clash with
/// another use of itself only at its own moment, so when a moment is over the try with the latest
/// entry of each level stands for all of its level; and of the events of one moment those that match
/// the same steps are alike, so it is enough to count how many of each set are used. The answer is
/// the same.
///
/// Source: ClickHouse, AggregateFunctionWindowFunnel.cpp (0215c755), `getEventLevelStrictOnce`.
struct StrictOnceMatcher: ResumableMatcher {
  /// One way to have come so far.
  private struct Try {
    /// The time of each step reached.
    var times: [Int64]
    /// The sets of the events of the moment at hand that are used, in ascending order.
    var used: [Int]

    var first: Int64 { times[0] }
    var last: Int64 { times[times.count - 1] }
  }

  private let stepCount: Int
  private let windowMilliseconds: Int64
  private let rules: WindowFunnelRules

  /// The tries of each level while a moment is looked at, the first step's first.
  private var tries: [[Try]]
  /// How many events of each set the moment at hand has.
  private var available: [Int: Int] = [:]
  private var hasEnded = false

  init(stepCount: Int, windowMilliseconds: Int64, modes: Set<WindowFunnelMode>) {
    self.stepCount = stepCount
    self.windowMilliseconds = windowMilliseconds
    rules = WindowFunnelRules(modes)
    tries = Array(repeating: [], count: stepCount)
  }

  func start() -> Tries { Tries(stepCount: stepCount) }

  func openUntil(_ tries: Tries) -> Int64? {
    tries.openUntil(windowMilliseconds: windowMilliseconds)
  }

  mutating func advance(
    _ rest: inout Tries, over matches: ArraySlice<Match>, _ sets: StepSets
  ) {
    take(up: rest)
    var start = matches.startIndex
    while start < matches.endIndex, !hasEnded {
      let time = matches[start].time
      let end = matches.momentEnd(from: start)
      available.removeAll(keepingCapacity: true)
      for index in start..<end { available[matches[index].set, default: 0] += 1 }
      for step in 0...stepCount {
        for index in start..<end where !hasEnded {
          let steps = sets.steps[matches[index].set]
          if step == 0 ? steps.isEmpty : steps.contains(step) {
            take(time, step - 1, set: matches[index].set)
          }
        }
      }
      closeMoment()
      start = end
    }
    put(down: &rest)
  }

  /// Begins with the one try that each level keeps between moments.
  private mutating func take(up rest: Tries) {
    hasEnded = rest.isEnded
    for level in 0..<stepCount {
      tries[level].removeAll(keepingCapacity: true)
      guard rest.isSet(level + 1) else { continue }
      let row = (level + 1) * stepCount
      var times = Array(rest.times[row...row + level])
      times[0] = rest.entries[level + 1]
      tries[level].append(Try(times: times, used: []))
    }
  }

  /// Leaves that one try, and reports the one of the highest level.
  private func put(down rest: inout Tries) {
    rest.isEnded = hasEnded
    for level in 0..<stepCount {
      guard let way = tries[level].first else { continue }
      rest.entries[level + 1] = way.first
      guard way.first > Tries.past else { continue }
      let row = (level + 1) * stepCount
      for index in 0...level { rest.times[row + index] = way.times[index] }
      if level + 1 >= rest.level { rest.report(level + 1) }
    }
  }

  private mutating func take(_ time: Int64, _ level: Int, set: Int) {
    if level < 0 {
      if rules.isOrdered && !tries[0].isEmpty { hasEnded = true }
    } else if level == 0 {
      enter(at: time, set: set)
      if stepCount == 1 { hasEnded = true }
    } else if rules.isDeduplicating && !tries[level].isEmpty {
      hasEnded = true
    } else if rules.isOrdered && !tries[0].isEmpty && tries[level - 1].isEmpty {
      if !rules.allowsReentry { hasEnded = true }
    } else {
      for previous in tries[level - 1] where !hasEnded {
        advance(previous, to: level, at: time, set: set)
      }
    }
  }

  private mutating func enter(at time: Int64, set: Int) {
    let isThere = tries[0].contains { $0.used == [set] && $0.last == time }
    if !isThere { tries[0].append(Try(times: [time], used: [set])) }
  }

  private mutating func advance(_ previous: Try, to level: Int, at time: Int64, set: Int) {
    guard time - previous.first <= windowMilliseconds,
      previous.used.count(where: { $0 == set }) < available[set, default: 0],
      !rules.isIncreasing || previous.last < time
    else { return }
    let next = Try(times: previous.times + [time], used: (previous.used + [set]).sorted())
    // Two tries that used events alike of this moment differ by their entry alone.
    if let same = tries[level].firstIndex(where: { $0.used == next.used && $0.last == time }) {
      if tries[level][same].first < next.first { tries[level][same] = next }
    } else {
      tries[level].append(next)
    }
    if level + 1 == stepCount { hasEnded = true }
  }

  /// From the next moment on the events used so far can clash with none.
  private mutating func closeMoment() {
    for level in 0..<stepCount where tries[level].count > 1 || tries[level].first?.used != [] {
      guard var latest = tries[level].max(by: { $0.first < $1.first }) else { continue }
      latest.used = []
      tries[level] = [latest]
    }
  }
}
