import Events
import Pipes
import Records

/// All that the summaries say of finished sessions.
struct SessionCensus: Sendable {
  let definition: SessionDefinition
  /// The sums of no session.
  let emptyTally: SessionTally
  /// By the number of the value of `--by`.
  private(set) var tallies: [SessionTally] = []
  private(set) var visits = PersonVisits()

  /// - Parameter isSketched: whether durations are not kept one by one.
  init(_ definition: SessionDefinition, isSketched: Bool) {
    (self.definition, emptyTally) = (definition, SessionTally(isSketched: isSketched))
  }

  /// Counts a session of a person that has ended.
  mutating func count(_ session: SessionSoFar, of person: UInt32) {
    let ended = session.ended()
    reserve(ended.group)
    tallies[Int(ended.group)].count(ended, definition)
    visits.add(person, group: ended.group, start: ended.open.start, id: ended.id)
  }

  /// Gives what is known of one person to another.
  mutating func link(_ link: Persons.Link) { visits.link(link) }

  private mutating func reserve(_ group: UInt32) {
    while tallies.count <= Int(group) { tallies.append(emptyTally) }
  }

  /// Writes the sums of each value.
  func encode(_ breakdown: Breakdown, into state: inout StateWriter) {
    state.write(tallies.count { $0.sessions > 0 })
    for (group, tally) in tallies.enumerated() where tally.sessions > 0 {
      state.write(name: breakdown.text(of: UInt32(group)))
      tally.encode(into: &state)
    }
  }

  /// Adds the sums of another run.
  mutating func decode(
    _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    for _ in 0..<(try state.count()) {
      let group = try state.group(&breakdown)
      reserve(group)
      try tallies[Int(group)].decode(&state)
    }
  }

  /// Writes what is known of a person.
  func encode(_ person: UInt32, _ breakdown: Breakdown, into state: inout StateWriter) {
    visits.encode(person, breakdown, into: &state)
  }

  /// Adds what another run knew of a person.
  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    try visits.decode(person, &state, &breakdown)
  }
}
