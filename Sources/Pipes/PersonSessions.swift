import Events
public import Records

/// The sessions of each person: events that follow each other without a longer gap than the idle time.
///
///     events      ·  · ·        ·            · ·
///     sessions    [────]  30 min [·]  30 min  [─]
///     one more            ·                        joins the first two, where it is near enough to both
///
/// A session is kept as its first and last moment, and grows or is joined with its neighbours by an
/// event between them; so the same events make the same sessions in whatever order they come, as those of
/// `funnel --count sessions` do, and those of ids that turn out to be of one person join.
/// Cost: 4 bytes a person and 48 a session.
///
/// Source: GA4, a session ends after 30 minutes without an event, at no other time.
public struct PersonSessions: Sendable {
  /// One session.
  public struct Session: Sendable, BitwiseCopyable {
    /// The first moment, in milliseconds since 1970.
    public private(set) var start: Int64
    /// The last moment.
    public private(set) var end: Int64
    /// Orders first events of equal time.
    private var fingerprint: UInt64
    /// The value of `--by` of the first event.
    public private(set) var group: UInt32
    /// Pages and screens seen.
    public private(set) var pages: UInt32
    /// Whether there was an event that matters, as a purchase.
    public private(set) var hasKeyEvent: Bool
    fileprivate var next: UInt32 = 0

    /// A session of one event.
    public init(
      at time: Int64, fingerprint: UInt64, group: UInt32, isPage: Bool, isKeyEvent: Bool
    ) {
      (start, end) = (time, time)
      (self.fingerprint, self.group) = (fingerprint, group)
      (pages, hasKeyEvent) = (isPage ? 1 : 0, isKeyEvent)
    }

    /// Whether another one belongs to the same session.
    @inline(__always)
    fileprivate func isNear(_ other: Session, _ idle: Int64) -> Bool {
      other.start - end <= idle && start - other.end <= idle
    }

    /// Takes in what belongs to the same session.
    fileprivate mutating func join(_ other: Session) {
      if (other.start, other.fingerprint, other.group) < (start, fingerprint, group) {
        (start, fingerprint, group) = (other.start, other.fingerprint, other.group)
      }
      end = max(end, other.end)
      pages = pages.addingReportingOverflow(other.pages).overflow ? .max : pages + other.pages
      hasKeyEvent = hasKeyEvent || other.hasKeyEvent
    }

    fileprivate func encode(_ breakdown: Breakdown, into state: inout StateWriter) {
      state.write(Moment(milliseconds: start))
      state.write(end - start)
      state.write(UInt64(pages))
      state.write(hasKeyEvent)
      guard breakdown.isUsed else { return }
      state.write(word: fingerprint)
      state.write(name: breakdown.text(of: group))
    }

    fileprivate init(
      _ state: inout StateReader, _ breakdown: inout Breakdown
    ) throws(StateError) {
      let (moment, length) = (try state.moment(), try state.integer())
      let last = Moment.writableEnd.milliseconds
      guard moment > .distantPast, moment < .distantFuture, length >= 0,
        length < last - moment.milliseconds
      else { throw StateError("a session is out of range") }
      (start, end) = (moment.milliseconds, moment.milliseconds + length)
      (pages, hasKeyEvent) = (try state.short(), try state.flag())
      (fingerprint, group) = (0, Breakdown.missing)
      guard breakdown.isUsed else { return }
      fingerprint = try state.word()
      group = breakdown.number(try state.name())
    }
  }

  private let idleMilliseconds: Int64
  private var newest: [UInt32] = []
  /// Rows by number from 1 on; those of a person stand the newest first.
  private var rows: [Session] = []

  /// Nobody's sessions.
  public init(idleMilliseconds: Int64 = 1_800_000) { self.idleMilliseconds = idleMilliseconds }

  /// Bytes of the largest array.
  public var largestArrayBytes: Int {
    max(newest.count * 4, rows.count * MemoryLayout<Session>.stride)
  }

  /// Adds a session, of one event or more.
  public mutating func add(_ session: Session, of person: UInt32) {
    let index = Int(person)
    newest.extend(to: index + 1, with: 0)
    var (before, link) = (UInt32(0), newest[index])
    while link != 0 {
      let place = Int(link) - 1
      if rows[place].isNear(session, idleMilliseconds) {
        rows[place].join(session)
        joinOlder(place)
        return
      }
      if rows[place].start < session.start { break }
      (before, link) = (link, rows[place].next)
    }
    var added = session
    added.next = link
    rows.append(added)
    if before == 0 {
      newest[index] = UInt32(truncatingIfNeeded: rows.count)
    } else {
      rows[Int(before) - 1].next = UInt32(truncatingIfNeeded: rows.count)
    }
  }

  /// Joins a session that has grown with the older ones that it has come near to.
  private mutating func joinOlder(_ place: Int) {
    while rows[place].next != 0 {
      let older = rows[Int(rows[place].next) - 1]
      guard rows[place].isNear(older, idleMilliseconds) else { return }
      rows[place].join(older)
      rows[place].next = older.next
    }
  }

  /// The sessions of a person, given by all its ids, the oldest first.
  public func sessions(of ids: ArraySlice<UInt32>) -> [Session] {
    var sessions: [Session] = []
    for id in ids where Int(id) < newest.count {
      var link = newest[Int(id)]
      while link != 0 {
        sessions.append(rows[Int(link) - 1])
        link = rows[Int(link) - 1].next
      }
    }
    guard ids.count > 1 else { return sessions.reversed() }
    sessions.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    var joined: [Session] = []
    for session in sessions {
      if joined.last?.isNear(session, idleMilliseconds) ?? false {
        joined[joined.count - 1].join(session)
      } else {
        joined.append(session)
      }
    }
    return joined
  }

  /// Writes the sessions of a person, given by all its ids.
  public func encode(
    _ ids: ArraySlice<UInt32>, _ breakdown: Breakdown, into state: inout StateWriter
  ) {
    let sessions = sessions(of: ids)
    state.write(sessions.count)
    for session in sessions { session.encode(breakdown, into: &state) }
  }

  /// Adds what another run wrote of a person.
  public mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    for _ in 0..<(try state.count()) { add(try Session(&state, &breakdown), of: person) }
  }
}
