import Records

/// The event time of a run: how far it has come, and the period of what counts.
struct EventClock: Sendable {
  /// The oldest moment that counts.
  private(set) var oldest: Moment?
  /// The newest moment that counts.
  private(set) var newest: Moment?

  /// Whether a moment is newer than everything before it.
  @inline(__always)
  func advances(to moment: Moment) -> Bool {
    guard let newest else { return true }
    return moment > newest
  }

  /// Counts an event of this moment.
  @inline(__always)
  mutating func count(_ moment: Moment) {
    guard let oldest, let newest else {
      (oldest, newest) = (moment, moment)
      return
    }
    if moment > newest { self.newest = moment }
    if moment < oldest { self.oldest = moment }
  }

  func encode(into state: inout StateWriter) {
    state.write(oldest)
    state.write(newest)
  }

  /// Counts the period of another run.
  mutating func decode(_ state: inout StateReader) throws(StateError) {
    for _ in 0..<2 {
      guard let moment = try state.momentIfAny() else { continue }
      guard moment.isWritable else { throw StateError("a time is out of range") }
      count(moment)
    }
  }
}

/// When snapshots are due by `--every`: each so many events, or each so much event time.
struct SnapshotSchedule: Sendable {
  private var events: Int?
  private var milliseconds: Int64?
  /// The period that the newest event lies in.
  private var period: Int64?

  /// No snapshots.
  init() {}

  init(_ arguments: Arguments, for program: Program) throws(Failure) {
    guard program.takes("every"), let text = arguments.value("every") else { return }
    if let count = Int(text), count > 0 {
      events = count
    } else if let duration = parseDuration(text), duration > 0 {
      milliseconds = duration
    } else {
      throw .usage("--every takes a number of events or a duration like 1h, not '\(text)'")
    }
  }

  /// Whether a snapshot is due when so many events have been counted.
  @inline(__always)
  func isDue(afterEvents count: Int) -> Bool {
    guard let events else { return false }
    return count % events == 0
  }

  /// Whether the event time enters a new period with this moment.
  mutating func isDue(before moment: Moment) -> Bool {
    guard let milliseconds else { return false }
    let next = floorDivide(moment.milliseconds, milliseconds)
    defer { period = next }
    guard let period else { return false }
    return next > period
  }

  /// Writes the period that the newest event lies in.
  func encode(into state: inout StateWriter) {
    state.write(period != nil)
    state.write(period ?? 0)
  }

  mutating func decode(_ state: inout StateReader) throws(StateError) {
    let (isKnown, number) = (try state.flag(), try state.integer())
    if isKnown { period = max(period ?? number, number) }
  }
}
