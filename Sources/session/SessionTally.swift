import Events
import Records
import Statistics

/// Sums over finished sessions of one value of `--by`.
struct SessionTally: Sendable {
  private(set) var sessions = 0
  private(set) var events = 0
  private(set) var pages = 0
  private(set) var engaged = 0
  /// The sessions that the rules call engaged or not.
  private(set) var ofEngaged = 0
  private(set) var bounced = 0
  /// The sessions that the rules call bounced or not.
  private(set) var ofBounced = 0
  /// The pages whose time is known.
  private(set) var timedPages = 0
  private var milliseconds: Int128 = 0
  private var pageMilliseconds: Int128 = 0
  private var durations: Durations

  /// - Parameter isSketched: whether durations are not kept one by one.
  init(isSketched: Bool) { durations = Durations(isSketched: isSketched) }

  /// Counts a session that has ended.
  mutating func count(_ session: SessionSoFar, _ definition: SessionDefinition) {
    sessions += 1
    events += Int(session.open.eventCount)
    pages += Int(session.pageCount)
    timedPages += Int(session.timedPageCount)
    milliseconds += Int128(session.milliseconds)
    pageMilliseconds += Int128(session.pageMilliseconds)
    durations.update(Double(session.milliseconds) / 1000)
    if let isEngaged = definition.isEngaged(session) {
      ofEngaged += 1
      if isEngaged { engaged += 1 }
    }
    if let hasBounced = definition.hasBounced(session) {
      ofBounced += 1
      if hasBounced { bounced += 1 }
    }
  }

  /// Adds other sessions.
  mutating func merge(_ other: SessionTally) {
    sessions += other.sessions
    events += other.events
    pages += other.pages
    engaged += other.engaged
    ofEngaged += other.ofEngaged
    bounced += other.bounced
    ofBounced += other.ofBounced
    timedPages += other.timedPages
    milliseconds += other.milliseconds
    pageMilliseconds += other.pageMilliseconds
    durations.merge(other.durations)
  }

  /// The mean length, in seconds; `nil` without a session.
  var averageSeconds: Double? {
    sessions == 0 ? nil : Double(milliseconds) / Double(sessions) / 1000
  }
  /// Half of the sessions are not longer.
  var medianSeconds: Double? { durations.quantiles([0.5])?.first }
  /// How far the median can be from the exact one; `nil` where it is exact.
  var relativeError: Double? { durations.relativeError }
  /// The mean time on a page, in seconds; `nil` where none is known.
  var averagePageSeconds: Double? {
    timedPages == 0 ? nil : Double(pageMilliseconds) / Double(timedPages) / 1000
  }
  /// The mean number of pages.
  var pagesPerSession: Double? { sessions == 0 ? nil : Double(pages) / Double(sessions) }
  /// The mean number of events.
  var eventsPerSession: Double? { sessions == 0 ? nil : Double(events) / Double(sessions) }

  /// The counts in the order in which a state has them.
  private static var counts: [WritableKeyPath<SessionTally, Int>] {
    [
      \.sessions, \.events, \.pages, \.engaged, \.ofEngaged, \.bounced, \.ofBounced, \.timedPages,
    ]
  }

  /// Writes the sums, where durations are a sketch.
  func encode(into state: inout StateWriter) {
    for count in Self.counts { state.write(self[keyPath: count]) }
    for sum in [milliseconds, pageMilliseconds] {
      state.write(word: UInt64(truncatingIfNeeded: sum))
      state.write(word: UInt64(truncatingIfNeeded: sum >> 64))
    }
    let bins = durations.sketch.bins
    state.write(bins.count)
    for bin in bins {
      state.write(word: bin.value.bitPattern)
      state.write(bin.count)
    }
  }

  /// Adds the sums of another run.
  mutating func decode(_ state: inout StateReader) throws(StateError) {
    var other = SessionTally(isSketched: true)
    for count in Self.counts { other[keyPath: count] = try state.count(upTo: Self.countMax) }
    guard other.engaged <= other.ofEngaged, other.ofEngaged <= other.sessions,
      other.bounced <= other.ofBounced, other.ofBounced <= other.sessions,
      sessions <= Self.countMax, events <= Self.countMax, pages <= Self.countMax,
      timedPages <= Self.countMax
    else { throw StateError("a count is out of range") }
    other.milliseconds = try Self.sum(&state)
    other.pageMilliseconds = try Self.sum(&state)
    var rest = other.sessions
    for _ in 0..<(try state.count()) {
      let value = Double(bitPattern: try state.word())
      let count = try state.count(upTo: rest)
      guard value.isFinite, value >= 0 else { throw StateError("a duration is out of range") }
      rest -= count
      other.durations.update(value, count: count)
    }
    merge(other)
  }

  private static let countMax = 1 << 48

  private static func sum(_ state: inout StateReader) throws(StateError) -> Int128 {
    let low = try state.word()
    let sum = Int128(truncatingIfNeeded: UInt128(try state.word()) << 64 | UInt128(low))
    guard sum >= 0, sum < 1 << 90 else { throw StateError("a sum is out of range") }
    return sum
  }
}
