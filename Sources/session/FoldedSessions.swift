import Events
import Pipes
import Records

/// What reports keep under `--lateness`: the latest events one by one, of each person the session that may
/// still go on, and of finished sessions only their sums.
///
///     event ─ recent ─ when no earlier one can come any more: in order ─ open ─ when it is over ─ census
///
/// Two ids that turn out to be one person before what they did is folded are one person throughout. Of what was
/// folded by then, sessions that touch become one, and others stay as they are.
///
/// Cost: 28 bytes an event of the latest two to three latenesses; 80 bytes an open session; what
/// ``PersonVisits`` keeps of each person.
struct FoldedSessions: Sendable {
  /// An event that is not folded yet.
  private struct Recent: BitwiseCopyable {
    let row: SessionLog.Row
    var person: UInt32
  }

  /// A session that may go on.
  private struct Open: BitwiseCopyable {
    var session: SessionSoFar
    let person: UInt32
  }

  private var recent: [Recent] = []
  private var open: [Open] = []
  /// Where the open session of each person is, counted from 1; 0 for none.
  private var places: [UInt32] = []
  private(set) var census: SessionCensus

  /// No sessions yet.
  init(_ definition: SessionDefinition) { census = SessionCensus(definition, isSketched: true) }

  /// Bytes of the largest array.
  var largestArrayBytes: Int {
    max(recent.count * MemoryLayout<Recent>.stride, open.count * MemoryLayout<Open>.stride)
  }

  private var definition: SessionDefinition { census.definition }

  /// Takes an event.
  mutating func append(person: UInt32, _ row: SessionLog.Row) {
    recent.append(Recent(row: row, person: person))
  }

  /// Folds the events before a moment, and counts the sessions that are over by another one.
  mutating func fold(
    before moment: Moment, countingOver now: Moment, _ persons: Persons, _ table: EventFactsTable
  ) {
    recent.sort { $0.row.precedes($1.row) }
    var folded = 0
    while folded < recent.count, recent[folded].row.time < moment.milliseconds {
      let (row, person) = (recent[folded].row, persons.root(recent[folded].person))
      let facts = table.facts[Int(row.facts)]
      take(row, facts, of: person)
      folded += 1
    }
    recent.removeSubrange(..<folded)
    countOver(by: now)
  }

  private mutating func take(_ row: SessionLog.Row, _ facts: EventFacts, of person: UInt32) {
    let event = SessionEvent(
      time: row.time, day: definition.day(of: Moment(milliseconds: row.time)),
      campaign: facts.campaign)
    if let place = place(of: person) {
      if definition.rules.goesOn(open[place].session.open, with: event) {
        return open[place].session.take(facts, event)
      }
      census.count(open[place].session, of: person)
      open[place].session = SessionSoFar(row, facts, event, after: open[place].session)
    } else {
      begin(SessionSoFar(row, facts, event, after: nil), of: person)
    }
  }

  /// Counts the sessions that no event of this moment or a later one can go on.
  private mutating func countOver(by moment: Moment) {
    for place in open.indices.reversed() {
      let last = open[place].session.open.last
      guard moment == .distantFuture || definition.rules.isIdle(from: last, to: moment.milliseconds)
      else { continue }
      census.count(open[place].session, of: open[place].person)
      end(place)
    }
  }

  private func place(of person: UInt32) -> Int? {
    guard Int(person) < places.count, places[Int(person)] != 0 else { return nil }
    return Int(places[Int(person)]) - 1
  }

  private mutating func begin(_ session: SessionSoFar, of person: UInt32) {
    places.extend(to: Int(person) + 1, with: 0)
    open.append(Open(session: session, person: person))
    places[Int(person)] = UInt32(open.count)
  }

  /// Takes the session at a place out, the last one goes there.
  private mutating func end(_ place: Int) {
    places[Int(open[place].person)] = 0
    let last = open.removeLast()
    guard place < open.count else { return }
    open[place] = last
    places[Int(last.person)] = UInt32(place + 1)
  }

  /// Brings together what two persons did who turned out to be one.
  mutating func link(_ link: Persons.Link) {
    census.link(link)
    guard let place = place(of: link.absorbed) else { return }
    let session = open[place].session
    end(place)
    merge(session, into: link.kept)
  }

  /// Adds a session that may go on to what is known of a person.
  private mutating func merge(_ session: SessionSoFar, into person: UInt32) {
    guard let place = place(of: person) else { return begin(session, of: person) }
    let known = open[place].session
    let (earlier, later) =
      (known.open.last, known.id) < (session.open.last, session.id)
      ? (known, session) : (session, known)
    if definition.rules.isIdle(from: earlier.open.last, to: later.open.start) {
      census.count(earlier, of: person)
      open[place].session = later
    } else {
      open[place].session.merge(session)
    }
  }

  /// How many sessions may still go on, by value of `--by`.
  func openCounts(upTo count: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    for one in open where Int(one.session.group) < count { counts[Int(one.session.group)] += 1 }
    return counts
  }
}

/// The state of folded sessions.
extension FoldedSessions {
  /// Writes the sums.
  func encode(_ breakdown: Breakdown, into state: inout StateWriter) {
    census.encode(breakdown, into: &state)
  }

  /// Adds the sums of another run.
  mutating func decode(
    _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    try census.decode(&state, &breakdown)
  }

  /// The events of each person that are not folded yet.
  func recentByPerson(_ roots: [UInt32]) -> RowsByPerson<SessionLog.Row> {
    var log = SessionLog()
    for event in recent { log.append(person: event.person, event.row) }
    return log.byPerson(roots)
  }

  /// Writes what is folded of a person.
  func encode(_ person: UInt32, _ breakdown: Breakdown, into state: inout StateWriter) {
    census.encode(person, breakdown, into: &state)
    let place = place(of: person)
    state.write(place != nil)
    if let place { open[place].session.encode(breakdown, into: &state) }
  }

  /// Adds what another run had folded of a person.
  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    try census.decode(person, &state, &breakdown)
    guard try state.flag() else { return }
    merge(try SessionSoFar(&state, &breakdown), into: person)
  }

  /// Counts the open sessions of persons who leave, given as roots for which the flag is set.
  mutating func countLeaving(_ isLeaving: [Bool]) {
    for place in open.indices.reversed() where isLeaving[Int(open[place].person)] {
      census.count(open[place].session, of: open[place].person)
      end(place)
    }
  }
}
