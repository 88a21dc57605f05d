import TestSupport
import Testing

/// What sets converters apart, and what those who stopped did next, counted by hand.
@Suite("Drivers and drop-offs") struct BehaviourTests {
  private static func event(
    _ name: String, _ person: Int, _ second: Int, _ properties: String = "", segments: String = ""
  ) -> String {
    var line = FunnelCaseTests.line(name, "u\(person)", second)
    line.removeLast(2)
    return line + ",\"properties\":{\(properties)},\"segments\":[\(segments)]}\n"
  }

  private static func run(_ options: [String], _ lines: [String]) throws -> Outcome {
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B", "--window", "100s"] + options, text: lines.joined())
    #expect(outcome.status == 0)
    return outcome
  }

  /// 40 persons: 10 × (help, converted), 5 × (help, not), 10 × (none, converted), 15 × (none, not).
  private static let persons: [String] = (0..<40).flatMap { person -> [String] in
    let (helped, converts) = (person < 15, person < 10 || (15..<25).contains(person))
    let plan = person % 2 == 0 ? "pro" : "free"
    var lines = [event("A", person, 0, "\"plan\":\"\(plan)\",\"n\":1.0,\"deep\":{\"x\":1}")]
    if helped { lines.append(event("Help", person, 50)) }
    // None of these comes between the entry and the outcome.
    lines.append(event("Before", person, -1))
    lines.append(event("After", person, converts ? 60 : 101))
    if converts { lines.append(event("B", person, 60, "\"late\":true")) }
    return lines
  }
  private static let end = [event("Z", 99, 1000)]

