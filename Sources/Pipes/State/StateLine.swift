import Records

/// One line of a state: a checkpoint and a partial result are made of the same lines.
///
///     {"record":"funnel.partial","version":3,"options":"91…","part":"persons","persons":1000,
///      "state":"AAEC…","check":"5f…"}
///
/// The check is a hash of all that stands before it, so that a line torn or changed is never half
/// believed. A checkpoint begins with a line of the driver and ends with one that counts the others.
public struct StateLine: Sendable, Equatable {
  /// What a line holds.
  public enum Part: String, Sendable {
    /// Inputs, positions and lengths; only in checkpoints.
    case driver
    /// What is known beside the persons.
    case run
    /// At most 1,000 persons with what is known of each.
    case persons
    /// Events that wait for their turn; only in checkpoints.
    case held
    /// How many lines there were; only in checkpoints.
    case end
  }

  /// The form of everything in a state; another one is refused.
  static let version = 3

  /// What the line holds.
  public let part: Part
  /// How many persons it holds; of a run, how many its other lines hold.
  public let persons: Int
  /// What ``RunOptions/digest`` said.
  let options: String
  /// What a ``StateReader`` reads.
  public let state: [UInt8]
  /// The hash of the line.
  let check: UInt64

  /// What a line of a program's state begins with.
  static func opening(of program: String) -> [UInt8] {
    Array("{\"record\":\"\(program).partial\",".utf8)
  }

  /// Writes a line.
  ///
  /// - Returns: its check.
  static func write(
    _ part: Part, persons: Int = 0, of program: String, options: String, _ state: [UInt8],
    to output: inout [UInt8]
  ) -> UInt64 {
    let start = output.count
    output.append(contentsOf: opening(of: program))
    output.append("\"version\":\(version),\"options\":\"\(options)\",\"part\":\"\(part.rawValue)\"")
    output.append(",\"persons\":\(persons),\"state\":\"")
    output.append(contentsOf: base64(state))
    output.append("\"")
    let check = RunOptions.hash(Array(output[start...]))
    output.append(",\"check\":\"\(RunOptions.hexadecimal(check))\"}\n")
    return check
  }

  /// Reads a line, without its newline.
  init(_ line: [UInt8], of program: String) throws(StateError) {
    var text = Cursor(line)
    guard text.skip(StateLine.opening(of: program)) else {
      throw StateError("it is no state of \(program)")
    }
    try text.expect("\"version\":")
    guard let version = Int(text.take(upTo: ASCII.comma)) else { throw StateLine.damaged }
    guard version == StateLine.version else {
      throw StateError(
        "it has version \(version) of the form, this program version \(StateLine.version)")
    }
    try text.expect(",\"options\":\"")
    options = text.take(upTo: ASCII.quote)
    try text.expect("\",\"part\":\"")
    let partName = text.take(upTo: ASCII.quote)
    try text.expect("\",\"persons\":")
    let count = text.take(upTo: ASCII.comma)
    try text.expect(",\"state\":\"")
    let stateText = text.bytes(upTo: ASCII.quote)
    try text.expect("\"")
    check = RunOptions.hash(Array(line[..<text.offset]))
    try text.expect(",\"check\":\"\(RunOptions.hexadecimal(check))\"}")
    guard text.isAtEnd, let part = Part(rawValue: partName), let persons = Int(count), persons >= 0,
      let state = Records.bytes(base64: stateText)
    else { throw StateLine.damaged }
    self.part = part
    self.persons = persons
    self.state = state
  }

  private static let damaged = StateError("it is damaged or cut off")

  /// Walks over the bytes of a line.
  private struct Cursor {
    private let line: [UInt8]
    private(set) var offset = 0

    init(_ line: [UInt8]) { self.line = line }

    var isAtEnd: Bool { offset == line.count }

    mutating func skip(_ bytes: [UInt8]) -> Bool {
      guard line[offset...].starts(with: bytes) else { return false }
      offset += bytes.count
      return true
    }

    mutating func expect(_ text: String) throws(StateError) {
      guard skip(Array(text.utf8)) else { throw StateLine.damaged }
    }

    mutating func bytes(upTo end: UInt8) -> ArraySlice<UInt8> {
      let start = offset
      while offset < line.count, line[offset] != end { offset += 1 }
      return line[start..<offset]
    }

    mutating func take(upTo end: UInt8) -> String {
      String(decoding: bytes(upTo: end), as: UTF8.self)
    }
  }
}
