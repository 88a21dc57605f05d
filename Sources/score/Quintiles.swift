/// The fifth of a population that each value lies in: 1 for the lowest, 5 for the highest.
///
///     quintile = 1 + ⌊5 × (values below + half of those equal) ÷ values⌋
///
///     10 20 30 40 50  →  1 2 3 4 5          1 1 1 1 1 1 1 2 3 9  →  2 2 2 2 2 2 2 4 5 5
///
/// Equal values are always in the same quintile, that of their middle; a population of equals is
/// in the third.
/// Cost: O(n log n).
func quintiles<Value: Comparable>(_ values: [Value]) -> [UInt8] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var quintiles = [UInt8](repeating: 0, count: values.count)
  var first = 0
  while first < order.count {
    var end = first + 1
    while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
    let quintile = UInt8(1 + 5 * (first + end) / (2 * order.count))
    for place in first..<end { quintiles[order[place]] = quintile }
    first = end
  }
  return quintiles
}
