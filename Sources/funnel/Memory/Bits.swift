/// Writes numbers of a few bits each, one behind the other in words.
///
///     word 0                                            word 1
///     [ first · second · third · lower part of fourth ] [ upper part · fifth · 0 … ]
struct BitWriter: Sendable {
  private(set) var words: [UInt64] = []
  private var position = 0

  /// The words that are in use.
  var wordCount: Int { (position + 63) / 64 }

  /// Begins anew.
  mutating func begin() { position = 0 }

  /// Adds a number that has no more than so many bits, 1 to 63.
  mutating func append(_ number: UInt64, count: Int) {
    let (index, shift) = (position / 64, UInt64(position % 64))
    if shift == 0 { put(number, at: index) } else { words[index] |= number << shift }
    if Int(shift) + count > 64 { put(number >> (64 - shift), at: index + 1) }
    position += count
  }

  private mutating func put(_ word: UInt64, at index: Int) {
    if index == words.count { words.append(word) } else { words[index] = word }
  }
}

/// Reads what a ``BitWriter`` has written, from a word among others.
struct BitReader {
  private let words: [UInt64]
  private let start: Int
  private var position = 0

  /// A reader from a word on.
  init(_ words: [UInt64], from start: Int) {
    self.words = words
    self.start = start
  }

  /// The words that were read.
  var wordCount: Int { (position + 63) / 64 }

  /// The next number of so many bits, 1 to 63.
  mutating func next(_ count: Int) -> UInt64 {
    let (index, shift) = (start + position / 64, UInt64(position % 64))
    var number = words[index] >> shift
    if Int(shift) + count > 64 { number |= words[index + 1] << (64 - shift) }
    position += count
    return number & ((1 << UInt64(count)) &- 1)
  }
}
