import Foundation
import TestSupport
import Testing

/// Churn by contracts.
@Suite("Churn by contracts") struct ContractTests {
  private static func starts(_ user: String, _ day: String) -> String {
    event("Subscription Started", user, "2026-01-\(day)")
  }

  private static func ends(_ user: String, _ day: String) -> String {
    event("Subscription Cancelled", user, "2026-01-\(day)")
  }

  /// Three that ended after 10, 20 and 20 days, two that run for 5 and 30.
  private static let lines = [
    starts("u1", "01"), ends("u1", "11"), starts("u2", "01"), ends("u2", "21"), starts("u3", "01"),
    starts("u4", "11"), ends("u4", "31"), starts("u5", "26"), event("Read", "u6", "2026-01-31"),
  ]

  private static let options = ["--contract", #"event == "Subscription Started""#, "--horizon"]

  @Test("Kaplan and Meier's estimate by hand")
  func byHand() throws {
    let written = try score(Self.options + ["10d"], over: Self.lines)
    #expect(written.status == 0)
    let record = try #require(written.records("score.contract").first)
    #expect(record["contracts"] as? Int == 5 && record["ended"] as? Int == 3)
    // At 10 days one of four that are watched ends: 0.75; at 20 two of three: 0.25.
    #expect(record["medianDays"] as? Int == 20 && record["medianReason"] is NSNull)
    let curve = try #require(record["curve"] as? [[String: Any]])
    #expect(curve.count == 1 && curve[0]["days"] as? Int == 30)
    #expect(curve[0]["running"] as? Double == 0.25)
    // u5 has run for 5 days: within 10 more a quarter ends, within 20 three quarters.
    let newest = try #require(written.person("u5"))
    #expect(newest["contractDays"] as? Int == 5 && newest["churnRisk"] as? Double == 0.25)
    let later = try score(Self.options + ["20d"], over: Self.lines)
    #expect(later.person("u5")?["churnRisk"] as? Double == 0.75)
    #expect(written.person("u3")?["contractDays"] as? Int == 30)
    #expect(written.person("u3")?["churnRisk"] is NSNull)
    #expect(written.person("u3")?["churnReason"] as? String == "no contract has run so long")
    #expect(written.person("u1")?["churnReason"] as? String == "the contract has ended")
    #expect(written.person("u6")?["churnReason"] as? String == "no contract")
    #expect(
      try score(Self.options + ["10d"], over: Self.lines.reversed()).text == written.text)
  }

  @Test("A begin while a contract runs renews it, and who comes back begins another one")
  func renewal() throws {
    let lines = [
      Self.starts("u", "01"), Self.starts("u", "05"), Self.ends("u", "11"), Self.ends("u", "12"),
      // Ends and begins on one day; begins and ends at once.
      Self.starts("u", "20"), Self.ends("u", "25"), Self.starts("u", "25"),
      Self.starts("v", "03"), Self.ends("v", "03"), event("Read", "w", "2026-01-31"),
    ]
    let written = try score(Self.options + ["1d"], over: lines.shuffled())
    let record = try #require(written.records("score.contract").first)
    // 10 and 5 days, 6 that run, 0.
    #expect(record["contracts"] as? Int == 4 && record["ended"] as? Int == 3)
    #expect(written.person("u")?["contractDays"] as? Int == 6)
    #expect(written.person("v")?["churnReason"] as? String == "the contract has ended")
  }

  @Test("Without contracts there is nothing to tell, and that is said; another end may be named")
  func nothing() throws {
    let none = try score(Self.options + ["10d"], over: [event("Read", "u", "2026-01-01")])
    let record = try #require(none.records("score.contract").first)
    #expect(record["medianDays"] is NSNull && record["contracts"] as? Int == 0)
    #expect(record["medianReason"] as? String == "there are no contracts")
    let other = try score(
      Self.options + ["10d", "--contract-end", #"event == "Left""#],
      over: Self.lines + [event("Left", "u3", "2026-01-29")])
    #expect(other.records("score.contract").first?["ended"] as? Int == 1)
    #expect(try score(["--contract-end", "true"], over: []).status == 64)
    #expect(try score(["--contract", "true", "--value", "bg-nbd"], over: []).status == 64)
  }
}

/// What the latest events say of persons.
@Suite("Profiles") struct ProfileTests {
  @Test("The latest event that says something counts, whatever the order of lines")
  func latest() throws {
    let lines = [
      event("Identified", "u1", "2026-03-01", #","traits":{"plan":"pro"}"#),
      event("Identified", "u1", "2026-02-01", #","traits":{"plan":"free","seats":3}"#),
      event("Read", "u1", "2026-03-02", #","traits":{"plan":null},"properties":{"balance":12.50}"#),
      event("Ticket Opened", "u1", "2026-02-03"), event("Email Delivered", "u2", "2026-03-03"),
    ]
    let options = [
      "--profile", "plan=traits.plan", "--profile", "seats=traits.seats",
      "--profile", #"balance=properties.balance"#,
    ]
    let written = try score(options, over: lines)
    #expect(written.status == 0)
    #expect(
      written.text.contains(
        #""profile":{"plan":"pro","seats":3,"balance":12.5,"openTickets":1,"#
          + #""lastInteraction":"2026-03-02T00:00:00.000Z"}"#), "\(written.text)")
    let other = try #require(written.person("u2")?["profile"] as? [String: Any])
    #expect(other.count == 5 && other.values.allSatisfy { $0 is NSNull })
    #expect(try score(options, over: lines.reversed()).text == written.text)
  }

  @Test(
    "Options that do not fit are refused",
    arguments: [
      ["--profile", "plan"], ["--profile", "=1"], ["--profile", "openTickets=1"],
      ["--profile", "a=1", "--profile", "a=2"], ["--profile", "a=&&"],
      ["--profile", #"a=count(true, "1d")"#],
    ])
  func usage(_ arguments: [String]) throws {
    let written = try score(arguments, over: [])
    #expect(written.status == 64 && written.text.isEmpty)
  }
}
