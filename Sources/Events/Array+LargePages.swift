#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Memory that grows with the number of persons or events lies in large pages where there are any.
///
///     if rows.count == rows.capacity { rows.growInLargePages() }
///
/// It is read at random places, and every page is a fault when it is first written: one page of
/// 2 MB spares 512 faults and most walks over the table of pages. The system is asked for them; where
/// it has none these are arrays like any other.
/// Cost: up to 2 MB an array.
extension Array where Element: BitwiseCopyable {
  /// Makes more room in a large array that is full.
  ///
  /// Room that is not written yet takes addresses, no memory: large steps spare copies, of which both
  /// ends are there for a moment.
  @inline(never)
  public mutating func growInLargePages() {
    let byteCount = count * MemoryLayout<Element>.stride
    guard byteCount >= 512 << 10 else { return }
    let old = self
    let factor = byteCount < 64 << 20 ? 8 : 2
    self = unsafe Array(unsafeUninitializedCapacity: count * factor) { room, filled in
      unsafe adviseLargePages(UnsafeMutableRawBufferPointer(room))
      // The room is longer than what was there.
      _ = unsafe room.initialize(from: old)
      filled = old.count
    }
  }

  /// An array of one element many times.
  public init(inLargePages element: Element, count: Int) {
    self = unsafe Array(unsafeUninitializedCapacity: count) { room, filled in
      unsafe adviseLargePages(UnsafeMutableRawBufferPointer(room))
      // The room has this many places at least.
      unsafe room.initialize(repeating: element)
      filled = room.count
    }
  }
}

/// Asks for large pages in memory that has not been written yet; nothing that can be read changes.
private func adviseLargePages(_ memory: UnsafeMutableRawBufferPointer) {
  #if os(Linux)
    let pageBytes = 4096
    guard let base = memory.baseAddress, memory.count >= 512 << 10 else { return }
    let rest = -Int(bitPattern: base) & (pageBytes - 1)
    // Advice: whether it is taken changes nothing.
    _ = unsafe madvise(base + rest, memory.count - rest, Int32(MADV_HUGEPAGE))
  #endif
}
