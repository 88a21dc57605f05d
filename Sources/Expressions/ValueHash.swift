internal import Events
internal import Records

/// A 64-bit hash of a value: the same in every run, and for values that are equal.
///
/// Numbers of equal value have equal hashes however they are written, and so have maps with their
/// keys in any order. Two of a million different values have the same hash in one of 37 million cases.
enum ValueHash {
  private enum Kind: UInt64 {
    case null
    case yes
    case no
    case number
    case long
    case double
    case text
    case bytes
    case list
    case map
    case timestamp
    case duration
    case type
  }

  /// The hash of a value, which must lie in no record.
  static func hash(_ value: Value) -> UInt64 {
    if let number = Number.decimal(value) { return hash(number) }
    switch value {
    case .null, .json: return hash(.null, words: [])
    case .bool(let answer): return hash(answer ? .yes : .no, words: [])
    case .double(let double) where double.isFinite: return hash(digits: Number.digits(of: double))
    case .double(let double): return hash(.double, words: [double.isNaN ? 0 : double.bitPattern])
    case .digits(let digits): return hash(digits: digits)
    case .text(let text): return hash(text.span, from: 0, to: text.count, isPadded: false)
    case .bytes(let bytes): return hash(.bytes, bytes)
    case .list(let elements): return hash(.list, words: elements.map { hash($0) })
    case .map(let entries):
      let sum = entries.reduce(UInt64(0)) { sum, entry in
        sum &+ hash(.map, words: [hash(entry.key), hash(entry.value)])
      }
      return hash(.map, words: [sum])
    case .timestamp(let time): return hash(.timestamp, wide: time)
    case .duration(let length): return hash(.duration, words: [UInt64(bitPattern: length)])
    case .type(let type): return hash(.type, Array(type.rawValue.utf8))
    case .int, .uint, .number: return 0
    }
  }

  /// The hash of a text that lies in a record.
  static func hash(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, isPadded: Bool = true
  ) -> UInt64 {
    guard isPadded else { return hash(.text, bytes.copy(from: start, to: end)) }
    return mix(byteHash(bytes, from: start, to: end, seed: seed(.text)))
  }

  private static func hash(_ number: DecimalNumber) -> UInt64 {
    hash(.number, wide: number.coefficient, UInt64(bitPattern: Int64(number.exponent)))
  }

  /// The hash of a number with more digits or a longer exponent than a ``DecimalNumber`` is read with.
  private static func hash(digits: [UInt8]) -> UInt64 {
    let parts = DigitParts(digits)
    if parts.digits.count <= 38 {
      let magnitude = parts.digits.reduce(Int128(0)) { $0 * 10 + Int128($1 - ASCII.zero) }
      return hash(
        DecimalNumber(
          coefficient: Int128(parts.sign) * magnitude, exponent: parts.height - parts.digits.count))
    }
    let sign = UInt8(truncatingIfNeeded: parts.sign)
    return hash(
      .long, words: [hash(.bytes, [sign] + parts.digits), UInt64(bitPattern: Int64(parts.height))])
  }

  private static func hash(_ kind: Kind, wide: Int128, _ more: UInt64 = 0) -> UInt64 {
    hash(
      kind, words: [UInt64(truncatingIfNeeded: wide), UInt64(truncatingIfNeeded: wide >> 64), more])
  }

  private static func hash(_ kind: Kind, words: [UInt64]) -> UInt64 {
    words.reduce(mix(seed(kind) &+ UInt64(words.count))) { mix($0 ^ mix($1)) }
  }

  private static func hash(_ kind: Kind, _ bytes: [UInt8]) -> UInt64 {
    let padded = bytes + [UInt8](repeating: 0, count: 8)
    return mix(byteHash(padded.span, from: 0, to: bytes.count, seed: seed(kind)))
  }

  private static func seed(_ kind: Kind) -> UInt64 { fingerprintSeed &+ kind.rawValue << 32 }

  /// Spreads a word over all bits, since the first ones alone choose a register.
  ///
  /// Source: the finaliser of SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
  private static func mix(_ word: UInt64) -> UInt64 {
    var mixed = word &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
