internal import Records

/// Reads the value of a literal token.
enum Literal {
  /// The value that a number token says, with a minus before it or not.
  static func number(
    _ token: Token, of source: [UInt8], isNegative: Bool
  ) throws(ExpressionError) -> Value {
    var digits = String(decoding: source[token.start..<token.end], as: UTF8.self)
    if token.kind == .double {
      guard let value = Double((isNegative ? "-" : "") + digits) else {
        throw ExpressionError("this is no double", at: token.start, of: source)
      }
      return .double(value)
    }
    if token.kind == .uint { digits.removeLast() }
    let isHexadecimal = digits.count > 2 && digits.dropFirst().lowercased().hasPrefix("x")
    let radix = isHexadecimal ? 16 : 10
    let magnitude = isHexadecimal ? String(digits.dropFirst(2)) : digits
    if token.kind == .uint {
      guard let value = UInt64(magnitude, radix: radix) else {
        throw ExpressionError("a uint goes to 18446744073709551615", at: token.start, of: source)
      }
      return .uint(value)
    }
    guard let value = Int64((isNegative ? "-" : "") + magnitude, radix: radix) else {
      throw ExpressionError(
        "an int goes from -9223372036854775808 to 9223372036854775807", at: token.start, of: source)
    }
    return .int(value)
  }

  /// The bytes that a string or bytes token says.
  static func text(_ token: Token, of source: [UInt8]) throws(ExpressionError) -> [UInt8] {
    var start = token.start
    var isRaw = false
    while source[start] != ASCII.quote, source[start] != UInt8(ascii: "'") {
      isRaw = isRaw || source[start] | 0x20 == UInt8(ascii: "r")
      start += 1
    }
    let isTriple =
      token.end - start >= 6 && source[start + 1] == source[start]
      && source[start + 2] == source[start]
    let quoteCount = isTriple ? 3 : 1
    let end = token.end - quoteCount
    start += quoteCount
    if isRaw { return Array(source[start..<end]) }
    var decoded: [UInt8] = []
    while start < end {
      guard source[start] == ASCII.backslash else {
        decoded.append(source[start])
        start += 1
        continue
      }
      try escape(at: &start, to: end, of: source, isBytes: token.kind == .bytes, into: &decoded)
    }
    return decoded
  }

  private static func escape(
    at offset: inout Int, to end: Int, of source: [UInt8], isBytes: Bool,
    into decoded: inout [UInt8]
  ) throws(ExpressionError) {
    let start = offset
    let letter = source[offset + 1]
    offset += 2
    switch letter {
    case UInt8(ascii: "a"): decoded.append(0x07)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(ASCII.newline)
    case UInt8(ascii: "r"): decoded.append(ASCII.carriageReturn)
    case UInt8(ascii: "t"): decoded.append(ASCII.tab)
    case UInt8(ascii: "v"): decoded.append(0x0B)
    case ASCII.backslash, UInt8(ascii: "?"), ASCII.quote, UInt8(ascii: "'"), UInt8(ascii: "`"):
      decoded.append(letter)
    default:
      let code: UInt32?
      switch letter {
      case UInt8(ascii: "x"), UInt8(ascii: "X"):
        code = digits(2, radix: 16, at: &offset, to: end, of: source)
      case UInt8(ascii: "u") where !isBytes:
        code = digits(4, radix: 16, at: &offset, to: end, of: source)
      case UInt8(ascii: "U") where !isBytes:
        code = digits(8, radix: 16, at: &offset, to: end, of: source)
      case UInt8(ascii: "0")...UInt8(ascii: "3"):
        offset -= 1
        code = digits(3, radix: 8, at: &offset, to: end, of: source)
      default: code = nil
      }
      guard let code, isBytes || Unicode.Scalar(code) != nil else {
        throw ExpressionError("unknown escape in a string", at: start, of: source)
      }
      if isBytes {
        decoded.append(UInt8(truncatingIfNeeded: code))
      } else {
        decoded.append(codePoint: code)
      }
    }
  }

  private static func digits(
    _ count: Int, radix: Int, at offset: inout Int, to end: Int, of source: [UInt8]
  ) -> UInt32? {
    guard offset + count <= end else { return nil }
    let text = String(decoding: source[offset..<offset + count], as: UTF8.self)
    guard text.utf8.first != UInt8(ascii: "+") else { return nil }
    offset += count
    return UInt32(text, radix: radix)
  }
}
