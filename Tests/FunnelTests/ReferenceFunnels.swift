/// An event of a person for the slow funnels: its second, and the steps that it matches.
struct ReferenceEvent: Sendable {
  let time: Int
  let steps: [Int]
}

/// Events in the order of time; those of one moment in an order that arrival does not change.
///
/// The engines take equal events as they came, which a few sets of modes let show.
private func ordered(_ events: [ReferenceEvent]) -> [ReferenceEvent] {
  events.sorted { left, right in
    left.time != right.time
      ? left.time < right.time : left.steps.lexicographicallyPrecedes(right.steps)
  }
}

/// ClickHouse's `windowFunnel` as its source is described in ../shared/reference/field.md §2.1.
///
/// Written to be read, not to be fast; nothing of it is taken from `funnel`.
struct ReferenceWindowFunnel {
  let stepCount: Int
  let window: Int
  let modes: Set<String>

  private struct Chain {
    var first: Int
    var last: Int
    var rows: Set<Int>
  }

  private struct Row {
    let time: Int
    let step: Int
    let number: Int
  }

  /// The rows that the engine keeps, sorted by time and step; step 0 is an event of no step.
  private func rows(_ events: [ReferenceEvent]) -> [Row] {
    var rows: [Row] = []
    for (number, event) in ordered(events).enumerated() {
      for step in event.steps { rows.append(Row(time: event.time, step: step, number: number)) }
      if event.steps.isEmpty, modes.contains("strict_order") {
        rows.append(Row(time: event.time, step: 0, number: number))
      }
    }
    return rows.enumerated().sorted { left, right in
      (left.element.time, left.element.step, left.offset)
        < (right.element.time, right.element.step, right.offset)
    }.map(\.element)
  }

  /// The highest level that a person reaches.
  func level(_ events: [ReferenceEvent]) -> Int {
    var chains = [[Chain]](repeating: [], count: stepCount + 1)
    for row in rows(events) {
      let hasEntered = !chains[1].isEmpty
      if row.step == 0 {
        if hasEntered { break }
        continue
      }
      if row.step == 1 {
        let chain = Chain(first: row.time, last: row.time, rows: [row.number])
        if modes.contains("strict_once") { chains[1].append(chain) } else { chains[1] = [chain] }
        continue
      }
      if modes.contains("strict_deduplication"), !chains[row.step].isEmpty { break }
      if modes.contains("strict_order"), hasEntered, chains[row.step - 1].isEmpty {
        if modes.contains("allow_reentry") { continue }
        break
      }
      advance(&chains, row)
      if !chains[stepCount].isEmpty { return stepCount }
    }
    return chains.lastIndex { !$0.isEmpty } ?? 0
  }

  private func advance(_ chains: inout [[Chain]], _ row: Row) {
    let isOnce = modes.contains("strict_once")
    for chain in chains[row.step - 1] where row.time <= chain.first + window {
      if isOnce, chain.rows.contains(row.number) { continue }
      if modes.contains("strict_increase"), chain.last >= row.time { continue }
      var next = chain
      next.last = row.time
      next.rows.insert(row.number)
      if isOnce { chains[row.step].append(next) } else { chains[row.step] = [next] }
    }
  }
}

/// PostHog's funnel as its source is described in ../shared/reference/field.md §1.1.
struct ReferenceSteps {
  let stepCount: Int
  let window: Int
  let isStrict: Bool

  private struct Try {
    /// When its first step was.
    var entered: Int
    var events: [Int]
  }

  /// The highest level that a person reaches.
  ///
  /// Without strictness events of no step are not asked for, so they make no ties.
  func level(_ events: [ReferenceEvent]) -> Int {
    let sorted = Array(
      ordered(events.filter { isStrict || !$0.steps.isEmpty }).enumerated())
    var tries = [Try?](repeating: nil, count: stepCount + 1)
    var furthest = 0
    var index = 0
    while index < sorted.count, tries[stepCount] == nil {
      let time = sorted[index].element.time
      let tied = sorted[index...].prefix { $0.element.time == time }
      index += tied.count
      let differ = tied.contains { $0.element.steps != tied.first?.element.steps }
      if differ {
        for step in 1...stepCount {
          for event in tied where event.element.steps.contains(step) {
            advance(&tries, &furthest, step, time, event.offset, isTied: true)
          }
        }
      } else {
        for event in tied where tries[stepCount] == nil {
          for step in event.element.steps.reversed() {
            advance(&tries, &furthest, step, time, event.offset, isTied: false)
          }
          if isStrict {
            for step in 1...stepCount where !event.element.steps.contains(step) {
              tries[step] = nil
            }
          }
        }
      }
    }
    return furthest
  }

  private func advance(
    _ tries: inout [Try?], _ furthest: inout Int, _ step: Int, _ time: Int, _ event: Int,
    isTied: Bool
  ) {
    let before = step == 1 ? Try(entered: time, events: []) : tries[step - 1]
    guard let before, time - before.entered <= window else { return }
    // A try that has this step already keeps the event that it took for it.
    if let reached = tries[step], reached.entered == before.entered { return }
    if isTied, before.events.contains(event) { return }
    tries[step] = Try(entered: before.entered, events: before.events + [event])
    furthest = max(furthest, step)
  }
}
