import Foundation
import TestSupport
import Testing

@testable import Pipes

/// Sessions: how they are cut, in whatever order events come, and what metrics make of them.
@Suite struct SessionTests {
  /// One of each kind of session, of 2026-01-01; `channel` says where an event was.
  private static let events: [(person: String, name: String, time: String, rest: String)] = [
    // Five minutes, three pages.
    ("a", "Page Viewed", "10:00:00", ""), ("a", "Page Viewed", "10:02:00", ""),
    ("a", "Screen Viewed", "10:05:00", ""),
    // Just 30 minutes idle: still one session, of one page.
    ("b", "Page Viewed", "10:00:00", ""), ("b", "Product Viewed", "10:30:00", ""),
    // More: two, both bounced.
    ("c", "Page Viewed", "10:00:00", ""), ("c", "Page Viewed", "10:30:00.001", ""),
    // Ten seconds are not longer than ten; a purchase is engaged.
    ("d", "Page Viewed", "10:00:00", ""), ("d", "Product Viewed", "10:00:10", ""),
    ("e", "Order Completed", "10:00:00", ""),
    // No visits: an e-mail that is opened, a ticket, what only reaches a person.
    ("f", "Email Opened", "10:00:00", #","channel":"email""#),
    ("f", "Ticket Opened", "10:10:00", #","channel":"support""#),
    ("f", "Email Delivered", "10:20:00", ""),
  ]

  private static let lines = events.map { event in
    "{\"event\":\"\(event.name)\",\"userId\":\"\(event.person)\","
      + "\"timestamp\":\"2026-01-01T\(event.time)Z\"\(event.rest)}\n"
  }

  @Test("six sessions, by the rules of GA4, in any order of events")
  func metrics() throws {
    var randomness = Randomness(seed: 3)
    for _ in 0..<5 {
      let text = Self.lines.shuffled(using: &randomness).joined()
      let outcome = try Programs.run(
        "kpi", ["--metrics", "sessions,timeOnPlatformSeconds,pagesPerSession,bounceRate"],
        text: text)
      let results = outcome.records("kpi").map { record in
        let result = record["result"] as? [String: Any] ?? [:]
        return ["numerator", "denominator"].map { "\(result[$0] as? NSNumber ?? -1)" }
          .joined(separator: "/")
      }
      #expect(results == ["6/-1", "2110/6", "7/6", "3/6"])
    }
  }

  @Test("a session is of the period and of the value of --by of its first event")
  func periods() throws {
    let text = #"""
      {"event":"Page Viewed","userId":"a","timestamp":"2026-01-31T23:50:00Z","properties":{"p":"x"}}
      {"event":"Page Viewed","userId":"a","timestamp":"2026-02-01T00:10:00Z","properties":{"p":"y"}}
      {"event":"Page Viewed","userId":"a","timestamp":"2026-02-01T00:50:00Z","properties":{"p":"y"}}

      """#
    let outcome = try Programs.run(
      "kpi", ["--metrics", "sessions", "--by", "properties.p"], text: text)
    let found = outcome.records("kpi").map { record in
      let value = (record["result"] as? [String: Any])?["value"] as? Int ?? -1
      return
        "\(record["period"] ?? "") \((record["by"] as? [String: String])?.values.first ?? "") \(value)"
    }
    #expect(Set(found) == ["2026-01 x 1", "2026-02 x 0", "2026-01 y 0", "2026-02 y 1"])
  }

  @Test("times in any order make the sessions that a sort and the gaps make")
  func randomTimes() {
    var randomness = Randomness(seed: 8)
    for round in 0..<300 {
      let times = (0..<randomness.number(1...30)).map { _ in Int64(randomness.number(0...200)) }
      var sessions = PersonSessions(idleMilliseconds: 5)
      // A person of two ids at times.
      for time in times {
        sessions.add(
          PersonSessions.Session(
            at: time, fingerprint: 0, group: 0, isPage: true, isKeyEvent: false),
          of: round % 2 == 0 ? 0 : UInt32(randomness.number(0...1)))
      }
      var expected: [(start: Int64, end: Int64, pages: UInt32)] = []
      for time in times.sorted() {
        if let last = expected.last, time - last.end <= 5 {
          expected[expected.count - 1] = (last.start, time, last.pages + 1)
        } else {
          expected.append((time, time, 1))
        }
      }
      let ids: [UInt32] = round % 2 == 0 ? [0] : [0, 1]
      let found = sessions.sessions(of: ids[...])
      #expect(found.map(\.start) == expected.map(\.start))
      #expect(found.map(\.end) == expected.map(\.end))
      #expect(found.map(\.pages) == expected.map(\.pages))
    }
  }
}
