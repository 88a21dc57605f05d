import Foundation
import TestSupport
import Testing

/// The funnels that others have computed: on the ClickHouse engine, and in PostHog's own tests.
@Suite struct FunnelCaseTests {
  /// An event of a person at a second of 2026.
  static func line(_ name: String, _ person: String, _ second: Int) -> String {
    let moment = Date(timeIntervalSince1970: Double(1_767_225_600 + second))
    let time = moment.formatted(.iso8601)
    return "{\"event\":\"\(name)\",\"userId\":\"\(person)\",\"timestamp\":\"\(time)\"}\n"
  }

  struct Vector: Decodable {
    struct Event: Decodable {
      let second: Int
      let steps: [Int]
    }
    struct Levels: Decodable {
      let clickhouse: [String: Int]
      let posthog: [String: Int]
      let mixpanel: [String: Int]
    }
    let name: String
    let windowSeconds: Int
    let steps: Int
    let events: [Event]
    let level: Levels
  }

  struct Vectors: Decodable { let vectors: [Vector] }

  /// The steps of a vector as conditions on a property that lists what the event matches.
  static func arguments(_ vector: Vector) -> [String] {
    var arguments = ["--persons", "--window", "\(vector.windowSeconds)s"]
    for step in 1...vector.steps {
      arguments += ["--step", "S\(step)=\(step) in properties.steps"]
    }
    return arguments
  }

  static func input(_ vector: Vector) -> String {
    vector.events.map { event in
      let moment = Date(timeIntervalSince1970: Double(1_767_225_600 + event.second))
      return "{\"event\":\"E\",\"userId\":\"u\",\"timestamp\":\"\(moment.formatted(.iso8601))\""
        + ",\"properties\":{\"steps\":\(event.steps)}}\n"
    }.joined()
  }

  static func level(_ vector: Vector, _ options: [String]) throws -> Int {
    let outcome = try Programs.run(
      "funnel", arguments(vector) + options, text: input(vector))
    #expect(outcome.status == 0)
    let person = outcome.records("funnel.person").first
    return person?["level"] as? Int ?? 0
  }

