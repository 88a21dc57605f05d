import Events
import Pipes
import Records

/// What a session is in this run, when it is engaged, and when it has bounced.
///
///                ends after                      engaged                bounced
///     ga4        30 min idle                     > 10 s, a key event,   not engaged
///                                                or 2 page views
///     posthog    30 min idle, 24 h               not defined            1 page view, nothing captured, < 10 s
///     matomo     30 min idle, midnight,          not defined            1 action
///                campaign, 10,000 actions
///
/// Sources: Google's help on sessions and on engagement; PostHog's docs of sessions and of web analytics, whose
/// bounce rate leaves out sessions without a page view; Matomo's global.ini.php and its count of bounces, one
/// action of whatever kind.
struct SessionDefinition: Sendable {
  /// The products whose rules have a name.
  enum Named: String, CaseIterable, Sendable {
    case ga4
    case posthog
    case matomo
  }

  /// Whose engagement and bounce it is.
  let named: Named
  /// When a session ends.
  let rules: SessionRules
  /// From how long on a session is engaged, or is no bounce.
  let engagedMilliseconds: Int64
  /// What a calendar day is, where sessions end with it.
  private let days: CalendarPeriods?

  init(_ arguments: Arguments) throws(Failure) {
    named = arguments.value("rules").flatMap(Named.init(rawValue:)) ?? .ga4
    var rules =
      switch named {
      case .ga4: SessionRules.ga4
      case .posthog: SessionRules.posthog
      case .matomo: SessionRules.matomo
      }
    if let idle = try arguments.duration("idle") { rules.idleMilliseconds = idle }
    if let length = try arguments.duration("max") { rules.lengthMilliseconds = length }
    if arguments.has("split-at-midnight") { rules.splitsAtMidnight = true }
    if arguments.has("split-on-campaign") { rules.splitsOnCampaign = true }
    if let count = try arguments.count("max-events", in: 1...1_000_000_000) {
      rules.eventsMax = count
    }
    engagedMilliseconds = try arguments.duration("engaged-after") ?? 10_000
    days = rules.splitsAtMidnight ? try CalendarPeriods(daysOf: arguments) : nil
    self.rules = rules
  }

  /// The calendar day of a moment, 0 where no rule asks for it.
  func day(of moment: Moment) -> Int32 { days?.day(of: moment) ?? 0 }

  /// Whether a session is engaged; `nil` where the rules do not say what that is.
  func isEngaged(_ session: SessionSoFar) -> Bool? {
    guard named == .ga4 else { return nil }
    return session.milliseconds > engagedMilliseconds || session.hasKeyEvent
      || session.pageCount >= 2
  }

  /// Whether a session has bounced; `nil` where it is left out of the bounce rate.
  func hasBounced(_ session: SessionSoFar) -> Bool? {
    switch named {
    case .ga4: return isEngaged(session).map { !$0 }
    case .posthog:
      guard session.pageCount > 0 else { return nil }
      return session.pageCount == 1 && !session.hasAutocapture
        && session.milliseconds < engagedMilliseconds
    case .matomo: return session.open.eventCount == 1
    }
  }
}
