/// Where a quantile lies among sorted numbers: at a rank, or a fraction of the way to the next.
///
///     QuantilePosition(0.5, count: 4)  // rank 1, fraction 0.5: between the second and third
///
/// Source: R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, The American
/// Statistician 50 (1996), 361-365, type 7; what NumPy, R and spreadsheets compute.
struct QuantilePosition {
  /// The rank at or below, counted from 0.
  let rank: Int

  /// How far it is to the next rank, 0 or more and less than 1.
  let fraction: Double

  /// The position of `quantile`, 0 to 1, among `count` numbers, at least one.
  init(_ quantile: Double, count: Int) {
    precondition(quantile >= 0 && quantile <= 1, "a quantile lies between 0 and 1")
    let position = quantile * Double(count - 1)
    rank = min(Int(position), count - 1)
    fraction = position - Double(rank)
  }

  /// The number at this position between the one at its rank and the next.
  ///
  /// Counts from the nearer of the two, as NumPy does, so that it never leaves them.
  func value(from lower: Double, to upper: Double) -> Double {
    if fraction == 0 || lower == upper { return lower }
    let difference = upper - lower
    if difference.isInfinite { return lower * (1 - fraction) + upper * fraction }
    return fraction < 0.5 ? lower + difference * fraction : upper - difference * (1 - fraction)
  }
}
