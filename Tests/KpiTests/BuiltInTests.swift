import Foundation
import TestSupport
import Testing

/// Each built-in metric, counted by hand.
@Suite struct BuiltInTests {
  @Test("unique and returning visitors: a delivery is no visit, a person counts once a period")
  func visitors() throws {
    var stream = Stream()
    stream.add("Page Viewed", "01-02", person: "a")
    stream.add("Page Viewed", "01-20", person: "a")
    stream.add("Page Viewed", "02-20", person: "a")
    stream.add("Page Viewed", "02-01", person: "b")
    stream.add("Email Delivered", "01-02", person: "b")
    stream.add("Page Viewed", "04-01", person: "b")
    #expect(
      try stream.values("visitors") == [
        "2026-01 1 1", "2026-02 2 2", "2026-03 0 0", "2026-04 1 1",
      ])
    // The second comes back after a month without a visit.
    #expect(
      try stream.values("returningVisitors") == [
        "2026-01 0/1 0", "2026-02 1/2 0.5", "2026-03  –", "2026-04 1/1 1",
      ])
    #expect(
      try stream.values("visitors", ["--period", "quarter"]) == ["2026-Q1 2 2", "2026-Q2 1 1"])
    #expect(try stream.values("visitors", ["--period", "year"]) == ["2026 2 2"])
  }

  @Test("who buys, of those who were there")
  func conversion() throws {
    var stream = Stream()
    stream.add("Page Viewed", "01-02", count: 3)
    stream.add("Order Completed", "01-03", person: "a", #""revenue":5"#)
    stream.add("Order Completed", "01-04", person: "a", #""revenue":5"#)
    // Given back at once: no purchase, but the person was there.
    stream.add("Order Completed", "01-04", person: "b", #""revenue":-5"#)
    #expect(try stream.values("conversionRate") == ["2026-01 1/5 0.2"])
    #expect(try stream.values("purchaseFrequency") == ["2026-01 2/1 2"])
  }

  @Test("100 clicks of 1,000 delivered are 10 %")
  func clicks() throws {
    var stream = Stream()
    stream.add("Email Delivered", "01-02", count: 1000)
    stream.add("Email Link Clicked", "01-03", count: 100)
    stream.add("Email Opened", "01-03", count: 250)
    stream.add("Email Unsubscribed", "01-03", count: 3)
    stream.add("Unsubscribed", "01-04", count: 2)
    #expect(try stream.values("ctr") == ["2026-01 100/1000 0.1"])
    #expect(try stream.values("emailClickRate") == ["2026-01 100/1000 0.1"])
    #expect(try stream.values("emailOpenRate") == ["2026-01 250/1000 0.25"])
    #expect(try stream.values("unsubscribeRate") == ["2026-01 5/1000 0.005"])
    stream.add("Ad Viewed", "01-05", count: 1000)
    stream.add("Ad Clicked", "01-05", count: 20)
    #expect(try stream.values("ctr") == ["2026-01 120/2000 0.06"])
  }

  @Test("money is exact, one currency at a time, and given back")
  func money() throws {
    var stream = Stream()
    for _ in 0..<10 {
      stream.add("Order Completed", "01-02", #""revenue":0.1,"currency":"EUR""#)
    }
    stream.add("Order Completed", "01-03", #""revenue":"2.2","currency":"eur""#)
    stream.add("Order Completed", "01-03", #""revenue":70,"currency":"USD""#)
    stream.add("Order Refunded", "02-03", #""revenue":1.1,"currency":"EUR""#)
    #expect(try stream.values("revenue") == ["2026-01 3.2 3.2", "2026-02 -1.1 -1.1"])
    let outcome = try stream.run(["--metrics", "revenue"])
    #expect(outcome.text.contains(#""value":3.2,"low":null,"high":null,"unit":"EUR""#))
    #expect(outcome.text.contains(#""change":{"value":-4.3,"#))
    #expect(outcome.errorText.contains("purchases left out: 1 in USD"))
    #expect(
      try stream.values("revenue", ["--currency", "USD"]) == ["2026-01 70 70", "2026-02 0 0"])
    let mean = try stream.result("averageOrderValue", ["--until", "2026-02-01"])
    #expect(isNear(mean, "value", 3.2 / 11, 1e-12))
    // Ten times 0.1 and once 2.2: the standard deviation is 0.6332, of a mean 0.1909.
    #expect(isNear(mean, "low", 3.2 / 11 - 1.959964 * 0.633174 / 11.0.squareRoot(), 1e-5))
  }

  @Test("100 a purchase, 12 purchases a year, one year: 1,200")
  func customerLifetimeValue() throws {
    var stream = Stream()
    for month in 1...12 {
      let day = String(format: "%02d-05", month)
      for person in ["a", "b"] {
        stream.add("Order Completed", day, person: person, #""revenue":100,"currency":"USD""#)
      }
    }
    #expect(try stream.values("clv", ["--period", "year"]) == ["2026  1200"])
    #expect(try stream.values("clv", ["--period", "year", "--lifespan", "2.5"]) == ["2026  3000"])
    // One purchase a month is twelve a year as well.
    #expect(try stream.values("clv").allSatisfy { $0.hasSuffix(" 1200") })
    #expect(try stream.values("clv", ["--period", "quarter"]).count == 4)
    #expect(try stream.values("clv", ["--period", "quarter"])[1] == "2026-Q2  1200")
  }

  @Test("Net Promoter Score, with the adjusted Wald interval")
  func netPromoterScore() throws {
    var stream = Stream()
    stream.add("Survey Answered", "01-02", count: 300, #""score":9,"scale":10"#)
    stream.add("Survey Answered", "01-02", count: 100, #""score":8,"scale":"0-10""#)
    stream.add("Survey Answered", "01-02", count: 100, #""score":"6""#)
    stream.add("Survey Answered", "01-02", count: 9, #""score":5,"scale":5"#)
    stream.add("Survey Answered", "01-02", count: 9, #""score":11"#)
    stream.add("Survey Answered", "02-02", count: 50, #""score":10"#)
    stream.add("Survey Answered", "02-02", count: 30, #""score":7"#)
    stream.add("Survey Answered", "02-02", count: 20, #""score":0"#)
    #expect(try stream.values("nps") == ["2026-01 200/500 40", "2026-02 30/100 30"])
    let result = try stream.result("nps")
    #expect(isNear(result, "low", 14.05, 0.005))
    #expect(isNear(result, "high", 44.20, 0.005))
    #expect(result["small"] == nil)
  }

  @Test("customer satisfaction: the two best answers, of the scale that was asked")
  func satisfaction() throws {
    var stream = Stream()
    stream.add("Survey Answered", "01-02", count: 900, #""score":4,"scale":5"#)
    stream.add("Ticket Rated", "01-02", count: 60, #""score":"good""#)
    stream.add("Ticket Rated", "01-02", count: 40, #""score":"bad""#)
    stream.add("Survey Answered", "01-02", count: 200, #""score":3,"scale":"1-5""#)
    stream.add("Survey Answered", "01-02", count: 50, #""score":10,"scale":10"#)
    let result = try stream.result("csat")
    #expect(try stream.values("csat") == ["2026-01 960/1200 0.8"])
    #expect(isNear(result, "low", 0.77643, 5e-6))
    #expect(isNear(result, "high", 0.82166, 5e-6))
    var none = Stream()
    none.add("Survey Answered", "01-02", count: 10, #""score":5,"scale":7"#)
    #expect(try none.values("csat") == ["2026-01 0/10 0"])
    #expect(isNear(try none.result("csat"), "high", 0.27753, 5e-6))
    #expect(try none.result("csat")["small"] as? Bool == true)
    none.add("Survey Answered", "01-02", count: 30, #""score":6,"scale":"1-7""#)
    #expect(try none.values("csat") == ["2026-01 30/40 0.75"])
  }

  @Test("the mean of reviews")
  func reviews() throws {
    var stream = Stream()
    for rating in [5, 4, 3, 4] {
      stream.add("Product Reviewed", "01-02", "\"rating\":\(rating)")
    }
    let result = try stream.result("reviewAverage")
    #expect(isNear(result, "value", 4, 0))
    // Standard deviation 0.8165, four answers.
    #expect(isNear(result, "low", 4 - 1.959964 * 0.8164966 / 2, 1e-6))
    #expect(result["small"] as? Bool == true)
  }

  @Test("10,000 at start, 5,000 acquired, 12,000 at end: retention 70 %, growth 20 %")
  func retention() throws {
    var stream = Stream()
    for person in 0..<10_000 { stream.add("Signed In", "01-10", person: "p\(person)") }
    for person in 3_000..<15_000 { stream.add("Signed In", "02-10", person: "p\(person)") }
    #expect(
      try stream.values("retentionRate") == ["2026-01  –", "2026-02 7000/10000 0.7"])
    #expect(
      try stream.values("netGrowthRate") == ["2026-01  –", "2026-02 2000/10000 0.2"])
    let record = try #require(
      stream.run(["--metrics", "retentionRate"]).records("kpi").last)
    #expect(record["band"] as? String == "high")
    // By PairedRatio: 7,000 stayed, 5,000 came.
    #expect(isNear(try stream.result("netGrowthRate"), "low", 0.181, 5e-4))
    #expect(isNear(try stream.result("netGrowthRate"), "high", 0.219, 5e-4))
  }

  @Test("1,000 active at start, 100 cancelled: churn 10 %")
  func churn() throws {
    var stream = Stream()
    for person in 0..<1_000 { stream.add("Signed In", "01-10", person: "p\(person)") }
    for person in 0..<900 { stream.add("Signed In", "02-10", person: "p\(person)") }
    for person in 900..<1_000 {
      stream.add("Subscription Cancelled", "02-01", person: "p\(person)")
    }
    #expect(try stream.values("churnRate") == ["2026-01  –", "2026-02 100/1000 0.1"])
    #expect(try stream.values("retentionRate") == ["2026-01  –", "2026-02 900/1000 0.9"])
  }
}
