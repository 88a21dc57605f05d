/// Reads what a ``StateWriter`` wrote, and believes nothing of it.
///
/// Whatever the bytes are, reading ends in values or in a ``StateError``; a count that is read says
/// nothing about how much memory may be taken.
public struct StateReader: Sendable {
  private let bytes: [UInt8]
  private var offset = 0
  private var names: [[UInt8]] = []

  /// A reader of these bytes.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether all has been read.
  public var isAtEnd: Bool { offset == bytes.count }

  /// Reads a number without a sign.
  public mutating func number() throws(StateError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let byte = try next()
      let part = UInt64(byte & 0x7F)
      guard shift < 63 || part <= 1 else { throw StateError("a number is too long") }
      value |= part << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw StateError("a number is too long")
  }

  /// Reads a number with a sign.
  public mutating func integer() throws(StateError) -> Int64 {
    let folded = try number()
    return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
  }

  /// Reads a number that is at least 0 and at most `limit`.
  public mutating func count(upTo limit: Int = .max) throws(StateError) -> Int {
    let value = try integer()
    guard value >= 0, value <= limit else { throw StateError("a count is out of range") }
    return Int(value)
  }

  /// Reads a number that fits into four bytes.
  public mutating func short() throws(StateError) -> UInt32 {
    guard let value = UInt32(exactly: try number()) else {
      throw StateError("a number is out of range")
    }
    return value
  }

  /// Reads an answer.
  public mutating func flag() throws(StateError) -> Bool {
    let byte = try next()
    guard byte <= 1 else { throw StateError("neither yes nor no") }
    return byte == 1
  }

  /// Reads a time.
  public mutating func moment() throws(StateError) -> Moment {
    let value = try number()
    if value < 2 { return value == 0 ? .distantPast : .distantFuture }
    let start = Moment.writableStart.milliseconds
    guard value - 2 < UInt64(Moment.writableEnd.milliseconds - start) else {
      throw StateError("a time is out of range")
    }
    return Moment(milliseconds: start + Int64(value - 2))
  }

  /// Reads a time or that there is none.
  public mutating func momentIfAny() throws(StateError) -> Moment? {
    try flag() ? try moment() : nil
  }

  /// Reads eight bytes as one word.
  public mutating func word() throws(StateError) -> UInt64 {
    var word: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 8) { word |= UInt64(try next()) << shift }
    return word
  }

  /// Reads a text.
  public mutating func text() throws(StateError) -> [UInt8] {
    let count = try number()
    guard count <= UInt64(bytes.count - offset) else { throw StateError("a text ends early") }
    let text = Array(bytes[offset..<offset + Int(count)])
    offset += Int(count)
    return text
  }

  /// Reads a text that comes often.
  public mutating func name() throws(StateError) -> [UInt8] {
    let number = try number()
    guard number <= UInt64(names.count) else { throw StateError("a name is not known") }
    if number < UInt64(names.count) { return names[Int(number)] }
    names.append(try text())
    return names[names.count - 1]
  }

  /// Ends the reading; what was not read is an error.
  public func finish() throws(StateError) {
    guard isAtEnd else { throw StateError("more is there than belongs there") }
  }

  private mutating func next() throws(StateError) -> UInt8 {
    guard offset < bytes.count else { throw StateError("it ends early") }
    offset += 1
    return bytes[offset - 1]
  }
}

/// What is wrong with a state.
public struct StateError: Error, Equatable, Sendable {
  /// A few words.
  public let reason: String

  /// An error.
  public init(_ reason: String) { self.reason = reason }
}
