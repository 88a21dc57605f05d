import Events
import Records

/// `--forget`: the state is written without those who leave, and read into an empty one.
extension EventStage {
  /// Forgets the persons who were last seen before a moment, at the time of the event that says so.
  mutating func forget(before moment: Moment, at now: Moment, into output: inout Output) {
    guard let forgetting else { return }
    let roots = persons.roots()
    let leave = forgetting.persons(lastSeenBefore: moment, roots)
    let count = leave.count { $0 }
    guard count > 0 else { return }
    tally.forgotten += count
    filter.forget(leave, at: now, persons, into: &output)
    var shared = StateWriter()
    filter.encode(into: &shared, breakdown)
    var lines = Output(program: F.program.name)
    encodePersons(leavingOut: leave, options: "", into: &lines)
    persons = Persons(hashSeed: persons.hashSeed)
    breakdown = blankBreakdown
    filter = blankFilter
    memory = blankMemory
    forgetPlaces()
    // Who stays is seen as the archive says, by new numbers.
    self.forgetting?.forgetPersons()
    do throws(StateError) {
      var state = StateReader(shared.bytes)
      try filter.decode(&state, &breakdown)
      for line in lines.bytes.split(separator: ASCII.newline) {
        try decode(try StateLine(Array(line), of: F.program.name), into: &output)
      }
    } catch {
      // What was written a moment ago is read: only a fault of the program leads here.
      preconditionFailure("a state cannot be read back: \(error.reason)")
    }
  }
}
