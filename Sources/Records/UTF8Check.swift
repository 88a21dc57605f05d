/// The offset of the first byte that is no well-formed UTF-8, or `nil`.
///
/// Surrogates, overlong forms and code points past U+10FFFF are refused.
/// Source: The Unicode Standard, table 3-7.
public func firstInvalidUTF8(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
  var offset = start
  while offset < end {
    if offset + 8 <= end, bytes.word(at: offset) & repeated(0x80) == 0 {
      offset += 8
      continue
    }
    let lead = bytes[offset]
    if lead < 0x80 {
      offset += 1
      continue
    }
    guard let length = utf8Length(bytes, at: offset, end: end) else { return offset }
    offset += length
  }
  return nil
}

/// The number of bytes of the well-formed sequence at an offset, or `nil`.
private func utf8Length(_ bytes: Span<UInt8>, at offset: Int, end: Int) -> Int? {
  let lead = bytes[offset]
  let length: Int
  var second: ClosedRange<UInt8> = 0x80...0xBF
  switch lead {
  case 0xC2...0xDF: length = 2
  case 0xE0: (length, second) = (3, 0xA0...0xBF)
  case 0xE1...0xEC, 0xEE, 0xEF: length = 3
  case 0xED: (length, second) = (3, 0x80...0x9F)
  case 0xF0: (length, second) = (4, 0x90...0xBF)
  case 0xF1...0xF3: length = 4
  case 0xF4: (length, second) = (4, 0x80...0x8F)
  default: return nil
  }
  guard offset + length <= end, second.contains(bytes[offset + 1]) else { return nil }
  var index = offset + 2
  while index < offset + length {
    guard bytes[index] & 0xC0 == 0x80 else { return nil }
    index += 1
  }
  return length
}
