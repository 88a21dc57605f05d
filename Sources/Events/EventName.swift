public import Records

/// The name of an event: what `event` says, or what the type of the message stands for.
public enum EventName: Sendable {
  /// A string of the record, without its quotes and free of escapes.
  case field(Field)
  /// A string that had escapes, decoded.
  case decoded([UInt8])
  /// No `event`, but a type that names what happened.
  case implicit(ImplicitEventName)
  /// Neither.
  case none

  /// Whether the name is made of these bytes.
  @inlinable
  public func equals(_ name: [UInt8], in bytes: Span<UInt8>) -> Bool {
    switch self {
    case .field(let field): return bytes.equals(name, from: field.start, to: field.end)
    case .decoded(let decoded): return decoded == name
    case .implicit(let implicit): return implicit.nameBytes == name
    case .none: return false
    }
  }

  /// The bytes of the name, empty for none.
  public func bytes(in bytes: Span<UInt8>) -> [UInt8] {
    switch self {
    case .field(let field): bytes.copy(from: field.start, to: field.end)
    case .decoded(let decoded): decoded
    case .implicit(let implicit): implicit.nameBytes
    case .none: []
    }
  }
}

extension EventReader {
  /// The name of a record whose `event` is plain text, without its quotes; else `nil`.
  @inlinable @inline(__always)
  public func plainName(_ fields: [Field], at base: Int, in bytes: Span<UInt8>) -> Field? {
    let field = fields[base &+ event]
    return field.isPlain && bytes[field.start] == ASCII.quote ? field.plainContent : nil
  }

  /// The name of a record.
  public func name(
    _ fields: [Field], at base: Int, in bytes: Span<UInt8>
  ) throws(RecordError) -> EventName {
    let field = fields[base + event]
    guard field.kind(in: bytes) == .string, field.count > 2 else {
      let type = fields[base + type]
      guard type.kind(in: bytes) == .string,
        let implicit = ImplicitEventName(type: bytes, from: type.start + 1, to: type.end - 1)
      else { return .none }
      return .implicit(implicit)
    }
    if field.hasEscapes || field.hasNonASCII {
      do {
        if field.hasEscapes { return .decoded(try field.decodedString(in: bytes)) }
        try field.validateString(in: bytes)
      } catch { throw RecordError(error) }
    }
    return .field(Field(start: field.start + 1, end: field.end - 1))
  }
}
