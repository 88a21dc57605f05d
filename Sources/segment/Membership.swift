import Events

/// Which segments each person is in: a bit a segment, in words of 64.
struct Membership: Sendable {
  let wordCount: Int
  var words: [UInt64] = []

  init(segmentCount: Int) {
    wordCount = (segmentCount + 63) / 64
  }

  /// Makes room for a person.
  mutating func reserve(_ person: UInt32) {
    words.extend(to: (Int(person) + 1) * wordCount, with: 0)
  }

  /// Whether a person is in a segment.
  func contains(_ person: UInt32, _ segment: Int) -> Bool {
    words[Int(person) * wordCount + segment / 64] >> UInt64(segment % 64) & 1 == 1
  }

  /// Whether a person is in exactly the segments of a set.
  func equals(_ person: UInt32, _ segments: [UInt64]) -> Bool {
    let first = Int(person) * wordCount
    return words[first..<(first + wordCount)] == segments[...]
  }

  /// Puts a person into the segments of a set, and out of all others.
  mutating func set(_ person: UInt32, _ segments: [UInt64]) {
    for word in 0..<wordCount { words[Int(person) * wordCount + word] = segments[word] }
  }

  /// Gives one person the segments of another.
  mutating func copy(from source: UInt32, to target: UInt32) {
    for word in 0..<wordCount {
      words[Int(target) * wordCount + word] = words[Int(source) * wordCount + word]
    }
  }
}
