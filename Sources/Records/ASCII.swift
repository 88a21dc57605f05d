/// The bytes that give JSON its structure, by name.
public enum ASCII {
  /// Horizontal tab.
  public static let tab: UInt8 = 0x09
  /// Line feed: the end of a record.
  public static let newline: UInt8 = 0x0A
  /// Carriage return.
  public static let carriageReturn: UInt8 = 0x0D
  /// The space.
  public static let space: UInt8 = 0x20
  /// The double quote.
  public static let quote: UInt8 = 0x22
  /// The comma.
  public static let comma: UInt8 = 0x2C
  /// The minus sign.
  public static let minus: UInt8 = 0x2D
  /// The full stop.
  public static let period: UInt8 = 0x2E
  /// The slash.
  public static let slash: UInt8 = 0x2F
  /// The digit zero.
  public static let zero: UInt8 = 0x30
  /// The digit nine.
  public static let nine: UInt8 = 0x39
  /// The colon.
  public static let colon: UInt8 = 0x3A
  /// The opening square bracket.
  public static let openBracket: UInt8 = 0x5B
  /// The backslash.
  public static let backslash: UInt8 = 0x5C
  /// The closing square bracket.
  public static let closeBracket: UInt8 = 0x5D
  /// The opening brace.
  public static let openBrace: UInt8 = 0x7B
  /// The closing brace.
  public static let closeBrace: UInt8 = 0x7D

  /// Whether a byte is one of `0` to `9`.
  @inlinable @inline(__always)
  public static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }
}
