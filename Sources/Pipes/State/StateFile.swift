import Records

/// The file of `--state`: a checkpoint, whole or the previous one.
///
///     {"record":"funnel.partial",… "part":"driver" …}      inputs, positions, lengths of outputs
///     {"record":"funnel.partial",… "part":"run" …}         what `--partial` writes
///     {"record":"funnel.partial",… "part":"persons" …}
///     {"record":"funnel.partial",… "part":"end" …}         how many lines, and a hash of their checks
///
/// It is written aside, brought to the disk, and renamed over the one before, so that a power cut at
/// any moment leaves one of the two. FILE.lock keeps a second run away.
///
/// Source of the order: Pillai et al., All File Systems Are Not Created Equal, OSDI 2014.
struct StateFile {
  let path: String
  private let program: String

  /// The names of a state's files.
  static func paths(of path: String) -> [String] { [path, "\(path).new", "\(path).lock"] }

  /// The file of a run, locked for it.
  init(_ path: String, of program: String) throws(Failure) {
    self.init(unlocked: path, of: program)
    guard try System.lock("\(path).lock") else {
      throw Failure(
        .cannotCreate, "another run works with the state '\(path)' ('\(path).lock' is locked)")
    }
  }

  /// The file, for a look at it.
  init(unlocked path: String, of program: String) {
    self.path = path
    self.program = program
  }

  /// What the file holds, `nil` where there is none.
  func read() throws(Failure) -> (driver: DriverState, lines: [StateLine])? {
    guard let descriptor = try System.openOwn(path) else { return nil }
    defer { _ = System.close(descriptor) }
    let bytes = try contents(of: descriptor, named: path)
    do throws(StateError) { return try decode(bytes) } catch {
      throw Failure(
        .badData,
        "'\(path)' cannot be gone on with: \(error.reason); without it a new run begins")
    }
  }

  private func decode(
    _ bytes: [UInt8]
  ) throws(StateError) -> (driver: DriverState, lines: [StateLine]) {
    let damaged = StateError("it is damaged or cut off")
    guard bytes.last == ASCII.newline else { throw damaged }
    var lines: [StateLine] = []
    for line in bytes.dropLast().split(separator: ASCII.newline, omittingEmptySubsequences: false) {
      lines.append(try StateLine(Array(line), of: program))
    }
    guard let end = lines.popLast(), end.part == .end,
      end.state == StateFile.ending(of: lines.map(\.check)), let first = lines.first,
      first.part == .driver
    else { throw damaged }
    return (try DriverState(first.state), Array(lines.dropFirst()))
  }

  /// What the last line says of those before it.
  private static func ending(of checks: [UInt64]) -> [UInt8] {
    var state = StateWriter()
    for check in checks { state.write(word: check) }
    let hash = RunOptions.hash(state.bytes)
    state.removeAll()
    state.write(checks.count)
    state.write(word: hash)
    return state.bytes
  }

  /// Writes a checkpoint in place of the one before.
  ///
  /// - Parameter body: writes the lines between the first and the last.
  func write(
    _ driver: DriverState, _ output: Output, _ body: (inout Output) -> Void
  ) throws(Failure) {
    let aside = "\(path).new"
    let descriptor = try System.createOwn(aside)
    let sink = Sink(name: "'\(aside)'", descriptor: descriptor)
    do throws(Failure) {
      var state = Output(program: program)
      state.tally = output.tally
      state.sink = sink
      let digest = driver.options.digest
      state.state(.driver, of: program, options: digest, driver.encode())
      body(&state)
      let ending = StateFile.ending(of: state.stateChecks)
      state.state(.end, of: program, options: digest, ending)
      if let failure = state.sinkFailure { throw failure }
      try sink.write(state.bytes)
      try sink.synchronize()
    } catch {
      _ = System.close(descriptor)
      throw error
    }
    try sink.close()
    try System.replace(path, with: aside)
  }
}
