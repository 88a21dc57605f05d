/// Which fifth equal values at the edge of one lie in.
public enum QuintileTies: String, CaseIterable, Sendable {
  /// All in the fifth of their middle.
  case middle
  /// All in the fifth of the lowest of them.
  case low
  /// All in the fifth of the highest of them.
  case high
  /// Each where it stands, equal ones in the order given: the fifths are as equal as can be.
  case split

  /// The fifth of a value by its place among others.
  ///
  ///     quintile = 1 + ⌊5 × place ÷ values⌋       the place of the middle: below + half of those equal
  ///
  /// - Parameters:
  ///   - place: the place of the value itself, from 0 on; it matters for ``split`` only.
  ///   - below: how many values are below it.
  ///   - equal: how many are equal to it, itself included.
  public func quintile(place: Int, below: Int, equal: Int, of count: Int) -> UInt8 {
    let fifth =
      switch self {
      case .middle: 5 * (2 * below + equal) / (2 * count)
      case .low: 5 * below / count
      case .high: 5 * (below + equal - 1) / count
      case .split: 5 * place / count
      }
    return UInt8(1 + min(max(fifth, 0), 4))
  }
}

/// The fifth of a population that each value lies in: 1 for the lowest, 5 for the highest.
///
///     10 20 30 40 50  →  1 2 3 4 5          1 1 1 1 1 1 1 2 3 9  →  2 2 2 2 2 2 2 4 5 5
///
/// Unless the ties are split, equal values are always in the same quintile.
/// Cost: O(n log n); inlinable, since a comparison that is not specialised costs 470 instructions.
@inlinable
public func quintiles<Value: Comparable>(
  _ values: [Value], ties: QuintileTies = .middle
) -> [UInt8] {
  let order = values.indices.sorted { one, other in
    values[one] < values[other] || (values[one] == values[other] && one < other)
  }
  var quintiles = [UInt8](repeating: 0, count: values.count)
  var first = 0
  while first < order.count {
    var end = first + 1
    while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
    for place in first..<end {
      quintiles[order[place]] = ties.quintile(
        place: place, below: first, equal: end - first, of: order.count)
    }
    first = end
  }
  return quintiles
}

/// The fifth that each value lies in among those of the same group: frequency within recency.
///
/// - Parameter groups: the group of each value, from 0 on.
@inlinable
public func quintiles<Value: Comparable>(
  _ values: [Value], within groups: [Int], ties: QuintileTies = .middle
) -> [UInt8] {
  var quintiles = [UInt8](repeating: 0, count: values.count)
  var members = [[Int]](repeating: [], count: (groups.max() ?? -1) + 1)
  for index in groups.indices { members[groups[index]].append(index) }
  for group in members where !group.isEmpty {
    let fifths = Statistics.quintiles(group.map { values[$0] }, ties: ties)
    for (place, index) in group.enumerated() { quintiles[index] = fifths[place] }
  }
  return quintiles
}
