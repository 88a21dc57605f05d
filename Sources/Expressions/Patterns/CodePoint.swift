/// The code point at an offset, and the offset behind it.
///
/// A lone surrogate of JSON, three bytes, is its code point; a byte that belongs to no sequence is
/// U+FFFD.
@inline(__always)
func decodeCodePoint(
  _ bytes: Span<UInt8>, at offset: Int, to end: Int
) -> (codePoint: UInt32, end: Int) {
  let first = bytes[offset]
  if first < 0x80 { return (UInt32(first), offset + 1) }
  return decodeLongCodePoint(bytes, at: offset, to: end)
}

private func decodeLongCodePoint(
  _ bytes: Span<UInt8>, at offset: Int, to end: Int
) -> (codePoint: UInt32, end: Int) {
  let first = UInt32(bytes[offset])
  let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
  let least: UInt32 = count == 4 ? 0x10000 : count == 3 ? 0x800 : 0x80
  guard first >= 0xC2, first < 0xF5, offset + count <= end else { return (0xFFFD, offset + 1) }
  var codePoint = first & (0x7F >> UInt32(count))
  for index in offset + 1..<offset + count {
    let byte = UInt32(bytes[index])
    guard byte & 0xC0 == 0x80 else { return (0xFFFD, offset + 1) }
    codePoint = codePoint << 6 | byte & 0x3F
  }
  guard codePoint >= least, codePoint <= CodePointSet.last else { return (0xFFFD, offset + 1) }
  return (codePoint, offset + count)
}
