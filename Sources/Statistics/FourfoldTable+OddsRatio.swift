#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension FourfoldTable {
  /// How many times the odds of the outcome are those of the other cases; `nil` where there is
  /// nothing to compare.
  ///
  ///     FourfoldTable(exposedHits: 17, exposedMisses: 3, otherHits: 20, otherMisses: 60).oddsRatio // 17
  ///
  /// The sample odds ratio: products of the diagonals, one divided by the other. Where a cell is 0, a
  /// half is added to each, so that the ratio is neither 0 nor infinite.
  ///
  /// Source: J. B. S. Haldane, The estimation and significance of the logarithm of a ratio of
  /// frequencies, Annals of Human Genetics 20 (1956), 309-311.
  public var oddsRatio: Double? {
    guard isComparison else { return nil }
    let (a, b, c, d) = cells
    return a / b * (d / c)
  }

  /// The interval that holds the true odds ratio with `confidence`; `nil` where there is nothing to
  /// compare.
  ///
  ///     table.oddsRatioInterval()   // 4.5 to 64.1
  ///
  /// The logit interval: the logarithm of the ratio is taken for normal with the variance
  /// 1/a + 1/b + 1/c + 1/d.
  ///
  /// Source: B. Woolf, On estimating the relation between blood group and disease, Annals of Human
  /// Genetics 19 (1955), 251-253.
  public func oddsRatioInterval(confidence: Double = Interval.usualConfidence) -> Interval? {
    guard let oddsRatio else { return nil }
    let (a, b, c, d) = cells
    let z = NormalDistribution.criticalValue(confidence: confidence)
    let factor = exp(z * (1 / a + 1 / b + 1 / c + 1 / d).squareRoot())
    return Interval(low: oddsRatio / factor, high: oddsRatio * factor)
  }

  /// The four counts, each raised by a half where one of them is 0.
  private var cells: (Double, Double, Double, Double) {
    let counts = (exposedHits, exposedMisses, otherHits, otherMisses)
    let hasZero = counts.0 == 0 || counts.1 == 0 || counts.2 == 0 || counts.3 == 0
    let shift = hasZero ? 0.5 : 0
    return (
      Double(counts.0) + shift, Double(counts.1) + shift, Double(counts.2) + shift,
      Double(counts.3) + shift
    )
  }
}
