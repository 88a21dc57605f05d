import Events
import Records

/// An event with what is kept of it beside its time and steps.
struct FacetedMatch: Sendable, BitwiseCopyable {
  var match: Match
  /// The number of its ``Facets/Facet``, 0 where nothing is kept.
  var facet: UInt32

  /// Any one.
  fileprivate static let blank = FacetedMatch(match: Match(time: 0, set: 0), facet: 0)

  /// Whether it comes first: by time, then by the rank of its set, then by that of its facet.
  @inline(__always)
  func precedes(_ other: FacetedMatch, ranks: [Int], facetRanks: [Int]) -> Bool {
    if match.time != other.match.time { return match.time < other.match.time }
    let (rank, otherRank) = (ranks[match.set], ranks[other.match.set])
    if rank != otherRank { return rank < otherRank }
    return facetRanks[Int(facet)] < facetRanks[Int(other.facet)]
  }
}

/// What a funnel keeps of the events: twelve bytes each, and four for a facet where one is asked for.
///
///     persons   [ 7      ][ 7      ][ 12     ] …     number of the person's id, 4 bytes
///     matches   [time|set][time|set][time|set] …
///     facets    [ 3      ][ 0      ][ 3      ] …
///
/// Rows are written in arrival order and read by person and time, so that the order of arrival
/// changes nothing.
struct MatchLog: Sendable {
  private var persons: [UInt32] = []
  private var matches: [Match] = []
  private var facets: [UInt32] = []

  /// Bytes of the larger array.
  var largestArrayBytes: Int { matches.count * MemoryLayout<Match>.stride }

  /// Adds an event.
  mutating func append(person: UInt32, _ match: Match) {
    if persons.count == persons.capacity { persons.growInLargePages() }
    persons.append(person)
    if matches.count == matches.capacity { matches.growInLargePages() }
    matches.append(match)
  }

  /// Adds an event with a facet; all events have one or none has.
  mutating func append(person: UInt32, _ match: Match, facet: UInt32) {
    append(person: person, match)
    if facets.count == facets.capacity { facets.growInLargePages() }
    facets.append(facet)
  }

  /// Hands the matches of each person over, sorted by time and then by the rank of their set.
  ///
  /// - Parameters:
  ///   - roots: the person of each id.
  ///   - ranks: the rank of each set.
  ///   - body: gets a person and the matches; persons come in the order of their numbers.
  func forEachPerson(
    _ roots: [UInt32], ranks: [Int], _ body: (UInt32, ArraySlice<Match>) -> Void
  ) {
    forEachPerson(
      roots, Match(time: 0, set: 0), { matches[$0] },
      { left, right in
        left.time != right.time ? left.time < right.time : ranks[left.set] < ranks[right.set]
      }, body)
  }

  /// Hands the matches of each person over with their facets, by whose rank equal ones are sorted.
  func forEachPerson(
    _ roots: [UInt32], ranks: [Int], facetRanks: [Int],
    _ body: (UInt32, ArraySlice<FacetedMatch>) -> Void
  ) {
    forEachPerson(
      roots, .blank, { facetedMatch($0) },
      { $0.precedes($1, ranks: ranks, facetRanks: facetRanks) }, body)
  }

  /// The matches of each person with their facets, in the same order.
  func byPerson(
    _ roots: [UInt32], ranks: [Int], facetRanks: [Int]
  ) -> RowsByPerson<FacetedMatch> {
    var (rows, ends) = groupedByPerson(persons, roots, blank: .blank) { facetedMatch($0) }
    var start = 0
    for end in ends where start < end {
      rows.sort(from: start, to: end) { $0.precedes($1, ranks: ranks, facetRanks: facetRanks) }
      start = end
    }
    return RowsByPerson(rows: rows, ends: ends)
  }

  private func facetedMatch(_ index: Int) -> FacetedMatch {
    FacetedMatch(match: matches[index], facet: facets.isEmpty ? 0 : facets[index])
  }

  @inline(__always)
  private func forEachPerson<Row: BitwiseCopyable>(
    _ roots: [UInt32], _ blank: Row, _ row: (Int) -> Row, _ precedes: (Row, Row) -> Bool,
    _ body: (UInt32, ArraySlice<Row>) -> Void
  ) {
    var (rows, ends) = groupedByPerson(persons, roots, blank: blank, row)
    var start = 0
    for person in roots.indices where start < ends[person] {
      let end = ends[person]
      rows.sort(from: start, to: end, by: precedes)
      body(UInt32(truncatingIfNeeded: person), rows[start..<end])
      start = end
    }
  }
}
