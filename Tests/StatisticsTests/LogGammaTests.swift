import Testing

@testable import Statistics

@Suite("Logarithms of factorials")
struct LogGammaTests {
  /// `mpmath.loggamma(x)` at 30 digits, mpmath 1.3.
  static let values: [(x: Double, logGamma: Double)] = [
    (0.001, 6.907_178_885_383_853_7), (0.3, 1.095_797_994_818_075_6),
    (0.5, 0.572_364_942_924_700_09), (1.5, -0.120_782_237_635_245_22),
    (3.7, 1.428_072_326_665_388_1), (14.2, 23.074_221_024_158_360),
    (15, 25.191_221_182_738_682), (15.3, 25.996_606_241_964_185),
    (100.25, 360.284_559_637_764_24), (12345.678, 103_959.919_905_546_06),
    (1e9, 19_723_265_827.503_717),
  ]

  @Test("ln Γ is that of mpmath", arguments: values)
  func isRight(_ x: Double, _ expected: Double) {
    #expect(abs(logGamma(x) - expected) <= 4e-15 * max(1, abs(expected)))
  }

  @Test("Whole numbers give factorials")
  func factorials() {
    var sum = 0.0
    for number in 1...300 {
      #expect(abs(logGamma(Double(number)) - sum) <= 1e-13 * max(1, sum))
      sum += -logBeta(Double(number), 1)
    }
    #expect(logGamma(.infinity) == .infinity)
  }

  @Test("A binomial distribution adds up to 1, and its extremes are what they must be")
  func binomial() {
    func probability(_ count: Int, _ cases: Int, _ chance: Double) -> Double {
      BinomialDistribution.logProbability(of: count, outOf: cases, chance: chance)
    }
    for (cases, chance) in [(1, 0.3), (7, 0.5), (40, 0.01), (900, 0.97), (3000, 0.5)] {
      let sum = (0...cases).reduce(0) { $0 + exponential(probability($1, cases, chance)) }
      #expect(abs(sum - 1) < 1e-12)
    }
    #expect(probability(0, 5, 0) == 0)
    #expect(probability(1, 5, 0) == -.infinity)
    #expect(probability(5, 5, 1) == 0)
    #expect(probability(4, 5, 1) == -.infinity)
    #expect(probability(6, 5, 0.5) == -.infinity)
    // 120 ÷ 1024
    #expect(abs(exponential(probability(3, 10, 0.5)) - 0.1171875) < 1e-13)
  }
}

/// eˣ from sums and products, so that the tests need no C library of their own.
private func exponential(_ x: Double) -> Double {
  guard x > -700 else { return 0 }
  let halvings = 12
  let rest = x / Double(1 << halvings)
  var sum = 1.0
  for divisor in stride(from: 20.0, through: 1, by: -1) { sum = 1 + sum * rest / divisor }
  for _ in 0..<halvings { sum *= sum }
  return sum
}
