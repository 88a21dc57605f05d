/// The keys seen so far at each place of ``WantedMembers``, and for each the two that came behind it.
///
///     context {  →  page  ─┬→ userAgent → library → …
///                          └→ title
///
/// A key is compared as three masked words with its quotes and its colon, so that one comparison
/// tells that it is valid, which it is, and where its value begins.
/// Cost: some fifteen instructions for a key that was expected; a look-up by its hash for others.
struct ExpectedKeys: Sendable {
  private static let countMax = 512
  private static let tableCount = 1024
  private static let probesMax = 8

  /// One for the beginning of each place, then one that stands for a key not learnt, then the keys.
  private var keys: [ExpectedKey]
  /// Numbers of keys by their hash, 0 for none.
  private var table = [Int32](repeating: 0, count: ExpectedKeys.tableCount)
  /// Stands for a key that is not learnt.
  let unknown: Int

  /// No keys yet, for so many places; the number of a place stands for its beginning.
  init(placeCount: Int) {
    unknown = placeCount
    keys = Array(repeating: ExpectedKey(following: placeCount), count: placeCount + 1)
  }

  /// The key at an offset of a place with its number, `nil` where it is none of the two expected.
  @inline(__always)
  func expected(
    _ bytes: Span<UInt8>, at offset: Int, of place: Int, after previous: Int
  ) -> (number: Int, key: ExpectedKey)? {
    let next = Int(keys[previous].next)
    if keys[next].stands(in: bytes, at: offset, of: place) { return (next, keys[next]) }
    let other = Int(keys[previous].other)
    if keys[other].stands(in: bytes, at: offset, of: place) { return (other, keys[other]) }
    return nil
  }

  /// Learns the key whose quote stands at `start` and whose colon ends before `end`, and expects it
  /// behind the previous one from now on.
  ///
  /// - Returns: its number, that of an unknown one where it cannot be learnt: it is too long, has a
  ///   blank before its colon, or too many are known already.
  mutating func learn(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, of place: Int, after previous: Int,
    _ want: WantedMembers.Want?
  ) -> Int {
    guard end - start <= ExpectedKey.bytesMax, bytes[end - 2] == ASCII.quote else { return unknown }
    var key = ExpectedKey(bytes, from: start, to: end, of: place, want)
    (key.next, key.other) = (Int32(unknown), Int32(unknown))
    var index = key.hash & (ExpectedKeys.tableCount - 1)
    for _ in 0..<ExpectedKeys.probesMax {
      var number = Int(table[index])
      if number == 0 {
        guard keys.count < ExpectedKeys.countMax else { return unknown }
        number = keys.count
        keys.append(key)
        table[index] = Int32(number)
      } else if !keys[number].equals(key) {
        index = (index + 1) & (ExpectedKeys.tableCount - 1)
        continue
      }
      keys[previous].other = keys[previous].next
      keys[previous].next = Int32(number)
      return number
    }
    return unknown
  }
}

/// A key of a place with its quotes and colon as masked words, and what is wanted of it.
///
///     "event":                 the first mask covers 8 bytes, the others none
///     "originalTimestamp":     20 bytes: two words and half of the third
struct ExpectedKey: Sendable {
  static let bytesMax = 24

  // One by one: words taken out of a vector cost two instructions more each.
  private var word0: UInt64 = 1
  private var mask0: UInt64 = 0
  private var word1: UInt64 = 1
  private var mask1: UInt64 = 0
  private var word2: UInt64 = 1
  private var mask2: UInt64 = 0
  /// Bytes with quotes and colon.
  private(set) var count: Int32 = 0
  /// The slot of the member, -1 where nobody wants it.
  private(set) var slot: Int32 = -1
  /// The place of its object, ``WantedMembers/noPlace`` for one that nobody looks into.
  private(set) var inner: Int32 = -1
  private var place: Int32 = -1
  fileprivate(set) var next: Int32
  fileprivate(set) var other: Int32
  /// Whether it is the one that begins a report.
  private(set) var isRecord = false

  /// A key that stands nowhere.
  init(following unknown: Int) {
    next = Int32(unknown)
    other = Int32(unknown)
  }

  init(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, of place: Int, _ want: WantedMembers.Want?
  ) {
    self.init(following: 0)
    count = Int32(end - start)
    self.place = Int32(place)
    slot = Int32(want?.slot ?? -1)
    inner = Int32(want?.inner ?? -1)
    isRecord = bytes.equals(KnownKeys.record, from: start + 1, to: end - 2)
    mask0 = leadingBytes(end - start)
    mask1 = leadingBytes(end - start - 8)
    mask2 = leadingBytes(end - start - 16)
    word0 = bytes.word(at: start) & mask0
    word1 = bytes.word(at: start + 8) & mask1
    word2 = bytes.word(at: start + 16) & mask2
  }

  /// Whether the key stands at an offset of a place.
  @inline(__always)
  func stands(in bytes: Span<UInt8>, at offset: Int, of place: Int) -> Bool {
    let (low, high) = bytes.twoWords(at: offset)
    let differences = ((low & mask0) ^ word0) | ((high & mask1) ^ word1)
    guard differences == 0, Int(self.place) == place else { return false }
    return count <= 16 || bytes.word(at: offset &+ 16) & mask2 == word2
  }

  /// Whether another one is the same key of the same place.
  func equals(_ key: ExpectedKey) -> Bool {
    word0 == key.word0 && word1 == key.word1 && word2 == key.word2 && count == key.count
      && place == key.place
  }

  /// Where it is looked for in a table.
  var hash: Int {
    var mixed = word0 &+ UInt64(place)
    for word in [word1, word2] { mixed = (mixed &* 0x9E37_79B9_7F4A_7C15) ^ (mixed >> 29) ^ word }
    return Int(truncatingIfNeeded: (mixed &* 0x9E37_79B9_7F4A_7C15) >> 40)
  }
}
