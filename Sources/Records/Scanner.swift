/// Reads lines as JSON objects and notes where the wanted top-level fields lie.
///
///     {"event":"Signed Up","userId":"u1","timestamp":"2026-…","properties":{…}}\n
///      ^^^^^^^^ key 0 of the line before? compared as two masked words, its slot is known
///              ^---------^ value: quotes, brackets and backslashes are looked for, no more
///
/// Streams repeat the order of their keys, so each key is first compared with the one that stood
/// at the same place in the line before. Where that fails the key is looked up, and the order
/// learnt anew; the answer is the same on both ways. The last of duplicate keys counts.
///
/// Cost: one pass over the line, no allocation.
public struct Scanner: Sendable {
  /// Zero bytes that must follow the last line of a block.
  public static let paddingBytes = 128

  private let selection: Selection
  private let check: Check
  private var expected: [ExpectedKey] = []
  private var index = LineIndex()

  /// A scanner for the keys of a selection.
  public init(_ selection: Selection, check: Check) {
    self.selection = selection
    self.check = check
  }

  /// Scans the line that starts at an offset and ends with a newline.
  ///
  /// - Returns: where its newline stands, and whether it is a report.
  /// - Throws: the first fault. The offset of the fault never lies behind the line.
  public mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, into fields: inout MutableSpan<Field>, at base: Int
  ) throws(ScanError) -> ScannedLine {
    for slot in base..<base + selection.count { fields[slot] = .absent }
    if check != .full, index.index(bytes, from: start),
      let line = scanIndexed(bytes, from: start, into: &fields, at: base)
    {
      return line
    }
    return try scanBytes(bytes, from: start, into: &fields, at: base)
  }

  /// The same into an array.
  public mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, into fields: inout [Field], at base: Int
  ) throws(ScanError) -> ScannedLine {
    var span = fields.mutableSpan
    return try scan(bytes, from: start, into: &span, at: base)
  }

  /// Scans a line with the help of its index.
  ///
  /// - Returns: `nil` where the line is not as expected: with blanks between its parts, with keys in
  ///   another order than the line before, or no JSON. The other scan then tells.
  private mutating func scanIndexed(
    _ bytes: Span<UInt8>, from start: Int, into fields: inout MutableSpan<Field>, at base: Int
  ) -> ScannedLine? {
    guard bytes[start] == ASCII.openBrace else { return nil }
    var offset = start + 1
    var position = 0
    var isReport = false
    while true {
      guard position < expected.count else { return nil }
      let key = expected[position]
      guard key.matches(bytes, at: offset) else { return nil }
      if position == 0 { isReport = key.isRecord }
      offset += key.count
      let valueStart = offset
      switch bytes[offset] {
      case ASCII.quote:
        offset = index.quote(from: offset + 1) + 1
        if key.slot >= 0 {
          fields[base + key.slot] = Field(
            start: valueStart, end: offset, hasEscapes: false,
            hasNonASCII: bytes.hasHighBits(from: valueStart, to: offset))
        }
      case ASCII.openBrace, ASCII.openBracket:
        guard let close = index.close(of: offset, in: bytes) else { return nil }
        offset = close
        if key.slot >= 0 { fields[base + key.slot] = Field(start: valueStart, end: offset) }
      default:
        guard let end = try? scalarEnd(bytes, from: offset) else { return nil }
        offset = end
        if key.slot >= 0 { fields[base + key.slot] = Field(start: valueStart, end: offset) }
      }
      position += 1
      let next = bytes[offset]
      offset += 1
      if next == ASCII.comma { continue }
      guard next == ASCII.closeBrace else { return nil }
      if bytes[offset] == ASCII.carriageReturn { offset += 1 }
      return offset == index.end ? ScannedLine(end: offset, isReport: isReport) : nil
    }
  }

  /// Scans a line byte by byte, learns the order of its keys, and tells every fault.
  private mutating func scanBytes(
    _ bytes: Span<UInt8>, from start: Int, into fields: inout MutableSpan<Field>, at base: Int
  ) throws(ScanError) -> ScannedLine {
    for slot in base..<base + selection.count { fields[slot] = .absent }
    var offset = skipBlanks(bytes, from: start)
    guard bytes[offset] == ASCII.openBrace else { throw ScanError(.notAnObject, at: offset) }
    offset = skipBlanks(bytes, from: offset + 1)
    var isReport = false
    if bytes[offset] == ASCII.closeBrace {
      offset += 1
    } else {
      var position = 0
      repeat {
        let slot = try key(bytes, at: &offset, position: position, isReport: &isReport)
        let field = try value(bytes, from: offset)
        if slot >= 0 { fields[base + slot] = field }
        position += 1
        offset = field.end
      } while try hasNextKey(bytes, at: &offset)
    }
    offset = skipBlanks(bytes, from: offset)
    guard bytes[offset] == ASCII.newline else { throw ScanError(.trailingBytes, at: offset) }
    return ScannedLine(end: offset, isReport: isReport)
  }

  /// Reads the key at an offset, moves behind its colon, and tells its slot.
  @inline(__always)
  mutating func key(
    _ bytes: Span<UInt8>, at offset: inout Int, position: Int, isReport: inout Bool
  ) throws(ScanError) -> Int {
    if position < expected.count {
      let candidate = expected[position]
      if candidate.matches(bytes, at: offset) {
        offset += candidate.count
        if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
        if position == 0 { isReport = candidate.isRecord }
        return candidate.slot
      }
    }
    let start = offset
    guard bytes[start] == ASCII.quote else {
      throw ScanError(bytes[start] == ASCII.newline ? .endsEarly : .expectedKey, at: start)
    }
    let end = try stringEnd(bytes, from: start + 1)
    if end.hasEscapes || end.hasNonASCII { _ = try validatedString(bytes, from: start) }
    let colon = skipBlanks(bytes, from: end.offset)
    guard bytes[colon] == ASCII.colon else {
      throw ScanError(bytes[colon] == ASCII.newline ? .endsEarly : .expectedColon, at: colon)
    }
    offset = skipBlanks(bytes, from: colon + 1)
    let slot: Int
    let isRecord: Bool
    if end.hasEscapes {
      let decoded = unescaped(bytes, from: start + 1, to: end.offset - 1)
      slot = selection.slot(in: decoded.span, from: 0, to: decoded.count)
      isRecord = decoded == ExpectedKey.record
    } else {
      slot = selection.slot(in: bytes, from: start + 1, to: end.offset - 1)
      isRecord = bytes.equals(ExpectedKey.record, from: start + 1, to: end.offset - 1)
    }
    if position == 0 { isReport = isRecord }
    if position <= expected.count && position < 64 {
      let learnt = ExpectedKey(
        bytes, from: start, to: colon + 1, slot: slot, isRecord: isRecord)
      if position == expected.count { expected.append(learnt) } else { expected[position] = learnt }
    }
    return slot
  }

  /// Finds the end of the value at an offset, as closely as the check asks.
  @inline(__always)
  func value(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
    switch bytes[start] {
    case ASCII.quote:
      if check == .full { return try validatedString(bytes, from: start) }
      let end = try stringEnd(bytes, from: start + 1)
      return Field(
        start: start, end: end.offset, hasEscapes: end.hasEscapes, hasNonASCII: end.hasNonASCII)
    case ASCII.openBrace, ASCII.openBracket:
      let end =
        check == .full
        ? try validatedEnd(bytes, from: start) : try balancedEnd(bytes, from: start)
      return Field(start: start, end: end)
    default:
      return Field(start: start, end: try scalarEnd(bytes, from: start))
    }
  }

  /// Moves behind a comma to the next key, or behind the brace that ends the object.
  @inline(__always)
  func hasNextKey(_ bytes: Span<UInt8>, at offset: inout Int) throws(ScanError) -> Bool {
    if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
    switch bytes[offset] {
    case ASCII.comma:
      offset += 1
      if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
      return true
    case ASCII.closeBrace:
      offset += 1
      return false
    case ASCII.newline:
      throw ScanError(.endsEarly, at: offset)
    case ASCII.closeBracket:
      throw ScanError(.mismatchedBracket, at: offset)
    default:
      throw ScanError(.expectedCommaOrEnd, at: offset)
    }
  }
}

