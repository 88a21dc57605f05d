import Events
import Records

/// Events wait in a ``ReorderBuffer``, and each has its turn when no earlier one can come any more:
/// under `--reorder`, and in an aggregator that looks back.
///
///     arrival   ──► links, --pass, --every ──► buffer ──► person, --where, --by, accept
///                                               └─ copy, emptied ──► snapshot
///
/// An aggregator's reports are those of the events sorted by time, whatever order they came in. So that
/// it knows all links before the first event has its turn, they are made as events come, as long as
/// all events wait for the end. Under `--lateness` they are made in their turns: which of them came
/// before an event has its turn would depend on the order of arrival.
extension EventStage {
  /// Takes an event in that waits for its turn, and takes those whose turn has come.
  mutating func hold(
    _ line: WaitingLine, base: Int, of lines: LineBlock, into output: inout Output
  ) throws(Failure) {
    let bytes = lines.block.bytes.span
    let event = line.event(base: base)
    if isInOrder { try arrive(event, ids: line, of: lines, into: &output) }
    if let reason = reorderBuffer?.refusal(of: event.time) {
      return output.refuseLate(
        lines.rejection(reason, at: event.start, from: event.start, to: event.end))
    }
    arrivals.count += 1
    let id = scanner.reader.messageId(event, in: lines.block)
    let held = ReorderBuffer.Held(
      time: event.time, line: bytes.copy(from: event.start, to: event.end),
      messageId: id.isPresent ? id.start - event.start..<id.end - event.start : 0..<0,
      file: lines.file, number: lines.nextNumber, offset: lines.fileOffset + event.start)
    // An aggregator counts those too far ahead in their turns.
    var ahead = 0
    reorderBuffer?.hold(held, ahead: &ahead)
    if !isInOrder { tally.ahead += ahead }
    while let next = reorderBuffer?.next() { try release(next, into: &output) }
    if isInOrder, arrivals.snapshots.isDue(afterEvents: arrivals.count) {
      snapshot(into: &output)
    }
  }

  /// What an aggregator does with an event as it comes, long before its turn.
  private mutating func arrive(
    _ event: Event, ids: WaitingLine, of lines: LineBlock, into output: inout Output
  ) throws(Failure) {
    if arrivals.clock.advances(to: event.time), arrivals.snapshots.isDue(before: event.time) {
      snapshot(into: &output)
    }
    arrivals.clock.count(event.time)
    if settings.passes { filter.forward(event, counts: false, in: lines.block, into: &output) }
    guard settings.lateness == nil else { return }
    let person = person(
      ids, lines.waiting.hashes, at: .distantPast, in: lines.block.bytes.span, &output)
    guard person != Persons.nobody, mergedIds.contains(person) else { return }
    throw Failure(
      .badData,
      "\(lines.file == "-" ? "standard input" : "'\(lines.file)'") line \(lines.nextNumber):"
        + " \(MergedIds.message(persons.name(person)))")
  }

  /// Takes all events that wait, at the end.
  mutating func releaseRest(into output: inout Output) throws(Failure) {
    while let next = reorderBuffer?.nextOfRest() {
      try release(next, into: &output)
      output.drainIfLong()
    }
  }

  /// Takes an event whose turn has come.
  private mutating func release(
    _ held: ReorderBuffer.Held, into output: inout Output
  ) throws(Failure) {
    var lines = LineBlock()
    swap(&lines, &heldLines)
    defer { swap(&lines, &heldLines) }
    lines.assign(held)
    _ = scanner.scanBatch(&lines, from: 0)
    lookAhead(lines.waiting, 0..<1)
    let line = lines.waiting.lines[0]
    // Only of a damaged state it is none any more.
    guard line.kind == .event else { return try takeOther(line, of: lines, into: &output) }
    try take(line, base: 0, of: &lines, into: &output)
  }
}

/// The events of an aggregator that came in, had they their turn or not: what snapshots go by.
struct Arrivals: Sendable {
  var count = 0
  var clock = EventClock()
  var snapshots = SnapshotSchedule()

  func encode(into state: inout StateWriter) {
    state.write(count)
    clock.encode(into: &state)
    snapshots.encode(into: &state)
  }

  /// Adds what came in another run.
  mutating func decode(_ state: inout StateReader) throws(StateError) {
    count = min(count + (try state.count(upTo: 1 << 48)), 1 << 60)
    try clock.decode(&state)
    try snapshots.decode(&state)
  }
}
