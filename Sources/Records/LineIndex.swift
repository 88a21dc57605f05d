/// Where the quotes and the brackets outside strings of one line stand.
///
///     {"event":"A","properties":{"n":1}}⏎
///     ^         brackets: 0, 26, 32, 33       quotes, a bit a byte: 0100000101001…
///
/// The line is looked at 64 bytes at a time: comparisons of sixteen bytes at once become one bit a
/// byte, and the running parity of the quote bits tells what lies inside strings. So nothing is
/// done byte by byte, and the end of the line is found on the way.
///
/// A line with a backslash or a control character, one over 8 KiB, or with over 256 brackets, is left
/// to the scan that looks at every byte.
/// Cost: about two instructions a byte. Source: Langdale & Lemire, Parsing gigabytes of JSON per
/// second, VLDB Journal 2019, without its instructions for carry-less products and bit masks.
struct LineIndex: Sendable {
  private static let blocksMax = 128
  private static let bracketsMax = 256

  private var start = 0
  private var quotes = InlineArray<128, UInt64>(repeating: 0)
  private var brackets = InlineArray<256, UInt32>(repeating: 0)
  private var bracketCount = 0
  private var nextBracket = 0
  /// Offset of the newline.
  private(set) var end = 0

  /// Indexes the line that starts at an offset.
  ///
  /// - Returns: false where the line must be looked at byte by byte.
  mutating func index(_ bytes: Span<UInt8>, from lineStart: Int) -> Bool {
    start = lineStart
    nextBracket = 0
    var found = 0
    var offset = lineStart
    var block = 0
    var parity: UInt64 = 0
    while block < LineIndex.blocksMax, offset + 64 <= bytes.count {
      let masks = BlockMasks(bytes, at: offset)
      let inside = prefixParity(masks.quotes) ^ parity
      parity = UInt64(bitPattern: Int64(bitPattern: inside) >> 63)
      quotes[block] = masks.quotes
      var others = masks.others
      while others != 0 {
        let bit = others.trailingZeroBitCount
        let position = offset + bit
        let byte = bytes[position]
        if byte >= ASCII.openBracket && byte != ASCII.backslash {
          if inside >> UInt64(bit) & 1 == 0 {
            if found == LineIndex.bracketsMax { return false }
            brackets[found] = UInt32(truncatingIfNeeded: position)
            found += 1
          }
        } else if byte == ASCII.newline {
          quotes[block] &= (1 << UInt64(bit)) &- 1
          end = position
          bracketCount = found
          // An open string must be told at the place where the line ends.
          return inside >> UInt64(bit) & 1 == 0
        } else if byte != ASCII.carriageReturn || bytes[position + 1] != ASCII.newline {
          return false
        }
        others &= others &- 1
      }
      offset += 64
      block += 1
    }
    return false
  }

  /// The offset of the first quote at or after an offset of the line, or of its newline.
  @inline(__always)
  mutating func quote(from offset: Int) -> Int {
    var block = (offset - start) >> 6
    var bits = quotes[block] & (UInt64.max << UInt64((offset - start) & 63))
    let lastBlock = (end - start) >> 6
    while bits == 0 {
      if block == lastBlock { return end }
      block += 1
      bits = quotes[block]
    }
    return start + block << 6 + bits.trailingZeroBitCount
  }

  /// The offset behind the bracket that closes the one at an offset, or `nil` where none does.
  ///
  /// Calls must go from the front to the back.
  @inline(__always)
  mutating func close(of offset: Int, in bytes: Span<UInt8>) -> Int? {
    while nextBracket < bracketCount, brackets[nextBracket] < offset { nextBracket += 1 }
    var openIsObject: UInt64 = 0
    var depth = 0
    while nextBracket < bracketCount {
      let position = Int(brackets[nextBracket])
      nextBracket += 1
      let byte = bytes[position]
      // [ and { are 0x5B and 0x7B, ] and } are 0x5D and 0x7D.
      let isObject: UInt64 = byte >= ASCII.openBrace ? 1 : 0
      if byte & 0x06 == 0x02 {
        depth += 1
        if depth > 64 { return nil }
        openIsObject = openIsObject << 1 | isObject
      } else {
        guard depth > 0, openIsObject & 1 == isObject else { return nil }
        openIsObject >>= 1
        depth -= 1
        if depth == 0 { return position + 1 }
      }
    }
    return nil
  }
}

/// For 64 bytes a bit each: which are quotes, and which are brackets, backslashes or controls.
struct BlockMasks {
  let quotes: UInt64
  let others: UInt64

  @inline(__always)
  init(_ bytes: Span<UInt8>, at offset: Int) {
    let raw = bytes.extracting(offset..<offset + 64)
    let first = sixteen(raw, at: 0)
    let second = sixteen(raw, at: 16)
    let third = sixteen(raw, at: 32)
    let fourth = sixteen(raw, at: 48)
    let quote = SIMD16<UInt8>(repeating: ASCII.quote)
    quotes = bitMask(first .== quote, second .== quote, third .== quote, fourth .== quote)
    others = bitMask(
      isOther(first), isOther(second), isOther(third), isOther(fourth))
  }
}

/// Whether each byte is a bracket, a backslash or below the space.
@inline(__always)
private func isOther(_ bytes: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
  // With bit 5 set, [ \ ] become { | }: all brackets and the backslash lie from 0x7B to 0x7D.
  let folded = (bytes | SIMD16(repeating: 0x20)) &- SIMD16(repeating: 0x7B)
  return (folded .<= SIMD16(repeating: 2)) .| (bytes .< SIMD16(repeating: 0x20))
}

/// Sixteen bytes of a span.
@inline(__always)
private func sixteen(_ bytes: Span<UInt8>, at offset: Int) -> SIMD16<UInt8> {
  // Any bit pattern is sixteen bytes, and the load checks its bounds.
  unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
}

/// One bit a byte of four times sixteen comparisons, the first byte's lowest.
///
/// Each eighth of the bytes gives one bit of every byte of a word, which is then a matrix of 8 × 8
/// bits on its side. Source of the transposition: Warren, Hacker's Delight, 7–3.
@inline(__always)
private func bitMask(
  _ first: SIMDMask<SIMD16<Int8>>, _ second: SIMDMask<SIMD16<Int8>>,
  _ third: SIMDMask<SIMD16<Int8>>, _ fourth: SIMDMask<SIMD16<Int8>>
) -> UInt64 {
  let marked =
    words(first) & SIMD2(0x0101_0101_0101_0101, 0x0202_0202_0202_0202)
    | words(second) & SIMD2(0x0404_0404_0404_0404, 0x0808_0808_0808_0808)
    | words(third) & SIMD2(0x1010_1010_1010_1010, 0x2020_2020_2020_2020)
    | words(fourth) & SIMD2(0x4040_4040_4040_4040, 0x8080_8080_8080_8080)
  var bits = marked[0] | marked[1]
  if bits == 0 { return 0 }
  var swapped = (bits ^ (bits >> 7)) & 0x00AA_00AA_00AA_00AA
  bits ^= swapped ^ (swapped << 7)
  swapped = (bits ^ (bits >> 14)) & 0x0000_CCCC_0000_CCCC
  bits ^= swapped ^ (swapped << 14)
  swapped = (bits ^ (bits >> 28)) & 0x0000_0000_F0F0_F0F0
  bits ^= swapped ^ (swapped << 28)
  return bits
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
