import Foundation
import TestSupport
import Testing

@Suite struct ScoreTests {
  @Test func oneRecordByHand() throws {
    let written = try score(over: [
      event("Page Viewed", "u1", "2026-03-01", #","channel":"web""#),
      event("Product Viewed", "u1", "2026-03-08", #","channel":"web""#),
      event("Email Delivered", "u1", "2026-03-09", #","channel":"email""#),
      event("Page Viewed", "u2", "2026-03-15", #","channel":"mobile""#),
    ])
    // u1: 7 days idle, 2 active days, 2 events, 1 channel: 20 + 30 × 2/14 + 8 + 10/3 = 35.6;
    // on the web without the channels: (20 + 30 × 2/14 + 8) ÷ 90 = 35.9.
    let expected =
      #"{"record":"score","userId":"u1","engagement":35.6,"health":"red","healthScore":35.6,"#
      + #""recencyDays":null,"frequency":0,"monetary":0,"currency":null,"rfm":null,"#
      + #""rfmGroup":null,"idleDays":7,"activeDays":2,"interactions":2,"passiveContacts":1,"#
      + #""healthOf":["engagement"],"engagementByChannel":{"web":35.9,"email":0},"#
      + #""drivers":{"raises":[],"lowers":["2 active days in 28","2 different events in 28 days","#
      + #""1 channel in 28 days","seen 7 days ago"]}}"#
    #expect(written.lines.contains(expected), "\(written.text)")
    #expect(written.status == 0)
    #expect(written.records("score.weights").first?["tiedToGoal"] as? Bool == false)
  }

  @Test func visitorWhoSignsUpIsOnePerson() throws {
    let visit =
      #"{"event":"Page Viewed","anonymousId":"a","timestamp":"2026-03-01T10:00:00Z"}"#
    let signUp =
      #"{"event":"Signed Up","userId":"u","anonymousId":"a","timestamp":"2026-03-02T10:00:00Z"}"#
    let later = #"{"event":"Page Viewed","userId":"u","timestamp":"2026-03-03T10:00:00Z"}"#
    let events = [visit, signUp, later]
    let first = try score(over: events)
    #expect(first.records("score").count == 1)
    #expect(first.person("u")?["activeDays"] as? Int == 3)
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      #expect(try score(over: order.map { events[$0] }).text == first.text)
    }
    #expect(try score(["--no-link"], over: events).records("score").count == 2)
    #expect(try score(["--no-link"], over: events).person("a")?["activeDays"] as? Int == 1)
  }

  @Test func currenciesAreNeverAdded() throws {
    let events = [
      order("u1", "2026-03-01", "0.1"), order("u1", "2026-03-02", "0.2", "eur"),
      order("u1", "2026-03-03", "1000", "USD"), order("u2", "2026-03-03", "5", "USD"),
      order("u2", "2026-03-03", "7.25", "EUR"),
    ]
    let written = try score(over: events)
    #expect(written.text.contains(#""userId":"u1","engagement""#))
    #expect(written.text.contains(#""frequency":2,"monetary":0.3,"currency":"EUR""#))
    #expect(written.person("u2")?["monetary"] as? Double == 7.25)
    let weights = written.records("score.weights").first
    #expect(weights?["otherCurrencies"] as? [String: Int] == ["USD": 2])
    #expect(weights?["currency"] as? String == "EUR")
    #expect(written.errorText.contains("2 in USD"))
    let dollars = try score(["--currency", "USD"], over: events)
    #expect(dollars.person("u1")?["monetary"] as? Int == 1000)
    #expect(dollars.person("u1")?["recencyDays"] as? Int == 0)
    // As many of each: the first in the order of codes.
    let tie = try score(over: [
      order("u", "2026-03-01", "1", "USD"), order("u", "2026-03-01", "2", "CHF"),
    ])
    #expect(tie.person("u")?["currency"] as? String == "CHF")
  }

  @Test func refundsReduceAndAreNoPurchase() throws {
    let written = try score(over: [
      order("u1", "2026-03-01", "30"), order("u1", "2026-03-02", "12.5"),
      order("u1", "2026-03-09", "-2.5"),
      event(
        "Order Refunded", "u1", "2026-03-10", #","properties":{"revenue":10,"currency":"EUR"}"#),
      order("u2", "2026-03-03", "-4"),
      event("Order Completed", "u3", "2026-03-04"),
    ])
    let buyer = written.person("u1")
    #expect(buyer?["monetary"] as? Int == 30)
    #expect(buyer?["frequency"] as? Int == 2)
    #expect(buyer?["recencyDays"] as? Int == 8)
    #expect(written.person("u2")?["monetary"] as? Int == -4)
    #expect(written.person("u2")?["rfm"] is NSNull)
    #expect(written.person("u3")?["frequency"] as? Int == 1)
    #expect(
      written.records("score.weights").first?["purchasesWithoutAmount"] as? Int == 1)
  }

  @Test func passiveContactRaisesNothing() throws {
    let act = event("Page Viewed", "u", "2026-03-01", #","channel":"web""#)
    let names = [
      "Email Delivered", "Email Bounced", "Push Notification Received", "Ad Impression",
      "WhatsApp Delivered", "Promotion Viewed",
    ]
    let contacts = names.map { event($0, "u", "2026-03-04", #","channel":"email""#) }
    let end = event("Page Viewed", "other", "2026-03-05", #","channel":"web""#)
    let without = try score(over: [act, end])
    let with = try score(over: [act] + contacts + [end])
    for key in ["engagement", "healthScore", "idleDays", "activeDays", "interactions"] {
      let one = without.person("u")?[key] as? NSNumber
      #expect(one != nil && one == with.person("u")?[key] as? NSNumber, "\(key)")
    }
    #expect(with.person("u")?["passiveContacts"] as? Int == names.count)
    let own = try score(
      ["--passive", "Page Viewed"], over: [act, end])
    #expect(own.person("u")?["engagement"] as? Int == 0)
    #expect(own.person("u")?["idleDays"] is NSNull)
  }

  @Test func rfmOfFiveBuyers() throws {
    var events: [String] = []
    for buyer in 1...5 {
      for purchase in 0..<buyer {
        events.append(order("u\(buyer)", "2026-03-0\(buyer)", "\(10 * buyer + purchase)"))
      }
    }
    events.append(event("Page Viewed", "u9", "2026-03-09"))
    let written = try score(over: events)
    let codes = (1...5).map { written.person("u\($0)")?["rfm"] as? String ?? "" }
    #expect(codes == ["111", "222", "333", "444", "555"])
    let groups = (1...5).map { written.person("u\($0)")?["rfmGroup"] as? String ?? "" }
    #expect(groups == ["Hibernating", "Hibernating", "About to sleep", "Loyal", "Champions"])
    #expect(written.person("u9")?["rfm"] is NSNull)
    let other = try score(["--purchase", "Page Viewed"], over: events)
    #expect(other.person("u9")?["frequency"] as? Int == 1)
  }

  @Test func topTakesTheHighestAndTiesById() throws {
    let events =
      ["é", "b", "a", "c"].map { event("Page Viewed", $0, "2026-03-10") }
      + [event("Page Viewed", "z", "2026-03-09"), event("Page Viewed", "z", "2026-03-10")]
    func ids(_ arguments: [String]) throws -> [String] {
      try score(arguments, over: events).records("score").compactMap { $0["userId"] as? String }
    }
    #expect(try ids([]) == ["a", "b", "c", "z", "é"])
    #expect(try ids(["--top", "3"]) == ["z", "a", "b"])
    #expect(try ids(["--top", "5"]) == ["z", "a", "b", "c", "é"])
    #expect(try ids(["--top", "99"]).count == 5)
    #expect(try score(["--top", "0"], over: []).status == 64)
  }

  @Test func asOfFixesTheDay() throws {
    let events = [
      order("u", "2026-03-01", "5"), event("Page Viewed", "u", "2026-03-03"),
      event("Page Viewed", "u", "2026-03-20"),
    ]
    let earlier = try score(["--as-of", "2026-03-05"], over: events)
    #expect(earlier.person("u")?["idleDays"] as? Int == 2)
    #expect(earlier.person("u")?["recencyDays"] as? Int == 4)
    let later = try score(["--as-of", "2026-04-01"], over: events)
    #expect(later.person("u")?["idleDays"] as? Int == 12)
    #expect(later.person("u")?["recencyDays"] as? Int == 31)
    #expect(later.person("u")?["activeDays"] as? Int == 1)
  }

  @Test func signalsMakeHealth() throws {
    let rated = #","properties":{"score":9,"scale":10}"#
    let events = [
      event("Ticket Opened", "u", "2026-03-01"), event("Ticket Opened", "u", "2026-03-02"),
      event("Ticket Solved", "u", "2026-03-03"), event("Survey Answered", "u", "2026-03-04", rated),
      event("Payment Failed", "u", "2026-03-05"),
    ]
    let person = try score(over: events).person("u")
    #expect(person?["healthOf"] as? [String] == ["engagement", "support", "sentiment", "finance"])
    // Engagement without channels: idle 1 day, 3 active days, 2 events.
    let recency = 40 * 90.57236642639067
    let activeDays = 30 * 300.0 / 14
    let engagement: Double = (recency + activeDays + 800) / 90
    // 15 × 80 + 15 × 90 + 10 × 0 = 2550
    let health: Double = (30 * engagement + 2550) / 70
    let shown = person?["healthScore"] as? Double ?? -1
    #expect(abs(shown - health) <= 0.05 + 1e-9)
    let drivers = person?["drivers"] as? [String: [String]]
    #expect(drivers?["lowers"]?.contains("1 open ticket") == true)
    #expect(drivers?["lowers"]?.contains("latest payment failed") == true)
    #expect(drivers?["raises"]?.contains("latest rating 90 of 100") == true)
  }

  @Test func valueOfByIsThatOfTheLatestEvent() throws {
    func view(_ user: String, _ day: String, _ plan: String) -> String {
      event("Page Viewed", user, day, #","properties":{"plan":"\#(plan)"}"#)
    }
    let events = [
      view("u1", "2026-03-05", "pro"), view("u1", "2026-03-01", "free"),
      view("u2", "2026-03-02", "pro"), view("u3", "2026-03-05", "free"),
    ]
    let written = try score(["--by", "properties.plan", "--top", "1"], over: events)
    let found = written.records("score").map { record in
      let by = record["by"] as? [String: String]
      return "\(by?["properties.plan"] ?? "") \(record["userId"] ?? "")"
    }
    #expect(found == ["pro u1", "free u3"])
  }

  @Test func emptyInput() throws {
    let written = try score(over: [])
    #expect(written.status == 0)
    #expect(written.records("score.run").count == 1)
    #expect(written.records("score.weights").count == 1)
    #expect(written.records("score").isEmpty)
  }

  @Test func anAmountOutOfRangeIsARejectedLine() throws {
    let written = try score(over: [order("u", "2026-03-01", "1e30"), order("u", "2026-03-01", "1")])
    #expect(written.records("score.run").first?["rejected"] as? Int == 1)
    #expect(written.person("u")?["frequency"] as? Int == 1)
    #expect(written.person("u")?["interactions"] as? Int == 1)
  }

  @Test func helpHasAnExample() throws {
    let help = try score(["--help"], over: []).text
    #expect(help.contains("--top N"))
    #expect(help.contains("Examples\n  score events.ndjson\n"))
    let words = help.split { $0.isWhitespace }.joined(separator: " ")
    #expect(words.contains("50 is red, 75 is yellow"))
  }
}
