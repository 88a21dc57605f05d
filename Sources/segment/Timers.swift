import Events
import Records

/// When persons are to be looked at again though no event of theirs comes: a binary heap.
///
/// Of equal moments the smaller person number comes first. A person has one timer that counts; the
/// ones it replaced are passed over when they come up. Of each person it is known how often it was
/// looked at since its last event.
struct Timers: Sendable {
  private struct Timer: Sendable {
    let moment: Int64
    let person: UInt32

    func precedes(_ other: Timer) -> Bool {
      moment != other.moment ? moment < other.moment : person < other.person
    }
  }

  private static let none = Int64.max

  private var heap: [Timer] = []
  private(set) var due: [Int64] = []
  /// How often each person's timer came up since its last event.
  private var looks: [UInt16] = []

  /// Sets a person's timer, in place of the one before; the distant future for none.
  mutating func set(_ person: UInt32, _ moment: Moment) {
    let index = Int(person)
    due.extend(to: index + 1, with: Self.none)
    looks.extend(to: index + 1, with: 0)
    guard due[index] != moment.milliseconds else { return }
    due[index] = moment.milliseconds
    if moment.milliseconds != Self.none { push(Timer(moment: moment.milliseconds, person: person)) }
  }

  /// Takes the next timer that is due at or before a moment.
  mutating func next(upTo moment: Moment) -> (person: UInt32, moment: Moment)? {
    while let first = heap.first, first.moment <= moment.milliseconds {
      pop()
      guard due[Int(first.person)] == first.moment else { continue }
      takeUp(first.person)
      return (first.person, Moment(milliseconds: first.moment))
    }
    return nil
  }

  /// Takes a person's timer where it is due at or before a moment.
  mutating func next(of person: UInt32, upTo moment: Moment) -> Moment? {
    let index = Int(person)
    guard index < due.count, due[index] <= moment.milliseconds else { return nil }
    defer { takeUp(person) }
    return Moment(milliseconds: due[index])
  }

  /// A person's timer is looked at.
  private mutating func takeUp(_ person: UInt32) {
    due[Int(person)] = Self.none
    if looks[Int(person)] < .max { looks[Int(person)] += 1 }
  }

  /// How often a person was looked at since its last event.
  func lookCount(of person: UInt32) -> Int {
    Int(person) < looks.count ? Int(looks[Int(person)]) : 0
  }

  /// A person has an event, or had so many looks since the last one in another run.
  mutating func restart(_ person: UInt32, looks count: UInt16 = 0) {
    if Int(person) < looks.count { looks[Int(person)] = count }
  }

  private mutating func push(_ timer: Timer) {
    heap.append(timer)
    var child = heap.count - 1
    while child > 0, case let parent = (child - 1) / 2, heap[child].precedes(heap[parent]) {
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func pop() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].precedes(heap[least]) { least = child }
      guard least != parent else { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
