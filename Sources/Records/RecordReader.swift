/// Reads whole records: notes every member of the top level in its order, and where the wanted members
/// of any depth lie, in one pass.
///
///     {"event":"A","context":{"page":{"url":"/a"}},"plan":"pro"}
///      member      member     wanted  wanted       member, wanted by nobody
///
/// With full checks every byte is validated on the way. With the others the objects within a record
/// are only balanced, as ``Scanner`` does, and ``readObjects(in:)`` looks into them when it is asked.
/// The last of duplicate keys counts.
///
/// Cost: some four instructions a byte with full checks; no allocation.
public struct RecordReader: Sendable {
  private var walk: ObjectWalk
  /// Where the parts of the last record lie.
  ///
  /// Who reads another one before this one's turn exchanges them for others, which copies nothing.
  public var parts: RecordParts

  /// A reader of the wanted members.
  public init(_ wanted: WantedMembers, check: Check) {
    walk = ObjectWalk(wanted, check: check)
    parts = RecordParts(wanted)
  }

  /// Where the wanted members of the last record lie, by slot.
  public var fields: [Field] { parts.fields }

  /// How many members the last record has at its top level.
  public var memberCount: Int { parts.memberCount }

  /// All members of the top level in their order, duplicates too.
  public var members: ArraySlice<Member> { parts.room[..<parts.memberCount] }

  /// One of them.
  @inline(__always)
  public func member(_ index: Int) -> Member { parts.room[index] }

  /// The last value of a wanted member, or the absent field.
  @inline(__always)
  public func field(_ slot: Int) -> Field { parts.fields[slot] }

  /// Begins a record that is not read: who writes it notes where its parts lie.
  public mutating func beginNoting() {
    for slot in parts.fields.indices { parts.fields[slot] = .absent }
    parts.memberCount = 0
  }

  /// Notes a wanted member that lies within an object.
  @inline(__always)
  public mutating func note(_ slot: Int, _ value: Field) { parts.fields[slot] = value }

  /// Notes a wanted member of the top level whose key begins at an offset; of each at most one.
  @inline(__always)
  public mutating func noteMember(_ slot: Int, from start: Int, _ value: Field) {
    parts.fields[slot] = value
    parts.room[parts.memberCount] = Member(slot: slot, start: start, value: value)
    parts.memberCount += 1
  }

  /// Reads the line that starts at an offset and ends with a newline.
  ///
  /// - Returns: where its newline stands, and whether it is a report.
  /// - Throws: the first fault. The offset of the fault never lies behind the line.
  public mutating func read(
    _ bytes: Span<UInt8>, from start: Int
  ) throws(ScanError) -> ScannedLine {
    parts.memberCount = 0
    var offset = start
    if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
    let object = try readObject(bytes, from: offset)
    var end = object.end
    if bytes[end] <= ASCII.space { end = skipBlanks(bytes, from: end) }
    guard bytes[end] == ASCII.newline else { throw ScanError(.trailingBytes, at: end) }
    return ScannedLine(end: end, isReport: object.isReport)
  }

  /// Reads the record at an offset, whatever stands behind it: one of a list.
  ///
  /// - Returns: the offset behind its brace, and whether it is a report.
  public mutating func readObject(
    _ bytes: Span<UInt8>, from offset: Int
  ) throws(ScanError) -> ScannedLine {
    parts.memberCount = 0
    guard bytes[offset] == ASCII.openBrace else { throw ScanError(.notAnObject, at: offset) }
    var end = offset
    var found = RecordFacts()
    repeat {
      // More members than there is room for are counted, and read once more.
      parts.makeRoom(found.memberCount)
      found = RecordFacts()
      end = try walk.record(bytes, from: offset, &parts.fields, &parts.room, &found)
    } while found.memberCount > parts.room.count
    parts.memberCount = found.memberCount
    return ScannedLine(end: end, isReport: found.isReport)
  }

  /// Reads an object that lies in a record which has been validated: its wanted members alone.
  public mutating func readValidated(
    _ object: Field, in bytes: Span<UInt8>
  ) throws(ScanError) {
    beginNoting()
    guard object.kind(in: bytes) == .object else { return }
    var found = RecordFacts()
    // Members are noted of a record's top level only, and this is none.
    _ = try walk.object(
      bytes, from: object.start, at: 0, inside: 1, &parts.fields, &parts.room, &found)
  }

  /// Looks into the objects of the top level, where reading the line has not.
  public mutating func readObjects(in bytes: Span<UInt8>) throws(ScanError) {
    if walk.check == .full { return }
    var found = RecordFacts()
    for want in walk.wanted.places[0] where want.inner != WantedMembers.noPlace {
      let field = parts.fields[want.slot]
      guard field.kind(in: bytes) == .object else { continue }
      _ = try walk.object(
        bytes, from: field.start, at: want.inner, inside: 1, &parts.fields, &parts.room, &found)
    }
  }
}

/// What a walk over a record found beside its fields.
struct RecordFacts {
  /// How many members the top level has.
  var memberCount = 0
  /// Whether the first key is `record`.
  var isReport = false
}
