/// What was written behind records for the sets of segments that came last.
///
/// Most events have one of a few sets. A set has one place, by its hash; another set that comes to the
/// same place takes it over, so that the memory is bounded.
struct EndingCache: Sendable {
  private static let placeBits: UInt64 = 10

  private var keys = [UInt64](repeating: 0, count: 1 << Int(placeBits))
  private var endings = [[UInt8]](repeating: [], count: 1 << Int(placeBits))

  /// Adds the bytes of a set.
  ///
  /// - Returns: whether they are known.
  func append(of key: UInt64, to bytes: inout [UInt8]) -> Bool {
    let place = place(of: key)
    guard keys[place] == key, !endings[place].isEmpty else { return false }
    bytes.append(contentsOf: endings[place])
    return true
  }

  /// Keeps the bytes of a set.
  mutating func keep(_ ending: ArraySlice<UInt8>, of key: UInt64) {
    let place = place(of: key)
    keys[place] = key
    endings[place] = Array(ending)
  }

  private func place(of key: UInt64) -> Int {
    // Source: Knuth, The Art of Computer Programming, volume 3, 6.4: multiplicative hashing.
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> (64 - EndingCache.placeBits))
  }
}
