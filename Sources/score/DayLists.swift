import Events

/// What happened to a person on one day, of one kind.
protocol DayRow: Sendable {
  /// The number of the day.
  var day: Int32 { get }
  /// Which of the things that are told apart.
  var kind: UInt32 { get }
  /// The person's next older row, counted from 1; 0 for none.
  var next: UInt32 { get set }
  /// Adds what else is known of the same day and kind.
  mutating func merge(_ other: Self)
}

/// The days of every person, one row for each kind of thing that happened on it.
///
///     newest     person → day 40 · EUR → day 12 · EUR → day 12 · USD       counted from 1, 0 ends
///
/// Rows of a person stand the newest first, so that events in order cost one look each.
struct DayLists<Row: DayRow>: Sendable {
  private var newest: [UInt32] = []
  private var rows: [Row] = []

  /// Bytes of the largest array.
  var largestArrayBytes: Int { rows.count * MemoryLayout<Row>.stride }

  /// Adds to what happened to a person on a day.
  mutating func add(_ row: Row, of person: UInt32) {
    let index = Int(person)
    while newest.count <= index { newest.append(0) }
    var (before, link) = (UInt32(0), newest[index])
    while link != 0 {
      let place = Int(link) - 1
      let (day, kind) = (rows[place].day, rows[place].kind)
      if day == row.day, kind == row.kind { return rows[place].merge(row) }
      if (day, kind) < (row.day, row.kind) { break }
      (before, link) = (link, rows[place].next)
    }
    rows.append(row)
    rows[rows.count - 1].next = link
    if before == 0 {
      newest[index] = UInt32(rows.count)
    } else {
      rows[Int(before) - 1].next = UInt32(rows.count)
    }
  }

  /// Hands each row of a number to a closure, the newest day first.
  func forEach(of person: UInt32, _ body: (Row) -> Void) {
    guard Int(person) < newest.count else { return }
    var link = newest[Int(person)]
    while link != 0 {
      body(rows[Int(link) - 1])
      link = rows[Int(link) - 1].next
    }
  }

  /// The rows of a person, given by all its ids, brought together: the oldest day first, then by key.
  ///
  /// - Parameter key: what stands for a kind in another run.
  func merged(
    _ ids: ArraySlice<UInt32>, key: (UInt32) -> [UInt8]
  ) -> [(key: [UInt8], row: Row)] {
    var known: [(key: [UInt8], row: Row)] = []
    for id in ids { forEach(of: id) { known.append((key($0.kind), $0)) } }
    known.sort {
      $0.row.day != $1.row.day ? $0.row.day < $1.row.day : $0.key.lexicographicallyPrecedes($1.key)
    }
    var merged: [(key: [UInt8], row: Row)] = []
    for (key, row) in known {
      if let last = merged.last, last.row.day == row.day, last.key == key {
        merged[merged.count - 1].row.merge(row)
      } else {
        merged.append((key, row))
      }
    }
    return merged
  }
}
