/// The keys seen so far, and for each the two that came behind it last.
///
///     line start → event ─┬→ userId ──────┬→ timestamp → …
///                         └→ anonymousId ─┘
///
/// A key is compared as four masked words with its quotes and its colon, so that one comparison
/// tells both the key and where its value begins. Most keys are one of the two that are expected;
/// the others are searched for.
/// Cost: a comparison is a few instructions; a search one for each key known, at most 256.
struct KnownKeys: Sendable {
  /// Stands for the brace that begins a record.
  static let lineStart = 0
  /// Stands for a key that cannot be learnt.
  static let unknown = 1
  /// The key that begins a report.
  static let record = Array("record".utf8)
  private static let countMax = 256

  private var keys = [KnownKey(), KnownKey()]

  subscript(number: Int) -> KnownKey {
    @inline(__always) get { keys[number] }
  }

  /// The number of the key that stands at an offset, where it is one of the two expected there.
  @inline(__always)
  func expected(in bytes: Span<UInt8>, at offset: Int, after previous: Int) -> Int? {
    let next = Int(keys[previous].next)
    if keys[next].stands(in: bytes, at: offset) { return next }
    let other = Int(keys[previous].other)
    return keys[other].stands(in: bytes, at: offset) ? other : nil
  }

  /// The number of a key that came in another order, `nil` where none that is known stands there.
  ///
  /// It is expected from now on.
  mutating func unexpected(in bytes: Span<UInt8>, at offset: Int, after previous: Int) -> Int? {
    guard let number = keys.firstIndex(where: { $0.stands(in: bytes, at: offset) }) else {
      return nil
    }
    follow(previous, with: number)
    return number
  }

  /// Remembers which key came behind another.
  mutating func follow(_ previous: Int, with number: Int) {
    keys[previous].other = keys[previous].next
    keys[previous].next = UInt16(truncatingIfNeeded: number)
  }

  /// Learns the key whose quote stands at `start` and whose colon ends before `end`.
  ///
  /// - Returns: its number, or `nil` where it is too long, has a blank before its colon, or too many
  ///   are known already.
  mutating func learn(_ bytes: Span<UInt8>, from start: Int, to end: Int, slot: Int) -> Int? {
    guard keys.count < KnownKeys.countMax, end - start <= KnownKey.bytesMax,
      bytes[end - 2] == ASCII.quote
    else { return nil }
    let isRecord = bytes.equals(KnownKeys.record, from: start + 1, to: end - 2)
    keys.append(KnownKey(bytes, from: start, to: end, slot: slot, isRecord: isRecord))
    return keys.count - 1
  }
}

/// A key with its quotes and colon as masked words, for comparison in one step.
///
///     "event":                 the first mask covers 8 bytes, the others none
///     "originalTimestamp":     20 bytes: two words and half of the third
struct KnownKey: Sendable {
  static let bytesMax = 32

  private var words = SIMD4<UInt64>(repeating: 1)
  private var masks = SIMD4<UInt64>(repeating: 0)
  /// Bytes with quotes and colon.
  let count: Int
  let slot: Int
  let isRecord: Bool
  fileprivate(set) var next = UInt16(KnownKeys.unknown)
  fileprivate(set) var other = UInt16(KnownKeys.unknown)

  /// A key that stands nowhere.
  init() {
    (count, slot, isRecord) = (0, -1, false)
  }

  init(_ bytes: Span<UInt8>, from start: Int, to end: Int, slot: Int, isRecord: Bool) {
    count = end - start
    self.slot = slot
    self.isRecord = isRecord
    for index in 0..<4 {
      let covered = min(max(count - index * 8, 0), 8)
      masks[index] = covered == 8 ? .max : (1 << UInt64(covered * 8)) &- 1
      words[index] = covered == 0 ? 0 : bytes.word(at: start + index * 8) & masks[index]
    }
  }

  /// Whether the key stands at an offset.
  @inline(__always)
  func stands(in bytes: Span<UInt8>, at offset: Int) -> Bool {
    let differences = (bytes.words(at: offset) & masks) ^ words
    return differences[0] | differences[1] | differences[2] | differences[3] == 0
  }
}
