/// How many numbers fell into each of the bins next to each other, at most 2,048 of them.
///
///     counts    [ 3 | 0 | 0 | 1 | 7 ]
///     bin         ^ lowest        ^ highest        both ends are never empty
///
/// When the highest bin leaves more than 2,048 behind it, those furthest below are folded into the
/// lowest that is kept. What is kept depends on the highest bin of all alone, so the counts do not
/// depend on the order of the numbers.
///
/// 8 bytes a bin.
struct BinCounts: Equatable, Sendable {
  /// How many bins are kept; 35 an octave, so what is under 2^-58 of the greatest number is
  /// folded.
  static let binsMax = 2048

  private(set) var counts: [Int] = []
  private(set) var lowest = 0
  private(set) var total = 0

  /// Counts `count` numbers, at least one, in bin `index`.
  mutating func update(_ index: Int, count: Int) {
    if counts.isEmpty {
      lowest = index
      counts = [0]
    }
    raise(to: index)
    let bin = max(index, lowest + counts.count - BinCounts.binsMax)
    if bin < lowest {
      counts.insert(contentsOf: repeatElement(0, count: lowest - bin), at: 0)
      lowest = bin
    }
    counts[bin - lowest] += count
    total += count
  }

  /// Adds the counts of `other`.
  mutating func merge(_ other: BinCounts) {
    // From above, so that bins which the highest one folds are folded at once.
    for (offset, count) in other.counts.enumerated().reversed() where count > 0 {
      update(other.lowest + offset, count: count)
    }
  }

  /// The bin of the number that `rank` numbers are below.
  func index(ofRank rank: Int) -> Int {
    var below = 0
    for (offset, count) in counts.enumerated() {
      below += count
      if rank < below { return lowest + offset }
    }
    return lowest + counts.count - 1
  }

  /// Makes room for a bin `index` above the highest, folding what is then too far below.
  private mutating func raise(to index: Int) {
    guard index > lowest + counts.count - 1 else { return }
    let lowestKept = index - BinCounts.binsMax + 1
    let folded = lowestKept - lowest
    if folded >= counts.count {
      counts = [total]
      lowest = lowestKept
    } else if folded > 0 {
      counts[folded] += counts[..<folded].reduce(0, +)
      counts.removeFirst(folded)
      lowest = lowestKept
    }
    counts.append(contentsOf: repeatElement(0, count: index - (lowest + counts.count - 1)))
  }
}
