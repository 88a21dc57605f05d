import Records

/// Checkpoints: going on from one, and writing the next.
extension Session {
  /// Brings stage and output to where the run before ended.
  mutating func restore() throws(Failure) {
    guard let restored = checkpoints?.restored else { return }
    do throws(StateError) {
      for line in restored.lines { try stage.decode(line, into: &output) }
      try output.rejects.decode(restored.driver.rejectLog)
      output.restore(waitingReports: restored.driver.waitingReports, restored.driver.hasLaidOut)
    } catch {
      throw Failure(
        .badData,
        "'\(checkpoints?.file.path ?? "")' cannot be gone on with: \(error.reason); without it a new run"
          + " begins")
    }
    checkpoints?.forgetRestored()
    checkpoints?.noteStart(lines: output.tally.lines)
  }

  /// Moves a regular file to where the run before ended with it.
  ///
  /// - Returns: false where all of it was read before.
  mutating func resume(
    _ input: String, _ descriptor: Int32, _ console: inout Console
  ) throws(Failure) -> Bool {
    guard let position = try checkpoints?.begin(input, descriptor) else { return true }
    let shown = input == "-" ? "standard input" : "'\(input)'"
    if position.isFinished {
      console.notice("\(shown) was read to its end before; nothing is new in it")
      try checkpoints?.endInput()
      return false
    }
    if position.offset > 0 {
      let number = System.seek(descriptor, to: position.offset)
      guard number == 0 else { throw .cannotRead(input, number) }
      reader.begin(input, at: position.offset, nextNumber: position.nextNumber)
    }
    return true
  }

  /// Writes the last checkpoint before a last line without newline, where no other input follows.
  mutating func saveBefore(_ lines: LineBlock, _ console: inout Console) throws(Failure) {
    guard lines.endsTorn, isAtLastInput, checkpoints?.isAtFile == true else { return }
    try save(&console)
    checkpoints?.close()
  }

  /// Writes a checkpoint where it is time for one.
  mutating func saveIfDue(_ console: inout Console) throws(Failure) {
    guard let checkpoints else { return }
    if checkpoints.isDue(lines: output.tally.lines, milliseconds: milliseconds(since: begin)) {
      try save(&console)
    }
  }

  /// Writes a checkpoint: first what is out, then what is known.
  mutating func save(_ console: inout Console) throws(Failure) {
    guard let checkpoints, checkpoints.isOpen else { return }
    let file = checkpoints.file
    try flush(&console)
    if outputPath != nil { try sink.synchronize() }
    try rejectsSink?.synchronize()
    let (lines, now) = (output.tally.lines, milliseconds(since: begin))
    guard var driver = try self.checkpoints?.note(lines: lines, milliseconds: now) else { return }
    if let outputPath {
      driver.output = try DriverState.WrittenFile(outputPath, sink.descriptor)
    }
    if let rejectsPath, let rejectsSink {
      driver.rejects = try DriverState.WrittenFile(rejectsPath, rejectsSink.descriptor)
    }
    driver.rejectLog = output.rejects.encode()
    (driver.waitingReports, driver.hasLaidOut) = (output.waitingReports, output.hasLaidOut)
    let digest = driver.options.digest
    try file.write(driver, output) { lines in stage.encode(options: digest, into: &lines) }
  }
}
