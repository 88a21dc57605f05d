import Foundation
import TestSupport
import Testing

/// What `--value` says of customers.
@Suite("The value of customers") struct ValueTests {
  private static let cdnow = PythonPackages.file("datasets/CDNOW_sample.txt", of: "lifetimes")

  /// The purchases of CDNOW as events: customer, sample's number, date, discs, dollars.
  private static func cdnowEvents() throws -> [String] {
    guard let cdnow else { return [] }
    return try String(contentsOf: cdnow, encoding: .utf8).split(whereSeparator: \.isNewline)
      .map { line in
        let words = line.split(separator: " ").map(String.init)
        let date = words[2]
        let day = "\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))"
        return order(words[0], day, words[4], "USD")
      }
  }

  private static func parameters(_ record: [String: Any]?) -> [String: [String: Double]] {
    record?["parameters"] as? [String: [String: Double]] ?? [:]
  }

  /// The figures are those of `CDNOWTests`, times there in weeks.
  ///
  /// Seven days make alpha seven times, and take ln 7 from the likelihood for each repeat. Weeks have two
  /// decimals there, here they are days.
  @Test("The published models of CDNOW come from its purchases", .enabled(if: cdnow != nil))
  func published() throws {
    let options = ["--as-of", "1997-09-30T23:59:59Z", "--horizon", "273d", "--value"]
    let events = try Self.cdnowEvents()
    let written = try score(options + ["bg-nbd"], over: events)
    let value = try #require(written.records("score.value").first)
    #expect(value["customers"] as? Int == 2357)
    #expect(value["repeatCustomers"] as? Int == 946)
    #expect(value["repeatPurchases"] as? Int == 2457)
    let found = Self.parameters(value)
    for (name, expected) in [
      ("r", 0.24259), ("alpha", 4.41353 * 7), ("a", 0.79289), ("b", 2.42575),
    ] {
      #expect(abs((found[name]?["value"] ?? 0) / expected - 1) < 2e-4)
    }
    #expect(abs((found["r"]?["standardError"] ?? 0) - 0.012557) < 1e-6)
    let logLikelihood = value["logLikelihood"] as? Double ?? 0
    #expect(abs(logLikelihood + 2457 * log(7) + 9582.42556) < 0.01)
    let curve = try #require(value["curve"] as? [[String: Double]])
    #expect(curve.count == 10 && curve.last?["days"] == 273)
    #expect(abs((curve.last?["customers"] ?? 0) - 1653.4) < 0.05)
    let spend = try #require(value["spend"] as? [String: Any])
    #expect(spend["customers"] as? Int == 946)
    for (name, expected) in [("p", 6.2488), ("q", 3.7446), ("v", 15.4477)] {
      #expect(abs((Self.parameters(spend)[name]?["value"] ?? 0) / expected - 1) < 5e-4)
    }
    #expect(abs((spend["correlationWithFrequency"] as? Double ?? 0) - 0.1139) < 1e-4)
    // The first customer of the sample: x = 2, t_x = 30.43 weeks, T = 38.86, mean 22.35.
    let first = try #require(written.person("00004"))
    #expect(abs((first["expectedPurchases"] as? Double ?? 0) - 1.226) < 5e-4)
    #expect(abs((first["pAlive"] as? Double ?? 0) - 0.7266) < 5e-5)
    #expect(abs((first["expectedSpend"] as? Double ?? 0) - 24.65) < 0.01)
    #expect(first["valueReason"] is NSNull)
    let pareto = try score(options + ["pareto-nbd"], over: events)
    let other = Self.parameters(pareto.records("score.value").first)
    for (name, expected) in [("r", 0.55328), ("alpha", 10.5776 * 7), ("s", 0.60621)] {
      #expect(abs((other[name]?["value"] ?? 0) / expected - 1) < 1e-4)
    }
  }

