import Events
import Pipes
import Records

/// What a funnel knows of each person as bytes.
///
///     person = [count of matches] ([time][set of steps][facet])… [folded words] [value of --by] [stage] [behaviours]
///
/// Matches come by person and time, so that the same events give the same bytes.
extension Funnel {
  func encode(into state: inout StateWriter) {}

  mutating func decode(_ state: inout StateReader) throws(StateError) {}

  func encode(into archive: inout PersonArchive) {
    let (breakdown, ids) = (archive.breakdown, archive.ids)
    let rows = matchesByPerson(archive.roots, breakdown)
    let keepsFacets = definition.counting.keepsFacets
    let conduct = behaviours?.byPerson(archive.roots)
    var start = 0
    archive.writeEach { person, state in
      // Not every person is written.
      while start < rows.count, rows[start].person < person { start += 1 }
      var end = start
      while end < rows.count, rows[end].person == person { end += 1 }
      state.write(end - start)
      for row in rows[start..<end] {
        state.write(Moment(milliseconds: row.event.match.time))
        state.write(name: conditions.sets.key(row.event.match.set))
        if keepsFacets { facets.encode(row.event.facet, breakdown, into: &state) }
      }
      start = end
      folded.encode(person, into: &state)
      if hasPersonGroups { touches.encode(ids[person], breakdown, into: &state) }
      stages?.encode(person, into: &state)
      if let conduct { behaviours?.encode(conduct[person], into: &state) }
    }
  }

  /// The events that are kept one by one, each with the root of its person, ordered by person and
  /// time.
  private func matchesByPerson(
    _ roots: [UInt32], _ breakdown: Breakdown
  ) -> [(person: UInt32, event: FacetedMatch)] {
    if isFolding {
      return folded.recentByPerson(roots).map { ($0, FacetedMatch(match: $1, facet: 0)) }
    }
    var rows: [(person: UInt32, event: FacetedMatch)] = []
    log.forEachPerson(
      roots, ranks: conditions.sets.ranks(), facetRanks: facets.ranks(breakdown)
    ) { person, events in
      for event in events { rows.append((person, event)) }
    }
    return rows
  }

  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ persons: Persons, _ breakdown: inout Breakdown
  ) throws(StateError) {
    for _ in 0..<(try state.count()) {
      let time = try state.moment()
      guard time.isWritable else { throw StateError("a time is out of range") }
      let set = try conditions.sets.number(
        key: try state.name(), upTo: conditions.count)
      guard set < definition.setsMax else { throw StateError("there are too many sets of steps") }
      let match = Match(time: time.milliseconds, set: set)
      if isFolding {
        folded.append(person: person, match)
      } else if definition.counting.keepsFacets {
        log.append(person: person, match, facet: try facets.decode(&state, &breakdown))
      } else {
        log.append(person: person, match)
      }
    }
    try folded.decode(person, &state)
    if hasPersonGroups { try touches.decode(person, &state, &breakdown) }
    try stages?.decode(person, &state)
    try behaviours?.decode(person, &state)
  }
}
