/// Amplitude's funnel in this or in exact order, as its documentation tells it; no engine confirms it.
///
///     second   10           11        15
///     events   {B} {A}      {noise}   {C}         A B C: of one second any order, so level 3
///
/// - Time is whole seconds. Different events of one second are in whichever order helps; like events
///   of one second, which are those that match the same steps, are one.
/// - One event is one step. Each step is the first that comes at or after the second of the step
///   before, within the window from the first one, its end included.
/// - Earliest-longest: of all entries the one that comes furthest counts, of equals the earliest.
/// - Exact order: the next second that has any event of the person must go on; other events of the
///   seconds that the steps are in do not matter.
///
/// Within a second the most steps that follow each other are matched with different events
/// (augmenting paths), so that an event that fits several steps is used where it helps.
///
/// Source: Amplitude, funnel-analysis-how-amplitude-handles-simultaneous-events,
/// -how-amplitude-computes and -how-amplitude-computes-conversions (2d582a90).
struct AmplitudeMatcher: Matcher {
  private let stepCount: Int
  private let windowSeconds: Int64
  private let isExact: Bool

  /// The events of one second that differ.
  private struct Second {
    let second: Int64
    var events: Range<Int>
  }

  private var seconds: [Second] = []
  /// The different events of each second, each the first of its like.
  private var events: [Match] = []
  /// The seconds in which each step occurs, as indices of ``seconds``.
  private var places: [[Int]]

  init(stepCount: Int, windowMilliseconds: Int64, isExact: Bool) {
    self.stepCount = stepCount
    windowSeconds = AmplitudeMatcher.second(windowMilliseconds)
    self.isExact = isExact
    places = Array(repeating: [], count: stepCount)
  }

  /// The whole second that a time in milliseconds lies in.
  private static func second(_ time: Int64) -> Int64 {
    time >= 0 ? time / 1000 : (time + 1) / 1000 - 1
  }

  mutating func addPassages(
    of matches: ArraySlice<Match>, _ sets: StepSets, everyTry: Bool, to passages: inout [Passage]
  ) {
    index(matches, sets)
    var best = Passage(stepCount: stepCount)
    var openUntil: Int64?
    for entry in places[0] {
      let passage = passage(from: entry, sets)
      if let until = passage.openUntil { openUntil = max(openUntil ?? until, until) }
      if passage.level > best.level { best = passage }
      if best.level == stepCount { break }
    }
    guard best.level > 0 else { return }
    best.openUntil = best.level == stepCount ? nil : openUntil
    passages.append(best)
  }

  private mutating func index(_ matches: ArraySlice<Match>, _ sets: StepSets) {
    seconds.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    for step in places.indices { places[step].removeAll(keepingCapacity: true) }
    var seen: Set<Int> = []
    for match in matches {
      let second = AmplitudeMatcher.second(match.time)
      if seconds.last?.second != second {
        seconds.append(Second(second: second, events: events.count..<events.count))
        seen.removeAll(keepingCapacity: true)
      }
      guard seen.insert(match.set).inserted else { continue }
      events.append(match)
      let last = seconds.count - 1
      seconds[last].events = seconds[last].events.lowerBound..<events.count
      for step in sets.steps[match.set] where places[step - 1].last != last {
        places[step - 1].append(last)
      }
    }
  }

  /// Follows the entry of a second as far as it comes.
  private func passage(from entry: Int, _ sets: StepSets) -> Passage {
    let last = seconds[entry].second + windowSeconds
    var passage = Passage(stepCount: stepCount)
    if isExact {
      var seen: Set<[Int]> = []
      passage = exactPassage(passage, from: entry, until: last, sets, &seen)
    } else {
      var place = entry
      while place < seconds.count, seconds[place].second <= last {
        takeSteps(of: place, &passage, sets)
        if passage.level == stepCount { break }
        place = nextPlace(of: passage.level, after: place)
      }
      passage.openUntil = last * 1000 + 999
    }
    if passage.level == stepCount { passage.openUntil = nil }
    return passage
  }

  /// Goes on from second to second without a gap, as far as it comes.
  ///
  /// Where a step could be taken in this second or in the next one, both are tried.
  ///
  /// - Parameter seen: the seconds and levels that were tried before, and came no further.
  private func exactPassage(
    _ start: Passage, from place: Int, until last: Int64, _ sets: StepSets,
    _ seen: inout Set<[Int]>
  ) -> Passage {
    guard place < seconds.count, seconds[place].second <= last else {
      var open = start
      open.openUntil = last * 1000 + 999
      return open
    }
    guard seen.insert([place, start.level]).inserted else { return start }
    var furthest = start
    takeSteps(of: place, &furthest, sets)
    var best = furthest
    var level = furthest.level
    while level > start.level, best.level < stepCount {
      var passage = start
      takeSteps(of: place, &passage, sets, upTo: level)
      let next = exactPassage(passage, from: place + 1, until: last, sets, &seen)
      if next.level > best.level || next.level == best.level && best.openUntil == nil {
        best = next
      }
      level -= 1
    }
    return best
  }

  /// The next second with the step behind a level.
  private func nextPlace(of level: Int, after place: Int) -> Int {
    let places = places[level]
    let index = firstPlace(in: places.indices) { places[$0] > place }
    return index < places.count ? places[index] : seconds.count
  }

  /// Takes as many of the next steps as the events of a second allow, each by another event.
  private func takeSteps(
    of place: Int, _ passage: inout Passage, _ sets: StepSets, upTo limit: Int = .max
  ) {
    let range = seconds[place].events
    let first = passage.level
    // The step that each event is used for, counted from 0; nil for none.
    var uses = [Int?](repeating: nil, count: range.count)

    /// Finds an event for a step, moving other steps to other events where that is needed.
    func assign(_ step: Int, _ tried: inout [Bool]) -> Bool {
      let fitting = range.filter { sets.steps[events[$0].set].contains(step + 1) }
        .map { $0 - range.lowerBound }
      if let free = fitting.first(where: { uses[$0] == nil }) {
        uses[free] = step
        return true
      }
      for event in fitting where !tried[event] {
        tried[event] = true
        guard let other = uses[event], assign(other, &tried) else { continue }
        uses[event] = step
        return true
      }
      return false
    }
    while passage.level < min(stepCount, limit) {
      var tried = [Bool](repeating: false, count: range.count)
      guard assign(passage.level, &tried) else { break }
      passage.level += 1
    }
    for (event, step) in uses.enumerated() {
      guard let step, step >= first else { continue }
      passage.times[step] = events[range.lowerBound + event].time
    }
  }
}
