import Events
import Records

/// The events of a report: 28 bytes each, written as they come and read by person and time.
struct SessionLog: Sendable {
  /// One event.
  struct Row: Sendable, BitwiseCopyable {
    /// When it was, in milliseconds since 1970.
    let time: Int64
    /// What puts events of one time in order: their fingerprint.
    let order: UInt64
    /// What stands for the id that the event gives its person.
    let id: UInt32
    /// The number of its ``EventFacts``.
    let facts: UInt32

    /// Whether it comes first.
    @inline(__always)
    func precedes(_ other: Row) -> Bool {
      time != other.time ? time < other.time : order < other.order
    }
  }

  private var rows = PersonRows<Row>()

  /// Bytes of the largest array.
  var largestArrayBytes: Int { rows.largestArrayBytes }

  /// Adds an event.
  mutating func append(person: UInt32, _ row: Row) { rows.append(person: person, row) }

  /// The events of each person, in order.
  func byPerson(_ roots: [UInt32]) -> RowsByPerson<Row> {
    rows.byPerson(roots, sortedBy: { $0.precedes($1) })
  }
}