  @Test("a table is of those whose outcome is known, by what came before it")
  func byHand() throws {
    let outcome = try Self.run(["--drivers", "5"], Self.persons + Self.end)
    let drivers = outcome.records("funnel.driver")
    #expect(outcome.errorText.isEmpty)
    #expect(
      drivers.map { $0["name"] as? String } == ["Help"])
    let help = drivers[0]
    let with = help["with"] as? [String: Any]
    let without = help["without"] as? [String: Any]
    #expect(with?["numerator"] as? Int == 10 && with?["denominator"] as? Int == 15)
    #expect(without?["numerator"] as? Int == 10 && without?["denominator"] as? Int == 25)
    #expect(help["kind"] as? String == "event" && help["value"] is String == false)
    // scipy.stats.fisher_exact([[10, 5], [10, 15]]); sm.stats.Table2x2(…).oddsratio_confint()
    func field(_ name: String) -> Double { help[name] as? Double ?? -1 }
    #expect(abs(field("oddsRatio") - 3) < 1e-12)
    #expect(abs(field("low") - 0.7863934744601314) < 1e-9)
    #expect(abs(field("high") - 11.444652444730176) < 1e-9)
    #expect(abs(field("p") - 0.19079257232761127) < 1e-9)
    #expect(abs(field("pHolm") - 3 * 0.19079257232761127) < 1e-9)
    #expect(help["tests"] as? Int == 3)
    #expect(help["skewed"] == nil)
  }

  @Test("a value is compared with the other values of its property, not with its absence")
  func properties() throws {
    // 60 persons stop before B; of 40 with a value, x converts 15 of 20, y 5 of 20.
    var lines: [String] = []
    for person in 0..<100 {
      lines.append(Self.event("A", person, 0))
      guard person < 40 else { continue }
      let isX = person % 2 == 0
      let value = isX ? "\"x\"" : "\"\\u0079\""
      lines.append(Self.event("S", person, 10, "\"v\":\(value)"))
      if person < (isX ? 30 : 10) { lines.append(Self.event("B", person, 20)) }
    }
    for options in [
      [], ["--drivers-of", "properties.v"], ["--drivers-of", "context,properties.v"],
    ] {
      let drivers = try Self.run(["--drivers", "9"] + options, lines + Self.end)
        .records("funnel.driver").filter { $0["kind"] as? String == "property" }
      #expect(drivers.map { $0["value"] as? String } == ["x", "y"])
      let ratios = drivers.map { $0["oddsRatio"] as? Double ?? 0 }
      #expect(abs(ratios[0] - 9) < 1e-12 && abs(ratios[1] * 9 - 1) < 1e-12)
      #expect((drivers[0]["with"] as? [String: Any])?["denominator"] as? Int == 20)
      #expect((drivers[0]["without"] as? [String: Any])?["denominator"] as? Int == 20)
    }
    #expect(
      try Self.run(["--drivers", "9", "--drivers-of", "properties.w"], lines + Self.end)
        .records("funnel.driver").allSatisfy { $0["kind"] as? String == "event" })
  }

  @Test("segments are drivers, however often a person was in one")
  func segments() throws {
    var lines: [String] = []
    for person in 0..<40 {
      let segment = person < 20 ? "\"vip\"" : ""
      lines.append(Self.event("A", person, 0, segments: segment))
      lines.append(Self.event("A", person, 0, segments: segment))
      if person % 4 == 0 || person < 10 { lines.append(Self.event("B", person, 9)) }
    }
    let drivers = try Self.run(["--drivers", "3"], lines + Self.end).records("funnel.driver")
    #expect(drivers.count == 1)
    #expect(drivers[0]["kind"] as? String == "segment" && drivers[0]["name"] as? String == "vip")
    #expect((drivers[0]["with"] as? [String: Any])?["numerator"] as? Int == 12)
    #expect((drivers[0]["without"] as? [String: Any])?["denominator"] as? Int == 20)
  }

  @Test("guards: nothing to compare, few persons, skewed outcomes, persons still open")
  func guards() throws {
    let entered = (0..<30).map { Self.event("A", $0, 0) }
    let seen = (0..<30).map { Self.event("Seen", $0, 1, "\"k\":\($0 % 2)") }
    let nobody = try Self.run(["--drivers", "5"], entered + seen + Self.end)
    #expect(nobody.records("funnel.driver").isEmpty)
    #expect(nobody.errorText.contains("no drivers: nobody whose outcome is known converted"))
    let all = try Self.run(
      ["--drivers", "5"], entered + seen + (0..<30).map { Self.event("B", $0, 9) } + Self.end)
    #expect(all.errorText.contains("no drivers: everybody"))
    // One of 30 converts: skewed.
    let one = try Self.run(
      ["--drivers", "5"], entered + seen + [Self.event("B", 0, 9)] + Self.end)
    #expect(one.errorText.contains("skewed"))
    #expect(one.records("funnel.driver").allSatisfy { $0["skewed"] as? Bool == true })
    // Of 2,000 persons 25 are enough, 24 are not.
    var many: [String] = []
    for person in 0..<2000 {
      many.append(Self.event("A", person, 0))
      if person % 3 == 0 { many.append(Self.event("B", person, 50)) }
      if person < 24 { many.append(Self.event("Few", person, 1)) }
      if person < 25 { many.append(Self.event("Enough", person, 1)) }
    }
    let supported = try Self.run(["--drivers", "5"], many + Self.end).records("funnel.driver")
    #expect(supported.map { $0["name"] as? String } == ["Enough"])
    // Whose window is open has no outcome.
    let open = (100..<150).flatMap { person in
      [Self.event("A", person, 950), Self.event("Help", person, 960)]
    }
    let drivers = try Self.run(["--drivers", "5"], Self.persons + open + Self.end)
      .records("funnel.driver")
    #expect((drivers[0]["with"] as? [String: Any])?["denominator"] as? Int == 15)
  }

  @Test("what those who stopped did next, and who left for good")
  func dropoff() throws {
    let lines = [
      Self.event("A", 1, 0), Self.event("X", 1, 0), Self.event("Y", 1, 5000),
      Self.event("A", 2, 0), Self.event("Y", 2, 10), Self.event("X", 2, 10),
      Self.event("A", 3, 0), Self.event("X", 4, -5), Self.event("A", 4, 0),
      Self.event("A", 5, 0), Self.event("W", 5, 3), Self.event("B", 6, 1),
      Self.event("A", 7, 4990), Self.event("X", 7, 4995), Self.event("A", 8, 0),
      Self.event("A", 8, 200), Self.event("A", 9, 0), Self.event("B", 9, 1),
    ]
    let records = try Self.run(["--dropoff", "2"], lines).records("funnel.dropoff")
    #expect(records.allSatisfy { $0["step"] as? Int == 1 && $0["name"] as? String == "A" })
    let next = records.map { $0["next"] as? String }
    // 3 and 4 are gone, 8 began again, 7 is still open; of two at one moment X is first by name.
    #expect(next == [nil, "A", "W", "(other)"])
    #expect(records[0]["left"] as? Bool == true)
    let shares = records.map { ($0["share"] as? [String: Any])?["numerator"] as? Int }
    #expect(shares == [2, 1, 1, 2])
    #expect((records[0]["share"] as? [String: Any])?["denominator"] as? Int == 6)
  }

  @Test("what cannot be answered is refused with the reason")
  func refusals() throws {
    for (options, reason) in [
      (["--drivers", "5", "--lateness", "1h"], "--lateness, which keeps no events"),
      (["--dropoff", "5", "--by", "event"], "leave --by out"),
      (["--drivers-of", "properties.x"], "--drivers compares, which is not given"),
      (["--drivers", "5", "--drivers-of", "a..b"], "takes paths"),
      (["--drivers", "0"], "whole number from 1 to 1000"),
      (["--interval", "sequential", "--lateness", "1h"], "--interval sequential"),
      (["--interval", "sequential", "--order", "any"], "--interval sequential needs"),
    ] {
      let outcome = try Programs.run("funnel", ["--steps", "A,B"] + options, text: "")
      #expect(outcome.status == 64 && outcome.errorText.contains(reason), "\(options)")
    }
  }

  @Test("sequential intervals are of matured entries, and wider than those for one look")
  func sequential() throws {
    var lines: [String] = []
    for person in 0..<300 {
      lines.append(Self.event("A", person, person * 10))
      if person % 3 == 0 { lines.append(Self.event("B", person, person * 10 + 5)) }
    }
    func rate(_ options: [String]) throws -> [String: Double] {
      let step = try Self.run(options, lines).records("funnel.step")[1]
      let rate = step["overall"] as? [String: Any] ?? [:]
      return rate.compactMapValues { $0 as? Double }
    }
    let plain = try rate([])
    let matured = try rate(["--matured"])
    let sequential = try rate(["--interval", "sequential"])
    // Entered by the moment 2,990 − 100 s, the last of the window not included.
    #expect(plain["denominator"] == 300 && sequential["denominator"] == 289)
    for name in ["numerator", "denominator", "value"] {
      #expect(sequential[name] == matured[name])
    }
    #expect((sequential["low"] ?? 1) < (matured["low"] ?? 0))
    #expect((sequential["high"] ?? 0) > (matured["high"] ?? 1))
  }

  @Test("the cause that simulate plants before the payment is found, as strong as it is")
  func planted() throws {
    let steps = "Product Viewed,Product Added,Checkout Started,Payment Info Entered"
    let outcome = try Programs.shell(
      "simulate --persons 12000 --seed 3 --shipping-odds 0.3 | funnel --steps '\(steps)' --drivers 9"
    )
    #expect(outcome.status == 0)
    let drivers = outcome.records("funnel.driver")
    let cause = try #require(drivers.first { $0["value"] as? Double == 4.9 })
    #expect(drivers.first { $0["kind"] as? String == "property" }?["value"] as? Double == 0)
    #expect(cause["name"] as? String == "properties.shipping")
    #expect((cause["pHolm"] as? Double ?? 1) < 1e-6)
    let (low, high) = (cause["low"] as? Double ?? 1, cause["high"] as? Double ?? 0)
    #expect(low < 0.3 && high > 0.3)
    // Without a planted one there is none.
    let none = try Programs.shell(
      "simulate --persons 12000 --seed 3 --shipping-odds 1 | funnel --steps '\(steps)' --drivers 9")
    let shipping = none.records("funnel.driver").filter {
      $0["name"] as? String == "properties.shipping"
    }
    #expect(shipping.allSatisfy { ($0["pHolm"] as? Double ?? 0) > 0.05 })
  }
}
