import Events
import Pipes
import Records
import Statistics

/// What metrics know as bytes.
///
///     run     = currencies, [rows] ([period][value of --by][events][counters][values][money])…, cases by key
///     person  = [count of periods] ([period][marks][value of --by])…, sessions, cases without a key
///
/// Rows stand by the texts of their values and periods, so that the same events give the same bytes.
extension Kpi {
  func encode(into state: inout StateWriter) {}

  mutating func decode(_ state: inout StateReader) throws(StateError) {}

  func encode(into state: inout StateWriter, _ breakdown: Breakdown) {
    currencies.encode(into: &state)
    tally.encode(breakdown, currencies, into: &state)
    for log in cases { log.encode(breakdown, into: &state) }
  }

  mutating func decode(
    _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    try currencies.decode(&state)
    try tally.decode(&state, &breakdown, &currencies)
    for log in cases.indices { try cases[log].decode(&state, &breakdown) }
  }

  func encode(into archive: inout PersonArchive) {
    let (breakdown, ids) = (archive.breakdown, archive.ids)
    archive.writeEach { person, state in
      persons.encode(ids[person], breakdown, into: &state)
      sessions?.encode(ids[person], breakdown, into: &state)
      for log in cases { log.story(of: ids[person]).encode(breakdown, into: &state) }
    }
  }

  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ persons: Persons, _ breakdown: inout Breakdown
  ) throws(StateError) {
    try self.persons.decode(person, markCount: markCount, &state, &breakdown)
    try sessions?.decode(person, &state, &breakdown)
    for log in cases.indices { try cases[log].decode(.person(person), &state, &breakdown) }
  }
}
