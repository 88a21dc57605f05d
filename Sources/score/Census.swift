import Events
import Pipes

/// Which numbers are one person, who has a state, and to which value of `--by` each belongs.
///
///     person   root of its numbers
///     links    root → next number of the person → … → 0, counted from 1
struct Census: Sendable {
  /// The persons with a state, as roots, in the order of their numbers.
  private(set) var persons: [UInt32] = []
  /// The id that names each person, by root.
  let names: [UInt32]
  /// The number of persons by value of `--by`.
  private(set) var groupSizes: [Int]
  private var links: [UInt32]
  private var groups: [UInt32] = []

  /// The persons of a run.
  init(_ run: Run, _ states: PersonStates, _ personGroups: PersonGroups?) {
    let roots = run.persons.roots()
    names = run.persons.representatives(of: roots)
    links = Array(repeating: 0, count: roots.count)
    groupSizes = Array(repeating: 0, count: run.breakdown.count)
    var hasState = [Bool](repeating: false, count: roots.count)
    for number in 0..<min(states.count, roots.count) where states.isKnown(number) {
      let root = Int(roots[number])
      hasState[root] = true
      if root != number {
        links[number] = links[root]
        links[root] = UInt32(number) + 1
      }
    }
    for root in hasState.indices where hasState[root] { persons.append(UInt32(root)) }
    guard let personGroups else {
      if !groupSizes.isEmpty { groupSizes[0] = persons.count }
      return
    }
    groups = personGroups.resolved(roots)
    for person in persons { groupSizes[Int(groups[Int(person)])] += 1 }
  }

  /// Hands each number of a person that may have a state to a closure.
  @inline(__always)
  func forEachNumber(of person: UInt32, _ body: (UInt32) -> Void) {
    body(person)
    var link = links[Int(person)]
    while link != 0 {
      body(link - 1)
      link = links[Int(link) - 1]
    }
  }

  /// The second number of a person, the first one where there is no other.
  @inline(__always)
  func second(of person: UInt32) -> UInt32 {
    let link = links[Int(person)]
    return link == 0 ? person : link - 1
  }

  /// The persons of each value of `--by`.
  func personsByGroup() -> [[UInt32]] {
    guard !groups.isEmpty else { return [persons] }
    var lists = groupSizes.map { size in
      var list: [UInt32] = []
      list.reserveCapacity(size)
      return list
    }
    for person in persons { lists[Int(groups[Int(person)])].append(person) }
    return lists
  }
}
