import Events
import Pipes
import Records

/// What a report counts of a session while its events come in order.
///
///     page /a ──── 40 s ──── page /b ── 20 s ── click        2 pages, 60 s on them
///
/// The time on a page is that until the next page view of the session; on the last page that until the
/// session's last event. A page after which nothing came is left out: nobody knows how long it was looked
/// at.
struct SessionSoFar: Sendable, BitwiseCopyable {
  private(set) var open: OpenSession
  /// What ``SessionId`` makes the id of: ``SessionLog/Row/id`` of its first event.
  let id: UInt32
  /// The value of `--by`: that of the first event with a value.
  private(set) var group: UInt32
  private(set) var pageCount: UInt32 = 0
  /// The pages whose time is known, and that time.
  private(set) var timedPageCount: UInt32 = 0
  private(set) var pageMilliseconds: Int64 = 0
  private var lastPage = Int64.min
  private(set) var hasKeyEvent = false
  private(set) var hasAutocapture = false

  /// The session that an event begins.
  ///
  /// - Parameter before: the session of the person before it, `nil` for none.
  init(
    _ row: SessionLog.Row, _ facts: EventFacts, _ event: SessionEvent, after before: SessionSoFar?
  ) {
    open = OpenSession(event)
    group = facts.group
    if let before, before.open.start == event.time { id = before.id &+ 1 } else { id = row.id }
    note(facts, at: event.time)
  }

  /// A session that another run began.
  init(_ open: OpenSession, id: UInt32, group: UInt32) {
    (self.open, self.id, self.group) = (open, id, group)
  }

  /// Takes an event that is of the session and not earlier than its last one.
  mutating func take(_ facts: EventFacts, _ event: SessionEvent) {
    open.take(event)
    if group == 0 { group = facts.group }
    note(facts, at: event.time)
  }

  private mutating func note(_ facts: EventFacts, at time: Int64) {
    if facts.marks.contains(.page) {
      if lastPage != .min { leavePage(at: time) }
      lastPage = time
      pageCount += 1
    }
    if facts.marks.contains(.key) { hasKeyEvent = true }
    if facts.marks.contains(.autocapture) { hasAutocapture = true }
  }

  private mutating func leavePage(at time: Int64) {
    pageMilliseconds += time - lastPage
    timedPageCount += 1
  }

  /// The session as it ends: its last page is left with its last event.
  func ended() -> SessionSoFar {
    var whole = self
    if lastPage != .min, lastPage < open.last { whole.leavePage(at: open.last) }
    return whole
  }

  /// From the first event to the last.
  var milliseconds: Int64 { open.last - open.start }

  /// Brings together what two ids of a person did, each by itself.
  ///
  /// Which page was looked at when cannot be told any more: the times of each count.
  mutating func merge(_ other: SessionSoFar) {
    let earlier = (open.start, id) <= (other.open.start, other.id) ? self : other
    var both = OpenSession(
      start: earlier.open.start, last: max(open.last, other.open.last), eventCount: .max,
      campaign: earlier.open.campaign, day: earlier.open.day)
    let (count, overflow) = open.eventCount.addingReportingOverflow(other.open.eventCount)
    if !overflow { both.eventCount = count }
    var whole = SessionSoFar(both, id: earlier.id, group: earlier.group)
    if whole.group == 0 { whole.group = group == 0 ? other.group : group }
    whole.pageCount = pageCount &+ other.pageCount
    whole.timedPageCount = timedPageCount &+ other.timedPageCount
    whole.pageMilliseconds = pageMilliseconds &+ other.pageMilliseconds
    whole.lastPage = max(lastPage, other.lastPage)
    whole.hasKeyEvent = hasKeyEvent || other.hasKeyEvent
    whole.hasAutocapture = hasAutocapture || other.hasAutocapture
    self = whole
  }
}

/// The state of a session that may go on.
extension SessionSoFar {
  /// Writes it.
  func encode(_ breakdown: Breakdown, into state: inout StateWriter) {
    open.encode(into: &state)
    state.write(UInt64(id))
    state.write(name: breakdown.text(of: group))
    state.write(UInt64(pageCount))
    state.write(UInt64(timedPageCount))
    state.write(pageMilliseconds)
    state.write(lastPage == .min ? nil : Moment(milliseconds: lastPage))
    state.write(hasKeyEvent)
    state.write(hasAutocapture)
  }

  /// Reads what another run wrote.
  init(_ state: inout StateReader, _ breakdown: inout Breakdown) throws(StateError) {
    let open = try OpenSession(&state)
    let id = try state.short()
    self.init(open, id: id, group: try state.group(&breakdown))
    pageCount = try state.short()
    timedPageCount = try state.short()
    pageMilliseconds = Int64(try state.count(upTo: 1 << 50))
    if let moment = try state.momentIfAny() {
      guard moment.isWritable else { throw StateError("a time is out of range") }
      lastPage = moment.milliseconds
    }
    hasKeyEvent = try state.flag()
    hasAutocapture = try state.flag()
  }
}
