extension Moments {
  /// How far the mean of another sample of as many numbers would be away; `nil` for fewer than two.
  public var standardError: Double? {
    standardDeviation.map { $0 / Double(count).squareRoot() }
  }

  /// The interval that holds the true mean with `confidence`; `nil` for fewer than two numbers.
  ///
  /// The mean is taken for normal, as it is of some thirty numbers that are not too skewed.
  public func interval(confidence: Double = Interval.usualConfidence) -> Interval? {
    guard let mean, let standardError, mean.isFinite, standardError.isFinite else { return nil }
    let spread = NormalDistribution.criticalValue(confidence: confidence) * standardError
    return Interval(low: mean - spread, high: mean + spread)
  }

  /// The interval that holds the true difference to the mean of other numbers; `nil` where either are
  /// fewer than two.
  ///
  /// Source: B. L. Welch's statistic, its degrees of freedom taken for many.
  public func difference(
    against baseline: Moments, confidence: Double = Interval.usualConfidence
  ) -> Interval? {
    guard let mean, let standardError, let reference = baseline.mean,
      let otherError = baseline.standardError
    else { return nil }
    let spread =
      NormalDistribution.criticalValue(confidence: confidence)
      * (standardError * standardError + otherError * otherError).squareRoot()
    guard mean.isFinite, reference.isFinite, spread.isFinite else { return nil }
    return Interval(low: mean - reference - spread, high: mean - reference + spread)
  }
}
