/// Finds the end of an object or array by its brackets alone, 64 bytes at a time.
///
///     {"page":{"title":"a } b"},"ip":"::1"},
///     ^      ^           ·    ^           ^end      the bracket inside the string does not count
///
/// Comparisons of sixteen bytes at once become one bit a byte; the running parity of the quote bits
/// tells what lies inside strings, so that only brackets, backslashes and control bytes are looked
/// at one by one. The kinds of the open brackets stand in one word, a bit a level.
///
/// Whatever is rare is left to the scan of every byte, which also tells a fault: control bytes, more
/// than 64 levels, the end of the block.
/// Cost: about two instructions a byte. Source: Langdale & Lemire, Parsing gigabytes of JSON per
/// second, VLDB Journal 2019, without its instructions for carry-less products and bit masks.
@usableFromInline
func nestedEnd(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Int {
  // Half of all nested values are empty.
  if bytes[start + 1] == bytes[start] &+ 2 { return start + 2 }
  var open = OpenBrackets()
  var offset = start
  var parity: UInt64 = 0
  var startsEscaped = false
  while offset + 64 <= bytes.count {
    var (quotes, others) = bitMasks(bytes, at: offset)
    if startsEscaped {
      quotes &= ~1
      others &= ~1
      startsEscaped = false
    }
    var inside = prefixParity(quotes) ^ parity
    while others != 0 {
      let bit = UInt64(truncatingIfNeeded: others.trailingZeroBitCount)
      others &= others &- 1
      let byte = bytes[offset + Int(bit)]
      let isInside = inside >> bit & 1 == 1
      if byte == ASCII.backslash {
        guard isInside, bytes[offset + Int(bit) + 1] >= ASCII.space else {
          return try balancedEnd(bytes, from: start)
        }
        // The byte behind it means nothing here; without its quote all after it lies elsewhere.
        let escaped = UInt64(2) << bit
        startsEscaped = escaped == 0
        others &= ~escaped
        quotes &= ~escaped
        inside = prefixParity(quotes) ^ parity
      } else if byte < ASCII.space {
        return try balancedEnd(bytes, from: start)
      } else if !isInside, byte != UInt8(ascii: "|") {
        guard let isDone = open.take(byte) else { return try balancedEnd(bytes, from: start) }
        if isDone { return offset + Int(bit) + 1 }
      }
    }
    parity = UInt64(bitPattern: Int64(bitPattern: inside) >> 63)
    offset += 64
  }
  return try balancedEnd(bytes, from: start)
}

/// The kinds of up to 64 open brackets.
private struct OpenBrackets {
  private var areObjects: UInt64 = 0
  private var depth = 0

  /// Opens or closes.
  ///
  /// - Returns: whether none is open any more; `nil` where a bracket closes one of the other kind,
  ///   or too many are open.
  @inline(__always)
  mutating func take(_ byte: UInt8) -> Bool? {
    // [ and { are 0x5B and 0x7B, ] and } are 0x5D and 0x7D.
    let isObject = UInt64(byte >> 5 & 1)
    if byte & 0x06 == 0x02 {
      depth += 1
      areObjects = areObjects << 1 | isObject
      return depth > 64 ? nil : false
    }
    guard areObjects & 1 == isObject else { return nil }
    areObjects >>= 1
    depth -= 1
    return depth == 0
  }
}

/// For 64 bytes a bit each, the first byte's lowest: which are quotes; and which are brackets,
/// backslashes, bars or control bytes.
@inline(__always)
private func bitMasks(_ bytes: Span<UInt8>, at offset: Int) -> (quotes: UInt64, others: UInt64) {
  let raw = bytes.extracting(offset..<offset + 64)
  let first = sixteen(raw, at: 0)
  let second = sixteen(raw, at: 16)
  let third = sixteen(raw, at: 32)
  let fourth = sixteen(raw, at: 48)
  return sideBySide(
    marks(isQuote(first), isQuote(second), isQuote(third), isQuote(fourth)),
    marks(isOther(first), isOther(second), isOther(third), isOther(fourth)))
}

@inline(__always)
private func isQuote(_ bytes: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
  bytes .== SIMD16(repeating: ASCII.quote)
}

/// Whether each byte is a bracket, a backslash, a bar or below the space.
@inline(__always)
private func isOther(_ bytes: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
  // With bit 5 set, [ \ ] become { | }: these lie from 0x7B to 0x7D.
  let folded = (bytes | SIMD16(repeating: 0x20)) &- SIMD16(repeating: 0x7B)
  return (folded .<= SIMD16(repeating: 2)) .| (bytes .< SIMD16(repeating: 0x20))
}

/// Sixteen bytes of a span.
@inline(__always)
private func sixteen(_ bytes: Span<UInt8>, at offset: Int) -> SIMD16<UInt8> {
  // Any bit pattern is sixteen bytes, and the load checks its bounds.
  unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
}

/// Four times sixteen comparisons as a bit each: those of every eighth byte in one byte.
@inline(__always)
private func marks(
  _ first: SIMDMask<SIMD16<Int8>>, _ second: SIMDMask<SIMD16<Int8>>,
  _ third: SIMDMask<SIMD16<Int8>>, _ fourth: SIMDMask<SIMD16<Int8>>
) -> SIMD2<UInt64> {
  words(first) & SIMD2(0x0101_0101_0101_0101, 0x0202_0202_0202_0202)
    | words(second) & SIMD2(0x0404_0404_0404_0404, 0x0808_0808_0808_0808)
    | words(third) & SIMD2(0x1010_1010_1010_1010, 0x2020_2020_2020_2020)
    | words(fourth) & SIMD2(0x4040_4040_4040_4040, 0x8080_8080_8080_8080)
}

/// Brings the bits of two such marks into the order of their bytes.
///
/// A word of marks is a matrix of 8 × 8 bits that lies on its side; two are turned at once.
/// Source of the transposition: Warren, Hacker's Delight, 7–3.
@inline(__always)
private func sideBySide(_ one: SIMD2<UInt64>, _ other: SIMD2<UInt64>) -> (UInt64, UInt64) {
  var bits = SIMD2(one[0], other[0]) | SIMD2(one[1], other[1])
  var swapped = (bits ^ (bits &>> 7)) & SIMD2(repeating: 0x00AA_00AA_00AA_00AA)
  bits ^= swapped ^ (swapped &<< 7)
  swapped = (bits ^ (bits &>> 14)) & SIMD2(repeating: 0x0000_CCCC_0000_CCCC)
  bits ^= swapped ^ (swapped &<< 14)
  swapped = (bits ^ (bits &>> 28)) & SIMD2(repeating: 0x0000_0000_F0F0_F0F0)
  bits ^= swapped ^ (swapped &<< 28)
  return (bits[0], bits[1])
}

@inline(__always)
private func words(_ mask: SIMDMask<SIMD16<Int8>>) -> SIMD2<UInt64> {
  // Both are sixteen bytes without padding; a mask's bytes are 0 or -1.
  unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
}

/// For each bit whether an odd number of bits is set up to and with it.
@inline(__always)
private func prefixParity(_ bits: UInt64) -> UInt64 {
  var bits = bits
  bits ^= bits << 1
  bits ^= bits << 2
  bits ^= bits << 4
  bits ^= bits << 8
  bits ^= bits << 16
  bits ^= bits << 32
  return bits
}
