#if arch(x86_64)
  // The processor's vector instructions as the compiler declares them for C.
  public import _Builtin_intrinsics.intel.sse2
#endif

/// A bit for each of sixteen comparisons, the first one's lowest.
///
///     "abc","x          compared with the quote
///     1···1·1·  →  0b01010001
@inlinable @inline(__always)
func bits(_ comparisons: SIMDMask<SIMD16<Int8>>) -> UInt64 {
  #if arch(x86_64)
    // Both are sixteen bytes without padding; a mask's bytes are 0 or -1.
    let bytes = unsafe unsafeBitCast(comparisons, to: SIMD2<Int64>.self)
    return UInt64(UInt32(bitPattern: _mm_movemask_epi8(bytes)))
  #else
    let words = unsafe unsafeBitCast(comparisons, to: SIMD2<UInt64>.self)
    return gathered(words[0]) | (gathered(words[1]) << 8)
  #endif
}

/// A bit for each byte of a word whose bytes are all 0 or 255.
///
/// Source: Warren, Hacker's Delight, 2nd edition, 7–3: of each byte another bit is kept, and a product
/// adds them up in the highest byte.
@inlinable @inline(__always)
func gathered(_ word: UInt64) -> UInt64 {
  ((word & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) >> 56
}
