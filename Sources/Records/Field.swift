/// Where a value lies in a block of input: offsets, never bytes.
///
///     {"event":"Order Completed","properties":{…}}
///              ^start           ^end
///
/// A string's field includes its quotes.
public struct Field: Equatable, Sendable, BitwiseCopyable {
  /// Offset of the value's first byte.
  public let startOffset: UInt32
  /// Length in the low 30 bits, what the string holds in the high two.
  @usableFromInline let lengthAndFlags: UInt32

  @usableFromInline static let escapesFlag: UInt32 = 1 << 31
  @usableFromInline static let nonASCIIFlag: UInt32 = 1 << 30

  /// The field that a record does not have.
  public static let absent = Field(start: 0, end: 0)

  /// A field by the offsets of its first byte and of the byte behind it.
  @inlinable
  public init(start: Int, end: Int, hasEscapes: Bool = false, hasNonASCII: Bool = false) {
    startOffset = UInt32(truncatingIfNeeded: start)
    lengthAndFlags =
      UInt32(truncatingIfNeeded: end - start)
      | (hasEscapes ? Field.escapesFlag : 0) | (hasNonASCII ? Field.nonASCIIFlag : 0)
  }

  /// Offset of the first byte.
  @inlinable public var start: Int { Int(startOffset) }
  /// Number of bytes.
  @inlinable public var count: Int { Int(lengthAndFlags & 0x3FFF_FFFF) }
  /// Offset of the byte behind the last.
  @inlinable public var end: Int { start + count }
  /// Whether the record has the field.
  @inlinable public var isPresent: Bool { lengthAndFlags != 0 }
  /// Whether a string has a backslash in it.
  @inlinable public var hasEscapes: Bool { lengthAndFlags & Field.escapesFlag != 0 }
  /// Whether a string has bytes from 0x80 on.
  @inlinable public var hasNonASCII: Bool { lengthAndFlags & Field.nonASCIIFlag != 0 }

  /// Whether it is a string's, not empty, without escapes and all ASCII, or no string's at all.
  @inlinable public var isPlain: Bool { lengthAndFlags > 2 && lengthAndFlags < Field.nonASCIIFlag }
  /// What stands between the quotes of a plain string.
  @inlinable public var plainContent: Field {
    Field(startOffset: startOffset &+ 1, lengthAndFlags: lengthAndFlags &- 2)
  }

  @inlinable
  init(startOffset: UInt32, lengthAndFlags: UInt32) {
    self.startOffset = startOffset
    self.lengthAndFlags = lengthAndFlags
  }

  /// What kind of value stands there, by its first byte.
  @inlinable
  public func kind(in bytes: Span<UInt8>) -> Kind {
    guard isPresent else { return .absent }
    switch bytes[start] {
    case ASCII.quote: return .string
    case ASCII.openBrace: return .object
    case ASCII.openBracket: return .array
    case UInt8(ascii: "t"): return .true
    case UInt8(ascii: "f"): return .false
    case UInt8(ascii: "n"): return .null
    default: return .number
    }
  }

  /// The kinds of JSON value, and none.
  public enum Kind: Sendable {
    case absent
    case null
    case `true`
    case `false`
    case number
    case string
    case array
    case object
  }
}
