import Foundation
import TestSupport
import Testing

/// What a session was like, and what all are like together.
@Suite struct ReportTests {
  @Test("a session has its times, its pages, where its visitor came from, and its money")
  func sessions() throws {
    var visits = Visits("x 09:00:00")
    let source = #","trafficSource":{"channel":"Paid Search","source":"google","medium":"cpc"}"#
    visits.add("/in 09:00:10", source)
    visits.add("/out 09:01:00")
    visits.add("Order_Completed 09:02:30.5", #","properties":{"total":"19.90","currency":"eur"}"#)
    visits.add("Order_Refunded 09:03:00", #","properties":{"revenue":0.1,"currency":"EUR"}"#)
    // Money that goes back is nothing that a person does.
    visits.add("/later 10:00:00", #","properties":{"revenue":5}"#)
    visits.add("Order_Completed 10:00:00", #","properties":{"revenue":7,"currency":"USD"}"#)
    #expect(
      try visits.sessions(
        "userId", "start", "seconds", "events", "pages", "landingPage", "exitPage", "channel",
        "source", "medium", "campaign", "revenue", "currency") == [
          "u 09:00:00 150.5 4 2 /in /out Paid Search google cpc – 19.9 EUR",
          "u 10:00:00 0 2 1 /later /later – – – – 0 EUR",
        ])
    #expect(
      try visits.sessions("revenue", "currency", by: ["--currency", "usd"]) == ["0 USD", "7 USD"])
    #expect(
      try visits.run(["--report"]).errorText.contains("purchases left out: 1 in USD"))
  }

  @Test("a page is its path, else that of its URL, else its name")
  func pages() throws {
    var visits = Visits()
    for (number, properties) in [
      #""properties":{"path":"/p"}"#, #""context":{"page":{"url":"https://h.example/a/b?q=1#f"}}"#,
      #""properties":{"url":"https://h.example"}"#, #""properties":{"url":"/rel?x"}"#,
      #""name":"Home","type":"screen""#, #""properties":{"name":"Cart"}"#, #""x":1"#,
    ].enumerated() {
      visits.add(
        "Screen_Viewed 09:00:0\(number)", ids: "\"userId\":\"u\(number)\"", ",\(properties)")
    }
    #expect(
      try visits.sessions("landingPage") == ["/p", "/a/b", "/", "/rel", "Home", "Cart", "–"])
  }

