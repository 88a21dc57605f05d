import Foundation
import TestSupport
import Testing

/// Tickets and their answers, posts and what readers do with them.
@Suite struct CaseTests {
  private func ticket(_ id: Int, _ extra: String = "") -> String {
    "\"ticket_id\":\(id)" + extra
  }

  @Test("first response and resolution: mean and 90th percentile, of the period of the ticket")
  func tickets() throws {
    var stream = Stream()
    // Answered after 10, 20, 30, 40 minutes; solved after as many hours; the last ones in February.
    for id in 1...4 {
      stream.add("Ticket Opened", "01-31T10:00:00", person: "u\(id)", ticket(id))
      stream.add(
        "Ticket Replied", "01-31T10:\(id)0:00", person: "agent", ticket(id, #","by_staff":true"#))
      stream.add("Ticket Replied", "01-31T11:00:00", person: "agent", ticket(id))
      let hour = id < 3 ? "01-31T\(10 + id * 6):00:00" : "02-01T\(id == 3 ? "04" : "10"):00:00"
      stream.add("Ticket Solved", hour, person: "u\(id)", ticket(id))
    }
    // Not answered: by the customer, not public, before it was opened, of another ticket.
    stream.add("Ticket Opened", "01-31T10:00:00", person: "u5", ticket(5))
    stream.add("Ticket Replied", "01-31T10:05:00", person: "u5", ticket(5, #","by_staff":false"#))
    stream.add("Ticket Replied", "01-31T10:05:00", person: "u5", ticket(5, #","author_id":"u5""#))
    stream.add("Ticket Replied", "01-31T10:06:00", person: "u5", ticket(5, #","public":false"#))
    stream.add("Ticket Replied", "01-31T09:59:00", person: "agent", ticket(5))
    #expect(try stream.values("firstResponseSeconds") == ["2026-01 6000/4 1500", "2026-02  –"])
    // Type 7: a tenth of the way from 40 minutes back to 30.
    #expect(isNear(try first(stream, "firstResponseP90Seconds"), "value", 2220, 1e-9))
    #expect(isNear(try first(stream, "resolutionSeconds"), "value", 15 * 3600, 1e-9))
    #expect(isNear(try first(stream, "resolutionP90Seconds"), "value", 22.2 * 3600, 1e-6))
    #expect(try stream.values("resolvedShare")[0] == "2026-01 4/5 0.8")
  }

  private func first(_ stream: Stream, _ metric: String) throws -> [String: Any] {
    let record = try #require(try stream.run(["--metrics", metric]).records("kpi").first)
    return try #require(record["result"] as? [String: Any])
  }

  @Test("without a number, tickets are told apart by person and time, over linked ids too")
  func unnumbered() throws {
    var stream = Stream()
    stream.add("Ticket Opened", "01-01T08:00:00", person: "a")
    stream.add("Ticket Solved", "01-01T09:00:00", person: "a")
    stream.add("Ticket Solved", "01-01T09:30:00", person: "a")
    stream.add("Ticket Opened", "01-01T10:00:00", person: "a")
    stream.add("Ticket Opened", "01-01T11:00:00", person: "b")
    stream.add("Ticket Solved", "01-01T13:00:00", person: "b")
    #expect(try stream.values("resolvedShare")[0].hasPrefix("2026-01 2/3 0.666666"))
    #expect(isNear(try stream.result("resolutionSeconds"), "value", 5400, 0))
    stream.add("Signed In", "01-02", person: "a")
    let link = #"{"type":"alias","previousId":"b","userId":"a","timestamp":"2026-01-02T00:00:00Z"}"#
    let text = stream.text + link + "\n"
    let outcome = try Programs.run(
      "kpi", ["--metrics", "resolutionSeconds,resolvedShare"], text: text)
    // The ticket of 10:00 has that of 11:00 behind it, so the solution is of the latter.
    #expect(outcome.text.contains(#""numerator":10800,"denominator":2,"value":5400"#))
  }

  @Test("500 likes, 200 shares and 50 comments of 10,000 followers in 24 hours are 7.5 %")
  func socialEngagement() throws {
    var stream = Stream()
    let post = #""post_id":"p1""#
    stream.add("Post Published", "03-01T08:00:00", person: "us", post + #","followers":10000"#)
    stream.add("Post Liked", "03-01T09:00:00", count: 500, post)
    stream.add("Post Shared", "03-01T20:00:00", count: 200, post)
    stream.add("Post Commented", "03-02T08:00:00", count: 50, post)
    // Too late, too early, of another post, and reach.
    stream.add("Post Liked", "03-02T08:00:01", count: 7, post)
    stream.add("Post Liked", "03-01T07:59:59", count: 7, post)
    stream.add("Post Liked", "03-01T09:00:00", count: 7, #""post_id":"p2""#)
    stream.add("Post Impression", "03-01T09:00:00", count: 9000, post)
    let values = try stream.values("socialEngagementRate")
    #expect(values == ["2026-03 750/10000 0.075"])
    // Two posts of one period: their followers add up.
    stream.add("Post Published", "03-05T08:00:00", person: "us", #""post_id":3,"followers":2500"#)
    stream.add("Post Liked", "03-05T08:00:00", count: 250, #""post_id":"3""#)
    #expect(try stream.values("socialEngagementRate") == ["2026-03 1000/12500 0.08"])
  }
}
