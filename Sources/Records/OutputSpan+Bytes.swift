extension OutputSpan where Element == UInt8 {
  /// How much room a writer must leave behind what it writes: short copies run over their end.
  public static var slackBytes: Int { 32 }

  /// Adds a stretch of other bytes; whether they fit is checked.
  ///
  /// Up to 32 bytes are copied as 32, where so many can be read and written: a call of memcpy costs
  /// more than most fields are long.
  @inlinable @inline(__always)
  public mutating func append(_ source: Span<UInt8>, from start: Int, to end: Int) {
    precondition(start >= 0 && start <= end && end <= source.count && end - start <= freeCapacity)
    let count = end &- start
    let isShort = count <= 32 && source.count &- start >= 32 && freeCapacity >= 32
    unsafe withUnsafeMutableBufferPointer { target, filled in
      // Both pointers stay in their closures; reads and writes lie in what was checked above.
      unsafe source.withUnsafeBytes { bytes in
        guard let from = bytes.baseAddress, let to = target.baseAddress else { return }
        if isShort {
          let copy = unsafe from.loadUnaligned(fromByteOffset: start, as: SIMD32<UInt8>.self)
          unsafe UnsafeMutableRawPointer(to + filled).storeBytes(of: copy, as: SIMD32<UInt8>.self)
        } else {
          unsafe UnsafeMutableRawPointer(to + filled).copyMemory(
            from: from + start, byteCount: count)
        }
      }
      filled &+= count
    }
  }

  /// Adds the eight bytes of a word, the lowest first.
  @inlinable @inline(__always)
  public mutating func append(word: UInt64) {
    precondition(freeCapacity >= 8)
    unsafe withUnsafeMutableBufferPointer { target, filled in
      // The room was checked above.
      guard let to = target.baseAddress else { return }
      unsafe UnsafeMutableRawPointer(to + filled).storeBytes(
        of: word.littleEndian, as: UInt64.self)
      filled &+= 8
    }
  }

  /// Adds the bytes of a text that stands in the program.
  @inlinable @inline(__always)
  public mutating func append(static text: StaticString) {
    let count = text.utf8CodeUnitCount
    precondition(count <= freeCapacity)
    unsafe withUnsafeMutableBufferPointer { target, filled in
      // The pointer of a static string lives as long as the program; the room was checked above.
      text.withUTF8Buffer { bytes in
        guard let from = bytes.baseAddress, let to = target.baseAddress else { return }
        unsafe (to + filled).update(from: from, count: count)
      }
      filled &+= count
    }
  }
}
