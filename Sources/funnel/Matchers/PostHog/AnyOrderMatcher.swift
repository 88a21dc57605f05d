/// PostHog's funnel in any order: all steps inside one window, whichever comes first.
///
///     steps     A            B          C
///     queues    [10, 40]     [–]        [25]           the window slides with the newest event
///
/// - An event that fits several steps goes to the one whose newest event is the oldest.
/// - What is older than the window before the newest event is forgotten, after how many steps were
///   done has been noted; what is just as old is not. When all are done the search ends.
/// - The times are those of the oldest event of each step, sorted: step 2 is the second one that was
///   done, whichever it is.
/// - An excluded event makes the person begin anew: what was done before it, and has not been noted,
///   is forgotten.
/// - Events of one moment are taken by the rank of their set, excluded ones last.
///
/// Source: PostHog, funnel-udf/src/unordered_steps.rs (8f6eaa2a).
struct AnyOrderMatcher: Matcher {
  private let stepCount: Int
  private let windowMilliseconds: Int64
  /// The times of the events of each step, the oldest first.
  private var queues: [Queue]
  private var doneCount = 0
  private var passage: Passage

  init(stepCount: Int, windowMilliseconds: Int64) {
    self.stepCount = stepCount
    self.windowMilliseconds = windowMilliseconds
    queues = Array(repeating: Queue(), count: stepCount)
    passage = Passage(stepCount: stepCount)
  }

  mutating func addPassages(
    of matches: ArraySlice<Match>, _ sets: StepSets, everyTry: Bool, to passages: inout [Passage]
  ) {
    forget()
    passage.level = 0
    for match in matches {
      take(match.time, sets.steps[match.set])
      if passage.level == stepCount { break }
    }
    note()
    guard passage.level > 0 else { return }
    let newest = queues.compactMap(\.last).max()
    passage.openUntil = passage.level == stepCount ? nil : newest.map { $0 + windowMilliseconds }
    passages.append(passage)
  }

  private mutating func forget() {
    for step in queues.indices { queues[step].removeAll() }
    doneCount = 0
  }

  private mutating func take(_ time: Int64, _ numbers: [Int]) {
    slide(to: time)
    guard let first = numbers.first, first <= stepCount else {
      if !numbers.isEmpty { forget() }
      return
    }
    var step = first
    for number in numbers where number <= stepCount {
      if (queues[number - 1].last ?? .min) < (queues[step - 1].last ?? .min) { step = number }
    }
    if queues[step - 1].first == nil { doneCount += 1 }
    queues[step - 1].append(time)
  }

  /// Forgets what is not in one window with an event of this time.
  private mutating func slide(to time: Int64) {
    while let oldest = oldestStep, let start = queues[oldest].first {
      if doneCount < stepCount, start + windowMilliseconds >= time { return }
      note()
      queues[oldest].removeFirst()
      if queues[oldest].first == nil { doneCount -= 1 }
    }
  }

  /// The index of the step with the oldest event, the first of equals.
  private var oldestStep: Int? {
    var oldest: Int?
    for step in queues.indices {
      guard let time = queues[step].first else { continue }
      if let known = oldest, let other = queues[known].first, other <= time { continue }
      oldest = step
    }
    return oldest
  }

  /// Notes what is done now, where it is more than ever before.
  private mutating func note() {
    guard doneCount > passage.level else { return }
    passage.level = doneCount
    let times = queues.compactMap(\.first).sorted()
    for index in times.indices { passage.times[index] = times[index] }
  }
}

/// Times in the order they came, taken away from the front.
private struct Queue: Sendable {
  private var times: [Int64] = []
  private var start = 0

  var first: Int64? { start < times.count ? times[start] : nil }
  var last: Int64? { start < times.count ? times[times.count - 1] : nil }

  mutating func append(_ time: Int64) { times.append(time) }

  mutating func removeFirst() {
    start += 1
    if start == times.count { removeAll() }
  }

  mutating func removeAll() {
    times.removeAll(keepingCapacity: true)
    start = 0
  }
}
