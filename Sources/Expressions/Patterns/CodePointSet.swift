/// A set of Unicode code points, as the ranges that it has.
///
///     [a-cx]    61–63, 78
///
/// Cost: operations are linear in the ranges, but for the sorting of what was added out of order.
struct CodePointSet: Hashable, Sendable {
  /// The last code point there is.
  static let last: UInt32 = 0x10FFFF
  /// All code points.
  static let all = CodePointSet([0...last])

  /// Ascending, apart from each other by at least one code point.
  private(set) var ranges: [ClosedRange<UInt32>] = []

  /// No code points.
  init() {}

  /// The code points of ranges in any order.
  init(_ ranges: [ClosedRange<UInt32>]) {
    self.ranges = ranges
    normalize()
  }

  /// Adds other code points.
  mutating func formUnion(_ other: CodePointSet) {
    ranges.append(contentsOf: other.ranges)
    normalize()
  }

  /// All code points that are not in the set.
  var complement: CodePointSet {
    var result = CodePointSet()
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { result.ranges.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    if next <= CodePointSet.last { result.ranges.append(next...CodePointSet.last) }
    return result
  }

  /// Whether a code point is in the set.
  func contains(_ codePoint: UInt32) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < codePoint { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound <= codePoint
  }

  /// The set with every letter that differs from one of it in case alone.
  var caseFolded: CodePointSet {
    var result = self
    for range in ranges { CaseFolding.appendVariants(of: range, to: &result.ranges) }
    result.normalize()
    return result
  }

  private mutating func normalize() {
    guard ranges.count > 1 else { return }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    var merged: [ClosedRange<UInt32>] = [ranges[0]]
    for range in ranges.dropFirst() {
      let current = merged[merged.count - 1]
      if range.lowerBound > current.upperBound, range.lowerBound - current.upperBound > 1 {
        merged.append(range)
      } else if range.upperBound > current.upperBound {
        merged[merged.count - 1] = current.lowerBound...range.upperBound
      }
    }
    ranges = merged
  }
}
