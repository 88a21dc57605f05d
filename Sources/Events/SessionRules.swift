public import Records

/// When a session of a person ends and the next one begins.
///
///     events    ■ ■■   ■        ■■■ ■ │ ■ ■
///                       └ idle ┘      midnight, campaign, length, number of events
///     session   1               2       3
///
/// The named rules are those that the products publish: Google Analytics 4 knows 30 minutes without an
/// event and nothing else; PostHog ends a session after 24 hours too; Matomo at midnight, with a new
/// campaign and after 10,000 actions.
public struct SessionRules: Equatable, Sendable {
  /// The longest time without an event that most products allow: 30 minutes.
  public static let usualIdleMilliseconds: Int64 = 30 * 60 * 1000

  /// The longest time without an event in a session.
  public var idleMilliseconds: Int64
  /// The longest time from the first event of a session to the last; `nil` for any.
  public var lengthMilliseconds: Int64?
  /// Whether a session ends with the calendar day.
  public var splitsAtMidnight: Bool
  /// Whether an event of another campaign begins a session.
  public var splitsOnCampaign: Bool
  /// The most events in a session; `nil` for any number.
  public var eventsMax: Int?

  /// Rules by their parts.
  public init(
    idleMilliseconds: Int64 = SessionRules.usualIdleMilliseconds,
    lengthMilliseconds: Int64? = nil, splitsAtMidnight: Bool = false,
    splitsOnCampaign: Bool = false, eventsMax: Int? = nil
  ) {
    self.idleMilliseconds = idleMilliseconds
    self.lengthMilliseconds = lengthMilliseconds
    self.splitsAtMidnight = splitsAtMidnight
    self.splitsOnCampaign = splitsOnCampaign
    self.eventsMax = eventsMax
  }

  /// Google Analytics 4.
  public static let ga4 = SessionRules()
  /// PostHog.
  public static let posthog = SessionRules(lengthMilliseconds: 24 * 60 * 60 * 1000)
  /// Matomo.
  public static let matomo = SessionRules(
    splitsAtMidnight: true, splitsOnCampaign: true, eventsMax: 10_000)

  /// Whether more time than is allowed lies between two events, in milliseconds, the earlier one first.
  @inlinable
  public func isIdle(from last: Int64, to next: Int64) -> Bool { next - last > idleMilliseconds }

  /// Whether a session goes on with an event that is not earlier than its last one.
  @inlinable
  public func goesOn(_ session: OpenSession, with event: SessionEvent) -> Bool {
    if isIdle(from: session.last, to: event.time) { return false }
    if let lengthMilliseconds, event.time - session.start > lengthMilliseconds { return false }
    if splitsAtMidnight, event.day != session.day { return false }
    if splitsOnCampaign, event.campaign != 0, event.campaign != session.campaign { return false }
    if let eventsMax, Int(session.eventCount) >= eventsMax { return false }
    return true
  }

  /// Whether an event that is earlier than a session's last one is of the session too.
  ///
  /// It may lie before the first one, but no further than two events of a session lie apart. Its campaign
  /// says nothing of those that came since.
  @inlinable
  public func takesBack(_ session: OpenSession, _ event: SessionEvent) -> Bool {
    if isIdle(from: event.time, to: session.start) { return false }
    if let lengthMilliseconds, session.last - event.time > lengthMilliseconds { return false }
    if splitsAtMidnight, event.day != session.day { return false }
    if let eventsMax, Int(session.eventCount) >= eventsMax { return false }
    return true
  }
}

/// What rules ask of an event.
public struct SessionEvent: Sendable, BitwiseCopyable {
  /// When it was, in milliseconds since 1970.
  public var time: Int64
  /// The calendar day, where rules ask for it.
  public var day: Int32
  /// What stands for its campaign, where rules ask for it; 0 for none.
  public var campaign: UInt32

  /// An event by its parts.
  @inlinable
  public init(time: Int64, day: Int32 = 0, campaign: UInt32 = 0) {
    (self.time, self.day, self.campaign) = (time, day, campaign)
  }
}

/// A session that may go on, as far as rules ask.
public struct OpenSession: Equatable, Sendable, BitwiseCopyable {
  /// When its first event was.
  public var start: Int64
  /// When its last event was.
  public var last: Int64
  /// The events so far.
  public var eventCount: UInt32
  /// What stands for its campaign, 0 for none.
  public var campaign: UInt32
  /// The calendar day of its first event, where rules ask for it.
  public var day: Int32

  /// A session by its parts.
  @inlinable
  public init(start: Int64, last: Int64, eventCount: UInt32, campaign: UInt32, day: Int32) {
    (self.start, self.last, self.eventCount) = (start, last, eventCount)
    (self.campaign, self.day) = (campaign, day)
  }

  /// The session that an event begins.
  @inlinable
  public init(_ event: SessionEvent) {
    self.init(
      start: event.time, last: event.time, eventCount: 1, campaign: event.campaign, day: event.day)
  }

  /// Takes an event that is of the session.
  @inlinable
  public mutating func take(_ event: SessionEvent) {
    last = max(last, event.time)
    if eventCount < .max { eventCount += 1 }
  }
}

/// The state of an open session.
extension OpenSession {
  /// Writes it; ``init(_:)`` reads it.
  public func encode(into state: inout StateWriter) {
    state.write(Moment(milliseconds: start))
    state.write(Moment(milliseconds: last))
    state.write(UInt64(eventCount))
    state.write(UInt64(campaign))
    state.write(Int(day))
  }

  /// Reads a session that another run wrote.
  public init(_ state: inout StateReader) throws(StateError) {
    let (start, last) = (try state.moment(), try state.moment())
    guard start.isWritable, last.isWritable, start <= last else {
      throw StateError("a time is out of range")
    }
    let (eventCount, campaign) = (try state.short(), try state.short())
    guard eventCount > 0, let day = Int32(exactly: try state.integer()) else {
      throw StateError("a session is none")
    }
    self.init(
      start: start.milliseconds, last: last.milliseconds, eventCount: eventCount,
      campaign: campaign, day: day)
  }
}
