import Statistics
import Testing

@Suite("The difference of two rates")
struct RateDifferenceTests {
  @Test("The difference is the one share less the other")
  func difference() throws {
    let treatment = Rate(numerator: 56, denominator: 70)
    let control = Rate(numerator: 48, denominator: 80)
    #expect(abs(try #require(treatment.difference(against: control)) - 0.2) < 1e-15)
    #expect(abs(try #require(control.difference(against: treatment)) + 0.2) < 1e-15)
  }

  @Test("Without cases on either side there is no difference and no interval")
  func nothing() {
    let some = Rate(numerator: 1, denominator: 2)
    #expect(some.difference(against: Rate()) == nil)
    #expect(Rate().difference(against: some) == nil)
    #expect(some.newcombe(against: Rate()) == nil)
    #expect(Rate().newcombe(against: some) == nil)
  }

  /// Two rates and the interval, from table II of Newcombe 1998, method 10, to its four decimals.
  static let published: [(Rate, Rate, low: Double, high: Double)] = [
    (Rate(numerator: 56, denominator: 70), Rate(numerator: 48, denominator: 80), 0.0524, 0.3339),
    (Rate(numerator: 9, denominator: 10), Rate(numerator: 3, denominator: 10), 0.1705, 0.8090),
    (Rate(numerator: 6, denominator: 7), Rate(numerator: 2, denominator: 7), 0.0582, 0.8062),
    (Rate(numerator: 5, denominator: 56), Rate(numerator: 0, denominator: 29), -0.0381, 0.1926),
    (Rate(numerator: 0, denominator: 10), Rate(numerator: 0, denominator: 20), -0.1611, 0.2775),
    (Rate(numerator: 0, denominator: 10), Rate(numerator: 0, denominator: 10), -0.2775, 0.2775),
    (Rate(numerator: 10, denominator: 10), Rate(numerator: 0, denominator: 20), 0.6791, 1),
    (Rate(numerator: 10, denominator: 10), Rate(numerator: 0, denominator: 10), 0.6075, 1),
  ]

  @Test("Newcombe's intervals are the published ones", arguments: published)
  func isPublished(_ own: Rate, _ baseline: Rate, _ low: Double, _ high: Double) throws {
    let interval = try #require(own.newcombe(against: baseline))
    #expect(abs(interval.low - low) < 5.1e-5)
    #expect(abs(interval.high - high) < 5.1e-5)
  }

  @Test("The interval holds the difference and mirrors that of the opposite difference")
  func shape() throws {
    for hits in 0...12 {
      for baselineHits in 0...7 {
        let own = Rate(numerator: hits, denominator: 12)
        let baseline = Rate(numerator: baselineHits, denominator: 7)
        let interval = try #require(own.newcombe(against: baseline))
        let mirrored = try #require(baseline.newcombe(against: own))
        #expect(interval.contains(try #require(own.difference(against: baseline))))
        #expect(interval.low >= -1 && interval.high <= 1)
        #expect(abs(interval.low + mirrored.high) < 1e-15)
        #expect(abs(interval.high + mirrored.low) < 1e-15)
      }
    }
  }

  @Test(
    "Newcombe's intervals are those of statsmodels",
    .enabled(if: SharedCases.arePresent, "needs ../shared/cases/statistics.json"))
  func shared() throws {
    let pairs = try SharedCases.read().pairs
    #expect(!pairs.isEmpty)
    for pair in pairs {
      let own = Rate(numerator: pair.x1, denominator: pair.n1)
      let baseline = Rate(numerator: pair.x2, denominator: pair.n2)
      let interval = try #require(own.newcombe(against: baseline))
      #expect(abs(interval.low - pair.newcomb[0]) < 1e-12)
      #expect(abs(interval.high - pair.newcomb[1]) < 1e-12)
    }
  }
}
