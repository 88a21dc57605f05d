import Events
import Expressions
public import Records

/// What the stage knows as lines, for checkpoints and partial results, and back.
///
///     run      tally, clocks, what the filter knows beside its persons
///     persons  at most 1,000 of them: their ids, what the filter knows of each
///     held     events that wait for their turn
extension EventStage {
  /// Writes all that the stage knows; changes nothing.
  public mutating func encode(options: String, into output: inout Output) {
    tallyUp(&output)
    var state = StateWriter()
    output.tally.encode(into: &state)
    output.failedConditions.encode(into: &state)
    clock.encode(into: &state)
    snapshots.encode(into: &state)
    state.write(whereHasWorked)
    state.write(mergedPersons.expected - mergedPersons.found)
    state.write(latenessClock != nil)
    latenessClock?.encode(into: &state)
    forgetting?.encode(into: &state)
    if isInOrder { arrivals.encode(into: &state) }
    filter.encode(into: &state, breakdown)
    output.state(
      .run, persons: persons.count(), of: F.program.name, options: options, state.bytes)
    encodePersons(options: options, into: &output)
    reorderBuffer?.encode { state in
      output.state(.held, of: F.program.name, options: options, state.bytes)
    }
  }

  /// Writes the persons with what the filter knows of each.
  func encodePersons(
    leavingOut leftOut: [Bool] = [], options: String, into output: inout Output
  ) {
    var archive = PersonArchive(
      persons, breakdown, forgetting, looksBack ? memory : nil, leavingOut: leftOut,
      of: F.program.name,
      options: options, into: &output)
    filter.encode(into: &archive)
    archive.finish(&output)
  }

  /// Adds what a line of another run knows to what is known.
  public mutating func decode(
    _ line: StateLine, into output: inout Output
  ) throws(StateError) {
    try decode(line, isPart: false, into: &output)
  }

  /// Adds what a line of another run, or of a run over a part of the same input, knows.
  private mutating func decode(
    _ line: StateLine, isPart: Bool, into output: inout Output
  ) throws(StateError) {
    var state = StateReader(line.state)
    switch line.part {
    case .run: try decodeRun(&state, into: &output)
    case .persons:
      for _ in 0..<line.persons { try decodePerson(&state, isPart: isPart, into: &output) }
    case .held:
      guard reorderBuffer != nil else { throw StateError("it has other options") }
      try reorderBuffer?.decode(&state)
    case .driver, .end: return
    }
    try state.finish()
  }

  private mutating func decodeRun(
    _ state: inout StateReader, into output: inout Output
  ) throws(StateError) {
    let other = try Tally(&state)
    tally.add(other)
    // These are counted in the output while the stage works.
    var counted = Tally()
    counted.lines = other.lines
    counted.rejected = other.rejected
    counted.late = other.late
    counted.conditionErrors = other.conditionErrors
    counted.clockStops = other.clockStops
    counted.estimates = other.estimates
    output.tally.add(counted)
    try output.failedConditions.decode(&state)
    try clock.decode(&state)
    try snapshots.decode(&state)
    if try state.flag() { whereHasWorked = true }
    let missing = try state.integer()
    guard missing.magnitude < 1 << 40 else { throw StateError("a count is out of range") }
    mergedPersons.expected += Int(missing)
    let hasLateness = try state.flag()
    guard hasLateness == (latenessClock != nil) else { throw StateError("it has other options") }
    try latenessClock?.decode(&state)
    try forgetting?.decode(&state)
    if isInOrder { try arrivals.decode(&state) }
    try filter.decode(&state, &breakdown)
  }

  private mutating func decodePerson(
    _ state: inout StateReader, isPart: Bool, into output: inout Output
  ) throws(StateError) {
    let isAlone = isPart && isInOrder
    let knownCount = persons.idCount
    let hasEvents = try state.flag()
    let idCount = try state.count()
    guard idCount > 0 else { throw StateError("a person without an id") }
    var person: UInt32?
    for _ in 0..<idCount {
      let isUser = try state.flag()
      let name = try state.text()
      let id = persons.id(name, isUser: isUser)
      if isAlone {
        guard Int(id) >= knownCount else { throw StateError(MergedIds.message(name)) }
        mergedIds.insert(id)
      }
      guard let known = person else {
        person = persons.root(id)
        continue
      }
      if let link = persons.link(known, id) {
        forgetting?.link(link)
        if looksBack { memory.link(absorbed: link.absorbed, into: link.kept) }
        filter.link(link, at: .distantPast, persons, into: &output)
      }
      person = persons.root(id)
    }
    guard let person else { return }
    try forgetting?.decode(person, &state)
    if looksBack { try memory.decode(person, &state) }
    if hasEvents { persons.note(person) }
    try filter.decode(person, &state, persons, &breakdown)
  }

  /// Takes a partial result of the same program.
  ///
  /// - Returns: whether the line is one.
  @inline(never)
  mutating func merge(
    _ line: WaitingLine, of lines: LineBlock, into output: inout Output
  ) throws(Failure) -> Bool {
    let bytes = lines.block.bytes.span
    guard filter.isAggregator, isPartial(bytes, from: line.start, to: line.end) else {
      return false
    }
    let text = bytes.copy(from: line.start, to: bytes.textEnd(from: line.start, to: line.end))
    let digest = try digest()
    do throws(StateError) {
      let partial = try StateLine(text, of: F.program.name)
      guard partial.options == digest else {
        throw StateError("it was made with other options")
      }
      // Nobody is in two parts, so a line of persons comes once.
      guard partial.part != .persons || mergedChecks.insert(partial.check).inserted else {
        throw StateError("it came before, so that its events would count twice")
      }
      try decode(partial, isPart: true, into: &output)
      switch partial.part {
      case .run: mergedPersons.expected += partial.persons
      case .persons: mergedPersons.found += partial.persons
      default: break
      }
    } catch {
      let file = lines.file == "-" ? "standard input" : "'\(lines.file)'"
      throw Failure(
        .badData,
        "\(file) line \(lines.nextNumber): this partial result cannot be merged: \(error.reason)")
    }
    return true
  }

  /// Whether a line begins as a partial result does, rewritten with blanks or cut off too: what is
  /// meant to be one is never taken for anything else.
  private func isPartial(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    var offset = start
    for byte in StateLine.opening(of: F.program.name) {
      while offset < end, bytes[offset] == ASCII.space || bytes[offset] == ASCII.tab { offset += 1 }
      guard offset < end, bytes[offset] == byte else { return false }
      offset += 1
    }
    return true
  }

  /// Checks that all lines of the partial results came.
  func checkMerged() throws(Failure) {
    let (expected, found) = mergedPersons
    guard expected != found else { return }
    throw Failure(
      .badData,
      "the partial results are of \(expected) persons, but \(found) came: a line is missing")
  }

  /// What stands for the options in partial results.
  mutating func digest() throws(Failure) -> String {
    if let optionsDigest { return optionsDigest }
    let digest = try RunOptions(arguments, for: F.program).digest
    optionsDigest = digest
    return digest
  }
}
