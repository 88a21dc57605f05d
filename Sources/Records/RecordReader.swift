/// Reads whole records: notes every member of the top level in its order, and where the wanted members
/// of any depth lie, in one pass.
///
///     {"event":"A","context":{"page":{"url":"/a"}},"plan":"pro"}
///      member      member     wanted  wanted       member, wanted by nobody
///
/// With full checks every byte is validated on the way. With the others the objects within a record
/// are only balanced, as ``Scanner`` does, and ``readObjects(in:)`` looks into them when it is asked.
/// The order of keys is expected to be that of the lines before; the answer is the same on all ways.
/// The last of duplicate keys counts.
///
/// Cost: some five instructions a byte with full checks; no allocation.
public struct RecordReader: Sendable {
  private let wanted: WantedMembers
  private let check: Check
  private var keys: ExpectedKeys
  /// Where the wanted members of the last record lie, by slot.
  public private(set) var fields: [Field]
  /// All members of its top level in their order, duplicates too.
  public private(set) var members: [Member] = []

  /// A reader of the wanted members.
  public init(_ wanted: WantedMembers, check: Check) {
    self.wanted = wanted
    self.check = check
    keys = ExpectedKeys(placeCount: wanted.places.count)
    fields = Array(repeating: .absent, count: wanted.count)
  }

  /// The last value of a wanted member, or the absent field.
  @inline(__always)
  public func field(_ slot: Int) -> Field { fields[slot] }

  /// Reads the line that starts at an offset and ends with a newline.
  ///
  /// - Returns: where its newline stands, and whether it is a report.
  /// - Throws: the first fault. The offset of the fault never lies behind the line.
  public mutating func read(
    _ bytes: Span<UInt8>, from start: Int
  ) throws(ScanError) -> ScannedLine {
    for slot in fields.indices { fields[slot] = .absent }
    members.removeAll(keepingCapacity: true)
    var offset = start
    if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
    guard bytes[offset] == ASCII.openBrace else { throw ScanError(.notAnObject, at: offset) }
    var isReport = false
    offset = try object(bytes, from: offset, at: 0, inside: 0, &isReport)
    if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
    guard bytes[offset] == ASCII.newline else { throw ScanError(.trailingBytes, at: offset) }
    return ScannedLine(end: offset, isReport: isReport)
  }

  /// Looks into the objects of the top level, where reading the line has not.
  public mutating func readObjects(in bytes: Span<UInt8>) throws(ScanError) {
    guard check != .full else { return }
    var isReport = false
    for want in wanted.places[0] where want.inner != WantedMembers.noPlace {
      let field = fields[want.slot]
      guard field.kind(in: bytes) == .object else { continue }
      _ = try object(bytes, from: field.start, at: want.inner, inside: 1, &isReport)
    }
  }

  /// Reads the object of a place and finds its end.
  ///
  /// It calls itself for the objects of inner places, which are as deep as the wanted paths.
  /// - Parameter depth: how many objects it stands in.
  private mutating func object(
    _ bytes: Span<UInt8>, from start: Int, at place: Int, inside depth: Int, _ isReport: inout Bool
  ) throws(ScanError) -> Int {
    var offset = start &+ 1
    if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
    if bytes[offset] == ASCII.closeBrace { return offset &+ 1 }
    var known = place
    while true {
      let keyStart = offset
      let (slot, inner): (Int, Int)
      if let number = keys.number(bytes, at: offset, of: place, after: known) {
        let key = keys[number]
        if depth == 0, known == place { isReport = key.isRecord }
        (slot, inner) = (Int(key.slot), Int(key.inner))
        offset &+= Int(key.count)
        known = number
      } else {
        (slot, inner) = try unexpectedKey(bytes, at: &offset, of: place, depth, &known, &isReport)
      }
      if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
      // What an earlier member of the same key held does not count.
      if inner >= 0, fields[slot].isPresent { forget(inner) }
      let field: Field
      if bytes[offset] == ASCII.quote {
        field = try string(bytes, from: offset)
      } else {
        field = try otherValue(bytes, from: offset, inner: inner, depth, &isReport)
      }
      if slot >= 0 { fields[slot] = field }
      if depth == 0 { members.append(Member(slot: slot, start: keyStart, value: field)) }
      offset = field.end
      if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
      guard bytes[offset] == ASCII.comma else {
        guard bytes[offset] == ASCII.closeBrace else { throw missingEnd(bytes, at: offset) }
        return offset &+ 1
      }
      offset &+= 1
      if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
    }
  }

