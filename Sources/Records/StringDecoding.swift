/// The bytes that a JSON string without its quotes stands for.
///
/// The escapes must have been validated. A lone surrogate, which UTF-8 cannot hold, becomes the
/// three bytes of its code point (WTF-8), so that two different strings stay different.
/// Source: RFC 8259 §7; Sapin, The WTF-8 encoding.
public func unescaped(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> [UInt8] {
  var decoded: [UInt8] = []
  decoded.reserveCapacity(end - start)
  var offset = start
  while offset < end {
    let stretchEnd = bytes.firstOffset(of: ASCII.backslash, from: offset, to: end)
    decoded.append(bytes, from: offset, to: stretchEnd)
    offset = stretchEnd
    guard offset + 1 < end else { break }
    let escape = bytes[offset + 1]
    offset += 2
    switch escape {
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(ASCII.newline)
    case UInt8(ascii: "r"): decoded.append(ASCII.carriageReturn)
    case UInt8(ascii: "t"): decoded.append(ASCII.tab)
    case UInt8(ascii: "u"):
      var code = offset + 4 <= end ? hexadecimal(bytes, at: offset) ?? 0xFFFD : 0xFFFD
      offset += 4
      if code & 0xFC00 == 0xD800, offset + 6 <= end, bytes[offset] == ASCII.backslash,
        bytes[offset + 1] == UInt8(ascii: "u"), let low = hexadecimal(bytes, at: offset + 2),
        low & 0xFC00 == 0xDC00
      {
        code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
        offset += 6
      }
      decoded.append(codePoint: code)
    default: decoded.append(escape)
    }
  }
  return decoded
}

extension Array where Element == UInt8 {
  /// Adds the UTF-8 bytes of a code point, a surrogate's too.
  public mutating func append(codePoint code: UInt32) {
    func byte(_ shift: UInt32, _ lead: UInt32) -> UInt8 {
      UInt8(truncatingIfNeeded: lead | (code >> shift) & 0x3F)
    }
    switch code {
    case ..<0x80: append(UInt8(truncatingIfNeeded: code))
    case ..<0x800:
      append(UInt8(truncatingIfNeeded: 0xC0 | code >> 6))
      append(byte(0, 0x80))
    case ..<0x10000:
      append(UInt8(truncatingIfNeeded: 0xE0 | code >> 12))
      append(byte(6, 0x80))
      append(byte(0, 0x80))
    default:
      append(UInt8(truncatingIfNeeded: 0xF0 | code >> 18))
      append(byte(12, 0x80))
      append(byte(6, 0x80))
      append(byte(0, 0x80))
    }
  }
}

extension Field {
  /// The decoded content of a string field, validated first.
  public func decodedString(in bytes: Span<UInt8>) throws(ScanError) -> [UInt8] {
    try validateString(in: bytes)
    return hasEscapes
      ? unescaped(bytes, from: start + 1, to: end - 1)
      : bytes.copy(from: start + 1, to: end - 1)
  }

  /// Throws where a string field has bad escapes or bytes that are no UTF-8.
  @inlinable
  public func validateString(in bytes: Span<UInt8>) throws(ScanError) {
    if hasEscapes || hasNonASCII { _ = try validatedString(bytes, from: start) }
  }
}
