import Testing

@testable import Records

@Suite("A bit a byte")
struct ByteMaskTests {
  @Test("each of sixteen comparisons is one bit, the first the lowest")
  func bitsOfComparisons() {
    for pattern in stride(from: UInt64(0), to: 1 << 16, by: 7) {
      var bytes = SIMD16<Int8>(repeating: 0)
      for place in 0..<16 where pattern >> UInt64(place) & 1 == 1 { bytes[place] = 0x22 }
      #expect(bits(bytes .== SIMD16(repeating: 0x22)) == pattern)
    }
  }

  /// The way of processors without an instruction for it.
  @Test("a product gathers the same bits")
  func product() {
    for pattern in UInt64(0)..<256 {
      var word: UInt64 = 0
      for place in UInt64(0)..<8 where pattern >> place & 1 == 1 { word |= 0xFF << (place * 8) }
      #expect(gathered(word) == pattern)
    }
  }
}
