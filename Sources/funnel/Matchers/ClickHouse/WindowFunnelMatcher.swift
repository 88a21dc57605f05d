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
struct WindowFunnelMatcher: ResumableMatcher {
  private let stepCount: Int
  private let windowMilliseconds: Int64
  private let rules: WindowFunnelRules

  init(stepCount: Int, windowMilliseconds: Int64, modes: Set<WindowFunnelMode>) {
    self.stepCount = stepCount
    self.windowMilliseconds = windowMilliseconds
    rules = WindowFunnelRules(modes)
  }

  func start() -> Tries { Tries(stepCount: stepCount) }

  func openUntil(_ tries: Tries) -> Int64? {
    tries.openUntil(windowMilliseconds: windowMilliseconds)
  }

  /// Takes the steps of each moment in ClickHouse's order, 0 for an event of no step.
  mutating func advance(
    _ tries: inout Tries, over matches: ArraySlice<Match>, _ sets: StepSets
  ) {
    var start = matches.startIndex
    while start < matches.endIndex, !tries.isEnded {
      let time = matches[start].time
      let end = matches.momentEnd(from: start)
      if end == start + 1 {
        let steps = sets.steps[matches[start].set]
        if steps.isEmpty { take(0, at: time, &tries) }
        for step in steps where !tries.isEnded { take(step, at: time, &tries) }
      } else {
        for step in 0...stepCount {
          for index in start..<end where !tries.isEnded {
            let steps = sets.steps[matches[index].set]
            if step == 0 ? steps.isEmpty : steps.contains(step) { take(step, at: time, &tries) }
          }
        }
      }
      start = end
    }
  }

  private func take(_ step: Int, at time: Int64, _ tries: inout Tries) {
    if step == 0 {
      // Events of no step are only kept where order matters.
      if rules.isOrdered && tries.isSet(1) { tries.isEnded = true }
    } else if step == 1 {
      reach(1, at: time, &tries)
    } else if rules.isDeduplicating && tries.isSet(step) {
      tries.isEnded = true
    } else if !tries.isSet(step - 1) {
      if rules.isOrdered && tries.isSet(1) && !rules.allowsReentry { tries.isEnded = true }
    } else if time - tries.entries[step - 1] <= windowMilliseconds {
      // The last time of the step before, which a forgotten try does not have, is asked for last.
      let last = tries.times[(step - 1) * stepCount + step - 2]
      if !rules.isIncreasing || last < time { reach(step, at: time, &tries) }
    }
  }

  /// Overwrites the try of a step; the highest step that is set is the one reported.
  ///
  /// An ending by `strict_order` changes nothing there: the steps that are set always form a row
  /// from the first one on.
  private func reach(_ step: Int, at time: Int64, _ tries: inout Tries) {
    tries.carry(to: step, at: time)
    if step >= tries.level { tries.report(step) }
    if step == stepCount { tries.isEnded = true }
  }
}
