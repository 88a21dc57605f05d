import Events
import Testing

/// When sessions end: each rule by itself, at its edge.
@Suite struct SessionRulesTests {
  private static let minute: Int64 = 60_000

  /// How many sessions there are of events at these minutes.
  private func counts(_ rules: SessionRules, _ events: [SessionEvent]) -> [UInt32] {
    var sessions: [OpenSession] = []
    for event in events {
      if let last = sessions.last, rules.goesOn(last, with: event) {
        sessions[sessions.count - 1].take(event)
      } else {
        sessions.append(OpenSession(event))
      }
    }
    return sessions.map(\.eventCount)
  }

  private func at(_ minutes: Int64...) -> [SessionEvent] {
    minutes.map { SessionEvent(time: $0 * Self.minute) }
  }

  @Test("a gap of just the idle time goes on, a longer one does not")
  func idle() {
    #expect(counts(.ga4, at(0, 30, 60)) == [3])
    #expect(counts(.ga4, [SessionEvent(time: 0), SessionEvent(time: 1_800_001)]) == [1, 1])
    #expect(counts(SessionRules(idleMilliseconds: 0), at(0, 0, 1)) == [2, 1])
  }

  @Test("PostHog ends a session 24 hours after its start, Google Analytics never")
  func length() {
    let events = (0...60).map { SessionEvent(time: Int64($0) * 30 * Self.minute) }
    #expect(counts(.posthog, events) == [49, 12])
    #expect(counts(.ga4, events) == [61])
  }

  @Test("Matomo ends a session at midnight, with another campaign, and after 10,000 events")
  func matomo() {
    func event(_ minute: Int64, day: Int32 = 0, campaign: UInt32 = 0) -> SessionEvent {
      SessionEvent(time: minute * Self.minute, day: day, campaign: campaign)
    }
    #expect(counts(.matomo, [event(0), event(1, day: 1), event(2, day: 1)]) == [1, 2])
    // Without a campaign, of the same one, of another; what comes without one is of the session.
    #expect(
      counts(
        .matomo,
        [
          event(0), event(1, campaign: 7), event(2, campaign: 7), event(3), event(4, campaign: 8),
          event(5, campaign: 7),
        ]) == [1, 3, 1, 1])
    let many = Array(repeating: SessionEvent(time: 0), count: 20_001)
    #expect(counts(.matomo, many) == [10_000, 10_000, 1])
    #expect(counts(.posthog, many) == [20_001])
  }

  @Test("an older event is of the session where it is near enough to the start")
  func back() {
    var session = OpenSession(SessionEvent(time: 60 * Self.minute, day: 1))
    session.take(SessionEvent(time: 70 * Self.minute, day: 1))
    for (minute, isTaken) in [(30, true), (29, false), (65, true)] as [(Int64, Bool)] {
      let event = SessionEvent(time: minute * Self.minute, day: 0, campaign: 9)
      #expect(SessionRules.ga4.takesBack(session, event) == isTaken)
      #expect(!SessionRules.matomo.takesBack(session, event))
    }
    let rules = SessionRules(lengthMilliseconds: 20 * Self.minute, eventsMax: 3)
    #expect(rules.takesBack(session, SessionEvent(time: 50 * Self.minute)))
    #expect(!rules.takesBack(session, SessionEvent(time: 49 * Self.minute)))
    session.take(SessionEvent(time: 70 * Self.minute))
    #expect(!rules.takesBack(session, SessionEvent(time: 65 * Self.minute)))
  }
}
