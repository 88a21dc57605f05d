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
    /// The same from the root on.
    var place = ""
    /// Which file it is; 0 for what is no regular file.
    var device: UInt64 = 0
    var inode: UInt64 = 0
    var bytes = 0

    /// How many bytes of a file stay when a run goes on that names it, or another, or none.
    ///
    /// What was written belongs to the state: another file would begin in the middle, and this one
    /// would miss what comes.
    func kept(of path: String?, _ option: String) throws(Failure) -> Int {
      if bytes == 0 { return 0 }
      guard let path else {
        throw Failure(
          .badData,
          "the state goes on with --\(option) '\(self.path)', which this run does not name")
      }
      // A copy that was brought back stands where it stood.
      if inode == 0 || place == System.place(path) { return bytes }
      let identity = System.identity(of: path)
      guard identity == nil || identity == System.FileIdentity(device: device, inode: inode) else {
        throw Failure(
          .badData,
          "the state goes on with --\(option) '\(self.path)', and '\(path)' is another file; without"
            + " the state a new run begins")
      }
      return bytes
    }
  }

  init(options: RunOptions) { self.options = options }

  func encode() -> [UInt8] {
    var state = StateWriter()
    options.encode(into: &state)
    state.write(inputs.count)
    for input in inputs { input.encode(into: &state) }
    output.encode(into: &state)
    rejects.encode(into: &state)
    state.write(rejectLog)
    state.write(waitingReports)
    state.write(hasLaidOut)
    return state.bytes
  }

  init(_ bytes: [UInt8]) throws(StateError) {
    var state = StateReader(bytes)
    options = try RunOptions(&state)
    for _ in 0..<(try state.count(upTo: 1_000_000)) { inputs.append(try InputPosition(&state)) }
    output = try WrittenFile(&state)
    rejects = try WrittenFile(&state)
    rejectLog = try state.text()
    waitingReports = try state.text()
    hasLaidOut = try state.flag()
    try state.finish()
  }
}

extension DriverState.WrittenFile {
  /// A file that is written now.
  init(_ path: String, _ descriptor: Int32) throws(Failure) {
    self.path = path
    place = System.place(path)
    bytes = try System.offset(descriptor, of: path)
    if System.regularFileSize(descriptor) != nil, let identity = System.identity(descriptor) {
      (device, inode) = (identity.device, identity.inode)
    }
  }

  func encode(into state: inout StateWriter) {
    state.write(Array(path.utf8))
    state.write(Array(place.utf8))
    state.write(word: device)
    state.write(word: inode)
    state.write(bytes)
  }

  init(_ state: inout StateReader) throws(StateError) {
    path = String(decoding: try state.text(), as: UTF8.self)
    place = String(decoding: try state.text(), as: UTF8.self)
    device = try state.word()
    inode = try state.word()
    bytes = try state.count()
  }
}
