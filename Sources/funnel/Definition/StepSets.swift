import Events
import Records

/// The different sets of steps that one event can match, each with a number; exclusions are numbered
/// behind the steps.
///
///     steps A, B, C     an event that is A: {1} → 0     one that is B and C: {2, 3} → 1
///
/// An event keeps two bytes in place of a list, however many steps the funnel has.
struct StepSets: Sendable {
  /// The steps of each set, counted from 1, in ascending order.
  private(set) var steps: [[Int]] = []
  /// The step of each set that is one number alone, 0 of the others.
  private(set) var only: [Int] = []
  private var numbers = Interner(seed: fingerprintSeed)

  /// The number of a set given as ascending steps.
  mutating func number(_ set: [Int]) -> Int {
    let number = Int(numbers.intern(StepSets.key(set)))
    if number == steps.count {
      steps.append(set)
      only.append(set.count == 1 ? set[0] : 0)
    }
    return number
  }

  /// The numbers of all sets with each of their numbers replaced, `nil` for left out; new sets are added.
  mutating func replacing(_ replacement: (Int) -> Int?) -> [Int] {
    var numbers: [Int] = []
    for set in steps.indices { numbers.append(number(steps[set].compactMap(replacement).sorted())) }
    return numbers
  }

  /// A set as bytes, two a step.
  private static func key(_ set: [Int]) -> [UInt8] {
    set.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  /// A set as bytes, for ``number(key:upTo:)`` of another run.
  func key(_ number: Int) -> [UInt8] { StepSets.key(steps[number]) }

  /// The number of a set that ``key(_:)`` of another run gave.
  mutating func number(key: [UInt8], upTo last: Int) throws(StateError) -> Int {
    var set: [Int] = []
    for index in stride(from: 0, to: key.count & ~1, by: 2) {
      set.append(Int(key[index]) | Int(key[index + 1]) << 8)
    }
    let areSteps = zip([0] + set, set).allSatisfy { $0 < $1 } && (set.last ?? 0) <= last
    guard key.count % 2 == 0, areSteps else { throw StateError("a set of steps is none") }
    let number = number(set)
    guard number < Match.setsMax else { throw StateError("there are too many sets of steps") }
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
