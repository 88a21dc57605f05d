/// Reads lines as JSON objects and notes where the wanted top-level fields lie.
///
///     {"event":"Signed Up","userId":"u1","timestamp":"2026-…","properties":{…}}\n
///      ········^         ^·········· the key that came here before, with all around it? one
///               ^-------^            comparison, its slot is known, a string begins
///                                    the string: a quote, a backslash is looked for, no more
///
/// Streams repeat the order of their keys, so what stands behind a value is first compared with the
/// two that came there in earlier lines. Where that fails it is read part by part and the order
/// learnt anew; the answer is the same on all ways. The last of duplicate keys counts. Of records
/// that are trusted, nothing is looked at behind the last key that is asked for.
///
/// Cost: one pass over the line, no allocation; some fifty instructions for a key that was expected
/// and its string.
public struct Scanner: Sendable {
  /// Zero bytes that must follow the last line of a block.
  public static let paddingBytes = 128

  private let selection: Selection
  private let check: Check
  private var known = KnownKeys()
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

  /// How far a line has been read.
  private struct Position {
    /// Behind the last value; at the newline in the end.
    var offset: Int
    /// The number of the key before it.
    var key = KnownKeys.lineStart
    /// How many wanted keys have not been found.
    var missing: Int
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
    var at = Position(offset: start, missing: wantedCount)
    var isReport = false
    while try !readExpected(bytes, &at, &fields, base) {
      let key = try otherKey(bytes, &at)
      if key.isRecord { isReport = true }
      if try take(key, bytes, &at, &fields, base) { break }
    }
    return ScannedLine(end: at.offset, isReport: isReport)
  }

  /// Reads keys and values as long as the keys are those that were expected.
  ///
  /// - Returns: whether the line is done.
  @inline(__always)
  private func readExpected(
    _ bytes: Span<UInt8>, _ at: inout Position, _ fields: inout MutableSpan<Field>, _ base: Int
  ) throws(ScanError) -> Bool {
    let keys = known.keys.span
    while true {
      var number = Int(keys[at.key].next)
      if !keys[number].stands(in: bytes, at: at.offset) {
        number = Int(keys[at.key].other)
        guard keys[number].stands(in: bytes, at: at.offset) else { return false }
      }
      let key = keys[number].meaning
      at.key = number
      at.offset &+= keys[number].count
      if key.follower == .string, at.missing != 0 || !key.endsTrusted {
        let end = plainEnd(bytes, from: at.offset)
        if bytes[end] == ASCII.quote {
          if key.slot >= 0 {
            fields[base &+ key.slot] = Field(start: at.offset &- 1, end: end &+ 1)
            at.missing &-= key.awaited
          }
          at.offset = end &+ 1
          continue
        }
      }
      if try take(key, bytes, &at, &fields, base) { return true }
    }
  }

  /// Takes the value behind a key.
  ///
  /// - Returns: whether the line is done.
  @inline(__always)
  private func take(
    _ key: KeyMeaning, _ bytes: Span<UInt8>, _ at: inout Position,
    _ fields: inout MutableSpan<Field>, _ base: Int
  ) throws(ScanError) -> Bool {
    if key.endsTrusted, at.missing == 0 {
      at.offset = bytes.firstOffset(of: ASCII.newline, from: at.offset, to: bytes.count)
      return true
    }
    let field: Field
    switch key.follower {
    case .string: field = try checkedString(bytes, from: at.offset &- 1)
    case .nested: field = try nested(bytes, from: at.offset &- 1)
    case .anything: field = try value(bytes, from: skipBlanks(bytes, from: at.offset))
    case .lineEnd:
      at.offset &-= 1
      return true
    }
    if key.slot >= 0 {
      fields[base &+ key.slot] = field
      at.missing &-= key.awaited
    }
    at.offset = field.end
    return false
  }

  /// A string, as closely as the check asks.
  @inline(__always)
  private func checkedString(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
    check == .full
      ? try validatedString(bytes, from: start) : try string(bytes, from: start)
  }

  /// An object or array, as closely as the check asks.
  @inline(__always)
  private func nested(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
    let end =
      check == .full ? try validatedEnd(bytes, from: start) : try nestedEnd(bytes, from: start)
    return Field(start: start, end: end)
  }

  /// A value of any kind, as closely as the check asks.
  private func value(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
    switch bytes[start] {
    case ASCII.quote: return try checkedString(bytes, from: start)
    case ASCII.openBrace, ASCII.openBracket: return try nested(bytes, from: start)
    default: return Field(start: start, end: try scalarEnd(bytes, from: start))
    }
  }

