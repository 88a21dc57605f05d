import Statistics
import Testing

@Suite("NormalDistribution")
struct NormalDistributionTests {
  /// Probability and quantile, from mpmath with 40 digits.
  static let quantiles: [(probability: Double, value: Double)] = [
    (2.2250738585072014e-308, -37.5193793471445),
    (1e-300, -37.0470962993612),
    (1e-100, -21.273453560965326),
    (1e-20, -9.262340089798407),
    (1e-12, -7.034483825301132),
    (1e-09, -5.9978070150076865),
    (1e-06, -4.753424308822899),
    (0.0001, -3.7190164854556804),
    (0.001, -3.0902323061678136),
    (0.005, -2.575829303548901),
    (0.0249, -1.961677869063786),
    (0.025, -1.9599639845400543),
    (0.05, -1.6448536269514726),
    (0.074, -1.4466320671589785),
    (0.0751, -1.43882539275254),
    (0.1, -1.2815515655446004),
    (0.25, -0.6744897501960817),
    (0.3, -0.5244005127080408),
    (0.4999, -0.00025066283008800747),
    (0.75, 0.6744897501960817),
    (0.875, 1.150349380376008),
    (0.9, 1.2815515655446006),
  ]

  @Test("Quantiles are right to a few units in the last place", arguments: quantiles)
  func quantile(_ known: (probability: Double, value: Double)) {
    let value = NormalDistribution.quantile(known.probability)
    #expect(abs(value - known.value) <= 1e-15 * abs(known.value))
  }

  @Test("The share under a quantile is the probability asked for", arguments: quantiles)
  func cumulative(_ known: (probability: Double, value: Double)) {
    let share = NormalDistribution.cumulative(known.value)
    // A relative error of 1e-16 in a value far out moves its share by up to its square times that.
    #expect(abs(share - known.probability) <= 1e-15 * (3 + known.value * known.value) * share)
  }

  @Test("Both halves of the distribution mirror each other")
  func symmetry() {
    for step in 1..<512 {
      let probability = Double(step) / 1024
      #expect(
        NormalDistribution.quantile(probability) == -NormalDistribution.quantile(1 - probability))
    }
    #expect(NormalDistribution.quantile(0.5) == 0)
    #expect(NormalDistribution.cumulative(0) == 0.5)
  }

  @Test("The ends of the probabilities have infinite quantiles, and what is none has no quantile")
  func ends() {
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
    for probability in [-0.1, 1.1, .nan, .infinity, -.infinity] {
      #expect(NormalDistribution.quantile(probability).isNaN)
    }
    #expect(NormalDistribution.cumulative(-.infinity) == 0)
    #expect(NormalDistribution.cumulative(.infinity) == 1)
  }

  @Test("The critical values are those of the tables to all digits, not to two")
  func criticalValues() {
    let table = [
      (0.80, 1.281551565544600), (0.90, 1.644853626951472), (0.95, 1.959963984540054),
      (0.99, 2.575829303548901), (0.999, 3.290526731491931),
    ]
    for (confidence, value) in table {
      // 0.999 is no binary number: what it is off counts for more in a thin tail.
      #expect(abs(NormalDistribution.criticalValue(confidence: confidence) - value) < 5e-14)
    }
    let usual = NormalDistribution.criticalValue(confidence: Interval.usualConfidence)
    #expect(abs(usual - 1.959963984540054) <= 2 * usual.ulp)
  }

  @Test("Published probabilities come out: chi-squared of 16, a chance to win, an NPS interval")
  func published() {
    // One degree of freedom: the root of chi-squared is a normal deviate.
    #expect(abs(2 * NormalDistribution.cumulative(-4) - 6.334e-5) < 5e-9)
    #expect(abs(NormalDistribution.cumulative(0.2 / 0.153362) - 0.90390) < 5e-6)
    // 50 promoters and 20 detractors of 100: 30, with a standard error of 7.8102.
    let half = 7.8102 * NormalDistribution.criticalValue(confidence: 0.95)
    #expect(abs(30 - half - 14.69) < 5e-3)
    #expect(abs(30 + half - 45.31) < 5e-3)
  }

  @Test(
    "Two-sided probabilities of the shared cases come out",
    .enabled(if: SharedCases.arePresent, "needs ../shared/cases/statistics.json"))
  func shared() throws {
    for pair in try SharedCases.read().pairs {
      let probability = 2 * NormalDistribution.cumulative(-pair.pooledZ[0])
      #expect(abs(probability - pair.pooledZ[1]) < 1e-12)
    }
  }

  @Test("A confidence that is none stops the program")
  func confidence() async {
    await #expect(processExitsWith: .failure) {
      _ = NormalDistribution.criticalValue(confidence: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = NormalDistribution.criticalValue(confidence: 0)
    }
  }
}
