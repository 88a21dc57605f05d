/// How far one person has come: all that later events may depend on.
///
///     step        1        2             3
///     try         (A 50)   (A 0, B 1)    –          the times of the steps that it has passed
///     furthest    A 0, B 1
///
/// A try is a way through the first steps; each step keeps one, the latest that reached it as the
/// rules have it. A later step never keeps a newer entry than an earlier one does, since a try is
/// carried from step to step. The same value goes through a matcher event by event, and, under
/// `--lateness`, rests between events in the few words of ``TriesCode``.
struct Tries: Sendable, Equatable {
  /// The entry of a step that keeps no try.
  static let none = Int64.min
  /// The entry of a try that can go no further, whose times are forgotten.
  static let past = Int64.min / 4

  let stepCount: Int
  /// When the try of each step began, by step; 0 is not used.
  var entries: [Int64]
  /// The times of the try of each step, a row of `stepCount` a step.
  var times: [Int64]
  /// The furthest step that was ever reached, 0 for none.
  var level = 0
  /// When each step up to ``level`` was reached, by the try that is reported.
  var furthest: [Int64]
  /// Whether no later event can change anything.
  var isEnded = false
  /// Whether an excluded event taints the try that is reported, so that the person is out.
  var isExcluded = false
  /// Whether an excluded event taints the try of each step; empty where nothing is excluded.
  private var tainted: [Bool]

  /// Nothing done.
  init(stepCount: Int, isTaintable: Bool = false) {
    self.stepCount = stepCount
    tainted = isTaintable ? Array(repeating: false, count: stepCount + 1) : []
    entries = Array(repeating: Self.none, count: stepCount + 1)
    times = Array(repeating: 0, count: (stepCount + 1) * stepCount)
    furthest = Array(repeating: 0, count: stepCount)
  }

  /// Forgets the person before.
  mutating func clear() {
    for step in 0...stepCount { entries[step] = Self.none }
    level = 0
    isEnded = false
    isExcluded = false
  }

  /// Whether a step keeps a try, one that can go no further included.
  func isSet(_ step: Int) -> Bool { entries[step] != Self.none }

  /// Whether an excluded event taints the try of a step.
  @inline(__always)
  func isTainted(_ step: Int) -> Bool { !tainted.isEmpty && tainted[step] }

  /// Taints the try of a step, or says that it is clean.
  mutating func taint(_ step: Int, _ isTainted: Bool = true) { tainted[step] = isTainted }

  /// Carries the try of the step before on to a step; the first step begins one.
  @inline(__always)
  mutating func carry(to step: Int, at time: Int64) { carry(from: step - 1, to: step, at: time) }

  /// Carries the try of an earlier step on to a step; those between are left out.
  @inline(__always)
  mutating func carry(from previous: Int, to step: Int, at time: Int64) {
    let (row, previousRow) = (step * stepCount, previous * stepCount)
    for index in 0..<previous { times[row + index] = times[previousRow + index] }
    for index in previous..<step - 1 { times[row + index] = Passage.skipped }
    times[row + step - 1] = time
    entries[step] = times[row]
    if !tainted.isEmpty { tainted[step] = false }
  }

  /// Makes the try of a step the one that is reported.
  @inline(__always)
  mutating func report(_ step: Int) {
    level = step
    let row = step * stepCount
    for index in 0..<step { furthest[index] = times[row + index] }
  }

  /// Reports a step that the try of an earlier one would have come to, were it not tainted.
  mutating func report(_ step: Int, from previous: Int, at time: Int64) {
    level = step
    for index in 0..<previous { furthest[index] = times[previous * stepCount + index] }
    for index in previous..<step - 1 { furthest[index] = Passage.skipped }
    furthest[step - 1] = time
  }

  /// The last moment at which a later event could carry a try on, `nil` where none can.
  ///
  /// - Parameter stepWindowMilliseconds: the longest time from step to step, where there is one.
  func openUntil(windowMilliseconds: Int64, stepWindowMilliseconds: Int64? = nil) -> Int64? {
    guard !isEnded else { return nil }
    var latest: Int64?
    for step in 1...stepCount where entries[step] > Self.past && !isTainted(step) {
      var end = entries[step] + windowMilliseconds
      if let stepWindowMilliseconds {
        end = min(end, times[step * stepCount + step - 1] + stepWindowMilliseconds)
      }
      latest = max(latest ?? end, end)
    }
    return latest
  }

  /// Brings together what two ids have come to, each by itself, that turn out to be one person.
  ///
  /// The further one is reported, of equals one that no exclusion takes out, else the earlier one. Each
  /// step keeps the later of the two tries. A search that a strict mode has ended stays ended. What one id did is not tried on the
  /// other's: for that their events would have to be there, in one order.
  mutating func merge(_ other: Tries) {
    isEnded = isEnded || other.isEnded
    let (ours, others) = (furthest[..<level], other.furthest[..<other.level])
    let isOtherBetter =
      isExcluded != other.isExcluded ? isExcluded : others.lexicographicallyPrecedes(ours)
    if other.level > level || other.level == level && isOtherBetter {
      level = other.level
      furthest = other.furthest
      isExcluded = other.isExcluded
    }
    for step in 1...stepCount {
      let row = step * stepCount..<step * stepCount + step
      let isOtherLater =
        other.entries[step] > entries[step]
        || other.entries[step] == entries[step]
          && times[row].lexicographicallyPrecedes(other.times[row])
      if !isOtherLater, !tainted.isEmpty, other.entries[step] == entries[step],
        other.times[row] == times[row]
      {
        tainted[step] = tainted[step] && other.tainted[step]
      }
      guard isOtherLater else { continue }
      if !tainted.isEmpty { tainted[step] = other.tainted[step] }
      entries[step] = other.entries[step]
      for place in row { times[place] = other.times[place] }
    }
  }
}
