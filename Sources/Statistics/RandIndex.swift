/// How far two ways to divide the same things into groups agree, chance taken off.
///
///     adjustedRandIndex([0, 0, 1, 1], [5, 5, 7, 7])     // 1
///     adjustedRandIndex([0, 0, 1, 1], [0, 1, 0, 1])     // -0.5
///
/// 1 where they are the same but for the names of the groups, about 0 for groups drawn by lot.
///
/// Source: L. Hubert and P. Arabie, Comparing partitions, Journal of Classification 2 (1985), 193-218.
public func adjustedRandIndex(_ one: [Int], _ other: [Int]) -> Double {
  precondition(one.count == other.count, "both are of the same things")
  func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
  var both: [[Int]: Int] = [:]
  var ones: [Int: Int] = [:]
  var others: [Int: Int] = [:]
  for (left, right) in zip(one, other) {
    both[[left, right], default: 0] += 1
    ones[left, default: 0] += 1
    others[right, default: 0] += 1
  }
  // Sums of whole numbers, so their order does not matter.
  let together = both.values.reduce(0) { $0 + pairs($1) }
  let (first, second) = (
    ones.values.reduce(0) { $0 + pairs($1) }, others.values.reduce(0) { $0 + pairs($1) }
  )
  let expected = one.count > 1 ? first * second / pairs(one.count) : 0
  let most = (first + second) / 2
  return most == expected ? 1 : (together - expected) / (most - expected)
}
