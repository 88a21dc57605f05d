import Foundation
import TestSupport
import Testing

/// Segments that need no rules, by hand.
@Suite struct BuiltInTests {
  static func line(
    _ name: String, _ user: String, _ time: String, _ more: String = ""
  ) -> String {
    SegmentTests.line(name, "\"userId\":\"\(user)\"", time, more)
  }

  static func order(_ user: String, _ day: String, _ amount: Double, _ currency: String = "EUR")
    -> String
  {
    line(
      "Order Completed", user, "\(day)T12:00:00",
      ",\"properties\":{\"revenue\":\(amount),\"currency\":\"\(currency)\"}")
  }

  /// The `segments` of each event that was written.
  static func segments(_ options: [String], _ input: String) throws -> [String] {
    let outcome = try Programs.run("segment", options, text: input)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return outcome.lines.compactMap { line in
      line.range(of: "\"segments\":").map { String(line[$0.upperBound...].dropLast()) }
    }
  }

  /// The persons of each segment at the end that has any.
  static func populations(_ options: [String], _ input: String) throws -> [String: Int] {
    let outcome = try Programs.run("segment", options + ["--populations"], text: input)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    var persons: [String: Int] = [:]
    for record in outcome.records("segment.population") {
      guard let name = record["segment"] as? String, let count = record["persons"] as? Int,
        count > 0
      else { continue }
      persons[name] = count
    }
    return persons
  }

