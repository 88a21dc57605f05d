import Events
import Pipes
import Records

/// The sessions that a report finds in the events of each person.
struct FoundSessions {
  /// A finished session with its events.
  struct Listed {
    let person: UInt32
    let session: SessionSoFar
    let rows: Range<Int>
  }

  private(set) var census: SessionCensus
  /// How many may still go on, by value of `--by`.
  private(set) var openCounts: [Int]
  /// The finished ones by person and time, where they are listed.
  private(set) var listed: [Listed] = []
  let rows: RowsByPerson<SessionLog.Row>

  /// Finds the sessions in the events so far.
  ///
  /// - Parameter lists: whether each session is listed.
  init(
    _ log: SessionLog, _ table: EventFactsTable, _ definition: SessionDefinition, _ run: Run,
    lists: Bool
  ) {
    census = SessionCensus(definition, isSketched: false)
    openCounts = [Int](repeating: 0, count: run.breakdown.count)
    let roots = run.persons.roots()
    rows = log.byPerson(roots)
    // In a snapshot, sessions that a next event can go on are not finished.
    let now = run.isFinal ? nil : run.asOf
    var start = 0
    for person in rows.ends.indices {
      let end = rows.ends[person]
      guard start < end else { continue }
      let number = UInt32(truncatingIfNeeded: person)
      var first = start
      var session = Self.session(rows.rows[start], table, definition)
      for index in start + 1..<max(end, start + 1) {
        let row = rows.rows[index]
        let facts = table.facts[Int(row.facts)]
        let event = Self.event(row, facts, definition)
        if definition.rules.goesOn(session.open, with: event) {
          session.take(facts, event)
        } else {
          count(session, of: number, first..<index, lists)
          first = index
          session = SessionSoFar(row, facts, event, after: session)
        }
      }
      if let now, !definition.rules.isIdle(from: session.open.last, to: now.milliseconds) {
        openCounts[Int(session.group)] += 1
      } else {
        count(session, of: number, first..<end, lists)
      }
      start = end
    }
  }

  private static func event(
    _ row: SessionLog.Row, _ facts: EventFacts, _ definition: SessionDefinition
  ) -> SessionEvent {
    SessionEvent(
      time: row.time, day: definition.day(of: Moment(milliseconds: row.time)),
      campaign: facts.campaign)
  }

  private static func session(
    _ row: SessionLog.Row, _ table: EventFactsTable, _ definition: SessionDefinition
  ) -> SessionSoFar {
    let facts = table.facts[Int(row.facts)]
    return SessionSoFar(row, facts, event(row, facts, definition), after: nil)
  }

  private mutating func count(
    _ session: SessionSoFar, of person: UInt32, _ rows: Range<Int>, _ lists: Bool
  ) {
    census.count(session, of: person)
    if lists { listed.append(Listed(person: person, session: session, rows: rows)) }
  }
}
