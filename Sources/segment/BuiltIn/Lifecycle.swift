import Events
import Records

/// Whether a person is new, comes again, comes back or stays away, by calendar periods.
///
///     period      1    2    3    4    5    6          created in 1
///     active      ■    ■    ·    ·    ■    ·
///               new  retu  dormant  resu  dormant
///
/// - new: active in the period in which the person was created
/// - returning: active in this period and in the one before it
/// - resurrected: active in this period, not in the one before it
/// - dormant: known as active before, but not active in this period
///
/// Active is who interacts: what only reaches a person, a delivery or an impression, is no activity.
/// Created is a person with its first event of any kind; who is created in one period and active first
/// in a later one is therefore resurrected there. Before any activity a person has no stage.
///
/// As a moment sees it: at the beginning of a period all who were active before are dormant until
/// they act. A person stays dormant, also in later periods; PostHog counts a dormant person once,
/// in the first period without activity, which is when this segment is entered.
///
/// Source: PostHog's lifecycle query, by person creation and previous interval (its words are new,
/// returning, resurrecting, dormant).
/// State: 12 bytes a person. It depends on the set of events alone.
struct Lifecycle: Sendable {
  /// The stages, in the order of their segments.
  enum Stage: String, CaseIterable, Sendable {
    case new
    case returning
    case resurrected
    case dormant
  }

  /// What is known of a person: the period of creation, the latest active one, and the active one
  /// before that.
  private struct Row: BitwiseCopyable {
    var created = Int32.max
    var latest = Int32.min
    var before = Int32.min

    mutating func addActive(_ period: Int32) {
      if period > latest {
        (before, latest) = (latest, period)
      } else if period < latest, period > before {
        before = period
      }
    }

    mutating func merge(_ other: Row) {
      created = min(created, other.created)
      if other.before != .min { addActive(other.before) }
      if other.latest != .min { addActive(other.latest) }
    }
  }

  private let periods: CalendarPeriods
  private var rows: [Row] = []

  init(_ periods: CalendarPeriods) { self.periods = periods }

  /// Bytes of the largest array.
  var largestArrayBytes: Int { rows.count * MemoryLayout<Row>.stride }

  /// Counts an event of a person.
  ///
  /// - Parameter isActive: whether it is an interaction.
  mutating func take(_ person: UInt32, at moment: Moment, isActive: Bool) {
    reserve(person)
    let period = periods.index(of: moment)
    rows[Int(person)].created = min(rows[Int(person)].created, period)
    if isActive { rows[Int(person)].addActive(period) }
  }

  /// The stage of a person at a moment that is not before any of its events, and until when.
  func stage(of person: UInt32, at moment: Moment) -> (stage: Stage, until: Moment)? {
    guard Int(person) < rows.count, rows[Int(person)].latest != .min else { return nil }
    let row = rows[Int(person)]
    let period = periods.index(of: moment)
    if row.latest < period { return (.dormant, .distantFuture) }
    let until = periods.start(of: row.latest == .max ? .max : row.latest + 1)
    if row.created == row.latest { return (.new, until) }
    return (row.before == row.latest - 1 ? .returning : .resurrected, until)
  }

  /// Two persons turned out to be one.
  mutating func link(absorbed: UInt32, into kept: UInt32) {
    guard Int(absorbed) < rows.count else { return }
    reserve(kept)
    rows[Int(kept)].merge(rows[Int(absorbed)])
    rows[Int(absorbed)] = Row()
  }

  private mutating func reserve(_ person: UInt32) { rows.extend(to: Int(person) + 1, with: Row()) }

  /// Writes what is known of a person.
  func encode(_ person: UInt32, into state: inout StateWriter) {
    let row = Int(person) < rows.count ? rows[Int(person)] : Row()
    let known = [row.created, row.latest, row.before].map { $0 != .min && $0 != .max ? $0 : nil }
    state.write(known.count { $0 != nil })
    for period in known { if let period { state.write(Int(period)) } }
  }

  /// Adds what another run knew of a person.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    var known: [Int32] = []
    for _ in 0..<(try state.count(upTo: 3)) {
      guard let period = Int32(exactly: try state.integer()), abs(Int(period)) < 1 << 24 else {
        throw StateError("a period is out of range")
      }
      known.append(period)
    }
    guard let created = known.first else { return }
    reserve(person)
    var row = Row()
    row.created = created
    for period in known.dropFirst() { row.addActive(period) }
    rows[Int(person)].merge(row)
  }
}
