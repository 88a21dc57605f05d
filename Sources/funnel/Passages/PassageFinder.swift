import Events
import Pipes
import Records

/// A passage with what it is counted for.
struct CountedPassage: Sendable {
  var passage: Passage
  /// The value of `--by` that it is counted under.
  var group: UInt32
  /// The amount of the event of each step, empty without `--value`.
  var amounts: [Facets.Amount?] = []
}

/// Finds the passages of a person that are counted, by the options of ``FunnelCounting``.
///
///     events ─ sessions ─ groups ─ held values ─ view ─ matcher ─ passages ─ the best, or each
struct PassageFinder {
  private let definition: FunnelDefinition
  private let counting: FunnelCounting
  private let tables: ViewTables
  private let facets: Facets
  private let groupRanks: [Int]
  /// First steps from this moment on are none, under `--matured`.
  private let matured: Int64?
  private var matcher: any Matcher
  private var view = PersonView()
  private var found: [Passage] = []

  init(_ definition: FunnelDefinition, _ sets: StepSets, _ facets: Facets, _ run: Run) {
    self.definition = definition
    self.facets = facets
    counting = definition.counting
    tables = ViewTables(
      definition, sets, facets.facets, facetRanks: facets.ranks(run.breakdown))
    groupRanks = Facets.ranks(run.breakdown)
    matcher = definition.matcher()
    // The last moment of a window is in it: what entered a window ago may still go on.
    matured = run.asOf.flatMap { asOf in
      definition.counting.isMatured ? asOf.milliseconds - definition.windowMilliseconds : nil
    }
  }

  /// The ranks by which a person's events are sorted.
  var ranks: (sets: [Int], facets: [Int]) { (tables.ranks, tables.facetRanks) }

  /// The steps and exclusions that an event is.
  func numbers(of row: FacetedMatch) -> [Int] { tables.sets.steps[row.match.set] }

  /// The passages that are counted.
  ///
  /// - Parameter personGroup: the value of `--by` that counts for the person as a whole.
  mutating func passages(
    of events: ArraySlice<FacetedMatch>, personGroup: UInt32
  ) -> [CountedPassage] {
    passages(of: events, PersonView.Limits(matured: matured), personGroup)
  }

  /// The passages by the period in which they began: of persons and each value of `--by` one a period,
  /// of sessions and tries all.
  mutating func entries(
    of events: ArraySlice<FacetedMatch>, personGroup: UInt32, counted: [CountedPassage]
  ) -> [(period: Int32, entry: CountedPassage)] {
    guard counting.unit == .persons else {
      return counted.map { (counting.period(of: $0.passage.entry) ?? 0, $0) }
    }
    var periods: [Int32] = []
    for row in events where tables.isStep(1, row.match.set) {
      // Events are sorted by time.
      if let period = counting.period(of: row.match.time), periods.last != period {
        periods.append(period)
      }
    }
    return periods.flatMap { period in
      passages(of: events, PersonView.Limits(matured: matured, period: period), personGroup)
        .map { (period, $0) }
    }
  }

  private mutating func passages(
    of events: ArraySlice<FacetedMatch>, _ limits: PersonView.Limits, _ personGroup: UInt32
  ) -> [CountedPassage] {
    guard counting.unit == .sessions else { return split(events, limits, personGroup) }
    var counted: [CountedPassage] = []
    var start = events.startIndex
    for index in events.indices {
      let next = index + 1
      let ends =
        next == events.endIndex
        || counting.sessions.isIdle(from: events[index].match.time, to: events[next].match.time)
      guard ends else { continue }
      for var one in split(events[start..<next], limits, personGroup) {
        // With the session its tries end.
        let sessionEnd = events[index].match.time + counting.sessions.idleMilliseconds
        one.passage.openUntil = one.passage.openUntil.map { min($0, sessionEnd) }
        counted.append(one)
      }
      start = next
    }
    return counted
  }

  /// Makes each value of `--by` a funnel of its own, where that is asked for.
  private mutating func split(
    _ events: ArraySlice<FacetedMatch>, _ limits: PersonView.Limits, _ personGroup: UInt32
  ) -> [CountedPassage] {
    guard counting.isBrokenDown, counting.splitsByGroup else {
      return hold(events, limits, personGroup)
    }
    var counted: [CountedPassage] = []
    for (group, part) in parts(events) {
      var limits = limits
      limits.group = group
      counted += hold(part, limits, group)
    }
    return counted
  }

