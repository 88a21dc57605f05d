import Records

/// What the driver knows of a run: which options it has, how far its inputs and outputs are.
struct DriverState: Sendable {
  var options: RunOptions
  /// The inputs of this run and the ones before.
  var inputs: [InputPosition] = []
  /// The file of `--output` and how long it was; empty where there is none.
  var output = WrittenFile()
  var rejects = WrittenFile()
  /// What people were told of refused lines.
  var rejectLog: [UInt8] = []
  /// Reports that wait for ``ReportFormat`` to lay them out, and whether others have been.
  var waitingReports: [UInt8] = []
  var hasLaidOut = false

  /// A file that was written so far.
  struct WrittenFile: Sendable, Equatable {
    var path = ""
    var bytes = 0

    /// How many bytes of a file stay when a run goes on.
    func kept(of path: String) -> Int { path == self.path ? bytes : 0 }
  }

  init(options: RunOptions) { self.options = options }

  func encode() -> [UInt8] {
    var state = StateWriter()
    options.encode(into: &state)
    state.write(inputs.count)
    for input in inputs { input.encode(into: &state) }
    for file in [output, rejects] {
      state.write(Array(file.path.utf8))
      state.write(file.bytes)
    }
    state.write(rejectLog)
    state.write(waitingReports)
    state.write(hasLaidOut)
    return state.bytes
  }

  init(_ bytes: [UInt8]) throws(StateError) {
    var state = StateReader(bytes)
    options = try RunOptions(&state)
    for _ in 0..<(try state.count(upTo: 1_000_000)) { inputs.append(try InputPosition(&state)) }
    output.path = String(decoding: try state.text(), as: UTF8.self)
    output.bytes = try state.count()
    rejects.path = String(decoding: try state.text(), as: UTF8.self)
    rejects.bytes = try state.count()
    rejectLog = try state.text()
    waitingReports = try state.text()
    hasLaidOut = try state.flag()
    try state.finish()
  }
}
