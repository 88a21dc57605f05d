#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How right the chances are that were given before outcomes were known.
///
///     given 0.1 to 10 persons, of whom 1 has the outcome: well calibrated
///
/// - ``brier``: the mean squared distance of chance and outcome, 0 for a prophet.
/// - ``baseBrier``: that of giving everybody the share of all; a forecast that is no better says nothing.
/// - slope and intercept: those of a logistic regression of the outcomes on the logits of the chances;
///   1 and 0 are right, a slope under 1 means that the chances are too extreme.
///
/// Sources: G. W. Brier, Verification of forecasts expressed in terms of probability, Monthly Weather
/// Review 78 (1950), 1-3; D. R. Cox, Two further applications of a model for binary regression,
/// Biometrika 45 (1958), 562-565.
public struct ForecastQuality: Sendable {
  /// Cases of similar chances.
  public struct Bin: Sendable {
    /// The mean of the chances that were given.
    public let meanChance: Double
    /// What became of the cases.
    public let outcome: Rate
  }

  /// The mean squared distance of chance and outcome.
  public let brier: Double
  /// That of the share of all.
  public let baseBrier: Double
  /// The logit of the share where the chance is a half; `nil` where it cannot be told.
  public let calibrationIntercept: Double?
  /// How much of the difference of two chances there is, in logits; `nil` where it cannot be told.
  public let calibrationSlope: Double?
  /// Tenths of the cases by their chances, the lowest first; those of equal chance are never parted.
  public let reliability: [Bin]

  /// Chances nearer to 0 or 1 than this have the logit of this one.
  private static let chanceMin = 1e-12

  /// Compares chances with outcomes; `nil` without cases, or with a chance outside 0 to 1.
  public init?(chances: [Double], outcomes: [Bool]) {
    precondition(chances.count == outcomes.count, "each case has a chance and an outcome")
    guard !chances.isEmpty, chances.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { return nil }
    let count = Double(chances.count)
    let share = Double(outcomes.count { $0 }) / count
    brier =
      zip(chances, outcomes).reduce(0) { total, one in
        let distance = one.0 - (one.1 ? 1 : 0)
        return total + distance * distance
      } / count
    baseBrier = share * (1 - share)
    let logits = chances.map { chance in
      let bounded = min(max(chance, Self.chanceMin), 1 - Self.chanceMin)
      return log(bounded / (1 - bounded))
    }
    let line = LogisticRegression(logits, outcomes: outcomes, penalty: 0)
    let isKnown = line.map { $0.isConverged && !$0.isSeparated } ?? false
    calibrationIntercept = isKnown ? line?.intercept : nil
    calibrationSlope = isKnown ? line?.weights[0] : nil
    reliability = Self.bins(chances, outcomes)
  }

  private static func bins(_ chances: [Double], _ outcomes: [Bool]) -> [Bin] {
    let order = chances.indices.sorted { (chances[$0], $0) < (chances[$1], $1) }
    var bins: [Bin] = []
    var start = 0
    for decile in 1...10 {
      var end = max(start, order.count * decile / 10)
      while end > start, end < order.count, chances[order[end]] == chances[order[end - 1]] {
        end += 1
      }
      guard end > start else { continue }
      var (sum, rate) = (0.0, Rate())
      for index in order[start..<end] {
        sum += chances[index]
        rate.update(outcomes[index])
      }
      bins.append(Bin(meanChance: sum / Double(end - start), outcome: rate))
      start = end
    }
    return bins
  }
}
