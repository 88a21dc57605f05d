import Records

/// Gives equal byte strings the same small number, counted from 0 in the order they come.
///
///     slots   [ tag | place ]  [ 0 ]  [ tag | place ] …         power of two, at most 3/4 full
///                        │
///     arena   … │ number │ count │ bytes of the key · pad │ …    one after the other, 4-aligned
///
/// The tag, half of the key's hash, says in which slot the search begins and spares looking at most
/// other keys; so the slots are doubled without a look at the keys. A look-up reads a slot and the
/// key behind it, two misses of the cache. ``findPlaces(_:_:)`` asks for those of many keys
/// ahead, so that they overlap.
/// Cost: 16 to 24 bytes a key beside its own.
public struct Interner: Sendable {
  private let seed: UInt64
  private var slots: [UInt64]
  private var arena: [UInt8]
  /// Bytes of the arena that are taken; zeros stand behind them.
  private var arenaEnd = 4
  /// Where each number's entry begins, in units of four bytes.
  private var places: [UInt32] = []

  private static let headerBytes = 8
  /// How much the arena grows at once: what is not needed yet is not touched.
  private static let growthBytes = 16 << 10
  /// The upper half of a slot, taken from the hash.
  private static let tagMask: UInt64 = 0xFFFF_FFFF_0000_0000

