import Events
import Pipes
import Records

/// Tells which session of its person each event is in, from what is known when it passes.
///
///     arrival    09:00  09:10  08:55  07:00  09:50      idle 30 min
///     session    A 1    A 2    A 3    B 1    C 1        07:00 is of none that is known, and ends none
///
/// Events that are older than the person's newest one are of its session where they are near enough; else each is
/// one by itself. In order of time, as behind `--reorder`, sessions are those of the reports, but for persons
/// who are linked later.
/// Cost: 40 bytes an id.
struct SessionAnnotator: Sendable {
  /// The session that a person is in.
  private struct Known: BitwiseCopyable {
    var open: OpenSession
    /// What its id is made of.
    var id: UInt32

    /// No session.
    static let none = Known(
      open: OpenSession(start: 0, last: 0, eventCount: 0, campaign: 0, day: 0), id: 0)

    var isSome: Bool { open.eventCount > 0 }

    /// Whether its person goes on with it rather than with another one.
    func precedes(_ other: Known) -> Bool {
      guard open.last == other.open.last else { return open.last > other.open.last }
      return (open.start, id) < (other.open.start, other.id)
    }
  }

  /// What an event gets.
  struct Annotation: Sendable {
    let id: UInt64
    let start: Int64
    /// The number of the event in its session, from 1 on.
    let number: UInt32
    /// The time since the event before it; `nil` for the first one, and out of order.
    let gapMilliseconds: Int64?
  }

  private let rules: SessionRules
  private var known: [Known] = []

  init(_ rules: SessionRules) { self.rules = rules }

  /// Bytes of the largest array.
  var largestArrayBytes: Int { known.count * MemoryLayout<Known>.stride }

  /// Asks the memory for the session of a person; the answer means nothing.
  @inline(__always)
  func touch(_ person: UInt32) -> UInt64 {
    Int(person) < known.count ? UInt64(known[Int(person)].id) : 0
  }

  /// Takes an event of a person.
  ///
  /// - Parameter id: what stands for the id that the event gives its person.
  mutating func take(_ event: SessionEvent, of person: UInt32, id: UInt32) -> Annotation {
    reserve(person)
    let index = Int(person)
    let session = known[index]
    guard session.isSome else { return begin(event, index, id) }
    let isLater = event.time >= session.open.last
    if isLater ? rules.goesOn(session.open, with: event) : rules.takesBack(session.open, event) {
      known[index].open.take(event)
      return Annotation(
        id: SessionId.id(session.id, at: session.open.start), start: session.open.start,
        number: known[index].open.eventCount,
        gapMilliseconds: isLater ? event.time - session.open.last : nil)
    }
    if isLater { return begin(event, index, id) }
    return Annotation(
      id: SessionId.id(id, at: event.time), start: event.time, number: 1, gapMilliseconds: nil)
  }

  private mutating func begin(_ event: SessionEvent, _ index: Int, _ id: UInt32) -> Annotation {
    let before = known[index]
    let isAtOnce = before.isSome && before.open.start == event.time
    let session = Known(open: OpenSession(event), id: isAtOnce ? before.id &+ 1 : id)
    known[index] = session
    return Annotation(
      id: SessionId.id(session.id, at: event.time), start: event.time, number: 1,
      gapMilliseconds: nil)
  }

  private mutating func reserve(_ person: UInt32) {
    known.extend(to: Int(person) + 1, with: .none)
  }

  /// Of two persons who are one, the session with the newest event goes on.
  mutating func link(_ link: Persons.Link) {
    guard Int(link.absorbed) < known.count, known[Int(link.absorbed)].isSome else { return }
    add(known[Int(link.absorbed)], to: link.kept)
    known[Int(link.absorbed)] = .none
  }

  private mutating func add(_ session: Known, to person: UInt32) {
    reserve(person)
    let other = known[Int(person)]
    if !other.isSome || session.precedes(other) { known[Int(person)] = session }
  }

  /// Writes the session of a person.
  func encode(_ person: UInt32, into state: inout StateWriter) {
    let isKnown = Int(person) < known.count && known[Int(person)].isSome
    state.write(isKnown)
    guard isKnown else { return }
    known[Int(person)].open.encode(into: &state)
    state.write(UInt64(known[Int(person)].id))
  }

  /// Adds what another run knew of a person.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    guard try state.flag() else { return }
    let open = try OpenSession(&state)
    add(Known(open: open, id: try state.short()), to: person)
  }
}

extension SessionAnnotator.Annotation {
  /// The most bytes of ``append(to:)``.
  static let bytesMax = 160

  /// Adds the two fields, without a comma before them.
  ///
  ///     "sessionId":"9c1e5f0a77d2b318","session":{"start":"2026-03-01T09:00:00.000Z","number":2,"gapSeconds":7.5}
  func append(to output: inout OutputSpan<UInt8>) {
    output.append(static: "\"sessionId\":")
    appendId(to: &output)
    output.append(static: ",\"session\":")
    appendSession(to: &output)
  }

  /// Adds the id as JSON.
  func appendId(to output: inout OutputSpan<UInt8>) { SessionId.append(id, to: &output) }

  /// Adds the place in the session as JSON.
  func appendSession(to output: inout OutputSpan<UInt8>) {
    output.append(static: "{\"start\":\"")
    Moment(milliseconds: start).append(to: &output)
    output.append(static: "\",\"number\":")
    output.append(integer: Int(number))
    output.append(static: ",\"gapSeconds\":")
    if let gapMilliseconds {
      output.append(seconds: gapMilliseconds)
    } else {
      output.append(static: "null")
    }
    output.append(ASCII.closeBrace)
  }
}

extension OutputSpan where Element == UInt8 {
  /// Adds milliseconds as seconds, with no more decimals than needed.
  fileprivate mutating func append(seconds milliseconds: Int64) {
    append(integer: Int(milliseconds / 1000))
    var rest = milliseconds % 1000
    guard rest > 0 else { return }
    append(ASCII.period)
    var unit: Int64 = 100
    while rest > 0 {
      append(ASCII.zero + UInt8(rest / unit))
      rest %= unit
      unit /= 10
    }
  }
}
