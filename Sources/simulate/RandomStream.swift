/// Random numbers of one person or one purpose, apart from those of all others.
///
///     var stream = RandomStream(seed: 1, .person, 42)
///     stream.uniform()        a double between 0 and 1
///
/// The same numbers on every machine. One word of state, so that each person can have a stream.
/// Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct RandomStream: Sendable {
  /// What a stream is for; streams of different purposes do not meet.
  enum Purpose: UInt64 {
    case person = 1
    case journey
    case crawlers
    case delivery
    case ties
    case anonymousId
    case messageId
    case address
    case shipping
  }

  private var state: UInt64

  /// The stream of a purpose, a number in it, and a part of that.
  init(seed: UInt64, _ purpose: Purpose, _ number: Int = 0, part: Int = 0) {
    let base = RandomStream.key(seed: seed, purpose)
    let own = RandomStream.mixed(base &+ UInt64(number) &* 0xD1B5_4A32_D192_ED03)
    state = RandomStream.mixed(own &+ UInt64(part) &* 0x8CB9_2BA7_2F3D_8DD7)
  }

  /// A word that belongs to a seed and a purpose.
  static func key(seed: UInt64, _ purpose: Purpose) -> UInt64 {
    mixed(mixed(seed &+ increment) &+ purpose.rawValue &* increment)
  }

  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Mixes the bits of a word; different words stay different.
  @inline(__always)
  static func mixed(_ word: UInt64) -> UInt64 {
    var word = word
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  /// The next 64 random bits.
  @inline(__always)
  mutating func next() -> UInt64 {
    state &+= RandomStream.increment
    return RandomStream.mixed(state)
  }

  /// A double between 0 and 1, neither of them.
  @inline(__always)
  mutating func uniform() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

  /// A whole number from 0 up to `count`, which is not among them.
  @inline(__always)
  mutating func below(_ count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// Whether something of this probability happens.
  @inline(__always)
  mutating func happens(_ probability: Double) -> Bool { uniform() < probability }
}
