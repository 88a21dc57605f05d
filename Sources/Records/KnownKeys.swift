/// What was seen so far between the values of records, and for each the two that came behind it last.
///
///     line start → {"event":" ─┬→ ,"userId":" ──────┬→ ,"timestamp":" → … → }⏎
///                              └→ ,"anonymousId":" ─┘
///
/// A key is known with all that stands around it, from behind the value before it up to the first
/// byte of its own: one comparison tells the comma, the key, the colon and what kind of value comes.
/// Blanks are learnt as they are. Most of the time one of the two that are expected stands there; the
/// others are searched for.
/// Cost: a comparison is a few instructions; a search one for each key known, at most 256.
struct KnownKeys: Sendable {
  /// Stands for what is before a record.
  static let lineStart = 0
  /// Stands for a key that cannot be learnt.
  static let unknown = 1
  /// The key that begins a report.
  static let record = Array("record".utf8)
  private static let countMax = 256

  /// The keys by their number.
  private(set) var keys = [KnownKey(), KnownKey()]

  /// The number of a key that came in another order, `nil` where none that is known stands there.
  ///
  /// It is expected from now on.
  mutating func unexpected(in bytes: Span<UInt8>, at offset: Int, after previous: Int) -> Int? {
    let isFirst = previous == KnownKeys.lineStart
    let found = keys.firstIndex {
      $0.isFirst == isFirst && $0.stands(in: bytes, at: offset)
    }
    if let found { follow(previous, with: found) }
    return found
  }

  /// Learns what stands from `start` up to `end`, and expects it behind the previous one.
  ///
  /// - Returns: its number, or ``unknown`` where it is too long or too many are known already.
  mutating func learn(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, _ meaning: KeyMeaning, after previous: Int
  ) -> Int {
    guard keys.count < KnownKeys.countMax, end - start <= KnownKey.bytesMax else {
      return KnownKeys.unknown
    }
    let isFirst = previous == KnownKeys.lineStart
    keys.append(KnownKey(bytes, from: start, to: end, meaning, isFirst: isFirst))
    follow(previous, with: keys.count - 1)
    return keys.count - 1
  }

  /// Remembers which key came behind another.
  private mutating func follow(_ previous: Int, with number: Int) {
    keys[previous].other = keys[previous].next
    keys[previous].next = UInt16(truncatingIfNeeded: number)
  }
}

/// What a key tells of its value and of the record.
struct KeyMeaning: BitwiseCopyable {
  /// What stands behind a key.
  enum Follower: BitwiseCopyable {
    /// A string, its quote is the last byte that was compared.
    case string
    /// An object or array, its bracket is the last byte that was compared.
    case nested
    /// Anything, blanks too.
    case anything
    /// The newline behind the record, it is the last byte that was compared.
    case lineEnd
  }

  var follower = Follower.lineEnd
  /// Where the value goes, -1 for nowhere.
  var slot = -1
  /// Whether it begins a report.
  var isRecord = false
  /// Whether nothing is looked at from here on once no wanted key is missing.
  var endsTrusted = false
  /// 1 where it is one of those that are looked for until they are found.
  var awaited = 0
}

/// A key with what stands around it as masked words, for comparison in one step.
///
///     {"event":"               10 bytes: the first mask covers 8, the second 2
///     ,"originalTimestamp":"   22 bytes: the third covers 6, the fourth none
struct KnownKey: BitwiseCopyable {
  static let bytesMax = 32

  // One by one: words taken out of a vector cost two instructions more each.
  private var word0: UInt64 = 1
  private var word1: UInt64 = 0
  private var word2: UInt64 = 0
  private var word3: UInt64 = 0
  private var mask0: UInt64 = 0
  private var mask1: UInt64 = 0
  private var mask2: UInt64 = 0
  private var mask3: UInt64 = 0
  /// How many bytes are compared.
  let count: Int
  let meaning: KeyMeaning
  /// Whether it begins a line.
  let isFirst: Bool
  fileprivate(set) var next = UInt16(KnownKeys.unknown)
  fileprivate(set) var other = UInt16(KnownKeys.unknown)

  /// A key that stands nowhere.
  init() {
    (count, meaning, isFirst) = (0, KeyMeaning(), false)
  }

  fileprivate init(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, _ meaning: KeyMeaning, isFirst: Bool
  ) {
    count = end - start
    self.meaning = meaning
    self.isFirst = isFirst
    mask0 = leadingBytes(count)
    mask1 = leadingBytes(count - 8)
    mask2 = leadingBytes(count - 16)
    mask3 = leadingBytes(count - 24)
    word0 = bytes.word(at: start) & mask0
    word1 = bytes.word(at: start + 8) & mask1
    word2 = bytes.word(at: start + 16) & mask2
    word3 = bytes.word(at: start + 24) & mask3
  }

  /// Whether the key stands at an offset.
  @inline(__always)
  func stands(in bytes: Span<UInt8>, at offset: Int) -> Bool {
    let first = bytes.twoWords(at: offset)
    guard ((first.low & mask0) ^ word0) | ((first.high & mask1) ^ word1) == 0 else { return false }
    if count <= 16 { return true }
    let second = bytes.twoWords(at: offset &+ 16)
    return ((second.low & mask2) ^ word2) | ((second.high & mask3) ^ word3) == 0
  }
}
