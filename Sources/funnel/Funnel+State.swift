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
    let events = eventsByPerson(archive.roots, breakdown)
    let conduct = behaviours?.byPerson(archive.roots)
    archive.writeEach { person, state in
      state.write(events[person].count)
      for event in events[person] {
        state.write(Moment(milliseconds: event.match.time))
        state.write(name: conditions.sets.key(event.match.set))
        if keepsFacets { facets.encode(event.facet, breakdown, into: &state) }
      }
      folded.encode(person, into: &state)
      if hasPersonGroups { touches.encode(ids[person], breakdown, into: &state) }
      stages?.encode(person, into: &state)
      if let conduct { behaviours?.encode(conduct[person], into: &state) }
    }
  }

  /// The events of each person that are kept one by one, by time.
  private func eventsByPerson(
    _ roots: [UInt32], _ breakdown: Breakdown
  ) -> RowsByPerson<FacetedMatch> {
    let ranks = conditions.sets.ranks()
    if isFolding { return folded.recentByPerson(roots, ranks: ranks) }
    return log.byPerson(roots, ranks: ranks, facetRanks: facets.ranks(breakdown))
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
      } else if keepsFacets {
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
