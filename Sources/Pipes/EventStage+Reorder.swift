import Events
import Records

/// `--reorder`: events wait in a ``ReorderBuffer``, and each has its turn when no earlier one can
/// come any more.
extension EventStage {
  /// Takes an event in that waits for its turn, and takes those whose turn has come.
  mutating func hold(
    _ line: WaitingLine, base: Int, of lines: LineBlock, into output: inout Output
  ) throws(Failure) {
    let event = line.event(base: base)
    let bytes = lines.block.bytes.span
    let end = bytes.textEnd(from: event.start, to: event.end)
    if let reason = reorderBuffer?.refusal(of: event.time) {
      return output.refuseLate(
        lines.rejection(reason, at: event.start, from: event.start, to: event.end))
    }
    let held = ReorderBuffer.Held(
      time: event.time, fingerprint: scanner.reader.fingerprint(event, in: lines.block),
      line: bytes.copy(from: event.start, to: end), file: lines.file, number: lines.nextNumber,
      offset: lines.fileOffset + event.start)
    reorderBuffer?.hold(held, ahead: &tally.ahead)
    while let next = reorderBuffer?.next() { try release(next, into: &output) }
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
    try take(line, base: 0, of: &lines, into: &output)
  }
}
