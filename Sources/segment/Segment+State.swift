import Events
import Expressions
import Pipes
import Records

/// What segment knows of each person as bytes.
///
///     person     = [census] [activity] [annotator], each where the run has it
///     census     = [is known] [what look-back calls know] [built-in segments] [value of --by]
///     annotator  = [is known] [newest moment] [what look-back calls know] [built-in segments]
///                  (with --changes or --period: [words of the segments]… [timer]
///                  [segments by period] [index of the id that names])
///
/// Persons keep their order, and so do timers of equal moments: what an annotator writes after it was
/// read back is what it would have written without.
extension Segment {
  func encode(into state: inout StateWriter) {
    census?.builtIns?.encode(into: &state)
    if runsAnnotator { annotator.builtIns?.encode(into: &state) }
  }

  mutating func decode(_ state: inout StateReader) throws(StateError) {
    try census?.builtIns?.decode(&state)
    if runsAnnotator { try annotator.builtIns?.decode(&state) }
  }

  func encode(into archive: inout PersonArchive) {
    let (breakdown, ids) = (archive.breakdown, archive.ids)
    archive.writeEach { person, state in
      census?.encode(ids[person], breakdown, into: &state)
      activities?.encode(person, into: &state)
      if runsAnnotator { annotator.encode(ids[person], into: &state) }
    }
  }

  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ persons: Persons, _ breakdown: inout Breakdown
  ) throws(StateError) {
    try census?.decode(person, &state, &breakdown)
    try activities?.decode(person, &state)
    if runsAnnotator { try annotator.decode(person, &state, persons) }
  }
}

extension Census {
  /// Writes what is known of a person, given by all its ids.
  func encode(
    _ ids: ArraySlice<UInt32>, _ breakdown: Breakdown, into state: inout StateWriter
  ) {
    guard let person = ids.first else { return }
    let hasEvents = ids.contains { Int($0) < isKnown.count && isKnown[Int($0)] }
    // Who has no event that counts may have a past.
    memory.encode(person, into: &state)
    state.write(hasEvents)
    guard hasEvents else { return }
    builtIns?.encode(person, into: &state)
    if isBrokenDown { groups.encode(ids, breakdown, into: &state) }
  }

  /// Adds what another run knew of a person.
  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    try memory.decode(person, &state)
    guard try state.flag() else { return }
    try builtIns?.decode(person, &state)
    if isBrokenDown, try !groups.decode(person, &state, &breakdown) {
      throw StateError("a person without a value of --by")
    }
    markKnown(person)
  }
}

extension Annotator {
  /// Writes what is known of a person, given by all its ids.
  func encode(_ ids: ArraySlice<UInt32>, into state: inout StateWriter) {
    guard let person = ids.first else { return }
    let isKnown = Int(person) < newest.count
    state.write(isKnown)
    guard isKnown else { return }
    state.write(newest[Int(person)])
    memory.encode(person, into: &state)
    builtIns?.encode(person, into: &state)
    guard tracking.isOn else { return }
    membership.encode(person, into: &state)
    state.write(timers.moment(of: person))
    state.write(timers.lookCount(of: person))
    // Under --lateness ids that were joined late have a past of their own.
    if let history {
      state.write(ids.count)
      for id in ids { history.encode(id, into: &state) }
    }
    let name = name(person)
    state.write((ids.firstIndex(of: name) ?? ids.startIndex) - ids.startIndex)
  }

  /// Takes over what another run knew of a person; the ids of the person come one after the other.
  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ persons: Persons
  ) throws(StateError) {
    guard try state.flag() else { return }
    reserve(person)
    newest[Int(person)] = max(newest[Int(person)], try state.eventMoment())
    try memory.decode(person, &state)
    try builtIns?.decode(person, &state)
    guard tracking.isOn else { return }
    try membership.decode(person, &state)
    let due = try state.moment()
    guard due > .distantPast else { throw StateError("a time is out of range") }
    timers.set(person, due)
    timers.restart(person, looks: UInt16(try state.count(upTo: Int(UInt16.max))))
    if history != nil { try decodeHistories(person, &state, persons) }
    let name = Int(person) + (try state.count(upTo: persons.idCount))
    guard name < persons.idCount, persons.root(UInt32(name)) == person else {
      throw StateError("the id that names a person is another one's")
    }
    setName(of: person, UInt32(name))
  }
}

extension Annotator {
  /// Reads the past of each id of a person; the ids of a new one come one after the other.
  private mutating func decodeHistories(
    _ person: UInt32, _ state: inout StateReader, _ persons: Persons
  ) throws(StateError) {
    for offset in 0..<(try state.count(upTo: persons.idCount)) {
      let number = Int(person) + offset
      let isOwn = number < persons.idCount && persons.root(UInt32(number)) == person
      try history?.decode(isOwn ? UInt32(number) : person, &state)
    }
  }
}

extension StateReader {
  /// Reads the time of an event, or the distant past for none.
  fileprivate mutating func eventMoment() throws(StateError) -> Moment {
    let moment = try moment()
    guard moment < Moment.writableEnd else { throw StateError("a time is out of range") }
    return moment
  }
}

extension Membership {
  /// Writes the segments of a person.
  func encode(_ person: UInt32, into state: inout StateWriter) {
    for word in 0..<wordCount { state.write(words[Int(person) * wordCount + word]) }
  }

  /// Adds the segments that a person was in.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    for word in 0..<wordCount { words[Int(person) * wordCount + word] |= try state.number() }
  }
}

extension Timers {
  /// When a person's timer is due, as it can be written: one that no event reaches is none.
  func moment(of person: UInt32) -> Moment {
    guard Int(person) < due.count else { return .distantFuture }
    let moment = Moment(milliseconds: due[Int(person)])
    return moment < Moment.writableEnd ? max(moment, Moment.writableStart) : .distantFuture
  }
}
