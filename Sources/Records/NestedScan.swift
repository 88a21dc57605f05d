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
/// Cost: about one and a half instructions a byte. Source: Langdale & Lemire, Parsing gigabytes of JSON per
/// second, VLDB Journal 2019, without its instruction for carry-less products.
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
  let raw = bytes.extracting(offset..<offset &+ 64)
  let first = raw.sixteen(at: 0)
  let second = raw.sixteen(at: 16)
  let third = raw.sixteen(at: 32)
  let fourth = raw.sixteen(at: 48)
  return (
    sideBySide(isQuote(first), isQuote(second), isQuote(third), isQuote(fourth)),
    sideBySide(isOther(first), isOther(second), isOther(third), isOther(fourth))
  )
}

/// Four times sixteen comparisons as a bit each.
@inline(__always)
private func sideBySide(
  _ first: SIMDMask<SIMD16<Int8>>, _ second: SIMDMask<SIMD16<Int8>>,
  _ third: SIMDMask<SIMD16<Int8>>, _ fourth: SIMDMask<SIMD16<Int8>>
) -> UInt64 {
  (bits(first) | (bits(second) << 16)) | ((bits(third) << 32) | (bits(fourth) << 48))
}

@inline(__always)
private func isQuote(_ bytes: SIMD16<Int8>) -> SIMDMask<SIMD16<Int8>> {
  bytes .== SIMD16(repeating: Int8(bitPattern: ASCII.quote))
}

/// Whether each byte is a bracket, a backslash, a bar or below the space.
@inline(__always)
private func isOther(_ bytes: SIMD16<Int8>) -> SIMDMask<SIMD16<Int8>> {
  // With bit 5 set, [ \ ] become { | }; with two more these are the three largest signed numbers.
  let folded = (bytes | SIMD16(repeating: 0x20)) &+ SIMD16(repeating: 2)
  // Any bit pattern is a number without a sign too.
  let unsigned = unsafe unsafeBitCast(bytes, to: SIMD16<UInt8>.self)
  return (folded .> SIMD16(repeating: 0x7C)) .| (unsigned .< SIMD16(repeating: 0x20))
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
