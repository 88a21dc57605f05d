import Records

/// Finds the cohorts of a person, and in which brackets the person came back to each.
///
///     days     start·back    back    start·back    back
///     period   7             8       10            13
///     cohorts  7 → came back after 1, 3, 6;   10 → after 3
///
/// A return is an event later than the start of the cohort, or in a later period. In its own period that
/// is told by the time of the event; two events of one moment do not follow each other.
struct RetentionFinder {
  private let definition: RetentionDefinition
  private let maxOffset: Int
  /// The bracket of each number of periods after the start, -1 for none.
  private var brackets: [Int]
  private var starts: [(period: Int32, time: Int64)] = []
  private var returns: [(period: Int32, first: Int64, last: Int64)] = []
  private var hits: [Bool]

  init(_ definition: RetentionDefinition) {
    self.definition = definition
    maxOffset = definition.brackets.last?.upperBound ?? 0
    brackets = Array(repeating: -1, count: maxOffset + 1)
    for (number, bracket) in definition.brackets.enumerated() {
      for offset in bracket { brackets[offset] = number }
    }
    hits = Array(repeating: false, count: definition.brackets.count)
  }

  /// Hands over each cohort that a person is in, with the brackets of the returns.
  mutating func forEachCohort(of days: [PersonDay], _ body: (Int32, [Bool]) -> Void) {
    gather(days)
    var firstReturn = 0
    for start in definition.isFirstTime ? starts.prefix(1) : starts[...] {
      for bracket in hits.indices { hits[bracket] = false }
      while firstReturn < returns.count, returns[firstReturn].period < start.period {
        firstReturn += 1
      }
      if definition.isOnOrAfter {
        hitUpToLast(of: start, from: firstReturn)
      } else {
        hitEach(of: start, from: firstReturn)
      }
      body(start.period, hits)
    }
  }

  /// Brings the days together: the first start of each period, the returns of each period or slot.
  private mutating func gather(_ days: [PersonDay]) {
    starts.removeAll(keepingCapacity: true)
    returns.removeAll(keepingCapacity: true)
    for day in days {
      let period = definition.periods.index(ofDay: day.day)
      if day.marks.contains(.start), starts.last?.period != period {
        starts.append((period, day.firstStart))
      }
      guard day.marks.contains(.back) else { continue }
      if !definition.isRolling, let last = returns.last, last.period == period {
        returns[returns.count - 1].last = max(last.last, day.lastReturn)
      } else {
        returns.append((period, day.firstReturn, day.lastReturn))
      }
    }
  }

  private mutating func hitEach(of start: (period: Int32, time: Int64), from firstReturn: Int) {
    for index in firstReturn..<max(returns.count, firstReturn) {
      let one = returns[index]
      guard definition.isRolling else {
        let offset = offset(of: one, after: start)
        if offset > maxOffset { return }
        hit(offset)
        continue
      }
      // A slot is shorter than a period, so that its first and last return are in all that it reaches.
      let first = rollingOffset(one.first, after: start)
      if first > maxOffset { return }
      hit(first)
      hit(rollingOffset(one.last, after: start))
    }
  }

  private mutating func hitUpToLast(
    of start: (period: Int32, time: Int64), from firstReturn: Int
  ) {
    guard firstReturn < returns.count, let last = returns.last else { return }
    let offset =
      definition.isRolling
      ? rollingOffset(last.last, after: start) : offset(of: last, after: start)
    for (number, bracket) in definition.brackets.enumerated() where bracket.lowerBound <= offset {
      hits[number] = true
    }
  }

  private mutating func hit(_ offset: Int) {
    guard offset >= 0, offset <= maxOffset, case let bracket = brackets[offset], bracket >= 0
    else { return }
    hits[bracket] = true
  }

  /// How many calendar periods behind the start a return is; -1 where it is before it.
  private func offset(
    of one: (period: Int32, first: Int64, last: Int64), after start: (period: Int32, time: Int64)
  ) -> Int {
    let offset = Int(one.period) - Int(start.period)
    if offset > 0 { return offset }
    return definition.needsTimes && one.last > start.time ? 0 : -1
  }

  /// How many whole periods behind the start a moment is; -1 where it is not behind it.
  private func rollingOffset(_ time: Int64, after start: (period: Int32, time: Int64)) -> Int {
    time > start.time ? Int((time - start.time) / definition.periodMilliseconds) : -1
  }
}
