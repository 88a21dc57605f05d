import Foundation
import TestSupport
import Testing

/// What `--model` tells of persons by what `--goal --fit` wrote.
@Suite("Telling a goal by a model") final class ModelTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "footfall-model-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A file with a text.
  private func file(_ text: String, _ name: String = "model.json") throws -> String {
    let file = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// What `--fit` writes over lines, as a file.
  private func model(
    _ options: [String] = GoalTests.options, over lines: [String]
  ) throws -> (path: String, record: [String: Any], text: String) {
    let written = try score(options, over: lines)
    let record = try #require(written.records("score.model").first)
    #expect(record["reason"] is NSNull)
    return (try file(written.text), record, written.text)
  }

  /// The share of pairs of a person with the outcome and one without in which the former has more.
  private static func area(_ cases: [(score: Double, outcome: Bool)]) -> Double {
    let (hits, misses) = (cases.filter(\.outcome), cases.filter { !$0.outcome })
    var wins = 0.0
    for hit in hits {
      for miss in misses {
        wins += hit.score > miss.score ? 1 : hit.score == miss.score ? 0.5 : 0
      }
    }
    return wins / Double(hits.count * misses.count)
  }

  /// As of the day before the judgement the chances are those that were judged: with what came later in
  /// the stream, and without.
  @Test("Chances are those that the model was judged by, whatever comes later")
  func judged() throws {
    let lines = GoalTests.stream(persons: 300, seed: 6)
    let model = try model(over: lines)
    #expect(model.record["judgedFrom"] as? String == "2026-01-31T00:00:00.000Z")
    let options = ["--model", model.path, "--as-of", "2026-01-30T23:59:59.999Z"]
    let told = try score(options, over: lines)
    #expect(told.status == 0)
    let limit = 1_767_225_600 + 30 * 86_400
    func time(_ line: String) -> Int {
      Int(line.split(separator: "\"timestamp\":").last?.prefix(10) ?? "") ?? 0
    }
    let before = try score(options, over: lines.filter { time($0) < limit })
    #expect(before.records("score").count == told.records("score").count)
    #expect(before.lines.dropFirst() == told.lines.dropFirst())
    let buyers = Set(
      lines.filter {
        $0.contains("Bought") && (limit..<limit + 10 * 86_400).contains(time($0))
      }
      .compactMap { $0.split(separator: "\"").first { $0.hasPrefix("u") && $0 != "userId" } })
    let cases = told.records("score").map { record in
      (
        score: record["goalChance"] as? Double ?? .nan,
        outcome: buyers.contains(Substring(record["userId"] as? String ?? ""))
      )
    }
    #expect(cases.count == 300 && cases.allSatisfy { $0.score > 0 && $0.score < 1 })
    let auc = GoalTests.number(model.record["auc"], "value")
    #expect(auc > 0.7 && abs(Self.area(cases) - auc) < 1e-12)
    let brier =
      cases.reduce(0.0) { $0 + pow($1.score - ($1.outcome ? 1 : 0), 2) } / Double(cases.count)
    #expect(abs(brier - (model.record["brier"] as? Double ?? 0)) < 1e-12)
  }

  @Test("Engagement goes with the chance, and drivers say why in words")
  func engagement() throws {
    let lines = GoalTests.stream(persons: 300, seed: 7)
    let model = try model(over: lines)
    let options = ["--model", model.path, "--as-of", "2026-01-30T23:59:59Z"]
    let told = try score(options, over: lines)
    let weights = try #require(told.records("score.weights").first)
    #expect(weights["tiedToGoal"] as? Bool == true && weights["predicts"] as? Bool == true)
    #expect(weights["goal"] as? String == #"event == "Bought""#)
    let persons = told.records("score").sorted {
      ($0["goalChance"] as? Double ?? 0) < ($1["goalChance"] as? Double ?? 0)
    }
    let engagements = persons.compactMap { $0["engagement"] as? Double }
    #expect(engagements == engagements.sorted() && engagements.count == 300)
    #expect(engagements[0] < 15 && engagements[299] > 85)
    let drivers = try #require(persons.last?["goalDrivers"] as? [String: [String]])
    let said = drivers["raises"] ?? []
    #expect(said.contains { $0.wholeMatch(of: /Lesson \d+ times? in 10 days/) != nil })
    #expect(drivers.values.joined().allSatisfy { !$0.contains("Scrolled") })
    let least = try #require(persons.first?["goalDrivers"] as? [String: [String]])
    #expect(least["lowers"]?.contains("no Lesson in 10 days") == true)
    let top = try score(options + ["--top", "5"], over: lines).records("score")
    #expect(
      Set(top.compactMap { $0["engagement"] as? Double }).min() ?? 0 >= engagements[290])
    #expect(top.count == 5)
  }

  @Test("Of who did nothing there is no chance, and that is said")
  func nothing() throws {
    let model = try model(over: GoalTests.stream(persons: 100, seed: 8))
    let told = try score(
      ["--model", model.path], over: [event("Email Delivered", "u1", "2026-01-01")])
    let person = try #require(told.person("u1"))
    #expect(person["goalChance"] is NSNull && person["goalDrivers"] is NSNull)
    #expect(person["goalReason"] as? String == "no interaction")
    #expect(person["engagement"] as? Double == 0)
  }

  @Test("Any order of the lines gives the same chances")
  func order() throws {
    let lines = GoalTests.stream(persons: 60, seed: 9)
    let model = try model(over: lines)
    let whole = try score(["--model", model.path, "--value", "bg-nbd"], over: lines)
    #expect(whole.status == 0)
    var randomness = Randomness(seed: 5)
    for _ in 0..<2 {
      let other = try score(
        ["--model", model.path, "--value", "bg-nbd"], over: lines.shuffled(using: &randomness))
      #expect(other.text == whole.text)
    }
  }

  @Test("A model that was learned with other options is refused, and what differs is said")
  func otherOptions() throws {
    let lines = GoalTests.stream(persons: 100, seed: 10)
    let model = try model(
      GoalTests.options + ["--passive", "Scrolled", "--where", #"channel != "ads""#], over: lines)
    func refusal(_ options: [String]) throws -> String {
      let told = try score(["--model", model.path] + options, over: lines)
      #expect(told.status == 64 && told.text.isEmpty)
      return told.errorText
    }
    let plain = try refusal([])
    #expect(plain.contains("with --passive Scrolled, with --where channel != \"ads\""))
    let same = ["--passive", "Scrolled", "--where", #"channel != "ads""#]
    #expect(try refusal(same + ["--no-link"]).contains("without --no-link"))
    #expect(try refusal(same + ["--purchase", "Sold"]).contains("--purchase Order Completed"))
    #expect(try refusal(same + ["--currency", "USD"]).contains("money in no named currency"))
    #expect(try score(["--model", model.path] + same, over: lines).status == 0)
    #expect(try refusal(same + ["--goal", "true"]).contains("takes no --goal"))
    #expect(try refusal(same + ["--horizon", "3d"]).contains("--horizon"))
  }

  @Test("What is wrong in a model file is told with its place")
  func malformed() throws {
    let lines = GoalTests.stream(persons: 60, seed: 11)
    let text = try model(over: lines).text
    func refusal(_ text: String) throws -> String {
      let told = try score(["--model", try file(text, "other.json")], over: lines)
      #expect(told.status == 64 && told.text.isEmpty)
      return told.errorText
    }
    func changed(_ old: String, _ new: String) throws -> String {
      #expect(text.contains(old), "\(old)")
      return try refusal(text.replacingOccurrences(of: old, with: new))
    }
    #expect(try refusal("").contains("other.json:1:1: "))
    #expect(try refusal(String(text.dropLast(20))).contains("other.json:2:"))
    #expect(try refusal(text.split(separator: "\n")[0] + "\n").contains("no model stands in it"))
    #expect(try refusal(text + text).contains("2 models stand in it"))
    #expect(try changed(#""version":1"#, #""version":7"#).contains("models of version 1"))
    #expect(try changed(#""intercept""#, #""interzept""#).contains("no \"intercept\""))
    #expect(try changed(#""horizonDays":10"#, #""horizonDays":1.5"#).contains("other.json:2:"))
    #expect(try changed(#""name":"recency""#, #""name":"recent""#).contains("in this order"))
    #expect(try changed(#""name":"Lesson""#, #""name":"Read""#).contains("stands here twice"))
    #expect(try changed(#""deviation":"#, #""deviation":-"#).contains("not negative"))
    #expect(try changed(#""chancePercentiles":[0."#, #""chancePercentiles":[9."#).contains("101"))
    let none = try score(["--goal", "false", "--fit"], over: lines).text
    #expect(try refusal(none).contains("no model was found"))
    #expect(try score(["--model", "/nowhere.json"], over: []).status == 66)
    #expect(try score(["--model", "-"], over: []).status == 64)
  }

  /// Laid out by jq, with a feature that a person has changed: it is what is written that counts.
  @Test("A model may be laid out and changed by hand")
  func laidOut() throws {
    let lines = GoalTests.stream(persons: 60, seed: 12)
    let model = try model(over: lines)
    let data = try JSONSerialization.data(
      withJSONObject: model.record, options: [.prettyPrinted, .withoutEscapingSlashes])
    let path = try file(String(decoding: data, as: UTF8.self), "pretty.json")
    let (one, other) = (
      try score(["--model", model.path], over: lines), try score(["--model", path], over: lines)
    )
    #expect(one.status == 0 && one.text == other.text)
  }
}

/// What persons did is told by features that are right by hand.
@Suite("Features of a goal") struct GoalFeatureTests {
  private static func feature(_ lines: [String], _ name: String) throws -> [String: Any] {
    let written = try score(
      [
        "--goal", #"event == "Goal""#, "--fit", "--horizon", "5d", "--as-of",
        "2026-01-20T23:00:00Z",
      ],
      over: lines + [
        // Somebody reaches the goal in each period, somebody does not.
        event("Goal", "g", "2026-01-08"), event("Goal", "g", "2026-01-13"),
        event("Goal", "g", "2026-01-18"), event("Read", "h", "2026-01-01"),
        event("Read", "g", "2026-01-01"),
      ])
    let model = try #require(written.records("score.model").first)
    #expect(model["judgedFrom"] as? String == "2026-01-16T00:00:00.000Z")
    return try #require(GoalTests.features(model)[name])
  }

  private static func read(_ user: String, _ time: String) -> String {
    #"{"event":"Read","userId":"\#(user)","timestamp":"2026-01-\#(time):00Z"}"#
  }

  /// Origins are the 6th and the 11th.
  ///
  /// Of the three persons `u` has sessions before the 6th: two on the 2nd, and one from the 3rd into the
  /// 4th.
  @Test("Sessions are half hours in a row, over midnight too")
  func sessions() throws {
    let lines = [
      "02T10:00", "02T10:29", "02T10:31", "02T11:05", "02T12:31", "03T23:45", "04T00:10",
    ].map { Self.read("u", $0) }
    // 10:00 to 11:05 are slots 20, 21, 22; 12:31 is 25; 23:45 and 00:10 go together: 3 sessions.
    // At the 6th: u 3, g 1, h 1; at the 11th: u 0, g 1 (the goal itself), h 0.
    let sessions = try Self.feature(lines.shuffled(), "sessions")
    #expect(abs((sessions["mean"] as? Double ?? 0) - 6.0 / 6) < 1e-12)
  }

  @Test("Money is that of the window, less what went back, in one currency")
  func money() throws {
    let lines = [
      order("u", "2026-01-02", "10.5"), order("u", "2026-01-04", "9.5"),
      order("u", "2026-01-04", "1000", "USD"),
      event(
        "Order Refunded", "u", "2026-01-05", #","properties":{"revenue":5,"currency":"EUR"}"#),
      order("h", "2026-01-16", "500"), order("h", "2026-01-03", "2"),
    ]
    // At the 6th: u ln 16, h ln 3, g 0; at the 11th nothing.
    let money = try Self.feature(lines.shuffled(), "money")
    #expect(abs((money["mean"] as? Double ?? 0) - (log(16) + log(3)) / 6) < 1e-12)
    #expect(money["kind"] as? String == "activity")
  }

  @Test("An event counts in one feature only: breadth is that of the rest")
  func breadth() throws {
    let others = (0..<40).map { event("Other \($0 + 10)", "u", "2026-01-03") }
    // Of "Goal", "Read" and 40 others 30 are features; "Goal" and "Read" have most persons.
    let breadth = try Self.feature(others, "otherEvents")
    // At the 6th u has 40 others, of which 28 are features by themselves.
    #expect(abs((breadth["mean"] as? Double ?? 0) - 12.0 / 6) < 1e-12)
    #expect(try Self.feature([], "otherEvents")["weight"] is NSNull)
  }
}