  @Test("engaged and bounced are what the named rules say")
  func engagement() throws {
    let fields = ["engaged", "bounced"]
    func shares(_ text: String, _ options: String...) throws -> [String] {
      try ["ga4", "posthog", "matomo"].flatMap { rules in
        try Visits(text).run(["--summary", "--rules", rules] + options)
          .records("session.summary").map { record in
            fields.map { name in
              guard let rate = record[name] as? [String: Any] else { return "–" }
              return "\(rate["numerator"] ?? "")/\(rate["denominator"] ?? "")"
            }.joined(separator: " ")
          }
      }
    }
    #expect(try shares("/a 09:00:00") == ["0/1 1/1", "– 1/1", "– 1/1"])
    #expect(try shares("/a 09:00:00, x 09:00:09") == ["0/1 1/1", "– 1/1", "– 0/1"])
    // Longer than 10 s is engaged; a bounce is shorter than 10 s.
    #expect(try shares("/a 09:00:00, x 09:00:10") == ["0/1 1/1", "– 0/1", "– 0/1"])
    #expect(try shares("/a 09:00:00, x 09:00:11") == ["1/1 0/1", "– 0/1", "– 0/1"])
    #expect(
      try shares("/a 09:00:00, x 09:00:11", "--engaged-after", "60s")
        == ["0/1 1/1", "– 1/1", "– 0/1"])
    #expect(try shares("/a 09:00:00, /b 09:00:01") == ["1/1 0/1", "– 0/1", "– 0/1"])
    #expect(try shares("/a 09:00:00, $autocapture 09:00:01") == ["0/1 1/1", "– 0/1", "– 0/1"])
    // A session without a page is in no bounce rate of PostHog's.
    #expect(try shares("x 09:00:00") == ["0/1 1/1", "– –", "– 1/1"])
    #expect(try shares("Order_Completed 09:00:00") == ["1/1 0/1", "– –", "– 1/1"])
    #expect(
      try shares("/a 09:00:00, x 09:00:01", "--key-event", "x", "--page", "event == \"x\"")
        == ["1/1 0/1", "– 1/1", "– 0/1"])
  }

  @Test("the time on a page ends with the next page, on the last one with the last event")
  func pageTime() throws {
    // 40 s and 20 s; the page of the other session is not known how long.
    let visits = Visits("/a 09:00:00, x 09:00:10, /b 09:00:40, x 09:01:00, /c 11:00:00")
    #expect(
      try visits.summary("sessions", "averageSeconds", "medianSeconds", "pageSeconds")
        == ["2 30 30 30"])
    #expect(try Visits("/c 11:00:00").summary("pageSeconds", "averageSeconds") == ["– 0"])
    #expect(
      try visits.summary("pagesPerSession", "eventsPerSession", "returning", "rules")
        == ["1.5 2.5 1/1 ga4"])
  }

  @Test("who returns has a session that is not the first one of all")
  func returning() throws {
    var visits = Visits()
    visits.add("A 09:00:00, A 10:00:00", #","channel":"web""#)
    visits.add("A 11:00:00", #","channel":"email""#)
    visits.add("A 09:00:00", ids: #""userId":"v""#, #","channel":"email""#)
    let fields = (try visits.summary("persons", "returning"))
    #expect(fields == ["2 1/2"])
    #expect(
      try visits.summary("sessions", "persons", "returning", by: ["--by", "channel"])
        == ["2 2 1/2", "2 1 1/1"])
  }

  @Test("--by takes the first event of a session that has a value")
  func landing() throws {
    var visits = Visits("x 09:00:00, /in 09:00:01, /out 09:00:02, x 12:00:00")
    visits.add("/in 09:00:00", ids: #""userId":"v""#)
    #expect(
      try visits.summary("by", "sessions", by: ["--by", "context.page.path"])
        == ["/in 2", "– 1"])
    #expect(
      try visits.summary(
        "by", "sessions", "persons", by: ["--by", "context.page.path", "--by-limit", "1"])
        == ["/in 2 2", "(other) 1 1"])
  }

  @Test("a snapshot has the finished sessions, and says how many may go on")
  func snapshot() throws {
    let visits = Visits("A 09:00:00, A 09:10:00, A 10:00:00, A 10:05:00")
    for options in [["--report"], ["--summary", "--lateness", "1h"]] {
      let records = try visits.run(options + ["--every", "3"]).records("session.summary")
      #expect(records.map { $0["open"] as? Int } == [1, nil])
      #expect(records.map { $0["sessions"] as? Int } == [1, 2])
    }
    #expect(try visits.run(["--report", "--every", "3"]).records("session").count == 1 + 2)
  }

  @Test("under --lateness the summary is the same, but for the median")
  func folded() throws {
    var visits = Visits()
    for day in 1...9 {
      visits.add(
        "/a 2026-03-0\(day)T09:00:00, /b 2026-03-0\(day)T09:0\(day):00, x 2026-03-0\(day)T12:00:00")
      visits.add(
        "/a 2026-03-0\(day)T09:00:00, x 2026-03-0\(day)T09:20:00",
        ids: #""anonymousId":"a\#(day)""#, #","channel":"web""#)
    }
    visits.add("x 2026-03-09T12:00:00", ids: #""anonymousId":"a9","userId":"u""#)
    for by in [[], ["--by", "channel"], ["--rules", "matomo"]] {
      let fields = [
        "sessions", "persons", "averageSeconds", "pageSeconds", "pagesPerSession",
        "eventsPerSession", "engaged", "bounced", "returning",
      ]
      func records(_ options: [String]) throws -> [String] {
        try visits.summary(fields, by: by + options)
      }
      #expect(try records(["--lateness", "3h"]).count == (by == ["--by", "channel"] ? 2 : 1))
      #expect(try records(["--lateness", "20d"]) == records([]))
    }
    let late = try visits.run(["--summary", "--lateness", "20d"]).records("session.summary")[0]
    #expect(late["quantileError"] as? Double == 0.01)
  }

  @Test("options that do not go together are refused with words that help")
  func refused() throws {
    for (options, reason) in [
      (["--report", "--lateness", "1h"], "take --summary"),
      (["--report", "--summary"], "leave --summary out"), (["--page", "A"], "--page is for"),
      (["--summary", "--key-event", " "], "names no event"),
      (["--max-events", "0"], "--max-events"),
      (["--rules", "ga3"], "ga4"), (["--by", "channel"], "--by"),
      (["--idle", "soon"], "--idle"),
    ] {
      let outcome = try Programs.run("session", options, text: "")
      #expect(outcome.status == 64, "\(options)")
      #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
    }
  }

  @Test("the sessions of a shop are as many and as long as they are")
  func shop() throws {
    let path = "data/shop/ecom_events.ndjson"
    guard Programs.hasShared(path) else { return }
    let events = String(decoding: try Programs.sharedData(path), as: UTF8.self)
      .split(separator: "\n").map { line in
        line.replacing(#""user_id""#, with: #""userId""#).replacing(
          /"timestamp": ?"([0-9-]+) ([0-9:]+)"/, with: { "\"timestamp\":\"\($0.1)T\($0.2)Z\"" })
          + "\n"
      }
    let outcome = try Programs.run("session", ["--report"], text: events.joined())
    let sizes = outcome.records("session").compactMap { $0["events"] as? Int }
    #expect(sizes.count == 3605)
    #expect(sizes.max() == 26)
    #expect(sizes.count { $0 == 1 } == 231)
    let mean = outcome.records("session.summary").first?["eventsPerSession"] as? Double ?? 0
    #expect(abs(mean - 8.628571) < 1e-6)
  }
}
