/// ClickHouse's `windowFunnel(window, modes…)`, all modes but `strict_once`.
///
///     level       1            2            3
///     try        (A 50)       (A 0, B 1)    –        first and last time, overwritten by newer ones
///
/// - An event counts once for each of its steps; at one moment lower steps come first, and events
///   that are none of the steps before all others.
/// - Every first step overwrites level 1. A step overwrites its level wherever the level before is
///   set and `time ≤ first time + window`.
/// - The result is the highest level that was ever set; the last one ends the search.
///
/// Source: ClickHouse, AggregateFunctionWindowFunnel.cpp (0215c755), `getEventLevelNonStrictOnce`.
struct WindowFunnelMatcher: Matcher {
  private static let notSet = Int64.min

  private let stepCount: Int
  private let windowMilliseconds: Int64
  private let rules: WindowFunnelRules

  /// When the try of each level began.
  private var firstTimes: [Int64]
  /// The times of the try of each level, a row of `stepCount` a level.
  private var times: [Int64]
  private var hasEntered = false
  private var hasEnded = false

  init(stepCount: Int, windowMilliseconds: Int64, modes: Set<WindowFunnelMode>) {
    self.stepCount = stepCount
    self.windowMilliseconds = windowMilliseconds
    rules = WindowFunnelRules(modes)
    firstTimes = Array(repeating: Self.notSet, count: stepCount)
    times = Array(repeating: 0, count: stepCount * stepCount)
  }

  mutating func run(_ matches: ArraySlice<Match>, _ sets: StepSets) -> Passage {
    for level in 0..<stepCount { firstTimes[level] = Self.notSet }
    hasEntered = false
    hasEnded = false
    forEachTie(matches, sets) { matcher, time, level in matcher.take(time, level) }
    return passage()
  }

  /// Hands the levels of each moment over in ClickHouse's order, -1 for an event of no step.
  private mutating func forEachTie(
    _ matches: ArraySlice<Match>, _ sets: StepSets,
    _ body: (inout WindowFunnelMatcher, Int64, Int) -> Void
  ) {
    var start = matches.startIndex
    while start < matches.endIndex {
      let time = matches[start].time
      var end = start + 1
      while end < matches.endIndex, matches[end].time == time { end += 1 }
      if end == start + 1 {
        let steps = sets.steps[matches[start].set]
        if steps.isEmpty { body(&self, time, -1) }
        for step in steps where !hasEnded { body(&self, time, step - 1) }
      } else {
        for step in 0...stepCount {
          for index in start..<end where !hasEnded {
            let steps = sets.steps[matches[index].set]
            if step == 0 ? steps.isEmpty : steps.contains(step) { body(&self, time, step - 1) }
          }
        }
      }
      if hasEnded { return }
      start = end
    }
  }

  private mutating func take(_ time: Int64, _ level: Int) {
    if level < 0 {
      // Events of no step are only kept where order matters.
      if rules.isOrdered && hasEntered { hasEnded = true }
    } else if level == 0 {
      firstTimes[0] = time
      times[0] = time
      hasEntered = true
      if stepCount == 1 { hasEnded = true }
    } else if rules.isDeduplicating && firstTimes[level] != Self.notSet {
      hasEnded = true
    } else if rules.isOrdered && hasEntered && firstTimes[level - 1] == Self.notSet {
      if !rules.allowsReentry { hasEnded = true }
    } else if firstTimes[level - 1] != Self.notSet {
      advance(to: level, at: time)
    }
  }

  private mutating func advance(to level: Int, at time: Int64) {
    let first = firstTimes[level - 1]
    let previousRow = (level - 1) * stepCount
    guard time - first <= windowMilliseconds,
      !rules.isIncreasing || times[previousRow + level - 1] < time
    else { return }
    let row = level * stepCount
    for index in 0..<level { times[row + index] = times[previousRow + index] }
    times[row + level] = time
    firstTimes[level] = first
    if level + 1 == stepCount { hasEnded = true }
  }

  /// The highest level that is set.
  ///
  /// An ending by `strict_order` gives the same: the levels that are set always form a row from the
  /// first one on.
  private func passage() -> Passage {
    guard let level = firstTimes.lastIndex(where: { $0 != Self.notSet }) else { return Passage() }
    let row = level * stepCount
    return Passage(
      level: level + 1, times: Array(times[row...row + level]),
      liveEntry: hasEnded ? nil : firstTimes.max())
  }
}
