#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Rate {
  /// The interval of a confidence sequence: with `confidence` the true share lies in all intervals
  /// of a growing count, however often it is looked at; `nil` when there are no cases.
  ///
  ///     Rate(numerator: 30, denominator: 100).sequential()   // 0.169 to 0.457
  ///     Rate(numerator: 30, denominator: 100).wilson()       // 0.219 to 0.396, for one look
  ///
  /// A usual interval is right 19 times in 20 when it is looked at once; who looks after every case
  /// will see it miss sooner or later. This one is some 1.5 times as wide for that. It holds the
  /// shares under which just this count is not too unlikely:
  ///
  ///     chance of the count  >  (1 − confidence) ÷ (cases + 1)
  ///
  /// which is the likelihood ratio against a mixture of all shares, each weighed alike (a
  /// beta-binomial mixture): a martingale that seldom grows to 1 ÷ (1 − confidence).
  ///
  /// Source: H. Robbins, Statistical methods related to the law of the iterated logarithm, Annals of
  /// Mathematical Statistics 41 (1970), 1397-1409; S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon,
  /// Time-uniform, nonparametric, nonasymptotic confidence sequences, Annals of Statistics 49 (2021),
  /// 1055-1080.
  public func sequential(confidence: Double = Interval.usualConfidence) -> Interval? {
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    guard let value else { return nil }
    let limit = log((1 - confidence) / (Double(denominator) + 1))
    return Interval(
      low: numerator == 0 ? 0 : shareOfLimit(limit, unlikely: 0, likely: value),
      high: numerator == denominator ? 1 : shareOfLimit(limit, unlikely: 1, likely: value))
  }

  /// The share between two at which the chance of the count comes to the limit; the further out of
  /// the two where they are neighbours.
  private func shareOfLimit(_ limit: Double, unlikely: Double, likely: Double) -> Double {
    var (unlikely, likely) = (unlikely, likely)
    while true {
      let middle = unlikely + (likely - unlikely) / 2
      guard middle != unlikely, middle != likely, abs(likely - unlikely) > 1e-15 * likely else {
        return unlikely
      }
      let isLikely =
        BinomialDistribution.logProbability(
          of: numerator, outOf: denominator, chance: middle) > limit
      if isLikely { likely = middle } else { unlikely = middle }
    }
  }
}
