/// PostHog's funnel: steps in order, the conversion window counted from the first one.
///
///     entered   step 1        step 2        step 3
///               A at 50       A at 0, B 1   –            each level keeps its own try
///
/// - A new first step overwrites the try of level 1; higher levels keep their older try until a
///   newer one overtakes it. So the latest try that can convert wins.
/// - An event is tried from the highest of its steps down, so it carries a try one step further.
/// - The window is inclusive: `time − entry ≤ window`.
/// - Events of one moment that match different steps are taken in the order that helps most: by
///   step, each event once a try. Strictness waits for the next moment.
/// - Strict: an event clears the tries of all steps that it does not match.
///
/// Source: PostHog, funnel-udf/src/steps.rs. It uses the time 0 for "not entered", so that an event
/// of 1970-01-01T00:00:00Z could never enter; here it can.
struct SequentialMatcher: Matcher {
  private let stepCount: Int
  private let windowMilliseconds: Int64
  private let isStrict: Bool

  /// The numbers of the events used by the try of each step, a row of `stepCount` a step.
  private var events: [Int]
  /// How many events there were before those at hand.
  ///
  /// Only events of one moment can be the same one; numbers that never come again keep older tries
  /// from looking as if they were of it.
  private var eventCount = 0

  init(stepCount: Int, windowMilliseconds: Int64, isStrict: Bool) {
    self.stepCount = stepCount
    self.windowMilliseconds = windowMilliseconds
    self.isStrict = isStrict
    events = Array(repeating: -1, count: (stepCount + 1) * stepCount)
  }

  mutating func advance(
    _ tries: inout Tries, over matches: ArraySlice<Match>, _ sets: StepSets
  ) {
    var start = matches.startIndex
    while start < matches.endIndex, !tries.isEnded {
      let time = matches[start].time
      var end = start + 1
      while end < matches.endIndex, matches[end].time == time { end += 1 }
      // Sorted by set within a moment: the first and the last tell whether all are equal.
      if matches[start].set == matches[end - 1].set {
        for index in start..<end { take(time, sets.steps[matches[index].set], &tries) }
      } else {
        takeTied(matches[start..<end], sets, &tries)
      }
      tries.isEnded = tries.isSet(stepCount)
      start = end
    }
  }

  /// Takes an event that stands alone at its moment, or among its like.
  private mutating func take(_ time: Int64, _ steps: [Int], _ tries: inout Tries) {
    eventCount += 1
    for step in steps.reversed() {
      advance(&tries, to: step, at: time, event: eventCount, isTied: false)
    }
    guard isStrict else { return }
    for step in 1...stepCount where !steps.contains(step) { tries.entries[step] = Tries.none }
  }

  /// Takes the events of one moment that match different steps.
  private mutating func takeTied(
    _ matches: ArraySlice<Match>, _ sets: StepSets, _ tries: inout Tries
  ) {
    for step in 1...stepCount {
      for index in matches.indices where sets.steps[matches[index].set].contains(step) {
        let event = eventCount + 1 + index - matches.startIndex
        advance(&tries, to: step, at: matches[index].time, event: event, isTied: true)
      }
    }
    eventCount += matches.count
  }

  /// Carries the try that reached the step before on to this step, if there is one in its window.
  private mutating func advance(
    _ tries: inout Tries, to step: Int, at time: Int64, event: Int, isTied: Bool
  ) {
    let entry = step == 1 ? time : tries.entries[step - 1]
    guard entry != Tries.none, time - entry <= windowMilliseconds, tries.entries[step] != entry
    else { return }
    let row = step * stepCount
    let previousRow = row - stepCount
    if isTied, events[previousRow..<previousRow + step - 1].contains(event) { return }
    for index in 0..<step - 1 { events[row + index] = events[previousRow + index] }
    events[row + step - 1] = event
    tries.carry(to: step, at: time)
    if step > tries.level { tries.report(step) }
  }
}
