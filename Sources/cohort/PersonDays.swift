import Events
import Pipes
import Records

/// The days on which each person did something.
///
///     newest     person → day 40 · start, back → day 12 · back        counted from 1, 0 ends
///     times                08:15 …               17:40 …              only where they are asked for
///
/// Rows of a person stand the newest first, so that events in order cost one look each. What is kept
/// does not depend on the order in which events come.
/// Cost: 4 bytes a person and 12 a day of it, 24 where times are kept.
struct PersonDays: Sendable {
  private struct Row: BitwiseCopyable {
    let slot: Int32
    var next: UInt32
    var marks: PersonDay.Marks
  }

  private let keepsTimes: Bool
  private var newest: [UInt32] = []
  private var rows: [Row] = []
  /// By number of row; empty where they are not kept.
  private var times: [PersonDay.Times] = []

  init(keepsTimes: Bool) { self.keepsTimes = keepsTimes }

  /// Bytes of the largest array.
  var largestArrayBytes: Int { max(newest.count * 4, rows.count * MemoryLayout<Row>.stride) }

  /// Reads where a person's rows begin, so that the memory brings it; the answer means nothing.
  @inline(__always)
  func touch(_ person: UInt32) -> UInt64 {
    let index = Int(person)
    guard index < newest.count else { return 0 }
    // Without a branch on what is on its way.
    return rows.isEmpty ? 0 : UInt64(rows[Int(max(newest[index], 1)) - 1].next)
  }

  /// Adds to what a person did in a slot.
  mutating func note(
    _ person: UInt32, _ slot: Int32, _ marks: PersonDay.Marks, at offset: UInt32
  ) {
    add(
      PersonDay(slot: slot, marks: marks, times: PersonDay.Times(marks, at: offset)), of: person)
  }

  /// Adds what is known of a person and slot.
  mutating func add(_ day: PersonDay, of person: UInt32) {
    let index = Int(person)
    newest.extend(to: index + 1, with: 0)
    var (before, link) = (UInt32(0), newest[index])
    while link != 0 {
      let place = Int(link) - 1
      let slot = rows[place].slot
      if slot == day.slot {
        rows[place].marks.formUnion(day.marks)
        if keepsTimes { times[place].merge(day.times) }
        return
      }
      if slot < day.slot { break }
      (before, link) = (link, rows[place].next)
    }
    rows.append(Row(slot: day.slot, next: link, marks: day.marks))
    if keepsTimes { times.append(day.times) }
    if before == 0 {
      newest[index] = UInt32(rows.count)
    } else {
      rows[Int(before) - 1].next = UInt32(rows.count)
    }
  }

  /// Puts the days of a person, given by all its ids, in place of others: in order, each slot once.
  func collect(_ ids: ArraySlice<UInt32>, into days: inout [PersonDay]) {
    days.removeAll(keepingCapacity: true)
    for id in ids where Int(id) < newest.count {
      var link = newest[Int(id)]
      while link != 0 {
        let row = rows[Int(link) - 1]
        let times = keepsTimes ? times[Int(link) - 1] : PersonDay.Times()
        days.append(PersonDay(slot: row.slot, marks: row.marks, times: times))
        link = row.next
      }
    }
    if ids.count == 1 { return days.reverse() }
    days.sort { $0.slot < $1.slot }
    var count = 0
    for day in days {
      if count > 0, days[count - 1].slot == day.slot {
        days[count - 1].marks.formUnion(day.marks)
        days[count - 1].times.merge(day.times)
      } else {
        days[count] = day
        count += 1
      }
    }
    days.removeSubrange(count...)
  }

  /// Hands each person over who has days, in the order of their numbers.
  func forEachPerson(_ roots: [UInt32], _ body: (UInt32, [PersonDay]) -> Void) {
    let ids = PersonIds(roots)
    var days: [PersonDay] = []
    for person in roots.indices where Int(roots[person]) == person {
      collect(ids[roots[person]], into: &days)
      if !days.isEmpty { body(roots[person], days) }
    }
  }

  /// Writes the days of a person, given by all its ids.
  func encode(_ ids: ArraySlice<UInt32>, into state: inout StateWriter) {
    var days: [PersonDay] = []
    collect(ids, into: &days)
    state.write(days.count)
    var before = 0
    for day in days {
      state.write(Int(day.slot) - before)
      before = Int(day.slot)
      state.write(UInt64(day.marks.rawValue))
      guard keepsTimes else { continue }
      if day.marks.contains(.start) { state.write(UInt64(day.times.firstStart)) }
      guard day.marks.contains(.back) else { continue }
      state.write(UInt64(day.times.firstReturn))
      state.write(UInt64(day.times.lastReturn))
    }
  }

  /// Adds what another run wrote of a person.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    var slot: Int64 = 0
    for _ in 0..<(try state.count()) {
      let (sum, overflow) = slot.addingReportingOverflow(try state.integer())
      guard !overflow, sum.magnitude < 1 << 28 else { throw StateError("a day is out of range") }
      slot = sum
      let marks = PersonDay.Marks(rawValue: try state.short())
      guard !marks.isEmpty, marks.isSubset(of: .all) else { throw StateError("a day is none") }
      var times = PersonDay.Times()
      if keepsTimes {
        if marks.contains(.start) { times.firstStart = try state.short() }
        if marks.contains(.back) {
          (times.firstReturn, times.lastReturn) = (try state.short(), try state.short())
        }
      }
      add(PersonDay(slot: Int32(truncatingIfNeeded: slot), marks: marks, times: times), of: person)
    }
  }
}