  /// The values of `--by` that a person has, each with the events that may matter to it.
  private func parts(
    _ events: ArraySlice<FacetedMatch>
  ) -> [(group: UInt32, events: ArraySlice<FacetedMatch>)] {
    var groups: [UInt32: [FacetedMatch]] = [:]
    let step = counting.attributedStep
    for row in events {
      let group = tables.facets[Int(row.facet)].group
      if let step {
        // Events of the other steps are in all of them.
        if tables.isStep(step, row.match.set), group != Breakdown.missing { groups[group] = [] }
      } else {
        groups[group, default: []].append(row)
      }
    }
    return groups.keys.sorted { groupRanks[Int($0)] < groupRanks[Int($1)] }
      .map { group in (group, step == nil ? (groups[group] ?? [])[...] : events) }
  }

  /// Takes the events of each held value by themselves.
  private mutating func hold(
    _ events: ArraySlice<FacetedMatch>, _ limits: PersonView.Limits, _ group: UInt32
  ) -> [CountedPassage] {
    guard !counting.holds.isEmpty else { return match(events, limits, group) }
    var limits = limits
    var counted: [CountedPassage] = []
    let parts = heldParts(events)
    var openUntil: Int64?
    for hold in heldValues(events, limits) {
      limits.hold = hold
      let passages = match(parts[hold]?[...] ?? events, limits, group)
      // Amplitude counts each pair of a person and a value; tries are counted each anyway.
      if counting.unit == .totals || definition.semantics == .amplitude {
        counted += passages
        continue
      }
      for passage in passages {
        if let end = passage.passage.openUntil { openUntil = max(openUntil ?? end, end) }
        if counted.isEmpty || passage.passage.isBetter(than: counted[0].passage) {
          counted = [passage]
        }
      }
    }
    // Who has not converted with one value may still do so with another.
    if let openUntil, counted.count == 1, counted[0].passage.level < definition.steps.count {
      counted[0].passage.openUntil = openUntil
    }
    return counted
  }

  /// The events of each held value, those without one in all; empty where events of other values matter
  /// too, as ones that stand between.
  private func heldParts(_ events: ArraySlice<FacetedMatch>) -> [UInt32: [FacetedMatch]] {
    guard !definition.keepsUnmatched else { return [:] }
    var parts: [UInt32: [FacetedMatch]] = [:]
    var others: [FacetedMatch] = []
    for row in events {
      let hold = tables.facets[Int(row.facet)].hold
      if hold == 0 { others.append(row) } else { parts[hold, default: []].append(row) }
    }
    // They only matter as exclusions; a view sorts its events.
    others.removeAll { row in
      tables.set(of: row, PersonView.Limits(hold: .max)) == nil
    }
    if !others.isEmpty { for hold in parts.keys { parts[hold]? += others } }
    return parts
  }

  /// The values with which a person may enter, in the order of their first entry.
  private func heldValues(
    _ events: ArraySlice<FacetedMatch>, _ limits: PersonView.Limits
  ) -> [UInt32] {
    var holds: [UInt32] = []
    var seen: Set<UInt32> = [0]
    for row in events {
      let hold = tables.facets[Int(row.facet)].hold
      guard !seen.contains(hold), let set = tables.set(of: row, limits),
        tables.isStep(1, set)
      else { continue }
      seen.insert(hold)
      holds.append(hold)
      // Mixpanel: a person enters once, by the first entry's value.
      let isOnce = definition.semantics == .mixpanel && !definition.isReentryOptimized
      if isOnce, counting.unit != .totals { break }
    }
    return holds
  }

  private mutating func match(
    _ events: ArraySlice<FacetedMatch>, _ limits: PersonView.Limits, _ group: UInt32
  ) -> [CountedPassage] {
    view.take(events, limits, tables)
    found.removeAll(keepingCapacity: true)
    matcher.addPassages(
      of: view.matches[...], tables.sets, everyTry: counting.unit == .totals, to: &found)
    return found.map { passage in
      var counted = CountedPassage(passage: passage, group: group)
      guard counting.keepsFacets else { return counted }
      let steps = view.facets(of: passage, tables)
      if counting.isBrokenDown, !counting.splitsByGroup, counting.unit != .persons {
        counted.group = attributed(steps)
      }
      if counting.value != nil {
        counted.amounts = steps.map { facet in
          facet.flatMap { facets.amountValue(tables.facets[Int($0)].amount) }
        }
      }
      return counted
    }
  }

  /// The first or the last value of `--by` among the events of a passage.
  private func attributed(_ steps: [UInt32?]) -> UInt32 {
    let groups = steps.compactMap { $0.map { tables.facets[Int($0)].group } }
    let known = groups.filter { $0 != Breakdown.missing }
    let group = counting.attribution == .last ? known.last : known.first
    return group ?? groups.first ?? 0
  }
}
