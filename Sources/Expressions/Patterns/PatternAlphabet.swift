internal import Records

/// The code points in classes that a pattern cannot tell apart.
///
///     [a-c]x    class 0: all others    class 1: a b c    class 2: x
struct PatternAlphabet: Sendable {
  /// How many classes there are.
  let count: Int
  /// What assertions know of the code points of each class.
  let neighbours: [PatternTree.Neighbour]
  /// The classes of ASCII.
  private let ascii: [UInt16]
  /// Where a stretch of one class begins, and which class that is.
  private let starts: [UInt32]
  private let classes: [UInt16]
  /// Whether a set has a class: a bit each, rows of words by class.
  private let members: [UInt64]
  private let rowWords: Int

  /// The classes for sets of code points; `nil` where there are too many of them.
  ///
  /// - Parameter hasAssertions: whether newlines and word characters must be told apart too.
  init?(_ sets: [CodePointSet], hasAssertions: Bool) {
    var told = sets
    if hasAssertions { told += [CodePointSet([0x0A...0x0A]), NamedCodePoints.word] }
    // At each edge of a set the membership in it changes.
    var edges: [(place: UInt32, set: Int)] = []
    for (number, set) in told.enumerated() {
      for range in set.ranges {
        edges.append((range.lowerBound, number))
        if range.upperBound < CodePointSet.last { edges.append((range.upperBound + 1, number)) }
      }
    }
    edges.sort { ($0.place, $0.set) < ($1.place, $1.set) }
    rowWords = (told.count + 63) / 64
    var membership = [UInt64](repeating: 0, count: rowWords)
    var numbers: [[UInt64]: UInt16] = [:]
    var starts: [UInt32] = []
    var classes: [UInt16] = []
    var neighbours: [PatternTree.Neighbour] = []
    var members: [UInt64] = []
    var next = 0
    var place: UInt32 = 0
    while true {
      while next < edges.count, edges[next].place == place {
        membership[edges[next].set >> 6] ^= 1 << UInt64(edges[next].set & 63)
        next += 1
      }
      let number = numbers[membership] ?? UInt16(truncatingIfNeeded: numbers.count)
      if numbers[membership] == nil {
        guard numbers.count < PatternAlphabet.countMax else { return nil }
        numbers[membership] = number
        neighbours.append(PatternTree.Neighbour(place))
        members.append(contentsOf: membership)
      }
      starts.append(place)
      classes.append(number)
      guard next < edges.count else { break }
      place = edges[next].place
    }
    count = neighbours.count
    (self.neighbours, self.members, self.starts, self.classes) =
      (neighbours, members, starts, classes)
    ascii = (0..<128).map { codePoint in
      classes[(starts.firstIndex { $0 > codePoint } ?? starts.count) - 1]
    }
  }

  /// The most classes of an alphabet.
  private static let countMax = 4096

  /// Whether a set has the code points of a class.
  @inline(__always)
  func contains(_ set: Int, _ letter: Int) -> Bool {
    members[letter * rowWords + set >> 6] >> UInt64(set & 63) & 1 == 1
  }

  /// The class of the code point at an offset, which moves behind it.
  @inline(__always)
  func letter(_ bytes: Span<UInt8>, at offset: inout Int, to end: Int) -> Int {
    let byte = bytes[offset]
    if byte < 0x80 {
      offset += 1
      return Int(ascii[Int(byte)])
    }
    return longLetter(bytes, at: &offset, to: end)
  }

  private func longLetter(_ bytes: Span<UInt8>, at offset: inout Int, to end: Int) -> Int {
    let decoded = decodeCodePoint(bytes, at: offset, to: end)
    offset = decoded.end
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= decoded.codePoint { low = middle } else { high = middle }
    }
    return Int(classes[low])
  }
}
