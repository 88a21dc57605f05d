import Statistics
import Testing

@Suite("Rate")
struct RateTests {
  @Test("A rate counts the cases that have the outcome among all cases")
  func counting() {
    var rate = Rate()
    for isHit in [true, false, false, true] { rate.update(isHit) }
    rate.merge(Rate(numerator: 1, denominator: 6))
    #expect(rate == Rate(numerator: 3, denominator: 10))
    #expect(rate.value == 0.3)
  }

  /// Numerator, denominator, and the interval in percent as published.
  static let published = [
    (960, 1200, 77.643, 82.166), (8, 10, 49.016, 94.332), (0, 10, 0, 27.753),
    (10, 10, 72.247, 100),
  ]

  @Test("Wilson intervals are the published ones", arguments: published)
  func isPublished(_ numerator: Int, _ denominator: Int, _ low: Double, _ high: Double) throws {
    let interval = try #require(Rate(numerator: numerator, denominator: denominator).wilson())
    #expect(abs(100 * interval.low - low) < 5e-4)
    #expect(abs(100 * interval.high - high) < 5e-4)
  }

  @Test("A Wilson interval worked out by hand comes out")
  func byHand() throws {
    // z = 2, 2 of 4: centre 1/2, half-width 2/(1 + 4/4) * sqrt(1/16 + 4/64) = sqrt(1/8).
    let confidence = 1 - 2 * NormalDistribution.cumulative(-2)
    let rate = Rate(numerator: 2, denominator: 4)
    let interval = try #require(rate.wilson(confidence: confidence))
    #expect(abs(interval.low - (0.5 - 0.125.squareRoot())) < 1e-14)
    #expect(abs(interval.high - (0.5 + 0.125.squareRoot())) < 1e-14)
  }

  @Test("With no case or every case the interval ends at exactly 0 or 1")
  func edges() throws {
    for cases in [1, 2, 3, 7, 10, 1000, 123_456_789] {
      for confidence in [0.5, 0.8, 0.95, 0.99, 0.999999] {
        let none = Rate(numerator: 0, denominator: cases)
        let every = Rate(numerator: cases, denominator: cases)
        let low = try #require(none.wilson(confidence: confidence))
        let high = try #require(every.wilson(confidence: confidence))
        #expect(low.low == 0)
        #expect(low.high > 0 && low.high < 1)
        #expect(high.high == 1)
        #expect(high.low > 0 && high.low < 1)
        #expect(abs(high.low - (1 - low.high)) < 1e-15)
      }
    }
  }

  @Test("The interval holds the rate, mirrors its opposite and grows with the confidence")
  func shape() throws {
    for cases in [1, 5, 20, 333] {
      for hits in 0...cases {
        let rate = Rate(numerator: hits, denominator: cases)
        let opposite = Rate(numerator: cases - hits, denominator: cases)
        let interval = try #require(rate.wilson())
        let mirrored = try #require(opposite.wilson())
        let wider = try #require(rate.wilson(confidence: 0.99))
        #expect(interval.contains(try #require(rate.value)))
        #expect(interval.low >= 0 && interval.high <= 1)
        #expect(abs(interval.low - (1 - mirrored.high)) < 1e-15)
        #expect(wider.low <= interval.low && interval.high <= wider.high)
      }
    }
  }

  @Test("The interval of more cases than a number has digits for still holds the rate")
  func manyCases() throws {
    for cases in [1 << 54, 1 << 60, Int.max] {
      for hits in [1, 2, 1000, cases / 2, cases - 1000, cases - 2, cases - 1, cases] {
        let rate = Rate(numerator: hits, denominator: cases)
        #expect(try #require(rate.wilson()).contains(try #require(rate.value)))
      }
    }
  }

  @Test("A rate is small when fewer than 5 cases are on either side")
  func small() {
    let table = [
      (0, 0, true), (4, 100, true), (5, 100, false), (95, 100, false), (96, 100, true),
      (5, 10, false), (5, 9, true), (10, 10, true),
    ]
    for (numerator, denominator, isSmall) in table {
      #expect(Rate(numerator: numerator, denominator: denominator).isSmall == isSmall)
    }
  }

  @Test(
    "Wilson intervals are those of statsmodels",
    .enabled(if: SharedCases.arePresent, "needs ../shared/cases/statistics.json"))
  func shared() throws {
    let cases = try SharedCases.read().proportions
    #expect(!cases.isEmpty)
    for known in cases {
      let interval = try #require(Rate(numerator: known.x, denominator: known.n).wilson())
      #expect(abs(interval.low - known.wilson[0]) < 1e-12)
      #expect(abs(interval.high - known.wilson[1]) < 1e-12)
    }
  }

  @Test("A rate of more cases than there are stops the program")
  func impossible() async {
    await #expect(processExitsWith: .failure) { _ = Rate(numerator: 2, denominator: 1) }
    await #expect(processExitsWith: .failure) { _ = Rate(numerator: -1, denominator: 1) }
  }
}
