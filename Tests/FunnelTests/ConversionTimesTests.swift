import TestSupport
import Testing

/// How long conversions take, by hand and by the laws that hold between reports.
@Suite("Times to convert") struct ConversionTimesTests {
  /// Of six who enter two convert, u2 and u3 drop, u5 and u6 are still inside ten minutes.
  static let events = [
    ("u1", "A", 0), ("u1", "B", 10), ("u1", "C", 30), ("u2", "A", 60), ("u2", "B", 80),
    ("u3", "A", 120), ("u4", "A", 120), ("u4", "B", 160), ("u4", "C", 220), ("u5", "A", 3600),
    ("u5", "B", 3605), ("u6", "A", 3630), ("u7", "Z", 3660),
  ].map { FunnelCaseTests.line($1, $0, $2) }.joined()

  private static func run(_ options: [String], _ text: String = events) throws -> Outcome {
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B,C", "--window", "10m", "--times"] + options, text: text)
    #expect(outcome.status == 0)
    return outcome
  }

  private static func conversion(_ record: [String: Any]) -> Double? {
    (record["conversion"] as? [String: Any])?["value"] as? Double
  }

  @Test("persons still inside their window are censored, those who dropped stay to its end")
  func byHand() throws {
    let times = try Self.run([]).records("funnel.time")
    #expect(times.map { $0["fromStep"] as? Int } == [1, 2, 1])
    #expect(times.map { $0["toStep"] as? Int } == [2, 3, 3])
    #expect(times.map { $0["persons"] as? Int } == [6, 4, 6])
    #expect(times.map { $0["converted"] as? Int } == [4, 2, 2])
    #expect(times.map { $0["open"] as? Int } == [1, 1, 2])
    // Events at 5, 10, 20 and 40 s of 6, 5, 4 and then, u6 being watched for 30 s, 2 at risk.
    let first = try #require(Self.conversion(times[0]))
    #expect(abs(first - (1 - 5.0 / 6 * 4 / 5 * 3 / 4 * 1 / 2)) < 1e-12)
    // Events at 20 and 60 s of 4 and 2 at risk: u5 was watched for 55 s.
    let second = try #require(Self.conversion(times[1]))
    #expect(abs(second - (1 - 3.0 / 4 * 1 / 2)) < 1e-12)
    // Events at 30 and 100 s of 6 and 3 at risk.
    let whole = try #require(Self.conversion(times[2]))
    #expect(abs(whole - (1 - 5.0 / 6 * 2 / 3)) < 1e-12)
    #expect(times.map { $0["medianSeconds"] as? Double } == [20, 60, nil])
    #expect(times.map { $0["meanSeconds"] as? Double } == [18.75, 40, 65])
    #expect(times.map { $0["watchedSeconds"] as? Double } == [600, 600, 600])
  }

  @Test("a person who entered again is watched since then")
  func reentry() throws {
    let again = FunnelCaseTests.line("A", "u2", 3650)
    let times = try Self.run([], Self.events + again).records("funnel.time")
    #expect(times.map { $0["open"] as? Int } == [1, 2, 3])
    // u2 has not come to B again: of the way from B to C nothing is known of that try.
    let second = try #require(Self.conversion(times[1]))
    #expect(abs(second - (1 - 2.0 / 3 * 0 / 1)) < 1e-12)
    // At risk are 6, and after 10, 30 and 60 s of watching only u3 and u4.
    let whole = try #require(Self.conversion(times[2]))
    #expect(abs(whole - (1 - 4.0 / 5 * 1 / 2)) < 1e-12)
  }

  @Test("bins are PostHog's: whole seconds, equal width, one more for the longest")
  func bins() throws {
    let bins = try Self.run(["--bins", "2"]).records("funnel.bin")
    #expect(bins.map { $0["fromSeconds"] as? Double } == [5, 23, 41, 20, 40, 60, 30, 65, 100])
    #expect(bins.map { $0["persons"] as? Int } == [3, 1, 0, 1, 0, 1, 1, 0, 1])
    let shares = bins.map { Self.conversion($0) ?? -1 }
    #expect(abs(shares[0] - 0.5) < 1e-12)
    #expect(shares[3] == 0.25 && shares[5] == 0.625)
    // Four persons: the cube root of 4, rounded up, is 2; of one duration the width is a minute.
    let automatic = try Self.run(["--bins", "auto"]).records("funnel.bin")
    #expect(automatic.map { $0["persons"] as? Int } == bins.map { $0["persons"] as? Int })
    let one = try Self.run(["--bins", "3"], String(Self.events.prefix(300)))
    #expect(one.records("funnel.bin").count { $0["toStep"] as? Int == 2 } == 4)
    #expect(try Programs.run("funnel", ["--steps", "A,B", "--bins", "91"], text: "").status == 64)
  }

  @Test("where nobody is open the curve comes down to the rate of the steps")
  func closed() throws {
    var randomness = Randomness(seed: 12)
    let lines = (0..<2000).flatMap { person in
      var second = randomness.number(0...5000)
      let events = ["A", "B", "C", "A"].prefix(randomness.number(1...4)).map { name in
        second += randomness.number(0...400)
        return FunnelCaseTests.line(name, "\(person)", second)
      }
      return events
    }
    let text = lines.joined() + FunnelCaseTests.line("Z", "z", 100_000)
    let outcome = try Self.run([], text)
    let steps = outcome.records("funnel.step")
    let times = outcome.records("funnel.time")
    for (time, (step, rate)) in zip(
      times, [(1, "fromPrevious"), (2, "fromPrevious"), (2, "overall")])
    {
      let expected = (steps[step][rate] as? [String: Any])?["value"] as? Double
      #expect(abs((Self.conversion(time) ?? -1) - (expected ?? -2)) < 1e-12)
      #expect(time["meanSeconds"] as? Double == steps[step]["meanSeconds"] as? Double || step == 2)
    }
    // Under --lateness durations are told within 1 %.
    let folded = try Self.run(["--lateness", "2d"], text).records("funnel.time")
    for (one, other) in zip(folded, times) {
      #expect(one["quantileError"] as? Double == 0.01)
      #expect(abs((Self.conversion(one) ?? -1) - (Self.conversion(other) ?? -2)) < 1e-12)
      let medians = [one, other].compactMap { $0["medianSeconds"] as? Double }
      if medians.count == 2 { #expect(abs(medians[0] / medians[1] - 1) < 0.0101) }
    }
  }

  @Test("nobody has no times, and nobody converting no interval")
  func nothing() throws {
    let none = try Self.run([], "").records("funnel.time")
    #expect(none.count == 3 && none.allSatisfy { $0["conversion"] is [String: Any] == false })
    let alone = try Self.run([], FunnelCaseTests.line("A", "u", 0)).records("funnel.time")
    #expect(Self.conversion(alone[0]) == 0)
    #expect((alone[0]["conversion"] as? [String: Any])?["low"] as? Double == nil)
    #expect(alone[1]["persons"] as? Int == 0)
  }
}
