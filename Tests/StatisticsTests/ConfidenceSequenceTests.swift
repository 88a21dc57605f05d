import Statistics
import Testing

@Suite("Confidence sequences")
struct ConfidenceSequenceTests {
  /// The roots of the definition, by mpmath at 40 digits.
  ///
  ///     findroot(lambda q: log((n + 1) * binomial(n, x) * q**x * (1 - q)**(n - x)) - log(0.05), …)
  static let cases: [(Rate, Double, Double)] = [
    (Rate(numerator: 30, denominator: 100), 0.169_446_478_044_295_62, 0.457_245_987_596_755_86),
    (Rate(numerator: 0, denominator: 10), 0, 0.416_880_275_656_536_1),
    (Rate(numerator: 10, denominator: 10), 0.583_119_724_343_463_9, 1),
    (Rate(numerator: 1, denominator: 2), 0.008_403_959_874_912_472, 0.991_596_040_125_087_5),
    (Rate(numerator: 480, denominator: 598), 0.741_452_111_897_197_9, 0.855_592_563_219_271_2),
    (
      Rate(numerator: 5, denominator: 100_000), 1.473_800_520_447_659_8e-6,
      0.000_260_117_313_159_251_1
    ),
  ]

  @Test("The ends are the roots of the definition", arguments: cases)
  func isRight(_ rate: Rate, _ low: Double, _ high: Double) throws {
    let interval = try #require(rate.sequential())
    #expect(abs(interval.low - low) <= 1e-12 * low)
    #expect(abs(interval.high - high) <= 1e-12 * high)
    #expect(interval.contains(try #require(rate.value)))
  }

  @Test("Nothing over nothing has no interval, and more confidence is wider")
  func shape() throws {
    #expect(Rate().sequential() == nil)
    let rate = Rate(numerator: 70, denominator: 200)
    let usual = try #require(rate.sequential())
    let sure = try #require(rate.sequential(confidence: 0.999))
    let once = try #require(rate.wilson())
    #expect(sure.low < usual.low && usual.low < once.low)
    #expect(sure.high > usual.high && usual.high > once.high)
  }

  /// How many of 10,000 streams are missed at some of their first 300 cases by the interval of all
  /// cases up to there.
  private static func missed(
    _ chance: Double, seed: UInt64, _ interval: (Rate) -> Interval?
  ) -> Int {
    let looks = 300
    var holds = [Bool?](repeating: nil, count: (looks + 1) * (looks + 1))
    var randomness = Randomness(seed: seed)
    var missed = 0
    for _ in 0..<10_000 {
      var hits = 0
      for cases in 1...looks {
        if Double.random(in: 0..<1, using: &randomness) < chance { hits += 1 }
        let place = cases * (looks + 1) + hits
        let isHeld =
          holds[place]
          ?? interval(Rate(numerator: hits, denominator: cases))?.contains(chance) ?? false
        holds[place] = isHeld
        guard isHeld else {
          missed += 1
          break
        }
      }
    }
    return missed
  }

  @Test(
    "Looked at after every case, 5 % of streams leave it at most; a quarter leave the usual one",
    arguments: [0.1, 0.5])
  func level(_ chance: Double) {
    #expect(Self.missed(chance, seed: 8) { $0.sequential() } <= 500)
    #expect(Self.missed(chance, seed: 8) { $0.wilson() } > 2500)
  }
}
