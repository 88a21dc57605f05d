/// PostHog's funnel: steps in order, the conversion window counted from the first one.
///
///     entered   step 1        step 2        step 3
///               A at 50       A at 0, B 1   –            each level keeps its own try
///
/// - A new first step overwrites the try of level 1; higher levels keep their older try until a
///   newer one overtakes it. So the latest try that can convert wins.
/// - An event is tried from the highest of its steps down, so it carries a try one step further.
/// - The window is inclusive: `time − entry ≤ window`.
/// - Events of one moment that match different steps are taken by step, lower ones first, each event
///   once a try: the first that fits, not the one that would help most. Strictness and exclusions wait for the next moment.
/// - Strict: an event clears the tries of all steps that it does not match.
/// - Optional steps: a step goes on from the nearest step before it that keeps a try in its window,
///   back to the last one that is required.
/// - Exclusions: one between the steps m and n taints the tries of m … n − 1 that have not gone on.
///   A tainted try carries nobody on; a person whose furthest try is tainted leaves the funnel,
///   until a new try comes as far: `A X B` leaves, `A X A B` converts.
/// - `--step-window`, which PostHog has not: a limit from the last step that was done to this one, its
///   end included. Then a step is taken
///   again by a later event, since that reaches further.
///
/// Source: PostHog, funnel-udf/src/steps.rs. It uses the time 0 for "not entered", so that an event
/// of 1970-01-01T00:00:00Z could never enter; here it can.
struct SequentialMatcher: ResumableMatcher {
  private let rules: SequentialRules
  private let stepCount: Int
  private let windowMilliseconds: Int64

  /// The numbers of the tied events used by the try of each step, a row of `stepCount` a step.
  ///
  /// Only events of one moment can be the same one; what older tries left here are numbers that never
  /// come again.
  private var events: [Int]
  /// How many tied events there were before those at hand.
  private var eventCount = 0

  init(_ rules: SequentialRules) {
    self.rules = rules
    stepCount = rules.stepCount
    windowMilliseconds = rules.windowMilliseconds
    events = Array(repeating: -1, count: (stepCount + 1) * stepCount)
  }

  func start() -> Tries { Tries(stepCount: stepCount, isTaintable: !rules.exclusions.isEmpty) }

  func openUntil(_ tries: Tries) -> Int64? {
    tries.openUntil(
      windowMilliseconds: windowMilliseconds, stepWindowMilliseconds: rules.stepWindowMilliseconds)
  }

  mutating func advance(
    _ tries: inout Tries, over matches: ArraySlice<Match>, _ sets: StepSets
  ) {
    var start = matches.startIndex
    while start < matches.endIndex, !tries.isEnded {
      let end = matches.momentEnd(from: start)
      if end == start + 1 || areAlike(matches[start..<end], sets) {
        for index in start..<end { take(matches[index], sets, &tries) }
      } else {
        takeTied(matches[start..<end], sets, &tries)
      }
      tries.isEnded = tries.isSet(stepCount)
      start = end
    }
  }

  /// Whether all events of a moment match the same steps.
  @inline(__always)
  private func areAlike(_ matches: ArraySlice<Match>, _ sets: StepSets) -> Bool {
    // Sorted by set within a moment: the first and the last tell whether all are equal.
    if matches[matches.startIndex].set == matches[matches.endIndex - 1].set { return true }
    guard let other = rules.otherValue else { return false }
    func steps(_ match: Match) -> [Int] {
      sets.steps[match.set].map { $0 == other.number ? other.step : $0 }.sorted()
    }
    return matches.dropFirst().allSatisfy { steps($0) == steps(matches[matches.startIndex]) }
  }

  /// Takes an event that stands alone at its moment, or among its like: its exclusions and its
  /// steps, the highest first.
  private mutating func take(_ match: Match, _ sets: StepSets, _ tries: inout Tries) {
    let time = match.time
    let only = sets.only[match.set]
    // Most events are one step and nothing else.
    if only > 0, only <= stepCount, !rules.isStrict { return advance(&tries, to: only, at: time) }
    let numbers = sets.steps[match.set]
    for number in numbers.reversed() {
      if number <= stepCount {
        advance(&tries, to: number, at: time)
      } else if number - stepCount <= rules.exclusions.count {
        exclude(&tries, between: rules.exclusions[number - stepCount - 1], at: time)
      }
    }
    guard rules.isStrict else { return }
    for step in 1...stepCount where !numbers.contains(step) {
      if let other = rules.otherValue, other.step == step, numbers.contains(other.number) {
        continue
      }
      tries.entries[step] = Tries.none
    }
  }