  /// Reads a key that is none of those expected, moves behind its colon and learns it.
  ///
  /// - Returns: its slot and the place of its object, -1 where nobody wants them.
  @inline(never)
  private mutating func unexpectedKey(
    _ bytes: Span<UInt8>, at offset: inout Int, of place: Int, _ depth: Int, _ known: inout Int,
    _ isReport: inout Bool
  ) throws(ScanError) -> (slot: Int, inner: Int) {
    let start = offset
    guard bytes[start] == ASCII.quote else {
      throw ScanError(bytes[start] == ASCII.newline ? .endsEarly : .expectedKey, at: start)
    }
    let name = try validatedString(bytes, from: start)
    let colon = skipBlanks(bytes, from: name.end)
    guard bytes[colon] == ASCII.colon else {
      let endsEarly = depth == 0 && bytes[colon] == ASCII.newline
      throw ScanError(endsEarly ? .endsEarly : .expectedColon, at: colon)
    }
    offset = colon + 1
    let isFirst = depth == 0 && known == place
    let want: WantedMembers.Want?
    if name.hasEscapes {
      let decoded = unescaped(bytes, from: start + 1, to: name.end - 1)
      want = wanted.want(decoded.span, from: 0, to: decoded.count, at: place)
      if isFirst { isReport = decoded == ExpectedKey.record }
      known = keys.unknown
    } else {
      want = wanted.want(bytes, from: start + 1, to: name.end - 1, at: place)
      if isFirst { isReport = bytes.equals(ExpectedKey.record, from: start + 1, to: name.end - 1) }
      known = keys.learn(bytes, from: start, to: colon + 1, of: place, after: known, want)
    }
    return (want?.slot ?? -1, want?.inner ?? WantedMembers.noPlace)
  }

  /// Reads a string, as closely as the check asks.
  @inline(__always)
  private func string(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
    let end = plainEnd(bytes, from: start &+ 1)
    if bytes[end] == ASCII.quote { return Field(start: start, end: end &+ 1) }
    if check == .full { return try validatedUnusualString(bytes, from: start) }
    let string = try unusualStringEnd(bytes, from: start + 1)
    return Field(
      start: start, end: string.offset, hasEscapes: string.hasEscapes,
      hasNonASCII: string.hasNonASCII)
  }

  /// Reads a value that is no string, and looks into it where something in it is wanted.
  @inline(__always)
  private mutating func otherValue(
    _ bytes: Span<UInt8>, from start: Int, inner: Int, _ depth: Int, _ isReport: inout Bool
  ) throws(ScanError) -> Field {
    let end: Int
    switch bytes[start] {
    case ASCII.openBrace where inner >= 0 && (depth > 0 || check == .full):
      end = try object(bytes, from: start, at: inner, inside: depth &+ 1, &isReport)
    case ASCII.openBrace, ASCII.openBracket:
      end =
        check == .full
        ? try validatedEnd(bytes, from: start, inside: depth &+ 1)
        : try balancedEnd(bytes, from: start)
    default:
      end = try scalarEnd(bytes, from: start)
    }
    return Field(start: start, end: end)
  }

  /// Forgets what was found at a place and below it.
  private mutating func forget(_ place: Int) {
    for want in wanted.places[place] {
      fields[want.slot] = .absent
      if want.inner != WantedMembers.noPlace { forget(want.inner) }
    }
  }
}
