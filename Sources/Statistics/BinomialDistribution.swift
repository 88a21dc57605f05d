#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many of some independent cases have an outcome of the same chance.
///
///     BinomialDistribution.logProbability(of: 3, outOf: 10, chance: 0.5)   // ln 0.1171875
///
/// The factorials are never made: what is left when Stirling's formula cancels is small, so a
/// probability keeps its digits whatever the counts are.
///
/// Source: C. Loader, Fast and accurate computation of binomial probabilities (2000), the algorithm
/// of R's `dbinom`.
enum BinomialDistribution {
  /// The logarithm of the probability of just so many; minus infinity for what cannot be.
  ///
  /// - Parameter chance: from 0 to 1.
  static func logProbability(of count: Int, outOf cases: Int, chance: Double) -> Double {
    logProbability(
      of: Double(count), outOf: Double(cases), chance: chance, otherChance: 1 - chance)
  }

  /// The same where the chance of the opposite is known to more digits than `1 - chance` has.
  static func logProbability(
    of count: Double, outOf cases: Double, chance: Double, otherChance: Double
  ) -> Double {
    if chance <= 0 { return count == 0 ? 0 : -.infinity }
    if otherChance <= 0 { return count == cases ? 0 : -.infinity }
    if count == 0 {
      return chance < 0.1
        ? -deviance(cases, cases * otherChance) - cases * chance : cases * log(otherChance)
    }
    if count == cases {
      return otherChance < 0.1
        ? -deviance(cases, cases * chance) - cases * otherChance : cases * log(chance)
    }
    guard count > 0, count < cases else { return -.infinity }
    let rest = cases - count
    let logCentral =
      stirlingError(cases) - stirlingError(count) - stirlingError(rest)
      - deviance(count, cases * chance) - deviance(rest, cases * otherChance)
    return logCentral - 0.5 * (logOfTwoPi + log(count) + log1p(-count / cases))
  }

  /// The deviance x ln(x ÷ m) + m − x, without loss where the two are close.
  private static func deviance(_ x: Double, _ mean: Double) -> Double {
    guard abs(x - mean) < 0.1 * (x + mean) else { return x * log(x / mean) + mean - x }
    let ratio = (x - mean) / (x + mean)
    var sum = (x - mean) * ratio
    var term = 2 * x * ratio
    let square = ratio * ratio
    for divisor in stride(from: 3.0, to: 2001, by: 2) {
      term *= square
      let next = sum + term / divisor
      if next == sum { break }
      sum = next
    }
    return sum
  }
}
