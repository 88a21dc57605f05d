import Events
import Records

/// The part of a person's events that a matcher is given: which events, and as which steps.
///
///     all events          A/x 0   B/y 1   B/x 2   C/x 3
///     --hold, value x     A/x 0           B/x 2   C/x 3
///
/// An event without the held value is no step in any view; as an exclusion it stands in all of them. One
/// that is none of the steps in a view is left out of it, unless such events matter to the
/// rules.
struct PersonView: Sendable {
  /// The events of the view, sorted as matchers want them.
  private(set) var matches: [Match] = []
  /// The facet of each.
  private var facets: [UInt32] = []
  private var rows: [FacetedMatch] = []

  /// What is left out of a person's events.
  struct Limits {
    /// First steps from this moment on are none.
    var matured: Int64?
    /// First steps of other periods are none.
    var period: Int32?
    /// Events of other groups are left out, or are not the attributed step.
    var group: UInt32?
    /// Events with other held values are left out.
    var hold: UInt32?
  }

  /// Becomes the view of some events.
  mutating func take(
    _ events: ArraySlice<FacetedMatch>, _ limits: Limits, _ tables: ViewTables
  ) {
    rows.removeAll(keepingCapacity: true)
    for row in events {
      guard let set = tables.set(of: row, limits) else { continue }
      rows.append(
        FacetedMatch(match: Match(time: row.match.time, set: set), facet: row.facet))
    }
    rows.sort(from: 0, to: rows.count) { left, right in tables.precedes(left, right) }
    matches.removeAll(keepingCapacity: true)
    facets.removeAll(keepingCapacity: true)
    for row in rows {
      matches.append(row.match)
      facets.append(row.facet)
    }
  }

  /// The facet of the event that took a passage to each of its steps, `nil` for a step left out.
  ///
  /// Of several events of one moment it is the first in the order of the view that no earlier step
  /// used, unless one event may be two steps.
  func facets(of passage: Passage, _ tables: ViewTables) -> [UInt32?] {
    var used: [Int] = []
    return (1...passage.level).map { step in
      let time = passage.times[step - 1]
      guard time != Passage.skipped else { return nil }
      var index = firstPlace(in: matches.indices) { matches[$0].time >= time }
      while index < matches.count, matches[index].time == time {
        let isStep = tables.isStep(step, matches[index].set)
        if isStep, tables.sharesEvents || !used.contains(index) {
          used.append(index)
          return facets[index]
        }
        index += 1
      }
      return nil
    }
  }
}

/// What views look up: sets without some of their steps, and the order of rows.
struct ViewTables: Sendable {
  /// All sets, those that views make too.
  private(set) var sets: StepSets
  let facets: [Facets.Facet]
  /// Whether one event may be two steps.
  let sharesEvents: Bool
  private let definition: FunnelDefinition
  private let counting: FunnelCounting
  let ranks: [Int]
  let facetRanks: [Int]
  private let withoutFirst: [Int]
  private let withoutAttributed: [Int]
  private let withoutSteps: [Int]
  private let nothing: Int

  init(
    _ definition: FunnelDefinition, _ sets: StepSets, _ facets: [Facets.Facet],
    facetRanks: [Int]
  ) {
    self.definition = definition
    counting = definition.counting
    self.facets = facets
    self.facetRanks = facetRanks
    sharesEvents = definition.semantics == .clickhouse && !definition.modes.contains(.strictOnce)
    // Each table takes in the sets that the one before it makes: so they are applied in this order.
    var sets = sets
    let stepCount = definition.steps.count
    let attributed = definition.counting.attributedStep
    let other = definition.otherValue?.number
    withoutFirst = sets.replacing { $0 == 1 ? nil : $0 }
    withoutAttributed = sets.replacing { $0 == attributed ? other : $0 }
    withoutSteps = sets.replacing { $0 <= stepCount || $0 == other ? nil : $0 }
    nothing = sets.number([])
    ranks = sets.ranks()
    self.sets = sets
  }

  /// Whether an event with a set is a step at all, not only an exclusion.
  func isAnyStep(_ set: Int) -> Bool { (sets.steps[set].first ?? .max) <= definition.steps.count }

  /// Whether an event with a set can be the step of a passage with a number.
  func isStep(_ step: Int, _ set: Int) -> Bool {
    guard definition.order != .any else { return isAnyStep(set) }
    return sets.steps[set].contains(step)
  }

  /// The set of an event in a view, `nil` where it is not in it.
  func set(of row: FacetedMatch, _ limits: PersonView.Limits) -> Int? {
    var set = row.match.set
    let isMature = limits.matured.map { row.match.time < $0 } ?? true
    let isInPeriod = limits.period.map { counting.period(of: row.match.time) == $0 } ?? true
    if !isMature || !isInPeriod { set = withoutFirst[set] }
    let facet = facets[Int(row.facet)]
    if let group = limits.group, facet.group != group {
      guard counting.attributedStep != nil else { return nil }
      set = withoutAttributed[set]
    }
    // An excluded event without the held value excludes whatever the value is.
    if let hold = limits.hold, facet.hold != hold {
      set = facet.hold == 0 ? withoutSteps[set] : nothing
    }
    return sets.steps[set].isEmpty && !definition.keepsUnmatched ? nil : set
  }

  /// The order of rows.
  func precedes(_ left: FacetedMatch, _ right: FacetedMatch) -> Bool {
    left.precedes(right, ranks: ranks, facetRanks: facetRanks)
  }
}
