import Events
import Pipes
import Records

/// In which periods each person did what, by value of `--by`.
///
///     newest   person → 2026-03 web · marks 011 → 2026-01 web · marks 001      counted from 1, 0 ends
///
/// Rows of a person stand the newest first, so that events in order cost one look each. What is kept
/// does not depend on the order in which events come.
/// Cost: 4 bytes a person and 16 a period of it.
struct PersonPeriods: Sendable {
  /// What a person did in a period, with one value of `--by`.
  struct Row: Sendable, BitwiseCopyable {
    var period: Int32
    var group: UInt32
    var marks: UInt32
    fileprivate var next: UInt32 = 0

    /// Whether it stands in front of another one of the same person.
    fileprivate func isNewer(than other: Row) -> Bool {
      period != other.period ? period > other.period : group > other.group
    }

    /// Whether it is of the same period and value.
    func isSame(as other: Row) -> Bool { period == other.period && group == other.group }
  }

  private var newest: [UInt32] = []
  private var rows: [Row] = []

  /// Bytes of the largest array.
  var largestArrayBytes: Int { max(newest.count * 4, rows.count * MemoryLayout<Row>.stride) }

  /// Reads where a person's rows begin, so that the memory brings it; the answer means nothing.
  @inline(__always)
  func touch(_ person: UInt32) -> UInt64 {
    let index = Int(person)
    guard index < newest.count, !rows.isEmpty else { return 0 }
    // Without a branch on what is on its way.
    return UInt64(rows[Int(max(newest[index], 1)) - 1].next)
  }

  /// Adds to what a person did in a period.
  mutating func note(_ person: UInt32, _ period: Int32, _ group: UInt32, _ marks: UInt32) {
    let row = Row(period: period, group: group, marks: marks)
    let index = Int(person)
    newest.extend(to: index + 1, with: 0)
    var (before, link) = (UInt32(0), newest[index])
    while link != 0 {
      let place = Int(link) - 1
      if rows[place].isSame(as: row) {
        rows[place].marks |= marks
        return
      }
      if row.isNewer(than: rows[place]) { break }
      (before, link) = (link, rows[place].next)
    }
    var added = row
    added.next = link
    rows.append(added)
    if before == 0 {
      newest[index] = UInt32(rows.count)
    } else {
      rows[Int(before) - 1].next = UInt32(rows.count)
    }
  }

  /// Puts the rows of a person, given by all its ids, in place of others: by value of `--by`, then by
  /// period, each once.
  ///
  /// - Parameter places: where each value of `--by` goes, `nil` for nowhere.
  func collect(
    _ ids: ArraySlice<UInt32>, _ places: [UInt32?]? = nil, into collected: inout [Row]
  ) {
    collected.removeAll(keepingCapacity: true)
    for id in ids where Int(id) < newest.count {
      var link = newest[Int(id)]
      while link != 0 {
        var row = rows[Int(link) - 1]
        link = row.next
        if let places {
          guard let place = places[Int(row.group)] else { continue }
          row.group = place
        }
        collected.append(row)
      }
    }
    collected.sort { one, other in
      one.group != other.group ? one.group < other.group : one.period < other.period
    }
    var count = 0
    for row in collected {
      if count > 0, collected[count - 1].isSame(as: row) {
        collected[count - 1].marks |= row.marks
      } else {
        collected[count] = row
        count += 1
      }
    }
    collected.removeSubrange(count...)
  }

  /// Writes the periods of a person, given by all its ids.
  func encode(_ ids: ArraySlice<UInt32>, _ breakdown: Breakdown, into state: inout StateWriter) {
    var collected: [Row] = []
    collect(ids, into: &collected)
    // The numbers of values differ from run to run, their texts do not.
    if breakdown.isUsed {
      collected.sort { one, other in
        guard one.group != other.group else { return one.period < other.period }
        return breakdown.text(of: one.group).lexicographicallyPrecedes(
          breakdown.text(of: other.group))
      }
    }
    state.write(collected.count)
    for row in collected {
      state.write(Int(row.period))
      state.write(UInt64(row.marks))
      if breakdown.isUsed { state.write(name: breakdown.text(of: row.group)) }
    }
  }

  /// Adds what another run wrote of a person.
  ///
  /// - Parameter markCount: how many marks there are.
  mutating func decode(
    _ person: UInt32, markCount: Int, _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    for _ in 0..<(try state.count()) {
      guard let period = Int32(exactly: try state.integer()), period.magnitude < 1 << 28 else {
        throw StateError("a period is out of range")
      }
      let marks = try state.short()
      guard marks != 0, UInt64(marks) >> UInt64(markCount) == 0 else {
        throw StateError("a mark is none")
      }
      let group = breakdown.isUsed ? breakdown.number(try state.name()) : Breakdown.missing
      note(person, period, group, marks)
    }
  }
}
