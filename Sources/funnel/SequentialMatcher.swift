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
  private static let notEntered = Int64.min

  private let stepCount: Int
  private let windowMilliseconds: Int64
  private let isStrict: Bool

  /// When the try that reached each step began, by step; 0 stands for the event at hand.
  private var entries: [Int64]
  /// The times of the try of each step, a row of `stepCount` a step.
  private var times: [Int64]
  /// The indices of the events used by the try of each step.
  private var events: [Int]
  private var best = Passage()

  init(stepCount: Int, windowMilliseconds: Int64, isStrict: Bool) {
    self.stepCount = stepCount
    self.windowMilliseconds = windowMilliseconds
    self.isStrict = isStrict
    entries = Array(repeating: Self.notEntered, count: stepCount + 1)
    times = Array(repeating: 0, count: (stepCount + 1) * stepCount)
    events = Array(repeating: 0, count: (stepCount + 1) * stepCount)
  }

  mutating func run(_ matches: ArraySlice<Match>, _ sets: StepSets) -> Passage {
    begin()
    var start = matches.startIndex
    while start < matches.endIndex, entries[stepCount] == Self.notEntered {
      let time = matches[start].time
      var end = start + 1
      while end < matches.endIndex, matches[end].time == time { end += 1 }
      // Sorted by set within a moment: the first and the last tell whether all are equal.
      if matches[start].set == matches[end - 1].set {
        for index in start..<end { take(time, sets.steps[matches[index].set], event: index) }
      } else {
        takeTied(matches[start..<end], sets)
      }
      start = end
    }
    return passage()
  }

  /// Forgets the person before.
  private mutating func begin() {
    for step in 0...stepCount { entries[step] = Self.notEntered }
    best = Passage()
  }

  private func passage() -> Passage {
    var passage = best
    let latest = entries.dropFirst().max() ?? Self.notEntered
    passage.liveEntry = latest == Self.notEntered ? nil : latest
    return passage
  }

  /// Takes an event that stands alone at its moment, or among its like.
  private mutating func take(_ time: Int64, _ steps: [Int], event: Int) {
    for step in steps.reversed() { advance(to: step, at: time, event: event, isTied: false) }
    guard isStrict else { return }
    for step in 1...stepCount where !steps.contains(step) { entries[step] = Self.notEntered }
  }

  /// Takes the events of one moment that match different steps.
  private mutating func takeTied(_ matches: ArraySlice<Match>, _ sets: StepSets) {
    for step in 1...stepCount {
      for index in matches.indices where sets.steps[matches[index].set].contains(step) {
        advance(to: step, at: matches[index].time, event: index, isTied: true)
      }
    }
  }

  /// Carries the try that reached the step before on to this step, if there is one in its window.
  private mutating func advance(to step: Int, at time: Int64, event: Int, isTied: Bool) {
    let entry = step == 1 ? time : entries[step - 1]
    guard entry != Self.notEntered, time - entry <= windowMilliseconds, entries[step] != entry
    else { return }
    let row = step * stepCount
    let previousRow = row - stepCount
    if isTied, events[previousRow..<previousRow + step - 1].contains(event) { return }
    for index in 0..<step - 1 {
      times[row + index] = times[previousRow + index]
      events[row + index] = events[previousRow + index]
    }
    times[row + step - 1] = time
    events[row + step - 1] = event
    entries[step] = entry
    if step > best.level {
      best.level = step
      best.times = Array(times[row..<row + step])
    }
  }
}
