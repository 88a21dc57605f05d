/// Which segments each person is in: a bit a segment, in words of 64.
struct Membership: Sendable {
  private let segmentCount: Int
  private let wordCount: Int
  private var words: [UInt64] = []

  init(segmentCount: Int) {
    self.segmentCount = segmentCount
    wordCount = (segmentCount + 63) / 64
  }

  /// Makes room for a person.
  mutating func reserve(_ person: UInt32) {
    let needed = (Int(person) + 1) * wordCount
    guard needed > words.count else { return }
    let grown = max(needed, words.count * 3 / 2)
    words.append(contentsOf: repeatElement(0, count: grown - words.count))
  }

  /// Whether a person is in a segment.
  func contains(_ person: UInt32, _ segment: Int) -> Bool {
    words[Int(person) * wordCount + segment / 64] >> UInt64(segment % 64) & 1 == 1
  }

  /// Puts a person into a segment or takes it out.
  ///
  /// - Returns: whether that changed anything.
  mutating func set(_ person: UInt32, _ segment: Int, _ isMember: Bool) -> Bool {
    guard contains(person, segment) != isMember else { return false }
    words[Int(person) * wordCount + segment / 64] ^= 1 << UInt64(segment % 64)
    return true
  }

  /// Gives one person the segments of another.
  mutating func copy(from source: UInt32, to target: UInt32) {
    for word in 0..<wordCount {
      words[Int(target) * wordCount + word] = words[Int(source) * wordCount + word]
    }
  }
}
