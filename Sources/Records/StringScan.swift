/// Finds the end of a string, sixteen bytes at a time.
///
///     "Product Viewed",
///      ^start          ^end
///
/// Most strings are plain text: the first byte that is not is their quote. The newline is a control
/// byte, so that a string never runs into the next record. Cost: about one instruction a byte.
@inlinable @inline(__always)
func stringEnd(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> StringEnd {
  let end = plainEnd(bytes, from: start)
  if bytes[end] == ASCII.quote {
    return StringEnd(offset: end + 1, hasEscapes: false, hasNonASCII: false)
  }
  return try unusualStringEnd(bytes, from: start)
}

/// The first byte from an offset on that is a quote, a backslash, a control byte or no ASCII.
@inlinable @inline(__always)
public func plainEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
  var offset = start
  while true {
    let block = bytes.sixteen(at: offset)
    // Compared as signed numbers, both the control bytes and those past ASCII are below the space;
    // with bit 1 turned the quote becomes the space, which becomes what is above it.
    let stops: SIMDMask<SIMD16<Int8>> =
      ((block ^ SIMD16(repeating: 2)) .<= SIMD16(repeating: Int8(bitPattern: ASCII.space)))
      .| (block .== SIMD16(repeating: Int8(bitPattern: ASCII.backslash)))
    let stopBits = bits(stops)
    if stopBits != 0 { return offset &+ stopBits.trailingZeroBitCount }
    offset &+= 16
  }
}

/// Finds the end of a string that is more than plain ASCII, eight bytes at a time.
@usableFromInline @inline(never)
func unusualStringEnd(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> StringEnd {
  var offset = start
  var highBits: UInt64 = 0
  var hasEscapes = false
  while true {
    let word = bytes.word(at: offset)
    let hits =
      zeroBytes(word ^ repeated(ASCII.quote)) | zeroBytes(word ^ repeated(ASCII.backslash))
      | ((word &- repeated(0x20)) & ~word & repeated(0x80))
    if hits == 0 {
      highBits |= word & repeated(0x80)
      offset += 8
      continue
    }
    let bit = hits.trailingZeroBitCount
    highBits |= word & repeated(0x80) & ((1 << UInt64(bit)) &- 1)
    offset += bit >> 3
    switch bytes[offset] {
    case ASCII.quote:
      return StringEnd(
        offset: offset + 1, hasEscapes: hasEscapes, hasNonASCII: highBits & repeated(0x80) != 0)
    case ASCII.backslash:
      hasEscapes = true
      guard bytes[offset + 1] >= 0x20 else { throw lineEndOrControl(bytes, at: offset + 1) }
      offset += 2
    default:
      throw lineEndOrControl(bytes, at: offset)
    }
  }
}

/// The string whose opening quote stands at an offset, its escapes and its UTF-8 not validated.
@inlinable @inline(__always)
func string(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
  let end = try stringEnd(bytes, from: start + 1)
  return Field(
    start: start, end: end.offset, hasEscapes: end.hasEscapes, hasNonASCII: end.hasNonASCII)
}

/// Where a string ended and what it held.
@usableFromInline
struct StringEnd {
  @usableFromInline let offset: Int
  @usableFromInline let hasEscapes: Bool
  @usableFromInline let hasNonASCII: Bool

  @usableFromInline
  init(offset: Int, hasEscapes: Bool, hasNonASCII: Bool) {
    self.offset = offset
    self.hasEscapes = hasEscapes
    self.hasNonASCII = hasNonASCII
  }
}

/// The error for a byte below the space: the record ended too early, or the byte is no text.
@usableFromInline
func lineEndOrControl(_ bytes: Span<UInt8>, at offset: Int) -> ScanError {
  ScanError(bytes[offset] == ASCII.newline ? .endsEarly : .controlCharacter, at: offset)
}

/// The offset of the first byte that is no space, tab or carriage return.
@inlinable @inline(__always)
func skipBlanks(_ bytes: Span<UInt8>, from start: Int) -> Int {
  var offset = start
  while true {
    let byte = bytes[offset]
    guard byte == ASCII.space || byte == ASCII.tab || byte == ASCII.carriageReturn else {
      return offset
    }
    offset += 1
  }
}
