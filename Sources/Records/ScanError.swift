/// Why a line is no JSON object, and where.
public struct ScanError: Error, Equatable, Sendable {
  /// What is wrong, in the words that people read.
  public enum Reason: String, Sendable {
    case notAnObject = "invalid JSON: a record is one object, {…}, on one line"
    case endsEarly = "invalid JSON: the line ends inside the object"
    case expectedKey = "invalid JSON: expected a key in double quotes"
    case expectedColon = "invalid JSON: expected ':' after the key"
    case expectedValue = "invalid JSON: expected a value"
    case expectedCommaOrEnd = "invalid JSON: expected ',' or the end of the object or array"
    case invalidLiteral = "invalid JSON: expected true, false or null"
    case invalidNumber = "invalid JSON: not a number"
    case invalidEscape = "invalid JSON: unknown escape in a string"
    case controlCharacter = "invalid JSON: control character, it must be escaped in a string"
    case mismatchedBracket = "invalid JSON: bracket closes what was not opened"
    case trailingBytes = "invalid JSON: bytes after the end of the object"
    case tooDeep = "invalid JSON: nested deeper than 512"
    case invalidUTF8 = "invalid UTF-8"
  }

  /// What is wrong.
  public let reason: Reason
  /// Offset of the byte at fault, counted as the scan was: from the start of the block.
  public let offset: Int

  /// An error at an offset.
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}
