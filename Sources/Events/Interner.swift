import Records

/// Gives equal byte strings the same small number, counted from 0 in the order they come.
///
///     slots   [ tag | place ]  [ 0 ]  [ tag | place ] …         power of two, at most 3/4 full
///                        │
///     arena   … │ number │ count │ bytes of the key · pad │ …    one after the other, 4-aligned
///
/// A look-up reads a slot and, where its tag fits, the key behind it: two cache misses for one key,
/// which overlap when ``likelyNumber(_:)`` has asked for several first.
/// Cost: 16 to 24 bytes a key beside its own.
public struct Interner: Sendable {
  private let seed: UInt64
  private var slots: [UInt64]
  private var arena: [UInt8]
  /// Where each number's entry begins, in units of four bytes.
  private var places: [UInt32] = []

  private static let headerBytes = 8
  /// The upper half of a slot, taken from the hash.
  private static let tagMask: UInt64 = 0xFFFF_FFFF_0000_0000
  /// Zero bytes behind the last key, so that keys can be read in words.
  private static let paddingBytes = 16

  /// An empty interner with a seed of its own.
  public init() {
    var generator = SystemRandomNumberGenerator()
    self.init(seed: generator.next())
  }

  /// An empty interner with the given seed.
  public init(seed: UInt64) {
    self.seed = seed
    slots = Array(repeating: 0, count: 1024)
    // Place 0 means an empty slot, so the first entry begins behind it.
    arena = Array(repeating: 0, count: 4 + Interner.paddingBytes)
  }

  /// The number of different keys.
  public var count: Int { places.count }

  /// The hash that the other operations take.
  @inlinable
  public func hash(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> UInt64 {
    byteHash(bytes, from: start, to: end, seed: hashSeed)
  }

  @usableFromInline var hashSeed: UInt64 { seed }

  /// The number of the key that a hash may stand for, `nil` where its slot is free or another's.
  ///
  /// Nothing is decided by it: it asks the memory for what a look-up will read, early enough for
  /// the misses of a batch of keys to overlap.
  @inline(__always)
  func likelyNumber(_ hash: UInt64) -> UInt32? {
    let slot = slots[Int(truncatingIfNeeded: hash) & (slots.count - 1)]
    guard slot != 0, slot & Interner.tagMask == hash & Interner.tagMask else { return nil }
    return number(at: Int(slot & 0xFFFF_FFFF) * 4)
  }

  /// The number of a key, a new one when it is new.
  public mutating func intern(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, hash: UInt64
  ) -> UInt32 {
    let mask = slots.count - 1
    let tag = hash & Interner.tagMask
    var index = Int(truncatingIfNeeded: hash) & mask
    while slots[index] != 0 {
      if slots[index] & Interner.tagMask == tag {
        let entry = Int(slots[index] & 0xFFFF_FFFF) * 4
        if equals(entry, bytes, from: start, to: end) { return number(at: entry) }
      }
      index = (index + 1) & mask
    }
    let number = UInt32(truncatingIfNeeded: places.count)
    slots[index] = tag | append(bytes, from: start, to: end, number: number)
    if places.count * 4 > slots.count * 3 { grow() }
    return number
  }

  /// The number of a key.
  public mutating func intern(_ key: [UInt8]) -> UInt32 {
    let padded = key + [UInt8](repeating: 0, count: 8)
    let hash = hash(padded.span, from: 0, to: key.count)
    return intern(padded.span, from: 0, to: key.count, hash: hash)
  }

  /// The bytes of the key with a number.
  public func key(_ number: UInt32) -> [UInt8] {
    let entry = Int(places[Int(number)]) * 4
    let first = entry + Interner.headerBytes
    return arena.span.copy(from: first, to: first + count(at: entry))
  }

  private func number(at entry: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: arena.span.word(at: entry))
  }

  private func count(at entry: Int) -> Int {
    Int(arena.span.word(at: entry) >> 32)
  }

  private func equals(_ entry: Int, _ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    let stored = arena.span
    let byteCount = end - start
    guard Int(stored.word(at: entry) >> 32) == byteCount else { return false }
    var offset = 0
    let first = entry + Interner.headerBytes
    while offset + 8 <= byteCount {
      if stored.word(at: first + offset) != bytes.word(at: start + offset) { return false }
      offset += 8
    }
    if offset == byteCount { return true }
    let mask = (UInt64(1) << UInt64((byteCount - offset) * 8)) &- 1
    return (stored.word(at: first + offset) ^ bytes.word(at: start + offset)) & mask == 0
  }

  /// Adds an entry and returns its place in units of four bytes.
  private mutating func append(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, number: UInt32
  ) -> UInt64 {
    arena.removeLast(Interner.paddingBytes)
    let place = arena.count / 4
    arena.append(word: UInt64(number) | UInt64(end - start) << 32)
    arena.append(bytes, from: start, to: end)
    let pad = (4 - arena.count % 4) % 4
    arena.append(contentsOf: repeatElement(0, count: pad + Interner.paddingBytes))
    places.append(UInt32(truncatingIfNeeded: place))
    return UInt64(place)
  }

  /// Doubles the slots; keys are hashed again, they are not moved.
  private mutating func grow() {
    var grown = [UInt64](repeating: 0, count: slots.count * 2)
    let mask = grown.count - 1
    for place in places {
      let entry = Int(place) * 4
      let first = entry + Interner.headerBytes
      let hash = hash(arena.span, from: first, to: first + count(at: entry))
      var index = Int(truncatingIfNeeded: hash) & mask
      while grown[index] != 0 { index = (index + 1) & mask }
      grown[index] = hash & Interner.tagMask | UInt64(place)
    }
    slots = grown
  }
}

extension Array where Element == UInt8 {
  /// Adds a word, its lowest byte first.
  fileprivate mutating func append(word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }
}
