/// A share of cases: how many had the outcome, out of how many there were.
///
///     var converted = Rate()
///     converted.update(true)
///     converted.update(false)
///     converted.value   // 0.5
///
///     let satisfied = Rate(numerator: 960, denominator: 1200)
///     satisfied.value     // 0.8
///     satisfied.wilson()  // 0.77643 to 0.82166
///
/// Counts are exact, so neither the order of the cases nor that of merging changes anything. 16
/// bytes.
public struct Rate: Equatable, Sendable {
  /// The cases that had the outcome.
  public private(set) var numerator: Int

  /// All cases.
  public private(set) var denominator: Int

  /// A rate below this many cases on either side of the outcome is small.
  public static let smallUnder = 5

  /// Makes a rate of `numerator` out of `denominator` cases.
  ///
  /// A negative numerator, or one over the denominator, is a fault of the caller and stops the
  /// program.
  public init(numerator: Int = 0, denominator: Int = 0) {
    precondition(0 <= numerator && numerator <= denominator, "a rate counts some of its cases")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// Counts one case.
  public mutating func update(_ hasOutcome: Bool) {
    denominator += 1
    if hasOutcome { numerator += 1 }
  }

  /// Adds the cases of `other`.
  public mutating func merge(_ other: Rate) {
    numerator += other.numerator
    denominator += other.denominator
  }

  /// The share, 0 to 1; `nil` when there are no cases.
  public var value: Double? {
    denominator == 0 ? nil : Double(numerator) / Double(denominator)
  }

  /// Whether fewer than 5 cases had the outcome or fewer than 5 did not.
  ///
  /// A share of so few is more chance than measurement, whatever its interval says.
  public var isSmall: Bool {
    numerator < Rate.smallUnder || denominator - numerator < Rate.smallUnder
  }

  /// The interval that holds the true share with `confidence`; `nil` when there are no cases.
  ///
  ///     Rate(numerator: 8, denominator: 10).wilson()  // 0.49016 to 0.94332
  ///     Rate(numerator: 0, denominator: 10).wilson()  // 0 to 0.27753
  ///
  /// The ends are the two shares that a score test would just not refuse. They stay within 0 and
  /// 1, and are exactly 0 or 1 when no case or every case had the outcome. No continuity
  /// correction.
  ///
  /// Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
  /// Journal of the American Statistical Association 22 (1927), 209-212.
  public func wilson(confidence: Double = Interval.usualConfidence) -> Interval? {
    guard let value else { return nil }
    let hits = Double(numerator)
    let misses = Double(denominator - numerator)
    let cases = Double(denominator)
    let z = NormalDistribution.criticalValue(confidence: confidence)
    let spread = z * (z * z + 4 * hits * misses / cases).squareRoot()
    // The ends are the roots of a quadratic. The lower one comes from their product, not from a
    // difference of nearly equal numbers, and so is exact at 0. Of so many cases that the interval
    // is narrower than rounding, the share itself is still within it.
    let sum = 2 * hits + z * z + spread
    let low = min(value, 2 * hits * (hits / cases) / sum)
    let high = min(1, max(value, sum / (2 * (cases + z * z))))
    return Interval(low: low, high: high)
  }
}
