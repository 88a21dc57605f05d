import Events
import Pipes
import Records
import Statistics

/// The sessions that began in each period: how long, how many pages, how many bounced.
///
/// An engaged session is longer than 10 seconds, has a key event, here a purchase, or two pages or
/// screens at least; the others have bounced. Source: GA4, engagement rate and bounce rate.
struct SessionTally: Sendable {
  /// The sessions of a period.
  struct Count: Sendable {
    var sessions = 0
    var bounced = 0
    var pages = Moments()
    var pageSum = 0
    var seconds = Moments()
    var milliseconds: Int64 = 0
  }

  /// How long a session is at most that is not engaged for its length.
  private static let engagedMilliseconds: Int64 = 10_000

  private var cells = PairTable()
  private var counts: [Count] = []

  /// Counts the sessions of all persons.
  ///
  /// - Parameter places: where each value of `--by` goes, `nil` for nowhere.
  init(
    _ sessions: PersonSessions?, _ persons: Persons, _ periods: CalendarPeriods,
    places: [UInt32?]
  ) {
    guard let sessions else { return }
    let roots = persons.roots()
    let ids = PersonIds(roots)
    for person in roots.indices where Int(roots[person]) == person {
      for session in sessions.sessions(of: ids[roots[person]]) {
        guard let place = places[Int(session.group)] else { continue }
        add(session, periods.index(of: Moment(milliseconds: session.start)), place)
      }
    }
  }

  private mutating func add(
    _ session: PersonSessions.Session, _ period: Int32, _ place: UInt32
  ) {
    let cell = cells.number(period, place)
    if cell == counts.count { counts.append(Count()) }
    let length = session.end - session.start
    let isEngaged =
      length > Self.engagedMilliseconds || session.hasKeyEvent || session.pages >= 2
    counts[cell].sessions += 1
    if !isEngaged { counts[cell].bounced += 1 }
    counts[cell].pages.update(Double(session.pages))
    counts[cell].pageSum += Int(session.pages)
    counts[cell].seconds.update(Double(length) / 1000)
    counts[cell].milliseconds += length
  }

  /// The sessions that began in a period.
  func count(_ period: Int32, _ place: UInt32) -> Count {
    cells.known(period, place).map { counts[$0] } ?? Count()
  }
}
