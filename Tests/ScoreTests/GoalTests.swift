import Foundation
import TestSupport
import Testing

/// What `--goal --fit` learns, from streams whose truth is known.
@Suite("Learning who will reach a goal") struct GoalTests {
  /// Persons of whom some come back: `Lesson` is a driver of `Bought`, `Scrolled` is frequent and tells
  /// nothing, `Read` is what all do.
  static func stream(persons: Int, seed: UInt64, isShuffled: Bool = false) -> [String] {
    var randomness = Randomness(seed: seed)
    var lines: [String] = []
    for person in 0..<persons {
      for period in 0..<4 {
        let start = 1_767_225_600 + period * 10 * 86_400
        let learns = randomness.happens(40)
        for day in 0..<10 {
          func add(_ name: String, _ chance: Int) {
            guard randomness.happens(chance) else { return }
            let time = start + day * 86_400 + randomness.number(0...80_000)
            lines.append(
              #"{"event":"\#(name)","userId":"u\#(person)","timestamp":\#(time),"channel":"web"}"#)
          }
          add("Read", 30)
          for number in 1...8 { add("Read \(number)", 4) }
          add("Scrolled", 60)
          if learns { add("Lesson", 40) }
        }
        let chance = isShuffled ? 25 : learns ? 60 : 8
        guard randomness.happens(chance) else { continue }
        let time = start + 10 * 86_400 + randomness.number(0...700_000)
        lines.append(#"{"event":"Bought","userId":"u\#(person)","timestamp":\#(time)}"#)
      }
    }
    return lines
  }

  static let options = [
    "--goal", #"event == "Bought""#, "--horizon", "10d", "--fit", "--as-of", "2026-02-09T23:59:59Z",
  ]

  static func features(_ model: [String: Any]) -> [String: [String: Any]] {
    let features = model["features"] as? [[String: Any]] ?? []
    return Dictionary(
      features.map { ($0["name"] as? String ?? "", $0) }, uniquingKeysWith: { one, _ in one })
  }

  static func number(_ value: Any?, _ name: String) -> Double {
    (value as? [String: Any])?[name] as? Double ?? .nan
  }

  @Test(
    "A planted driver weighs most, a frequent behaviour that tells nothing is named vanity",
    arguments: 1...3 as ClosedRange<UInt64>)
  func planted(_ seed: UInt64) throws {
    let written = try score(Self.options, over: Self.stream(persons: 500, seed: seed))
    #expect(written.status == 0 && written.records("score").isEmpty)
    let model = try #require(written.records("score.model").first)
    #expect(model["predicts"] as? Bool == true && model["reason"] is NSNull)
    #expect(model["converged"] as? Bool == true)
    #expect(Self.number(model["auc"], "low") > 0.7)
    #expect((model["brier"] as? Double ?? 1) < (model["baseBrier"] as? Double ?? 0))
    #expect(abs((model["calibrationSlope"] as? Double ?? 0) - 1) < 0.35)
    let features = Self.features(model)
    #expect(features["Scrolled"]?["vanity"] as? Bool == true)
    #expect(features["Lesson"]?["vanity"] as? Bool == false)
    let weights = features.mapValues { $0["weight"] as? Double ?? 0 }
    #expect(weights.max { $0.value < $1.value }?.key == "Lesson")
    #expect(Self.number(features["Lesson"]?["auc"], "low") > 0.6)
    // Two times to learn from, 10 days apart, and the one after them.
    #expect((model["learnedFrom"] as? [String])?.count == 2)
    #expect(model["judgedFrom"] as? String == "2026-01-31T00:00:00.000Z")
    let lift = model["liftByDecile"] as? [Double] ?? []
    #expect(lift.count == 10 && lift[0] > 1.5)
  }

  @Test("Of a goal that comes by chance the report says that the score predicts nothing")
  func chance() throws {
    let written = try score(
      Self.options, over: Self.stream(persons: 400, seed: 2, isShuffled: true))
    let model = try #require(written.records("score.model").first)
    #expect(model["predicts"] as? Bool == false)
    #expect(Self.number(model["auc"], "low") < 0.5 && Self.number(model["auc"], "high") > 0.5)
    #expect((model["note"] as? String ?? "").contains("predicts nothing"))
  }

  /// An event that comes with the goal tells it for sure, but only behind it.
  @Test("What happens after a time is not known at it")
  func leakage() throws {
    var lines = Self.stream(persons: 300, seed: 3, isShuffled: true)
    for line in lines where line.contains("Bought") {
      lines.append(line.replacingOccurrences(of: "Bought", with: "Thanked"))
    }
    let written = try score(Self.options, over: lines)
    let model = try #require(written.records("score.model").first)
    #expect(Self.number(model["auc"], "value") < 0.62)
    #expect(Self.number(Self.features(model)["Thanked"]?["auc"], "value") < 0.62)
  }

  @Test("Where nothing can be learned it is said why")
  func reasons() throws {
    func reason(_ lines: [String]) throws -> String {
      let written = try score(["--goal", #"event == "Bought""#, "--fit"], over: lines)
      let model = try #require(written.records("score.model").first)
      #expect(written.status == 0 && model["auc"] is NSNull)
      return model["reason"] as? String ?? ""
    }
    #expect(try reason([]).contains("too few"))
    #expect(try reason([event("Read", "u1", "2026-01-01")]).contains("too few"))
    #expect(
      try reason([event("Read", "u1", "2026-01-01"), event("Read", "u1", "2026-06-01")])
        .contains("nobody reached the goal"))
  }

  @Test("Any order of the lines gives the same model")
  func order() throws {
    let lines = Self.stream(persons: 60, seed: 4)
    let whole = try score(Self.options, over: lines)
    var randomness = Randomness(seed: 5)
    for _ in 0..<2 {
      #expect(try score(Self.options, over: lines.shuffled(using: &randomness)).text == whole.text)
    }
  }

  @Test(
    "Options that do not fit are refused",
    arguments: [
      ["--fit"], ["--goal", "true"], ["--goal", "true", "--fit", "--by", "channel"],
      ["--goal", "true", "--fit", "--top", "3"], ["--goal", "&&", "--fit"],
      ["--goal", "true", "--fit", "--value", "bg-nbd"],
    ])
  func usage(_ arguments: [String]) throws {
    let written = try score(arguments, over: [])
    #expect(written.status == 64 && written.text.isEmpty)
  }
}
