/// One key with its value at the top level of a record.
///
///     {"event":"Signed Up","plan":"pro"}
///      ^start ^value
public struct Member: Sendable, BitwiseCopyable {
  /// Where the value lies.
  public let value: Field
  /// Offset of the key's opening quote.
  public let startOffset: UInt32
  /// The slot of the key, -1 when nobody wants it.
  public let slot: Int32

  /// A member by its parts.
  @inlinable
  public init(slot: Int, start: Int, value: Field) {
    self.slot = Int32(truncatingIfNeeded: slot)
    startOffset = UInt32(truncatingIfNeeded: start)
    self.value = value
  }

  /// Offset of the key's opening quote.
  @inlinable public var start: Int { Int(startOffset) }
}

extension Scanner {
  /// Scans a line and notes every member of it in its order, so that it can be written anew.
  ///
  /// Keys that nobody wants and all of duplicate keys are noted too.
  /// - Returns: where its newline stands, and whether it is a report.
  /// - Throws: the first fault. The offset of the fault never lies behind the line.
  public mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, members: inout [Member]
  ) throws(ScanError) -> ScannedLine {
    members.removeAll(keepingCapacity: true)
    var offset = start
    guard try entersObject(bytes, at: &offset) else {
      return ScannedLine(end: try lineEnd(bytes, from: offset), isReport: false)
    }
    var isReport = false
    var known = KnownKeys.lineStart
    repeat {
      let keyStart = offset
      let slot = try key(bytes, at: &offset, after: &known, isReport: &isReport)
      let field = try value(bytes, from: offset)
      members.append(Member(slot: slot, start: keyStart, value: field))
      offset = field.end
    } while try hasNextKey(bytes, at: &offset)
    return ScannedLine(end: try lineEnd(bytes, from: offset), isReport: isReport)
  }
}
