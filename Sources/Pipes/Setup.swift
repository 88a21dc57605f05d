public import Events
public import Records

/// What a filter may ask for when it is made: fields of events, files, the common options.
public struct Setup: Sendable {
  /// The top-level keys that are read from every record.
  public var selection = Selection()
  /// The reader of times and ids.
  public let reader: EventReader
  /// The currency of `--currency`.
  public let currency: String?
  /// Whether `--pass` forwards the events.
  public let passes: Bool

  init(_ arguments: Arguments, for program: Program) {
    func value(_ name: String) -> String? {
      program.takes(name) ? arguments.value(name) : nil
    }
    reader = EventReader(&selection, key: value("key"))
    currency = value("currency")
    passes = value("pass") != nil
  }

  /// The content of a file that an option names.
  public func contents(of path: String) throws(Failure) -> [UInt8] {
    let descriptor = try System.openInput(path)
    defer { _ = System.close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      switch System.read(descriptor, into: &chunk, from: 0, to: chunk.count) {
      case .bytes(let count): bytes.append(chunk.span, from: 0, to: count)
      case .end: return bytes
      case .interrupted, .wouldBlock: continue
      case .failure(let number):
        throw Failure(.inputOutput, "cannot read '\(path)': \(System.errorText(number))")
      }
    }
  }
}