  /// `clv` is the sum over months of what is expected of them, each divided by 1 + discount once more.
  @Test("The value of a customer is discounted month by month", .enabled(if: cdnow != nil))
  func discount() throws {
    let events = try Self.cdnowEvents()
    func first(_ days: Int, _ discount: String) throws -> [String: Any] {
      let options = ["--as-of", "1997-09-30T23:59:59Z", "--discount", discount]
      let written = try score(
        options + ["--value", "bg-nbd", "--horizon", "\(days)d"], over: events)
      return try #require(written.person("00004"))
    }
    func number(_ record: [String: Any], _ name: String) -> Double { record[name] as? Double ?? -1 }
    let (one, two) = (try first(30, "0"), try first(60, "0"))
    let later = try first(60, "0.1")
    let spend = number(one, "expectedSpend")
    #expect(abs(number(one, "clv") - spend * number(one, "expectedPurchases")) < 1e-9)
    let rest = number(two, "expectedPurchases") - number(one, "expectedPurchases")
    let expected = spend * (number(one, "expectedPurchases") / 1.1 + rest / 1.21)
    #expect(rest > 0 && abs(number(later, "clv") - expected) < 1e-9)
  }

  @Test("What cannot be said is null, and why is told")
  func reasons() throws {
    let visits = [event("Page Viewed", "u1", "2026-03-01")]
    let nobody = try score(["--value", "bg-nbd"], over: visits)
    #expect(nobody.records("score.value").first?["reason"] as? String == "nobody bought")
    #expect(nobody.person("u1")?["pAlive"] is NSNull)
    #expect(nobody.person("u1")?["valueReason"] as? String == "no purchase")
    let once = try score(
      ["--value", "pareto-nbd"],
      over: [order("u1", "2026-03-01", "5"), order("u1", "2026-03-01", "7")])
    let record = once.records("score.value").first
    #expect(record?["reason"] as? String == "nobody bought on a second day")
    #expect(record?["parameters"] is NSNull)
    #expect(once.person("u1")?["valueReason"] as? String == "no model of purchases")
    #expect(try score(["--value", "bg-nbd"], over: []).status == 0)
    // Four alike: no parameter is settled.
    let alike = try score(
      ["--value", "bg-nbd"],
      over: (1...4).flatMap {
        [order("u\($0)", "2026-03-01", "5"), order("u\($0)", "2026-03-05", "5")]
      })
    let reason = alike.records("score.value").first?["reason"] as? String ?? ""
    #expect(reason.contains("no maximum"))
    #expect(!alike.text.contains(":nan") && !alike.text.contains(":inf"))
  }

  /// Two purchases of a day are one, what the first day brought is not in the mean, a refund lowers it.
  @Test("A day is a purchase")
  func days() throws {
    let events = [
      order("u1", "2026-03-01", "1000"), order("u1", "2026-03-11", "10"),
      order("u1", "2026-03-11", "20"), order("u1", "2026-03-21", "50"),
      event(
        "Order Refunded", "u1", "2026-03-25", #","properties":{"revenue":30,"currency":"EUR"}"#),
      order("u1", "2026-03-21", "5", "USD"), event("Page Viewed", "u2", "2026-03-31"),
    ]
    let record = try score(["--value", "bg-nbd"], over: events).records("score.value").first
    #expect(record?["repeatPurchases"] as? Int == 2)
    let spend = record?["spend"] as? [String: Any]
    #expect(spend?["customers"] as? Int == 1 && spend?["currency"] as? String == "EUR")
  }

  @Test("Each value of --by has models of its own", .enabled(if: cdnow != nil))
  func groups() throws {
    let events = try Self.cdnowEvents()
    let written = try score(
      ["--value", "bg-nbd", "--by", "userId < \"12000\" ? \"a\" : \"b\""], over: events)
    let records = written.records("score.value")
    #expect(records.count == 2)
    #expect(records.reduce(0) { $0 + ($1["customers"] as? Int ?? 0) } == 2357)
    let shapes = records.compactMap { Self.parameters($0)["r"]?["value"] }
    #expect(shapes.count == 2 && shapes[0] != shapes[1])
  }

  @Test(
    "Options that do not fit are refused",
    arguments: [
      ["--horizon", "30d"], ["--discount", "0.1"], ["--value", "nbd"],
      ["--value", "bg-nbd", "--horizon", "36h"], ["--value", "bg-nbd", "--discount", "1"],
      ["--value", "bg-nbd", "--discount", "x"], ["--value", "bg-nbd", "--horizon", "0d"],
    ])
  func usage(_ arguments: [String]) throws {
    let written = try score(arguments, over: [])
    #expect(written.status == 64 && written.text.isEmpty)
    #expect(written.errorText.contains("--"))
  }
}
