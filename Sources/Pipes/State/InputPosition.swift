import Records

/// How far one input has been read, and how to know it again.
///
///     name, device and inode      either must be the same: files are moved, and written anew; of a
///                                 copy, the tail must be
///     head                        its first 4 KiB must be the same: another file has another head
///     tail                        the 4 KiB before the position must be, or the file was changed
struct InputPosition: Sendable, Equatable {
  private static let sampleBytes = 4096

  let name: String
  /// Which file it is; 0 for what is no file.
  var device: UInt64 = 0
  var inode: UInt64 = 0
  /// Bytes that have been read and taken.
  var offset = 0
  /// The number of the next line.
  var nextNumber = 1
  /// Whether its end was reached.
  var isFinished = false
  private var head: UInt64 = 0
  private var tail: UInt64 = 0

  /// The start of an input.
  init(_ name: String, _ descriptor: Int32) {
    self.name = name
    if let identity = System.identity(descriptor) {
      (device, inode) = (identity.device, identity.inode)
    }
  }

  /// Takes samples of a regular file up to the position.
  mutating func sample(_ descriptor: Int32) throws(Failure) {
    head = try hashHead(descriptor) ?? 0
    tail = try hashTail(descriptor) ?? 0
  }

  private func hashHead(_ descriptor: Int32) throws(Failure) -> UInt64? {
    try hash(descriptor, from: 0, to: min(offset, Self.sampleBytes))
  }

  private func hashTail(_ descriptor: Int32) throws(Failure) -> UInt64? {
    try hash(descriptor, from: max(0, offset - Self.sampleBytes), to: offset)
  }

  private func hash(
    _ descriptor: Int32, from start: Int, to end: Int
  ) throws(Failure) -> UInt64? {
    try System.bytes(descriptor, of: name, from: start, to: end).map(RunOptions.hash)
  }

  /// Whether an open file is the one that was read.
  func isSame(as name: String, _ descriptor: Int32) throws(Failure) -> Bool {
    let identity = System.identity(descriptor)
    guard name == self.name || identity?.device == device && identity?.inode == inode else {
      return false
    }
    return try hashHead(descriptor) == head
  }

  /// Whether an open file is a copy: another one, but what was read is there to the byte.
  func isCopied(by descriptor: Int32) throws(Failure) -> Bool {
    guard offset >= Self.sampleBytes, System.regularFileSize(descriptor) ?? 0 >= offset,
      try hashHead(descriptor) == head
    else { return false }
    return try hashTail(descriptor) == tail
  }

  /// Checks that what has been read of the same file is still there.
  func check(_ descriptor: Int32) throws(Failure) {
    let size = System.regularFileSize(descriptor) ?? 0
    let shown = name == "-" ? "standard input" : "'\(name)'"
    guard size >= offset else {
      throw Failure(
        .badData,
        "\(shown) has \(size) bytes, but \(offset) of it were read before: it was cut; without the"
          + " state a new run begins")
    }
    guard try hashTail(descriptor) == tail else {
      throw Failure(
        .badData,
        "\(shown) is not what was read before, up to byte \(offset): it was changed; without the state"
          + " a new run begins")
    }
  }

  func encode(into state: inout StateWriter) {
    state.write(Array(name.utf8))
    state.write(word: device)
    state.write(word: inode)
    state.write(offset)
    state.write(nextNumber)
    state.write(isFinished)
    state.write(word: head)
    state.write(word: tail)
  }

  init(_ state: inout StateReader) throws(StateError) {
    name = String(decoding: try state.text(), as: UTF8.self)
    device = try state.word()
    inode = try state.word()
    offset = try state.count()
    nextNumber = try state.count()
    isFinished = try state.flag()
    head = try state.word()
    tail = try state.word()
  }
}
