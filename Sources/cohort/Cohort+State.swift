import Events
import Pipes
import Records

/// What cohorts know as bytes.
///
///     person = [count of days] ([days since the one before][marks][times])… [value of --by]
///
/// The days of all ids of a person are merged, so that the same events give the same bytes.
extension Cohort {
  func encode(into state: inout StateWriter) {}

  mutating func decode(_ state: inout StateReader) throws(StateError) {}

  func encode(into archive: inout PersonArchive) {
    let (breakdown, ids) = (archive.breakdown, archive.ids)
    archive.writeEach { person, state in
      days.encode(ids[person], into: &state)
      groups?.encode(ids[person], breakdown, into: &state)
    }
  }

  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ persons: Persons, _ breakdown: inout Breakdown
  ) throws(StateError) {
    try days.decode(person, &state)
    try groups?.decode(person, &state, &breakdown)
  }
}
