import Events
import Records

/// The different sets of steps that one event can match, each with a number.
///
///     steps A, B, C     an event that is A: {1} → 0     one that is B and C: {2, 3} → 1
///
/// An event keeps two bytes in place of a list, however many steps the funnel has.
struct StepSets: Sendable {
  /// The steps of each set, counted from 1, in ascending order.
  private(set) var steps: [[Int]] = []
  private var numbers = Interner(seed: fingerprintSeed)

  /// The number of a set given as ascending steps.
  mutating func number(_ set: [Int]) -> Int {
    var key: [UInt8] = []
    for step in set { key.append(contentsOf: [UInt8(step & 0xFF), UInt8(step >> 8)]) }
    let number = Int(numbers.intern(key))
    if number == steps.count { steps.append(set) }
    return number
  }

  /// The rank of each set in an order that does not depend on which was seen first.
  func ranks() -> [Int] {
    let ordered = steps.indices.sorted { steps[$0].lexicographicallyPrecedes(steps[$1]) }
    var ranks = [Int](repeating: 0, count: steps.count)
    for (rank, number) in ordered.enumerated() { ranks[number] = rank }
    return ranks
  }
}
