extension Rate {
  /// How far this share is above that of `baseline`, -1 to 1; `nil` when either has no cases.
  ///
  ///     let treatment = Rate(numerator: 56, denominator: 70)
  ///     let control = Rate(numerator: 48, denominator: 80)
  ///     treatment.difference(against: control)  // 0.2
  public func difference(against baseline: Rate) -> Double? {
    guard let value, let reference = baseline.value else { return nil }
    return value - reference
  }

  /// The interval that holds the true difference to `baseline` with `confidence`; `nil` when
  /// either has no cases.
  ///
  ///     treatment.newcombe(against: control)  // 0.05243 to 0.33387
  ///
  /// The cases of the two must be independent: different persons. It stays within -1 and 1 and is
  /// of use for small counts too, where the usual interval around a difference is not.
  ///
  /// Source: R. G. Newcombe, Interval estimation for the difference between independent
  /// proportions, Statistics in Medicine 17 (1998), 873-890, method 10 (Wilson score, no
  /// continuity correction).
  public func newcombe(
    against baseline: Rate, confidence: Double = Interval.usualConfidence
  ) -> Interval? {
    guard
      let value, let own = wilson(confidence: confidence),
      let reference = baseline.value, let other = baseline.wilson(confidence: confidence)
    else { return nil }
    let difference = value - reference
    let below = hypotenuse(value - own.low, other.high - reference)
    let above = hypotenuse(own.high - value, reference - other.low)
    return Interval(low: max(-1, difference - below), high: min(1, difference + above))
  }
}

/// The length of the longest side of a right triangle; the sides are shares, so nothing can
/// overflow.
private func hypotenuse(_ first: Double, _ second: Double) -> Double {
  (first * first + second * second).squareRoot()
}