  @Test("lifecycle: new, returning, resurrected, dormant")
  func lifecycle() throws {
    let input =
      Self.line("Page Viewed", "u", "01-01T10:00:00")
      + Self.line("Page Viewed", "u", "01-01T23:59:59")
      + Self.line("Page Viewed", "u", "01-02T00:00:00")
      + Self.line("Email Delivered", "u", "01-03T08:00:00")
      + Self.line("Page Viewed", "u", "01-05T00:00:00")
    #expect(
      try Self.segments(["--builtin", "lifecycle"], input) == [
        #"["lifecycle:new"]"#, #"["lifecycle:new"]"#, #"["lifecycle:returning"]"#,
        #"["lifecycle:dormant"]"#, #"["lifecycle:resurrected"]"#,
      ])
    // In weeks from Monday on all but the last, a Monday, are in one.
    #expect(
      try Self.segments(["--builtin", "lifecycle", "--period", "week"], input).last
        == #"["lifecycle:returning"]"#)
    // In Auckland it was the 2nd at 11:00 UTC of the 1st.
    #expect(
      try Self.segments(["--builtin", "lifecycle", "--time-zone", "Pacific/Auckland"], input)
        == [
          #"["lifecycle:new"]"#, #"["lifecycle:returning"]"#, #"["lifecycle:returning"]"#,
          #"["lifecycle:dormant"]"#, #"["lifecycle:resurrected"]"#,
        ])
  }

  /// PostHog: new is by person creation, so who is created in one interval and first active in the
  /// next is resurrected.
  @Test func createdBeforeActive() throws {
    let input =
      Self.line("Identified", "u", "01-01T10:00:00")
      + Self.line("Page Viewed", "u", "01-02T10:00:00")
      + Self.line("Page Viewed", "u", "01-03T10:00:00")
    #expect(
      try Self.segments(["--builtin", "lifecycle"], input) == [
        "[]", #"["lifecycle:resurrected"]"#, #"["lifecycle:returning"]"#,
      ])
  }

  @Test("a person leaves a stage when the period ends, without an event")
  func lifecycleByTime() throws {
    let input =
      Self.line("Page Viewed", "u", "03-28T10:00:00")
      + Self.line("Page Viewed", "v", "03-31T10:00:00")
    let outcome = try Programs.run(
      "segment", ["--builtin", "lifecycle", "--changes", "--time-zone", "Europe/Berlin"],
      text: input)
    let changes = outcome.lines.filter { $0.contains("\"record\"") && $0.contains("\"u\"") }
    // The clocks go forward in the night of the 29th.
    #expect(
      changes == [
        #"{"record":"segment.entered","segment":"lifecycle:new","userId":"u","timestamp":"2026-03-28T10:00:00.000Z"}"#,
        #"{"record":"segment.left","segment":"lifecycle:new","userId":"u","timestamp":"2026-03-28T23:00:00.000Z"}"#,
        #"{"record":"segment.entered","segment":"lifecycle:dormant","userId":"u","timestamp":"2026-03-28T23:00:00.000Z"}"#,
      ])
  }

  @Test("channel: where most interactions are; a delivery is none")
  func channel() throws {
    func event(_ name: String, _ channel: String, _ second: Int) -> String {
      Self.line(name, "u", "01-01T00:00:0\(second)", ",\"channel\":\"\(channel)\"")
    }
    let input =
      event("Email Delivered", "email", 0) + event("Email Delivered", "email", 1)
      + event("Page Viewed", "web", 2) + event("Email Opened", "email", 3)
      + event("Email Opened", "email", 4) + event("Fax Sent", "fax", 5)
    #expect(
      try Self.segments(["--builtin", "channel"], input) == [
        "[]", "[]", #"["channel:web"]"#, #"["channel:web"]"#, #"["channel:email"]"#,
        #"["channel:email"]"#,
      ])
  }

  @Test(
    "device: from the user agent or what the tracker says",
    arguments: [
      (
        #""userAgent":"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1""#,
        "mobile"
      ),
      (
        #""userAgent":"Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 Chrome/124.0 Safari/537.36""#,
        "tablet"
      ),
      (
        #""userAgent":"Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/124.0 Mobile Safari/537.36""#,
        "mobile"
      ),
      (#""userAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/126.0""#, "desktop"),
      (#""userAgent":"Shop/3.2.0 (Linux; Android 14; Pixel 8)""#, "mobile"),
      (#""userAgent":"Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0)""#, "tv"),
      (#""device":{"type":"Tablet"},"userAgent":"curl/8""#, "tablet"),
      (#""device":{"type":"fridge"},"userAgent":"Shop/1 (iPhone; iOS 17)""#, "mobile"),
      (#""userAgent":"curl/8""#, nil), (#""userAgent":7"#, nil),
    ])
  func device(context: String, device: String?) throws {
    let input = Self.line("Page Viewed", "u", "01-01T00:00:00", ",\"context\":{\(context)}")
    #expect(
      try Self.segments(["--builtin", "device"], input)
        == [device.map { "[\"device:\($0)\"]" } ?? "[]"])
  }

  /// Five buyers whose fifths are plain.
  static let buyers =
    order("a", "01-01", 10) + order("b", "01-02", 20) + order("b", "01-03", 1)
    + (1...3).map { order("c", "01-0\($0 + 3)", 12) }.joined()
    + (1...4).map { order("d", "01-0\($0 + 4)", 15) }.joined()
    + (1...5).map { order("e", "01-0\($0 + 4)", 100) }.joined()
    + line("Page Viewed", "f", "01-09T13:00:00")

  @Test("rfm and value in a report: exact fifths among all buyers")
  func exactFifths() throws {
    // a 111, b 222, c 333, d 444, e 555; f bought nothing.
    #expect(
      try Self.populations(["--builtin", "rfm,value"], Self.buyers) == [
        "rfm:hibernating": 2, "rfm:about-to-sleep": 1, "rfm:loyal": 1, "rfm:champions": 1,
        "value:none": 1, "value:low": 1, "value:medium": 3, "value:high": 1,
      ])
  }

  @Test("rfm by cuts of one's own: as events pass and in the report")
  func cuts() throws {
    let options = [
      "--builtin", "rfm,value", "--recency-cuts", "2,7,30,90", "--frequency-cuts", "2,3,4,5",
      "--monetary-cuts", "20,30,60,500", "--value-cuts", "30,500",
    ]
    let input = Self.order("e", "01-01", 600) + Self.line("Page Viewed", "e", "01-20T12:00:00")
    #expect(
      try Self.segments(options, input) == [
        #"["rfm:potential-loyalist","value:high"]"#, #"["rfm:about-to-sleep","value:high"]"#,
      ])
    let outcome = try Programs.run("segment", options + ["--changes"], text: input)
    // 5 1 5 for two days, 4 1 5 for a week, then 3 1 5: recency 3 from the 9th on.
    #expect(
      outcome.lines.contains(
        #"{"record":"segment.left","segment":"rfm:potential-loyalist","userId":"e","timestamp":"2026-01-09T00:00:00.000Z"}"#
      ))
    #expect(
      try Self.populations(options, input) == ["rfm:about-to-sleep": 1, "value:high": 1])
  }

  @Test("money of two currencies is never added, and refunds are taken off")
  func currencies() throws {
    let input =
      Self.order("a", "01-01", 100) + Self.order("a", "01-02", 1000, "USD")
      + Self.order("a", "01-03", 50) + Self.order("b", "01-03", 120)
      + Self.line(
        "Order Refunded", "b", "01-04T00:00:00",
        #","properties":{"revenue":30,"currency":"EUR"}"#)
    let options = ["--builtin", "value", "--value-cuts", "100,200"]
    #expect(try Self.populations(options, input) == ["value:medium": 1, "value:low": 1])
    #expect(
      try Self.populations(options + ["--currency", "USD"], input) == [
        "value:none": 1, "value:high": 1,
      ])
    let outcome = try Programs.run("segment", options + ["--populations"], text: input)
    #expect(outcome.errorText.contains("money is in EUR; purchases left out: 1 in USD"))
    #expect(outcome.records("segment.population").allSatisfy { $0["currency"] as? String == "EUR" })
  }

  @Test(
    "what does not fit is refused",
    arguments: [
      (["--builtin", "lifecylce"], "did you mean 'lifecycle'?"),
      (["--builtin", "rfm,rfm"], "names 'rfm' twice"),
      ([], "segment needs --rules FILE, --builtin"),
      (["--builtin", "rfm", "--recency-cuts", "1,2,2,3"], "four rising whole numbers"),
      (["--builtin", "value", "--value-cuts", "5"], "two rising amounts"),
      (["--builtin", "channel", "--value-cuts", "5,6"], "--value-cuts is for --builtin rfm"),
      (["--builtin", "rfm", "--rfm-nested"], "it needs --populations"),
      (["--builtin", "lifecycle", "--time-zone", "Mars/Base"], "no time zone 'Mars/Base'"),
    ])
  func usage(options: [String], message: String) throws {
    let outcome = try Programs.run("segment", options)
    #expect(outcome.status == 64)
    #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
  }

  @Test("changes of rules and built-in segments replayed are the segments of each event, links too")
  func replay() throws {
    var random = Randomness(seed: 17)
    var input = ""
    for step in 0..<1500 {
      let person = Int(random.next() % 30)
      let ids = [
        "\"anonymousId\":\"a\(person)\"", "\"userId\":\"u\(person)\"",
        "\"userId\":\"u\(person)\",\"anonymousId\":\"a\(Int(random.next() % 30))\"",
      ]
      let name = ["Page Viewed", "Order Completed", "Email Delivered", "Order Refunded"][
        Int(random.next() % 4)]
      let late = random.next() % 10 == 0 ? Double(random.next() % 400_000) : 0
      let moment = Date(timeIntervalSince1970: 1_767_225_600 + Double(step * 4000) - late)
      input +=
        "{\"event\":\"\(name)\",\(ids[random.next() % 15 == 0 ? 2 : Int(random.next() % 2)]),"
        + "\"timestamp\":\"\(moment.formatted(.iso8601))\",\"n\":\(step),"
        + "\"channel\":\"\(["web", "email", "shop"][Int(random.next() % 3)])\","
        + "\"properties\":{\"revenue\":\(random.next() % 90)}}\n"
    }
    let rules = [("often", "count(event == \"Page Viewed\", \"10d\") >= 3")]
    let options = ["--builtin", "lifecycle,rfm,value,channel", "--changes"]
    let outcome = try SegmentTests.run(rules, options, input)
    #expect(outcome.status == 0)
    var members: [String: Set<String>] = [:]
    var links: [String: String] = [:]
    func root(_ id: String) -> String { links[id].map(root) ?? id }
    var segmentsOf: [String: Set<String>] = [:]
    var eventCount = 0
    for line in outcome.lines {
      let record = try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let user = (record["userId"] as? String).map { "u:" + $0 }
      let anonymous = (record["anonymousId"] as? String).map { "a:" + $0 }
      guard let segment = record["segment"] as? String else {
        if let user, let anonymous, root(user) != root(anonymous) {
          links[root(anonymous)] = root(user)
        }
        // All names of the person together hold exactly the segments of the event.
        let person = root(try #require(user ?? anonymous))
        var held: Set<String> = []
        for (name, segments) in segmentsOf where root(name) == person { held.formUnion(segments) }
        #expect(held == Set(try #require(record["segments"] as? [String])), "\(line)")
        eventCount += 1
        continue
      }
      let person = try #require(user ?? anonymous)
      if record["record"] as? String == "segment.entered" {
        #expect(members[segment, default: []].insert(person).inserted, "\(line)")
        segmentsOf[person, default: []].insert(segment)
      } else {
        #expect(members[segment, default: []].remove(person) != nil, "\(line)")
        segmentsOf[person, default: []].remove(segment)
      }
    }
    #expect(eventCount == 1500)
  }

  @Test("purchases without an amount that can be read are told")
  func unpriced() throws {
    let input = ["\"x\"", "null", "5", "\"5.50\""].enumerated().map { number, revenue in
      SegmentTests.line(
        "Order Completed", "\"userId\":\"u\(number)\"", "01-01T00:00:00",
        ",\"properties\":{\"revenue\":\(revenue)}")
    }.joined()
    let outcome = try Programs.run(
      "segment", ["--builtin", "value", "--populations"], text: input)
    #expect(
      outcome.errorText.contains("without an amount that can be read, which count with 0: 2"),
      "\(outcome.errorText)")
  }

  @Test("who is only reached is not active for lifecycle, but for a rule")
  func passive() throws {
    let input = ["01-01", "01-02"].map { day in
      SegmentTests.line("Email Delivered", #""userId":"u""#, "\(day)T00:00:00")
    }.joined()
    let rule = [("reached", "count(true, \"30d\") > 0")]
    let outcome = try SegmentTests.run(rule, ["--builtin", "lifecycle"], input)
    #expect(outcome.lines.allSatisfy { $0.contains(#""segments":["reached"]"#) }, "\(outcome.text)")
  }
}