  /// The same into an array whose slots may have held another record.
  public mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, into fields: inout [Field], at base: Int
  ) throws(ScanError) -> ScannedLine {
    for slot in base..<base + selection.count { fields[slot] = .absent }
    var span = fields.mutableSpan
    return try scan(bytes, from: start, into: &span, at: base)
  }

  /// Reads a key that was not expected with all that stands around it, or the end of the line.
  ///
  /// From now on it is expected here.
  @inline(never)
  private mutating func otherKey(
    _ bytes: Span<UInt8>, _ at: inout Position
  ) throws(ScanError) -> KeyMeaning {
    let start = at.offset
    if let number = known.unexpected(in: bytes, at: start, after: at.key) {
      at.key = number
      at.offset += known.keys[number].count
      return known.keys[number].meaning
    }
    let isFirst = at.key == KnownKeys.lineStart
    let hasKey =
      isFirst ? try entersObject(bytes, &at.offset) : try hasNextKey(bytes, &at.offset)
    guard hasKey else {
      at.offset = try lineEnd(bytes, from: at.offset) + 1
      let end = KeyMeaning()
      if !isFirst { _ = known.learn(bytes, from: start, to: at.offset, end, after: at.key) }
      return end
    }
    let (key, hasEscapes) = try newKey(bytes, &at.offset, isFirst: isFirst)
    // Reports are rare; so which line is one is told here alone.
    at.key =
      hasEscapes || key.isRecord
      ? KnownKeys.unknown : known.learn(bytes, from: start, to: at.offset, key, after: at.key)
    return key
  }

  /// Reads a key at an offset, and moves behind its colon and the byte that tells what value comes.
  private func newKey(
    _ bytes: Span<UInt8>, _ offset: inout Int, isFirst: Bool
  ) throws(ScanError) -> (key: KeyMeaning, hasEscapes: Bool) {
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
    let name =
      end.hasEscapes
      ? unescaped(bytes, from: start + 1, to: end.offset - 1)
      : bytes.copy(from: start + 1, to: end.offset - 1)
    var key = KeyMeaning()
    key.slot = selection.slot(in: name.span, from: 0, to: name.count)
    key.isRecord = isFirst && name == KnownKeys.record
    if check == .none {
      key.endsTrusted = key.slot < 0 || presences[key.slot] != .first
      key.awaited = key.slot >= 0 && presences[key.slot] == .anywhere ? 1 : 0
    }
    switch bytes[offset] {
    case ASCII.quote: key.follower = .string
    case ASCII.openBrace, ASCII.openBracket: key.follower = .nested
    default: key.follower = .anything
    }
    if key.follower != .anything { offset += 1 }
    return (key, end.hasEscapes)
  }

  /// Moves behind the opening brace.
  ///
  /// - Returns: whether a key stands there; the empty object is passed whole.
  private func entersObject(
    _ bytes: Span<UInt8>, _ offset: inout Int
  ) throws(ScanError) -> Bool {
    offset = skipBlanks(bytes, from: offset)
    guard bytes[offset] == ASCII.openBrace else { throw ScanError(.notAnObject, at: offset) }
    offset = skipBlanks(bytes, from: offset + 1)
    guard bytes[offset] == ASCII.closeBrace else { return true }
    offset += 1
    return false
  }

  /// Moves behind a comma to the next key, or behind the brace that ends the object.
  private func hasNextKey(_ bytes: Span<UInt8>, _ offset: inout Int) throws(ScanError) -> Bool {
    offset = skipBlanks(bytes, from: offset)
    switch bytes[offset] {
    case ASCII.comma:
      offset = skipBlanks(bytes, from: offset + 1)
      return true
    case ASCII.closeBrace:
      offset += 1
      return false
    case ASCII.newline: throw ScanError(.endsEarly, at: offset)
    case ASCII.closeBracket: throw ScanError(.mismatchedBracket, at: offset)
    default: throw ScanError(.expectedCommaOrEnd, at: offset)
    }
  }

  /// The offset of the newline that follows the object, with nothing but blanks between.
  private func lineEnd(_ bytes: Span<UInt8>, from offset: Int) throws(ScanError) -> Int {
    let end = skipBlanks(bytes, from: offset)
    guard bytes[end] == ASCII.newline else { throw ScanError(.trailingBytes, at: end) }
    return end
  }
}

/// What a scan says of a line beside its fields.
public struct ScannedLine: Equatable, Sendable {
  /// Offset of the newline that ends the line.
  public let end: Int
  /// Whether the first key is `record`: the line is a report, not an event.
  public let isReport: Bool
}
