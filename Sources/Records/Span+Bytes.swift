#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Span where Element == UInt8 {
  /// The eight bytes at an offset as one little-endian word.
  ///
  /// The offset must lie at least eight bytes before the end: blocks of input carry
  /// ``Scanner/paddingBytes`` zero bytes behind their last line.
  @inlinable @inline(__always)
  public func word(at offset: Int) -> UInt64 {
    // Any bit pattern is a UInt64, and the load checks its bounds.
    unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The sixteen bytes at an offset as two words; they too must lie before the end.
  @inlinable @inline(__always)
  public func twoWords(at offset: Int) -> (low: UInt64, high: UInt64) {
    checkSixteen(at: offset)
    // Any bit pattern is two words, and the bounds have been checked.
    let both = unsafe bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: offset, as: (UInt64, UInt64).self)
    return (UInt64(littleEndian: both.0), UInt64(littleEndian: both.1))
  }

  /// The sixteen bytes at an offset as signed numbers.
  @inlinable @inline(__always)
  func sixteen(at offset: Int) -> SIMD16<Int8> {
    checkSixteen(at: offset)
    // Any bit pattern is sixteen bytes, and the bounds have been checked.
    return unsafe bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: offset, as: SIMD16<Int8>.self)
  }

  /// Stops where sixteen bytes at an offset are not all there.
  ///
  /// One comparison, for the other does not change in a loop; the load's own check takes six.
  @inlinable @inline(__always)
  func checkSixteen(at offset: Int) {
    precondition(count >= 16 && UInt(bitPattern: offset) <= UInt(bitPattern: count &- 16))
  }

  /// Whether the bytes from `start` up to `end` are those of a key or a name.
  @inlinable
  public func equals(_ other: [UInt8], from start: Int, to end: Int) -> Bool {
    guard end - start == other.count else { return false }
    for index in 0..<other.count where self[start + index] != other[index] { return false }
    return true
  }

  /// The offset of the first `byte` at or after `start` and before `end`, or `end`.
  public func firstOffset(of byte: UInt8, from start: Int, to end: Int) -> Int {
    // The pointer does not leave the closure, and the stretch is checked before it is made.
    unsafe extracting(start..<end).withUnsafeBytes { stretch in
      guard let first = stretch.baseAddress,
        let found = unsafe memchr(first, Int32(byte), end - start)
      else { return end }
      return start + (unsafe UnsafeRawPointer(found) - first)
    }
  }

  /// Whether one of the bytes from `start` up to `end` is no ASCII; eight bytes must follow.
  @inlinable @inline(__always)
  public func hasHighBits(from start: Int, to end: Int) -> Bool {
    var offset = start
    var both = SIMD16<Int8>(repeating: 0)
    while offset &+ 16 <= end {
      both |= sixteen(at: offset)
      offset &+= 16
    }
    // Both are sixteen bytes without padding.
    let words = unsafe unsafeBitCast(both, to: SIMD2<UInt64>.self)
    var bits = words[0] | words[1]
    if offset &+ 8 <= end {
      bits |= word(at: offset)
      offset &+= 8
    }
    let rest = end - offset
    if rest > 0 { bits |= word(at: offset) & ((1 << UInt64(rest * 8)) &- 1) }
    return bits & repeated(0x80) != 0
  }

  /// A copy of the bytes from `start` up to `end`.
  public func copy(from start: Int, to end: Int) -> [UInt8] {
    var copied: [UInt8] = []
    copied.reserveCapacity(end - start)
    copied.append(self, from: start, to: end)
    return copied
  }

  /// The bytes from `start` up to `end` as text, damaged UTF-8 mended; for messages, never for ids.
  public func text(from start: Int, to end: Int) -> String {
    String(decoding: copy(from: start, to: end), as: UTF8.self)
  }
}

extension Array where Element == UInt8 {
  /// Adds a stretch of other bytes at the end, as one copy.
  @inlinable
  public mutating func append(_ source: Span<UInt8>, from start: Int, to end: Int) {
    let stretch = source.extracting(start..<end)
    // The pointer does not leave the closure; the stretch was checked above.
    unsafe stretch.withUnsafeBufferPointer { pointer in unsafe append(contentsOf: pointer) }
  }

  /// Adds the UTF-8 bytes of a text at the end.
  @inlinable
  public mutating func append(_ text: String) {
    append(contentsOf: text.utf8)
  }
}

/// A word that holds `byte` eight times.
@inlinable @inline(__always)
func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

/// A word whose first bytes are set, as many as are asked for: none for less than one, all for eight.
@inlinable @inline(__always)
func leadingBytes(_ count: Int) -> UInt64 {
  count >= 8 ? .max : count <= 0 ? 0 : (1 << UInt64(count * 8)) &- 1
}

/// The high bit of each byte that is zero; exact up to and including the lowest one that is.
///
/// Source: Warren, Hacker's Delight, 2nd edition, 6–1.
@inlinable @inline(__always)
func zeroBytes(_ word: UInt64) -> UInt64 {
  (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
}
