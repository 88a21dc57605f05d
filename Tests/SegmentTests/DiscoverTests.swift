import Foundation
import Statistics
import TestSupport
import Testing

/// Groups that were planted are found again, the same on every run.
@Suite struct DiscoverTests {
  private static func simulated(_ options: [String]) throws -> Data {
    try Programs.run(
      "simulate", ["--groups", "--bots", "0", "--broken", "0", "--duplicates", "0"] + options
    ).output
  }

  /// The planted group of each id.
  private static func planted(_ events: Data) throws -> [String: Int] {
    var groups: [String: Int] = [:]
    for line in events.split(separator: UInt8(ascii: "\n")) {
      let event = try #require(JSONSerialization.jsonObject(with: line) as? [String: Any])
      for key in ["userId", "anonymousId"] {
        if let id = event[key] as? String { groups[id] = event["plantedGroup"] as? Int }
      }
    }
    return groups
  }

  @Test("planted groups are found and told", arguments: [1, 2])
  func planted(seed: Int) throws {
    let events = try Self.simulated(["--persons", "500", "--visits", "25", "--seed", "\(seed)"])
    let truth = try Self.planted(events)
    let outcome = try Programs.run("segment", ["--discover", "4", "--persons"], input: events)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    var found: [Int] = []
    var expected: [Int] = []
    for record in outcome.records("segment.member") {
      let id = try #require((record["userId"] ?? record["anonymousId"]) as? String)
      found.append(try #require(record["group"] as? Int))
      expected.append(try #require(truth[id]))
    }
    #expect(found.count == 500)
    #expect(adjustedRandIndex(expected, found) >= 0.9)
    let groups = outcome.records("segment.group")
    #expect(groups.count == 4)
    #expect(groups.compactMap { $0["persons"] as? Int }.reduce(0, +) == 500)
    let told = groups.compactMap { $0["description"] as? String }
    for words in [
      "much by mobile", "much of carts and orders", "much on weekends", "much in the evening",
    ] {
      #expect(told.contains { $0.contains(words) }, "\(words): \(told)")
    }
  }

  @Test("the order of arrival and the number of threads change nothing")
  func order() throws {
    let events = try Self.simulated(["--persons", "120", "--visits", "6"])
    let options = ["--discover", "3", "--persons"]
    let whole = try Programs.run("segment", options, input: events).text
    #expect(whole.contains("segment.member"))
    var random = Randomness(seed: 3)
    var lines = events.split(separator: UInt8(ascii: "\n")).map { Data($0 + [UInt8(ascii: "\n")]) }
    for _ in 0..<2 {
      lines.shuffle(using: &random)
      let shuffled = lines.reduce(into: Data()) { $0.append($1) }
      #expect(try Programs.run("segment", options, input: shuffled).text == whole)
    }
  }

  @Test("nobody, few and equal persons")
  func edges() throws {
    let none = try Programs.run("segment", ["--discover", "3"], text: "")
    #expect(none.status == 0 && none.records("segment.group").isEmpty)
    let passive = BuiltInTests.line("Email Delivered", "u", "01-01T00:00:00")
    #expect(
      try Programs.run("segment", ["--discover", "3"], text: passive).records("segment.group")
        .isEmpty)
    let equal = (0..<5).map { BuiltInTests.line("Page Viewed", "u\($0)", "01-01T00:00:00") }
    let groups = try Programs.run("segment", ["--discover", "3"], text: equal.joined())
      .records("segment.group")
    #expect(groups.count == 1)
    #expect(groups[0]["description"] as? String == "like all persons together")
  }
}