  /// Where the search for a tag begins.
  @inline(__always)
  private func home(_ tag: UInt64, in slots: [UInt64]) -> Int {
    Int(truncatingIfNeeded: tag >> 32) & (slots.count - 1)
  }
  /// Bytes that follow the last key at least, so that keys can be read and written in words.
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
    arena = Array(repeating: 0, count: arenaEnd + Interner.paddingBytes)
  }

  /// The number of different keys.
  public var count: Int { places.count }

  /// Bytes of the largest array that may grow by the next key.
  var largestArrayBytes: Int { max(slots.count * 8, arena.count) }

  /// The hash that the other operations take.
  @inlinable
  public func hash(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> UInt64 {
    byteHash(bytes, from: start, to: end, seed: hashSeed)
  }

  @usableFromInline var hashSeed: UInt64 { seed }

  /// Finds out where the keys with these hashes likely stand, 0 for nowhere.
  ///
  /// A place is that of the first key with the tag of the hash, nearly always the one that a look-up
  /// gives. Each round is short, so that many of its misses are under way at once.
  /// - Returns: what means nothing; use it so that the reading ahead is not optimised away.
  func findPlaces(_ hashes: Span<UInt64>, _ found: inout [UInt32]) -> UInt64 {
    if found.count < hashes.count {
      found.append(contentsOf: repeatElement(0, count: hashes.count - found.count))
    }
    var touched: UInt64 = 0
    for index in hashes.indices { touched &+= slots[home(hashes[index], in: slots)] }
    var places = found.mutableSpan
    for index in hashes.indices { places[index] = likelyPlace(hashes[index]) }
    for index in hashes.indices { touched &+= UInt64(number(atPlace: places[index])) }
    return touched
  }

  @inline(__always)
  private func likelyPlace(_ hash: UInt64) -> UInt32 {
    let mask = slots.count - 1
    var index = home(hash, in: slots)
    while true {
      let slot = slots[index]
      if (slot ^ hash) & Interner.tagMask == 0 || slot == 0 {
        return UInt32(truncatingIfNeeded: slot)
      }
      index = (index + 1) & mask
    }
  }

  /// The number of the key at a place.
  @inline(__always)
  func number(atPlace place: UInt32) -> UInt32 { number(at: Int(place) * 4) }

  /// The number of a key, a new one when it is new.
  ///
  /// - Parameter place: where it stands as ``findPlaces(_:_:)`` said; 0 where nobody asked.
  @inline(__always)
  public mutating func intern(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, hash: UInt64, place: UInt32 = 0
  ) -> UInt32 {
    if place != 0, equals(Int(place) * 4, bytes, from: start, to: end) {
      return number(atPlace: place)
    }
    return search(bytes, from: start, to: end, hash: hash)
  }

  @inline(never)
  private mutating func search(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, hash: UInt64
  ) -> UInt32 {
    let index = slotIndex(bytes, from: start, to: end, hash: hash)
    if slots[index] != 0 { return self.number(at: Int(slots[index] & 0xFFFF_FFFF) * 4) }
    let tag = hash & Interner.tagMask
    let number = UInt32(truncatingIfNeeded: places.count)
    slots[index] = tag | append(bytes, from: start, to: end, number: number)
    if places.count * 4 > slots.count * 3 { grow() }
    return number
  }

  /// The slot of a key, or the empty one where it would stand.
  @inline(__always)
  private func slotIndex(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, hash: UInt64
  ) -> Int {
    let mask = slots.count - 1
    let tag = hash & Interner.tagMask
    var index = home(hash, in: slots)
    while slots[index] != 0 {
      if slots[index] & Interner.tagMask == tag,
        equals(Int(slots[index] & 0xFFFF_FFFF) * 4, bytes, from: start, to: end)
      {
        return index
      }
      index = (index + 1) & mask
    }
    return index
  }

  /// The number of a key that is there, `nil` for a new one.
  ///
  /// - Parameter place: as ``intern(_:from:to:hash:place:)`` takes it.
  func find(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, hash: UInt64, place: UInt32 = 0
  ) -> UInt32? {
    if place != 0, equals(Int(place) * 4, bytes, from: start, to: end) {
      return number(atPlace: place)
    }
    let slot = slots[slotIndex(bytes, from: start, to: end, hash: hash)]
    return slot == 0 ? nil : number(at: Int(slot & 0xFFFF_FFFF) * 4)
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

  /// The hash of the key with a number under a seed of the caller.
  func hash(_ number: UInt32, seed: UInt64) -> UInt64 {
    let entry = Int(places[Int(number)]) * 4
    let first = entry + Interner.headerBytes
    return byteHash(arena.span, from: first, to: first + count(at: entry), seed: seed)
  }

  /// Asks the memory for the key with a number; the answer means nothing.
  func touch(_ number: UInt32) -> UInt32 { self.number(at: Int(places[Int(number)]) * 4) }

  /// Adds the key with a number to others as a JSON string.
  public func append(_ number: UInt32, asJSONTo output: inout [UInt8]) {
    let entry = Int(places[Int(number)]) * 4
    let first = entry + Interner.headerBytes
    output.append(jsonString: arena.span, from: first, to: first + count(at: entry))
  }

  /// The first 16 bytes of a key as two words, the first byte highest, zeros behind a short key.
  func prefix(_ number: UInt32) -> (high: UInt64, low: UInt64) {
    let entry = Int(places[Int(number)]) * 4
    let first = entry + Interner.headerBytes
    let count = count(at: entry)
    let keys = arena.span
    return (keys.word(at: first, count: count), keys.word(at: first + 8, count: count - 8))
  }

  /// Whether the bytes of one key come before those of another.
  func precedes(_ one: UInt32, _ other: UInt32) -> Bool {
    let (entry, otherEntry) = (Int(places[Int(one)]) * 4, Int(places[Int(other)]) * 4)
    let (count, otherCount) = (count(at: entry), count(at: otherEntry))
    let (first, otherFirst) = (entry + Interner.headerBytes, otherEntry + Interner.headerBytes)
    let shared = min(count, otherCount)
    var offset = 0
    while offset < shared {
      let word = arena.span.word(at: first + offset, count: shared - offset)
      let otherWord = arena.span.word(at: otherFirst + offset, count: shared - offset)
      if word != otherWord { return word < otherWord }
      offset += 8
    }
    return count < otherCount
  }

  private func number(at entry: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: arena.span.word(at: entry))
  }

  private func count(at entry: Int) -> Int {
    Int(arena.span.word(at: entry) >> 32)
  }

  @inline(__always)
  private func equals(_ entry: Int, _ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    let stored = arena.span
    let byteCount = end &- start
    guard Int(stored.word(at: entry) >> 32) == byteCount else { return false }
    var offset = 0
    let first = entry &+ Interner.headerBytes
    while offset &+ 8 <= byteCount {
      if stored.word(at: first &+ offset) != bytes.word(at: start &+ offset) { return false }
      offset &+= 8
    }
    let mask = lowBytes(byteCount &- offset)
    return (stored.word(at: first &+ offset) ^ bytes.word(at: start &+ offset)) & mask == 0
  }

  /// Adds an entry and returns its place in units of four bytes.
  private mutating func append(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, number: UInt32
  ) -> UInt64 {
    let entry = arenaEnd
    let count = end - start
    arenaEnd += Interner.headerBytes + (count + 3) & ~3
    if arena.count < arenaEnd + Interner.paddingBytes {
      let more = max(arenaEnd + Interner.paddingBytes - arena.count, Interner.growthBytes)
      if arena.count + more > arena.capacity { arena.growInLargePages() }
      arena.append(contentsOf: repeatElement(0, count: more))
    }
    var target = arena.mutableSpan
    // Any bit pattern is bytes, and the stores check their bounds.
    var words = unsafe target.mutableBytes
    words.storeBytes(of: UInt64(number) | UInt64(count) << 32, toByteOffset: entry, as: UInt64.self)
    let first = entry + Interner.headerBytes
    var offset = 0
    while offset < count {
      let word = bytes.word(at: start &+ offset) & lowBytes(count &- offset)
      words.storeBytes(of: word, toByteOffset: first &+ offset, as: UInt64.self)
      offset &+= 8
    }
    if places.count == places.capacity { places.growInLargePages() }
    places.append(UInt32(truncatingIfNeeded: entry / 4))
    return UInt64(entry / 4)
  }

  /// Doubles the slots; their tags say where they go.
  private mutating func grow() {
    var grown = Array(inLargePages: UInt64(0), count: slots.count * 2)
    let mask = grown.count - 1
    for slot in slots where slot != 0 {
      var index = home(slot, in: grown)
      while grown[index] != 0 { index = (index + 1) & mask }
      grown[index] = slot
    }
    slots = grown
  }
}

extension Span where Element == UInt8 {
  /// Up to eight of the bytes at an offset, the first one highest, zeros behind `count` of them.
  @inline(__always)
  fileprivate func word(at offset: Int, count: Int) -> UInt64 {
    if count >= 8 { return word(at: offset).byteSwapped }
    return count <= 0 ? 0 : word(at: offset).byteSwapped & ~(UInt64.max >> UInt64(count * 8))
  }
}

/// A mask of the first bytes of a word, of all of them from eight on.
@inline(__always)
private func lowBytes(_ count: Int) -> UInt64 {
  count >= 8 ? .max : (1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1
}