/// What a scan says of a line beside its fields.
public struct ScannedLine: Equatable, Sendable {
  /// Offset of the newline that ends the line.
  public let end: Int
  /// Whether the first key is `record`: the line is a report, not an event.
  public let isReport: Bool
}

/// A key with its quotes and colon as two masked words, for comparison in one step.
///
///     "event":          masks cover 8 bytes
///     "anonymousId":    masks cover 14 bytes
struct ExpectedKey: Sendable {
  static let record = Array("record".utf8)

  private let low: UInt64
  private let high: UInt64
  private let lowMask: UInt64
  private let highMask: UInt64
  let count: Int
  let slot: Int
  let isRecord: Bool

  /// Learns the key whose quote stands at `start` and whose colon ends before `end`.
  ///
  /// A key that is longer than two words, or is not followed by its colon at once, never matches.
  init(_ bytes: Span<UInt8>, from start: Int, to end: Int, slot: Int, isRecord: Bool) {
    count = end - start
    self.slot = slot
    self.isRecord = isRecord
    guard count <= 16, bytes[end - 2] == ASCII.quote else {
      (lowMask, highMask, low, high) = (0, 0, 1, 1)
      return
    }
    lowMask = count >= 8 ? .max : (1 << UInt64(count * 8)) &- 1
    highMask =
      count >= 16 ? .max : count <= 8 ? 0 : (1 << UInt64((count - 8) * 8)) &- 1
    low = bytes.word(at: start) & lowMask
    high = bytes.word(at: start + 8) & highMask
  }

  /// Whether the same key stands at an offset.
  @inline(__always)
  func matches(_ bytes: Span<UInt8>, at offset: Int) -> Bool {
    // `^` and `|` bind alike: without the parentheses a difference can hide behind a bit of `high`.
    ((bytes.word(at: offset) & lowMask) ^ low) | ((bytes.word(at: offset + 8) & highMask) ^ high)
      == 0
  }
}
