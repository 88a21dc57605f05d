/// A descriptor that records are written to: standard output, or a file.
struct Sink {
  let name: String
  let descriptor: Int32

  /// Standard output.
  static let standardOutput = Sink(name: "standard output", descriptor: System.standardOutput)

  init(name: String, descriptor: Int32) {
    self.name = name
    self.descriptor = descriptor
  }

  /// A file that is created, or emptied but for its first bytes.
  init(creating path: String, keeping kept: Int = 0) throws(Failure) {
    self.init(name: "'\(path)'", descriptor: try System.openOutput(path, keeping: kept))
  }

  /// What `--output` names, else standard output.
  init(_ arguments: Arguments, keeping kept: Int = 0) throws(Failure) {
    if let path = arguments.value("output") {
      try self.init(creating: path, keeping: kept)
    } else {
      self = .standardOutput
    }
  }

  /// Writes all bytes.
  func write(_ bytes: [UInt8]) throws(Failure) {
    try check(System.write(descriptor, bytes))
  }

  /// Waits until the disk has what was written.
  func synchronize() throws(Failure) { try check(System.synchronize(descriptor)) }

  /// Ends a file; an error that the system kept for the end is told.
  func close() throws(Failure) {
    if descriptor != System.standardOutput { try check(System.close(descriptor)) }
  }

  private func check(_ number: Int32) throws(Failure) {
    guard number != 0 else { return }
    throw Failure(.inputOutput, "cannot write to \(name): \(System.errorText(number))")
  }
}
