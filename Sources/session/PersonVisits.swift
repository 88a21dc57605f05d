import Events
import Pipes
import Records

/// How many finished sessions each person had under each value of `--by`, and when the first began.
///
///     newest     person → row of web: 3, first 08:15 → row of email: 1, first 17:40
///
/// A person returns in a session that is not the person's first one of all.
/// Cost: 4 bytes an id, 32 a person and value.
struct PersonVisits: Sendable {
  private struct Row: BitwiseCopyable {
    let group: UInt32
    var count: UInt32
    /// The start of the first session, and what stands for the id that began it.
    var start: Int64
    var id: UInt32
    var next: UInt32
  }

  private var newest: [UInt32] = []
  private var rows: [Row] = []

  /// Bytes of the largest array.
  var largestArrayBytes: Int { rows.count * MemoryLayout<Row>.stride }

  /// Adds sessions of a person.
  mutating func add(
    _ person: UInt32, group: UInt32, count: UInt32 = 1, start: Int64, id: UInt32
  ) {
    let index = Int(person)
    newest.extend(to: index + 1, with: 0)
    var link = newest[index]
    while link != 0 {
      let place = Int(link) - 1
      if rows[place].group == group {
        let (sum, overflow) = rows[place].count.addingReportingOverflow(count)
        rows[place].count = overflow ? .max : sum
        if (start, id) < (rows[place].start, rows[place].id) {
          (rows[place].start, rows[place].id) = (start, id)
        }
        return
      }
      link = rows[place].next
    }
    rows.append(Row(group: group, count: count, start: start, id: id, next: newest[index]))
    newest[index] = UInt32(rows.count)
  }

  /// Gives what is known of one person to another.
  mutating func link(_ link: Persons.Link) {
    guard Int(link.absorbed) < newest.count else { return }
    var next = newest[Int(link.absorbed)]
    newest[Int(link.absorbed)] = 0
    while next != 0 {
      let row = rows[Int(next) - 1]
      add(link.kept, group: row.group, count: row.count, start: row.start, id: row.id)
      next = row.next
    }
  }

  /// The persons of a value, and those who returned in a session of it.
  struct Count: Sendable {
    var persons = 0
    var returning = 0
  }

  /// Counts the persons of each place in a report.
  ///
  /// - Parameter places: where each value is reported, `nil` for nowhere.
  func counts(_ places: [Int?], placeCount: Int) -> [Count] {
    var counts = [Count](repeating: Count(), count: placeCount)
    var known: [(place: Int, count: Int, start: Int64, id: UInt32)] = []
    for first in newest where first != 0 {
      known.removeAll(keepingCapacity: true)
      var next = first
      while next != 0 {
        let row = rows[Int(next) - 1]
        next = row.next
        guard Int(row.group) < places.count, let place = places[Int(row.group)] else { continue }
        if let index = known.firstIndex(where: { $0.place == place }) {
          known[index].count += Int(row.count)
          if (row.start, row.id) < (known[index].start, known[index].id) {
            (known[index].start, known[index].id) = (row.start, row.id)
          }
        } else {
          known.append((place, Int(row.count), row.start, row.id))
        }
      }
      let begin = known.map { ($0.start, $0.id) }.min { $0 < $1 }
      for one in known {
        counts[one.place].persons += 1
        let isFirst = begin.map { $0 == (one.start, one.id) } ?? true
        if one.count > 1 || !isFirst { counts[one.place].returning += 1 }
      }
    }
    return counts
  }

  /// Writes what is known of a person.
  func encode(_ person: UInt32, _ breakdown: Breakdown, into state: inout StateWriter) {
    var known: [Row] = []
    var next = Int(person) < newest.count ? newest[Int(person)] : 0
    while next != 0 {
      known.append(rows[Int(next) - 1])
      next = rows[Int(next) - 1].next
    }
    state.write(known.count)
    for row in known {
      state.write(name: breakdown.text(of: row.group))
      state.write(UInt64(row.count))
      state.write(Moment(milliseconds: row.start))
      state.write(UInt64(row.id))
    }
  }

  /// Adds what another run knew of a person.
  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    for _ in 0..<(try state.count()) {
      let group = try state.group(&breakdown)
      let (count, start, id) = (try state.short(), try state.moment(), try state.short())
      guard start.isWritable, count > 0 else { throw StateError("a session is none") }
      add(person, group: group, count: count, start: start.milliseconds, id: id)
    }
  }
}
