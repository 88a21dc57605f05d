/// Who acts next: a calendar of the next event of each person.
///
///     slice  0      1      2      3   …        time in slices, the slices in a ring
///            │      │      │      │
///            p7     –      p1     p4           chains of persons by their next time
///            p3            p9
///            └ the slice that is due is sorted as a heap, ties by person
///
/// Memory is 12 bytes a person and 4 a slice, however many events there are. Adding and taking cost
/// a constant, for a slice holds a handful of persons.
/// Source: Brown, "Calendar queues", Communications of the ACM 31, 1988.
struct Agenda: Sendable {
  /// A person and the time of the next event.
  struct Entry: Sendable {
    let time: Int64
    let person: Int32

    @inline(__always)
    func comes(before other: Entry) -> Bool {
      time < other.time || time == other.time && person < other.person
    }
  }

  private static let none: Int32 = -1

  private var heads: [Int32]
  private var chained: [Int32]
  private var times: [Int64]
  private var due: [Entry] = []
  private let start: Int64
  private let width: Int64
  /// The slice that is due, counted from the start.
  private var slice: Int64 = 0

  /// A calendar for so many persons and about so many events from `start` up to `end`.
  init(persons: Int, events: Int, start: Int64, end: Int64) {
    var slices = 64
    while slices < events / 8, slices < 1 << 21 { slices *= 2 }
    heads = Array(repeating: Agenda.none, count: slices)
    chained = Array(repeating: Agenda.none, count: persons)
    times = Array(repeating: 0, count: persons)
    self.start = start
    width = max(1, (end - start) / Int64(slices))
  }

  /// Enters a person's next event; it is not before the last one taken.
  mutating func add(_ person: Int, at time: Int64) {
    if time < start + (slice + 1) * width {
      push(Entry(time: time, person: Int32(person)))
    } else {
      let slot = Int((time - start) / width & Int64(heads.count - 1))
      times[person] = time
      chained[person] = heads[slot]
      heads[slot] = Int32(person)
    }
  }

  /// The earliest entry, which stays.
  mutating func first() -> Entry {
    while due.isEmpty {
      slice += 1
      collect()
    }
    return due[0]
  }

  /// Takes the earliest entry away.
  mutating func removeFirst() {
    let last = due.removeLast()
    guard !due.isEmpty else { return }
    var hole = 0
    while true {
      var child = 2 * hole + 1
      if child >= due.count { break }
      if child + 1 < due.count, due[child + 1].comes(before: due[child]) { child += 1 }
      if last.comes(before: due[child]) { break }
      due[hole] = due[child]
      hole = child
    }
    due[hole] = last
  }

  private mutating func push(_ entry: Entry) {
    due.append(entry)
    var hole = due.count - 1
    while hole > 0 {
      let parent = (hole - 1) / 2
      if due[parent].comes(before: entry) { break }
      due[hole] = due[parent]
      hole = parent
    }
    due[hole] = entry
  }

  /// Moves the persons of the slice that is due into the heap; those of later rounds stay.
  private mutating func collect() {
    let slot = Int(slice & Int64(heads.count - 1))
    var person = heads[slot]
    guard person != Agenda.none else { return }
    heads[slot] = Agenda.none
    let end = start + (slice + 1) * width
    while person != Agenda.none {
      let next = chained[Int(person)]
      let time = times[Int(person)]
      if time < end {
        push(Entry(time: time, person: person))
      } else {
        chained[Int(person)] = heads[slot]
        heads[slot] = person
      }
      person = next
    }
  }
}
