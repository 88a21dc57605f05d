/// Rows of one kind, each of a person, as events bring them.
///
///     persons   [ 7      ][ 7      ][ 12     ] …     number of the person's id, 4 bytes
///     rows      [ row    ][ row    ][ row    ] …
///
/// They are written in arrival order and read by person.
public struct PersonRows<Row: BitwiseCopyable & Sendable>: Sendable {
  private var persons: [UInt32] = []
  private var rows: [Row] = []

  /// No rows.
  public init() {}

  /// Bytes of the larger array.
  public var largestArrayBytes: Int { rows.count * max(MemoryLayout<Row>.stride, 4) }

  /// Adds a row.
  public mutating func append(person: UInt32, _ row: Row) {
    if persons.count == persons.capacity { persons.growInLargePages() }
    persons.append(person)
    if rows.count == rows.capacity { rows.growInLargePages() }
    rows.append(row)
  }

  /// The rows grouped by the person that each id belongs to, those of one as they came.
  public func byPerson(_ roots: [UInt32]) -> RowsByPerson<Row> {
    guard let first = rows.first else {
      return RowsByPerson(rows: [], ends: Array(repeating: 0, count: roots.count))
    }
    let (grouped, ends) = groupedByPerson(persons, roots, blank: first) { rows[$0] }
    return RowsByPerson(rows: grouped, ends: ends)
  }

  /// The same, those of one person sorted.
  public func byPerson(
    _ roots: [UInt32], sortedBy precedes: (Row, Row) -> Bool
  ) -> RowsByPerson<Row> {
    guard let first = rows.first else { return byPerson(roots) }
    var (grouped, ends) = groupedByPerson(persons, roots, blank: first) { rows[$0] }
    var start = 0
    for end in ends where start < end {
      grouped.sort(from: start, to: end, by: precedes)
      start = end
    }
    return RowsByPerson(rows: grouped, ends: ends)
  }
}

/// Rows one person after the other.
public struct RowsByPerson<Row: Sendable>: Sendable {
  /// The rows.
  public let rows: [Row]
  /// Where the rows of each person end.
  public let ends: [Int]

  /// Rows by their parts.
  public init(rows: [Row], ends: [Int]) { (self.rows, self.ends) = (rows, ends) }

  /// The rows of a person, given as a root.
  public subscript(person: UInt32) -> ArraySlice<Row> {
    rows[(person == 0 ? 0 : ends[Int(person) - 1])..<ends[Int(person)]]
  }
}

/// Rows grouped by person, and where each person's end: a counting sort.
///
/// - Parameters:
///   - persons: the id that each row belongs to.
///   - roots: the person of each id.
///   - blank: any row.
///   - row: gives a row by its number.
@inlinable @inline(__always)
public func groupedByPerson<Row: BitwiseCopyable>(
  _ persons: [UInt32], _ roots: [UInt32], blank: Row, _ row: (Int) -> Row
) -> (rows: [Row], ends: [Int]) {
  // The counts become where each person's rows begin, and by filling them where they end.
  var ends = Array(inLargePages: 0, count: roots.count)
  for person in persons { ends[Int(roots[Int(person)])] += 1 }
  var start = 0
  for person in ends.indices {
    let count = ends[person]
    ends[person] = start
    start += count
  }
  var rows = Array(inLargePages: blank, count: persons.count)
  for index in persons.indices {
    let root = Int(roots[Int(persons[index])])
    rows[ends[root]] = row(index)
    ends[root] += 1
  }
  return (rows, ends)
}

extension Array {
  /// Sorts few and mostly sorted rows by insertion, many at once.
  @inlinable @inline(__always)
  public mutating func sort(from start: Int, to end: Int, by precedes: (Element, Element) -> Bool) {
    if end - start > 32 { return self[start..<end].sort(by: precedes) }
    for index in start + 1..<Swift.max(end, start + 1) {
      let row = self[index]
      var place = index
      while place > start, precedes(row, self[place - 1]) {
        self[place] = self[place - 1]
        place -= 1
      }
      self[place] = row
    }
  }
}