  @Test(
    "every golden vector gives ClickHouse's, PostHog's and Mixpanel's level",
    .enabled(if: Programs.hasShared("cases/funnel-vectors.json")))
  func vectors() throws {
    let data = try Programs.sharedData("cases/funnel-vectors.json")
    for vector in try JSONDecoder().decode(Vectors.self, from: data).vectors {
      for (mode, level) in vector.level.clickhouse {
        let options =
          ["--semantics", "clickhouse"] + (mode == "default" ? [] : ["--mode", mode])
        #expect(try Self.level(vector, options) == level, "\(vector.name) clickhouse \(mode)")
      }
      for (order, level) in vector.level.posthog {
        #expect(
          try Self.level(vector, ["--order", order]) == level, "\(vector.name) posthog \(order)")
      }
      for (name, level) in vector.level.mixpanel {
        let options =
          ["--semantics", "mixpanel"]
          + (name == "withGrace" ? [] : ["--tie-grace", "0s"])
        #expect(try Self.level(vector, options) == level, "\(vector.name) mixpanel \(name)")
      }
    }
  }

  struct Exclusions: Decodable {
    struct Cases: Decodable { let cases: [[Outcome]] }
    /// The events in words, or what becomes of the person.
    enum Outcome: Decodable {
      case text(String)
      case level(Int)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let level = try? container.decode(Int.self) {
          self = .level(level)
        } else {
          self = .text(try container.decode(String.self))
        }
      }
    }
    let exclusions: Cases
  }

  @Test(
    "PostHog's exclusions remove a person, or do not, as its algorithm says",
    .enabled(if: Programs.hasShared("cases/funnel-vectors.json")))
  func exclusions() throws {
    let data = try Programs.sharedData("cases/funnel-vectors.json")
    let cases = try JSONDecoder().decode(Exclusions.self, from: data).exclusions.cases
    #expect(cases.count == 4)
    for one in cases {
      guard case .text(let events) = one[0] else { continue }
      let passage = try Story(events).run(["--exclude", "X@1-2"], steps: "A,B")
      switch one[1] {
      case .text(let wanted): #expect(passage == wanted, "\(events)")
      case .level(let wanted): #expect(passage.hasPrefix("\(wanted):"), "\(events)")
      }
    }
  }

  struct PostHogCase: Decodable {
    struct Expected: Decodable {
      let counts: [Int]?
      let step1Count: Int?
      let step2AvgConversionS: Double?
      let step2MedianConversionS: Double?
      let avg: Averages?
      let median: [Double?]?
      let usersStep2: [String]?
      let usersStep3: [String]?
      let usersStep4: [String]?
      let secondsStep1ToStep2: [Double]?
      let bins: [[Double]]?
    }
    enum Averages: Decodable {
      case steps([Double?])
      case whole(Double)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let steps = try? container.decode([Double?].self) {
          self = .steps(steps)
        } else {
          self = .whole(try container.decode(Double.self))
        }
      }
    }
    struct Event: Decodable {
      let userId: String
      let event: String
      let timestamp: String
    }
    let name: String
    let mode: String
    let window: String?
    let steps: [String]?
    let events: [Event]
    let expected: Expected
  }

  @Test(
    "PostHog's own funnel cases give its counts and times",
    .enabled(if: Programs.hasShared("cases/posthog.json")))
  func posthog() throws {
    let windows = [
      "14 days": "14d", "7 days": "7d", "1 day": "1d", "5 minutes": "5m",
    ]
    let data = try Programs.sharedData("cases/posthog.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    var tried = 0
    for one in try decoder.decode([PostHogCase].self, from: data)
    where !one.name.hasPrefix("retention") {
      tried += 1
      let order =
        one.mode.hasPrefix("strict")
        ? "strict" : one.mode.hasPrefix("unordered") ? "any" : "sequential"
      let input = one.events.map { event in
        "{\"event\":\"\(event.event)\",\"userId\":\"\(event.userId)\""
          + ",\"timestamp\":\"\(event.timestamp)\"}\n"
      }.joined()
      let window = try #require(windows[one.window ?? ""])
      let outcome = try Programs.run(
        "funnel",
        [
          "--steps", try #require(one.steps).joined(separator: ","), "--window", window,
          "--persons", "--order", order, "--bins", one.name.contains("7_bins") ? "7" : "auto",
        ], text: input)
      #expect(outcome.status == 0, "\(one.name)")
      check(one, outcome)
    }
    #expect(tried == 10)
  }

  private func check(_ one: PostHogCase, _ outcome: Outcome) {
    let steps = outcome.records("funnel.step")
    let persons = outcome.records("funnel.person")
    func seconds(_ key: String) -> [Double?] { steps.map { $0[key] as? Double } }
    func users(_ level: Int) -> [String] {
      persons.filter { ($0["level"] as? Int ?? 0) >= level }.compactMap { $0["userId"] as? String }
    }
    let expected = one.expected
    let counts = steps.map { $0["persons"] as? Int }
    if let wanted = expected.counts { #expect(counts == wanted, "\(one.name)") }
    if let wanted = expected.step1Count { #expect(counts[0] == wanted, "\(one.name)") }
    if let wanted = expected.step2AvgConversionS {
      #expect(seconds("meanSeconds")[1] == wanted, "\(one.name)")
    }
    if let wanted = expected.step2MedianConversionS {
      #expect(seconds("medianSeconds")[1] == wanted, "\(one.name)")
    }
    if case .steps(let wanted) = expected.avg {
      #expect(seconds("meanSeconds") == wanted, "\(one.name)")
    }
    if case .whole(let wanted) = expected.avg {
      #expect(seconds("meanSeconds")[1] == wanted, "\(one.name)")
    }
    if let wanted = expected.median { #expect(seconds("medianSeconds") == wanted, "\(one.name)") }
    if let wanted = expected.usersStep2 { #expect(users(2) == wanted, "\(one.name)") }
    if let wanted = expected.usersStep3 { #expect(users(3) == wanted, "\(one.name)") }
    if let wanted = expected.usersStep4 { #expect(users(4) == wanted, "\(one.name)") }
    if let wanted = expected.bins {
      let bins = outcome.records("funnel.bin").filter {
        $0["fromStep"] as? Int == 1 && $0["toStep"] as? Int == 2
      }
      let found = bins.map { [$0["fromSeconds"] as? Double, $0["persons"] as? Double] }
      #expect(found == wanted.map { $0.map(Optional.some) }, "\(one.name)")
    }
    if let wanted = expected.secondsStep1ToStep2 {
      let times = persons.map { $0["times"] as? [String] ?? [] }.filter { $0.count > 1 }
      let found = times.compactMap { times -> Double? in
        let moments = times.prefix(2).compactMap {
          try? Date($0, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        return moments.count == 2 ? moments[1].timeIntervalSince(moments[0]) : nil
      }
      #expect(found.sorted() == wanted, "\(one.name)")
    }
  }
}
