/// Reads lines as JSON objects and notes where the wanted top-level fields lie.
///
///     {"event":"Signed Up","userId":"u1","timestamp":"2026-…","properties":{…}}\n
///      ^^^^^^^^ the key that began the line before? compared as masked words, its slot is known
///              ^---------^ value: quotes, brackets and backslashes are looked for, no more
///
/// Streams repeat the order of their keys, so each key is first compared with the two that came
/// behind the key before it in earlier lines. Where that fails the key is looked up and the order
/// learnt anew; the answer is the same on all ways. The last of duplicate keys counts. Of records that
/// are trusted, nothing is looked at behind the last key that is asked for.
///
/// Cost: one pass over the line, no allocation.
public struct Scanner: Sendable {
  /// Zero bytes that must follow the last line of a block.
  public static let paddingBytes = 128

  private let selection: Selection
  private let check: Check
  private var keys = KnownKeys()
  /// Where each key is looked for in trusted records, and how many of them anywhere.
  private let presences: [Selection.Presence]
  private let wantedCount: Int

  /// A scanner for the keys of a selection.
  public init(_ selection: Selection, check: Check) {
    self.selection = selection
    self.check = check
    presences = selection.presences
    wantedCount = check == .none ? presences.count { $0 == .anywhere } : .max
  }

  /// Scans the line that starts at an offset and ends with a newline.
  ///
  /// - Parameters:
  ///   - fields: takes what is found; what is not stays as it was, so it is to be absent before.
  ///   - base: index of the first slot.
  /// - Returns: where its newline stands, and whether it is a report.
  /// - Throws: the first fault. The offset of the fault never lies behind the line.
  public mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, into fields: inout MutableSpan<Field>, at base: Int
  ) throws(ScanError) -> ScannedLine {
    var offset = start
    guard try entersObject(bytes, at: &offset) else {
      return ScannedLine(end: try lineEnd(bytes, from: offset), isReport: false)
    }
    var isReport = false
    var known = KnownKeys.lineStart
    var missing = wantedCount
    repeat {
      let slot = try key(bytes, at: &offset, after: &known, isReport: &isReport)
      if missing == 0, slot < 0 || presences[slot] != .first {
        let end = bytes.firstOffset(of: ASCII.newline, from: offset, to: bytes.count)
        return ScannedLine(end: end, isReport: isReport)
      }
      let field = try value(bytes, from: offset)
      if slot >= 0 {
        fields[base + slot] = field
        if check == .none, presences[slot] == .anywhere { missing -= 1 }
      }
      offset = field.end
    } while try hasNextKey(bytes, at: &offset)
    return ScannedLine(end: try lineEnd(bytes, from: offset), isReport: isReport)
  }

  /// The same into an array whose slots may have held another record.
  public mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, into fields: inout [Field], at base: Int
  ) throws(ScanError) -> ScannedLine {
    for slot in base..<base + selection.count { fields[slot] = .absent }
    var span = fields.mutableSpan
    return try scan(bytes, from: start, into: &span, at: base)
  }

  /// Moves behind the opening brace.
  ///
  /// - Returns: whether a key stands there; the empty object is passed whole.
  @inline(__always)
  func entersObject(_ bytes: Span<UInt8>, at offset: inout Int) throws(ScanError) -> Bool {
    if bytes[offset] != ASCII.openBrace {
      offset = skipBlanks(bytes, from: offset)
      guard bytes[offset] == ASCII.openBrace else { throw ScanError(.notAnObject, at: offset) }
    }
    offset += 1
    if bytes[offset] == ASCII.quote { return true }
    offset = skipBlanks(bytes, from: offset)
    guard bytes[offset] == ASCII.closeBrace else { return true }
    offset += 1
    return false
  }

  /// The offset of the newline that follows the object, with nothing but blanks between.
  @inline(__always)
  func lineEnd(_ bytes: Span<UInt8>, from offset: Int) throws(ScanError) -> Int {
    if bytes[offset] == ASCII.newline { return offset }
    let end = skipBlanks(bytes, from: offset)
    guard bytes[end] == ASCII.newline else { throw ScanError(.trailingBytes, at: end) }
    return end
  }

  /// Reads the key at an offset, moves behind its colon, and tells its slot.
  @inline(__always)
  mutating func key(
    _ bytes: Span<UInt8>, at offset: inout Int, after known: inout Int, isReport: inout Bool
  ) throws(ScanError) -> Int {
    guard let number = keys.expected(in: bytes, at: offset, after: known) else {
      return try otherKey(bytes, at: &offset, after: &known, isReport: &isReport)
    }
    if known == KnownKeys.lineStart { isReport = keys[number].isRecord }
    known = number
    offset += keys[number].count
    if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
    return keys[number].slot
  }

  /// Reads a key that was not expected, and expects it from now on.
  @inline(never)
  private mutating func otherKey(
    _ bytes: Span<UInt8>, at offset: inout Int, after known: inout Int, isReport: inout Bool
  ) throws(ScanError) -> Int {
    let isFirst = known == KnownKeys.lineStart
    if let number = keys.unexpected(in: bytes, at: offset, after: known) {
      if isFirst { isReport = keys[number].isRecord }
      known = number
      offset = skipBlanks(bytes, from: offset + keys[number].count)
      return keys[number].slot
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
    if end.hasEscapes {
      known = KnownKeys.unknown
      let decoded = unescaped(bytes, from: start + 1, to: end.offset - 1)
      if isFirst { isReport = decoded == KnownKeys.record }
      return selection.slot(in: decoded.span, from: 0, to: decoded.count)
    }
    let slot = selection.slot(in: bytes, from: start + 1, to: end.offset - 1)
    if isFirst {
      isReport = bytes.equals(KnownKeys.record, from: start + 1, to: end.offset - 1)
    }
    let number = keys.learn(bytes, from: start, to: colon + 1, slot: slot)
    if let number { keys.follow(known, with: number) }
    known = number ?? KnownKeys.unknown
    return slot
  }

  /// Finds the end of the value at an offset, as closely as the check asks.
  @inline(__always)
  func value(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
    switch bytes[start] {
    case ASCII.quote:
      return check == .full
        ? try validatedString(bytes, from: start) : try string(bytes, from: start)
    case ASCII.openBrace, ASCII.openBracket:
      let end =
        check == .full
        ? try validatedEnd(bytes, from: start) : try nestedEnd(bytes, from: start)
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
