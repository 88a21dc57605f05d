#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a population changed between two moments: who stayed, who came, who left.
///
///     then   stayed + left   = 10,000        growth  (12,000 − 10,000) ÷ 10,000 = 20 %
///     now    stayed + came   = 12,000        interval 18.1 % to 21.9 % where 7,000 stayed and 5,000 came
///
/// The two counts are of the same persons, so they are not independent, and their ratio is known
/// better than that of two samples.
public struct PairedRatio: Equatable, Sendable {
  /// Persons who are in it at both moments.
  public var stayed: Int
  /// Persons who are in it at the later moment only.
  public var came: Int
  /// Persons who were in it at the earlier moment only.
  public var left: Int

  /// A change by its counts.
  public init(stayed: Int, came: Int, left: Int) {
    precondition(stayed >= 0 && came >= 0 && left >= 0, "counts are of persons")
    self.stayed = stayed
    self.came = came
    self.left = left
  }

  /// The size at the earlier moment.
  public var before: Int { stayed + left }

  /// The size at the later moment.
  public var now: Int { stayed + came }

  /// The net growth rate, -1 for a population that is gone; `nil` where there was none.
  public var growth: Double? {
    before == 0 ? nil : Double(now - before) / Double(before)
  }

  /// The interval that holds the true growth rate with `confidence`; `nil` where a size is 0.
  ///
  /// The logarithm of the ratio of the two sizes is taken for normal, with the variance
  /// (came + left) ÷ (now × before): the delta method for two proportions of the same persons.
  ///
  /// Source: P. A. Lachenbruch and C. J. Lynch, Assessing screening tests: extensions of McNemar's
  /// test, Statistics in Medicine 17 (1998), 2207-2217; A. Agresti and Y. Min, Effects and
  /// non-effects of paired identical observations, Statistics in Medicine 23 (2004), 65-75.
  public func interval(confidence: Double = Interval.usualConfidence) -> Interval? {
    guard before > 0, now > 0 else { return nil }
    let z = NormalDistribution.criticalValue(confidence: confidence)
    let variance = Double(came + left) / (Double(now) * Double(before))
    let factor = exp(z * variance.squareRoot())
    let ratio = Double(now) / Double(before)
    return Interval(low: ratio / factor - 1, high: ratio * factor - 1)
  }
}