  /// Takes the events of one moment that match different steps.
  private mutating func takeTied(
    _ matches: ArraySlice<Match>, _ sets: StepSets, _ tries: inout Tries
  ) {
    for step in 1...stepCount {
      for index in matches.indices where sets.steps[matches[index].set].contains(step) {
        let event = eventCount + 1 + index - matches.startIndex
        advance(&tries, to: step, at: matches[index].time, tied: event)
      }
    }
    eventCount += matches.count
  }

  /// The step whose try an event of a later step goes on from, `nil` for none in its window.
  @inline(__always)
  private func source(of step: Int, at time: Int64, _ tries: Tries) -> Int? {
    var previous = step - 1
    while previous > 0 {
      if isLive(previous, at: time, tries) { return previous }
      guard rules.isOptional(previous) else { return nil }
      previous -= 1
    }
    return nil
  }

  /// Whether the try of a step is in its window.
  @inline(__always)
  private func isLive(_ step: Int, at time: Int64, _ tries: Tries) -> Bool {
    guard tries.isSet(step), time - tries.entries[step] <= windowMilliseconds else { return false }
    guard let limit = rules.stepWindowMilliseconds else { return true }
    return time - tries.times[step * stepCount + step - 1] <= limit
  }

  /// Carries the try that reached the step before on to this step, if there is one in its window.
  ///
  /// - Parameter event: the number of an event that others of its moment differ from.
  private mutating func advance(
    _ tries: inout Tries, to step: Int, at time: Int64, tied event: Int? = nil
  ) {
    var previous = 0
    var entry = time
    if step > 1 {
      guard let source = source(of: step, at: time, tries) else { return }
      previous = source
      entry = tries.entries[source]
    }
    if tries.entries[step] == entry, rules.stepWindowMilliseconds == nil { return }
    if let event, uses(event, previous) { return }
    if previous > 0, tries.isTainted(previous) {
      guard isFurthest(step, tries) else { return }
      tries.isExcluded = true
      return tries.report(step, from: previous, at: time)
    }
    if let event { use(event, carrying: previous, to: step) }
    tries.carry(from: previous, to: step, at: time)
    guard isFurthest(step, tries) else { return }
    tries.isExcluded = false
    tries.report(step)
  }

  /// Whether the try of a step uses an event already.
  private func uses(_ event: Int, _ step: Int) -> Bool {
    events[step * stepCount..<step * stepCount + step].contains(event)
  }

  /// Notes that a try uses an event to come from one step to another.
  private mutating func use(_ event: Int, carrying previous: Int, to step: Int) {
    let (row, previousRow) = (step * stepCount, previous * stepCount)
    for index in 0..<previous { events[row + index] = events[previousRow + index] }
    for index in previous..<step { events[row + index] = -1 }
    // An optional step uses up no event.
    if !rules.isOptional(step) { events[row + step - 1] = event }
  }

  /// Whether a try that reaches a step becomes the one that is reported: where it is further than all
  /// before it, or as far as a tainted one.
  @inline(__always)
  private func isFurthest(_ step: Int, _ tries: Tries) -> Bool {
    step > tries.level || step == tries.level && tries.isExcluded
  }

  /// Taints the tries that an excluded event falls into.
  private func exclude(
    _ tries: inout Tries, between range: ClosedRange<Int>, at time: Int64
  ) {
    for step in (range.lowerBound + 1...range.upperBound).reversed() {
      guard let source = source(of: step, at: time, tries),
        tries.entries[step] != tries.entries[source], !tries.isTainted(source)
      else { continue }
      tries.taint(source)
      if tries.level == source, time - tries.furthest[0] <= windowMilliseconds {
        tries.isExcluded = true
      }
    }
  }
}

/// What PostHog's funnel asks for, read once.
struct SequentialRules: Sendable {
  let stepCount: Int
  let windowMilliseconds: Int64
  let stepWindowMilliseconds: Int64?
  let isStrict: Bool
  /// The optional steps.
  let optional: Set<Int>
  /// Between which steps each exclusion stands.
  let exclusions: [ClosedRange<Int>]
  /// The number that stands for step N done with another value, under `--attribution step:N`.
  ///
  /// It takes nobody to the step, but is no other event in between either: that matters to strictness.
  let otherValue: (number: Int, step: Int)?

  /// Whether a step may be left out.
  @inline(__always)
  func isOptional(_ step: Int) -> Bool { !optional.isEmpty && optional.contains(step) }
}
