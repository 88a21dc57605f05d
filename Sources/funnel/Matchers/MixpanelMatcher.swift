/// Mixpanel's funnel in specific order, as its documentation tells it; no engine confirms it.
///
///     window 20    A 0 · A 15 · B 25      first: A 0 alone, dropped      optimized: A 15 → B 25
///
/// - The window counts from the entry, 7 days where nothing else is said; later first steps do not
///   reset it, and its end is included. Each further step is the first event of it in the window.
/// - First (default): a person enters once, by the first event of step 1. `--count totals`: again
///   after having converted, timed out or met an exclusion.
/// - `--reentry optimized`: each event of step 1 enters; the furthest entry counts, of equals the one
///   that came there earliest, of those the one nearest to its second step.
/// - Grace: two steps that follow each other may be in either order within 2 s. Without it
///   (`--tie-grace 0s`) events of one moment are taken in the order that helps least, since the order
///   of their arrival is not kept: those of higher steps first.
/// - Exclusion between the steps m and n: the entry ends there and stays counted. An excluded event
///   within the grace of a step that it stands beside is taken to be on that step's other side.
/// - One event is one step of an entry.
///
/// Source: Mixpanel, docs/reports/funnels/funnels-advanced and funnels-faq (0023cfed).
struct MixpanelMatcher: Matcher {
  private let rules: MixpanelRules
  private let stepCount: Int

  /// The person's events in the order that they are looked at.
  private var matches: [Match] = []
  /// The places of the events of each step and, behind the steps, of each exclusion.
  private var places: [[Int]]

  /// One entry: how far it came, and the last place that belongs to it.
  private struct Attempt {
    var times: [Int64]
    var openUntil: Int64?
    var end: Int
  }

  init(_ rules: MixpanelRules) {
    self.rules = rules
    stepCount = rules.stepCount
    places = Array(repeating: [], count: rules.stepCount + rules.exclusions.count)
  }

  mutating func addPassages(
    of matches: ArraySlice<Match>, _ sets: StepSets, everyTry: Bool, to passages: inout [Passage]
  ) {
    order(matches)
    index(sets)
    if rules.isReentryOptimized { return addBest(to: &passages) }
    var start = 0
    for index in places[0].indices where places[0][index] >= start {
      let attempt = firstAttempt(at: index)
      passages.append(passage(attempt.times, attempt.openUntil))
      guard everyTry else { return }
      start = attempt.end + 1
    }
  }

  /// The try of a first step, or of another one of its moment that comes further.
  private func firstAttempt(at index: Int) -> Attempt {
    var best = attempt(from: places[0][index])
    let moment = matches[places[0][index]].time
    for other in places[0][(index + 1)...].prefix(while: { matches[$0].time == moment }) {
      let attempt = attempt(from: other)
      if attempt.times.count > best.times.count { best = attempt }
    }
    return best
  }

  /// The best of all entries.
  private func addBest(to passages: inout [Passage]) {
    var best: [Int64] = []
    var openUntil: Int64?
    for entry in places[0] {
      let attempt = attempt(from: entry)
      if isBetter(attempt.times, than: best) { best = attempt.times }
      if let until = attempt.openUntil { openUntil = max(openUntil ?? until, until) }
    }
    guard !best.isEmpty else { return }
    passages.append(passage(best, best.count == stepCount ? nil : openUntil))
  }

  /// Whether an entry with these times counts rather than an earlier one.
  private func isBetter(_ times: [Int64], than best: [Int64]) -> Bool {
    let level = times.count
    guard level == best.count, level > 1 else { return level > best.count }
    if times[level - 1] != best[level - 1] { return times[level - 1] < best[level - 1] }
    return abs(times[1] - times[0]) < abs(best[1] - best[0])
  }

  private func passage(_ times: [Int64], _ openUntil: Int64?) -> Passage {
    var passage = Passage(stepCount: stepCount)
    passage.level = times.count
    for index in times.indices { passage.times[index] = times[index] }
    passage.openUntil = openUntil
    return passage
  }

  /// Takes the events over, without a grace those of one moment from the highest steps down.
  private mutating func order(_ matches: ArraySlice<Match>) {
    self.matches.removeAll(keepingCapacity: true)
    guard rules.graceMilliseconds == 0 else { return self.matches.append(contentsOf: matches) }
    var start = matches.startIndex
    while start < matches.endIndex {
      var end = start + 1
      while end < matches.endIndex, matches[end].time == matches[start].time { end += 1 }
      self.matches.append(contentsOf: matches[start..<end].reversed())
      start = end
    }
  }

  private mutating func index(_ sets: StepSets) {
    for number in places.indices { places[number].removeAll(keepingCapacity: true) }
    for place in matches.indices {
      for number in sets.steps[matches[place].set] { places[number - 1].append(place) }
    }
  }

  /// Follows one entry as far as it comes.
  private func attempt(from entry: Int) -> Attempt {
    let start = matches[entry].time
    let end = start + rules.windowMilliseconds
    var used = [entry]
    var times = [start]
    while times.count < stepCount {
      let next = next(after: used, until: end)
      if let excluded = exclusion(after: times, until: end),
        next.map({ matches[$0].time > matches[excluded].time + rules.graceMilliseconds }) ?? true
      {
        return Attempt(times: times, openUntil: nil, end: max(excluded, used.max() ?? excluded))
      }
      guard let next else {
        // All that is in the window is passed over before the person can enter again.
        let rest = firstPlace(in: matches.indices) { matches[$0].time > end }
        return Attempt(times: times, openUntil: end, end: rest - 1)
      }
      used.append(next)
      times.append(matches[next].time)
    }
    return Attempt(times: times, openUntil: nil, end: used.max() ?? entry)
  }

  /// The first event of the next step, within the grace of the one before it.
  private func next(after used: [Int], until end: Int64) -> Int? {
    let places = places[used.count]
    let last = used[used.count - 1]
    let earliest = matches[last].time - rules.graceMilliseconds
    var index = firstPlace(in: places.indices) { index in
      rules.graceMilliseconds == 0 ? places[index] > last : matches[places[index]].time >= earliest
    }
    while index < places.count, used.contains(places[index]) { index += 1 }
    guard index < places.count, matches[places[index]].time <= end else { return nil }
    return places[index]
  }

  /// The first excluded event behind the step reached.
  private func exclusion(after times: [Int64], until end: Int64) -> Int? {
    let step = times.count
    let latest = times[step - 1] + rules.graceMilliseconds
    var first: Int?
    for (number, range) in rules.exclusions.enumerated()
    where range.lowerBound <= step && step < range.upperBound {
      let places = places[stepCount + number]
      let index = firstPlace(in: places.indices) { matches[places[$0]].time > latest }
      guard index < places.count, matches[places[index]].time <= end else { continue }
      first = min(first ?? places[index], places[index])
    }
    return first
  }
}

/// What Mixpanel's funnel asks for, read once.
struct MixpanelRules: Sendable {
  let stepCount: Int
  let windowMilliseconds: Int64
  let graceMilliseconds: Int64
  let isReentryOptimized: Bool
  /// Between which steps each exclusion stands.
  let exclusions: [ClosedRange<Int>]
}

/// The first of ascending places for which a condition holds from there on; the end for none.
func firstPlace(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
  var (low, high) = (range.lowerBound, range.upperBound)
  while low < high {
    let middle = low + (high - low) / 2
    if holds(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}
