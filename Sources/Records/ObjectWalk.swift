/// Walks over the objects of a record and notes what is wanted of them.
///
///     "event":"A",     the key that was expected ─ a quote ─ plain text ─ a comma: next
///
/// The order of keys is expected to be that of the lines before, and no blanks to stand between the
/// parts; what is not as expected takes another way to the same answer.
struct ObjectWalk: Sendable {
  let wanted: WantedMembers
  let check: Check
  private var keys: ExpectedKeys

  init(_ wanted: WantedMembers, check: Check) {
    self.wanted = wanted
    self.check = check
    keys = ExpectedKeys(placeCount: wanted.places.count)
  }

  /// Reads the whole object of a record and finds its end.
  ///
  /// - Parameter members: room for its members; what does not fit is only counted.
  mutating func record(
    _ bytes: Span<UInt8>, from start: Int, _ fields: inout [Field], _ members: inout [Member],
    _ found: inout RecordFacts
  ) throws(ScanError) -> Int {
    var fields = fields.mutableSpan
    var members = members.mutableSpan
    for slot in fields.indices { fields[slot] = .absent }
    return try object(bytes, from: start, at: 0, inside: 0, &fields, &members, &found)
  }

  /// Reads the object of a place and finds its end.
  ///
  /// - Parameters:
  ///   - depth: how many objects it stands in.
  ///   - members: room for those of the top level; what does not fit is only counted.
  mutating func object(
    _ bytes: Span<UInt8>, from start: Int, at place: Int, inside depth: Int,
    _ fields: inout [Field], _ members: inout [Member], _ found: inout RecordFacts
  ) throws(ScanError) -> Int {
    var fields = fields.mutableSpan
    var members = members.mutableSpan
    return try object(bytes, from: start, at: place, inside: depth, &fields, &members, &found)
  }

  /// The same on the arrays' memory, so that not every write asks whether the array is shared.
  ///
  /// It calls itself for the objects of inner places, which are as deep as the wanted paths.
  private mutating func object(
    _ bytes: Span<UInt8>, from start: Int, at place: Int, inside depth: Int,
    _ fields: inout MutableSpan<Field>, _ members: inout MutableSpan<Member>,
    _ found: inout RecordFacts
  ) throws(ScanError) -> Int {
    var offset = start &+ 1
    if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
    if bytes[offset] == ASCII.closeBrace { return offset &+ 1 }
    var known = place
    while true {
      var keyStart = offset
      let (slot, inner): (Int, Int)
      if let (number, key) = keys.expected(bytes, at: offset, of: place, after: known) {
        if depth == 0, known == place { found.isReport = key.isRecord }
        (slot, inner) = (Int(key.slot), Int(key.inner))
        offset &+= Int(key.count)
        known = number
      } else {
        keyStart = skipBlanks(bytes, from: offset)
        offset = keyStart
        (slot, inner) = try unexpectedKey(bytes, at: &offset, of: place, depth, &known, &found)
      }
      // What an earlier member of the same key held does not count.
      if inner >= 0, fields[slot].isPresent { forget(inner, &fields) }
      let field: Field
      let textEnd = bytes[offset] == ASCII.quote ? plainEnd(bytes, from: offset &+ 1) : offset
      if textEnd > offset, bytes[textEnd] == ASCII.quote {
        field = Field(start: offset, end: textEnd &+ 1)
      } else {
        field = try value(bytes, from: offset, inner: inner, depth, &fields, &members, &found)
      }
      if slot >= 0 { fields[slot] = field }
      if depth == 0 {
        if found.memberCount < members.count {
          members[found.memberCount] = Member(slot: slot, start: keyStart, value: field)
        }
        found.memberCount &+= 1
      }
      offset = field.end
      if bytes[offset] != ASCII.comma {
        offset = skipBlanks(bytes, from: offset)
        if bytes[offset] == ASCII.closeBrace { return offset &+ 1 }
        guard bytes[offset] == ASCII.comma else { throw missingEnd(bytes, at: offset) }
      }
      offset &+= 1
    }
  }

  /// Reads a key that is none of those expected, moves behind its colon and learns it.
  ///
  /// - Returns: its slot and the place of its object, -1 where nobody wants them.
  @inline(never)
  private mutating func unexpectedKey(
    _ bytes: Span<UInt8>, at offset: inout Int, of place: Int, _ depth: Int, _ known: inout Int,
    _ found: inout RecordFacts
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
      if isFirst { found.isReport = decoded == KnownKeys.record }
      known = keys.unknown
    } else {
      let (first, last) = (start + 1, name.end - 1)
      want = wanted.want(bytes, from: first, to: last, at: place)
      if isFirst { found.isReport = bytes.equals(KnownKeys.record, from: first, to: last) }
      known = keys.learn(bytes, from: start, to: colon + 1, of: place, after: known, want)
    }
    return (want?.slot ?? -1, want?.inner ?? WantedMembers.noPlace)
  }

  /// Reads a value that is no plain text, as closely as the check asks; looks into an object of which
  /// something is wanted.
  private mutating func value(
    _ bytes: Span<UInt8>, from start: Int, inner: Int, _ depth: Int,
    _ fields: inout MutableSpan<Field>, _ members: inout MutableSpan<Member>,
    _ found: inout RecordFacts
  ) throws(ScanError) -> Field {
    var start = start
    if bytes[start] <= ASCII.space { start = skipBlanks(bytes, from: start) }
    switch bytes[start] {
    case ASCII.quote:
      return check == .full
        ? try validatedString(bytes, from: start) : try string(bytes, from: start)
    case ASCII.openBrace where inner >= 0 && (depth > 0 || check == .full):
      let end = try object(
        bytes, from: start, at: inner, inside: depth &+ 1, &fields, &members, &found)
      return Field(start: start, end: end)
    case ASCII.openBrace, ASCII.openBracket:
      let end =
        check == .full
        ? try validatedEnd(bytes, from: start, inside: depth &+ 1)
        : try nestedEnd(bytes, from: start)
      return Field(start: start, end: end)
    default:
      return Field(start: start, end: try scalarEnd(bytes, from: start))
    }
  }

  /// Forgets what was found at a place and below it.
  private func forget(_ place: Int, _ fields: inout MutableSpan<Field>) {
    for want in wanted.places[place] {
      fields[want.slot] = .absent
      if want.inner != WantedMembers.noPlace { forget(want.inner, &fields) }
    }
  }
}
