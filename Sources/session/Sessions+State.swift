import Events
import Pipes
import Records

/// What sessions know as bytes.
///
///     run    = [sums of finished sessions by value of --by], under --lateness
///     person = [session that the annotator knows] [count of events] ([time][order][id][facts])…
///              [finished sessions by value] [open session], under --lateness
///
/// Events come by person and time, so that the same events give the same bytes.
extension Sessions {
  func encode(into state: inout StateWriter) {}

  mutating func decode(_ state: inout StateReader) throws(StateError) {}

  func encode(into state: inout StateWriter, _ breakdown: Breakdown) {
    folded?.encode(breakdown, into: &state)
  }

  mutating func decode(
    _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    try folded?.decode(&state, &breakdown)
  }

  func encode(into archive: inout PersonArchive) {
    let breakdown = archive.breakdown
    let rows = folded?.recentByPerson(archive.roots) ?? log.byPerson(archive.roots)
    archive.writeEach { person, state in
      if annotates { annotator.encode(person, into: &state) }
      guard isAggregator else { return }
      let events = rows[person]
      state.write(events.count)
      for row in events {
        state.write(Moment(milliseconds: row.time))
        state.write(word: row.order)
        state.write(UInt64(row.id))
        table.encode(row.facts, breakdown, into: &state)
      }
      folded?.encode(person, breakdown, into: &state)
    }
  }

  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ persons: Persons, _ breakdown: inout Breakdown
  ) throws(StateError) {
    if annotates { try annotator.decode(person, &state) }
    guard isAggregator else { return }
    for _ in 0..<(try state.count()) {
      let time = try state.moment()
      guard time.isWritable else { throw StateError("a time is out of range") }
      let (order, id) = (try state.word(), try state.short())
      let row = SessionLog.Row(
        time: time.milliseconds, order: order, id: id, facts: try table.decode(&state, &breakdown))
      if isFolding {
        folded?.append(person: person, row)
      } else {
        log.append(person: person, row)
      }
    }
    try folded?.decode(person, &state, &breakdown)
  }
}
