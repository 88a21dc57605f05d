/// How well scores put those with an outcome before those without: the area under the ROC curve.
///
///     RankedOutcomes(scores: [0.1, 0.4, 0.35, 0.8], outcomes: [false, false, true, true])?.area   // 0.75
///
/// The area is the chance that of a case with the outcome and one without the former has the higher
/// score, equal scores counting half.
/// Cost: O(n log n).
///
/// Source: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Comparing the areas under two or more
/// correlated receiver operating characteristic curves, Biometrics 44 (1988), 837-845; X. Sun and
/// W. Xu, Fast implementation of DeLong's algorithm, IEEE Signal Processing Letters 21 (2014),
/// 1389-1393.
public struct RankedOutcomes: Sendable {
  /// The area under the ROC curve: 0.5 for scores that say nothing, 1 for scores that never fail.
  public let area: Double
  /// Its standard error after DeLong; `nil` where one of the outcomes has one case only.
  public let standardError: Double?
  /// The cases in the order of their scores, the highest first, and whether each had the outcome.
  private let ranked: [(score: Double, outcome: Bool)]
  private let hits: Int

  /// The ranks of scores; `nil` where there is only one outcome, or a score that is no number.
  public init?(scores: [Double], outcomes: [Bool]) {
    precondition(scores.count == outcomes.count, "each case has a score and an outcome")
    let hits = outcomes.count { $0 }
    let misses = outcomes.count - hits
    guard hits > 0, misses > 0, !scores.contains(where: \.isNaN) else { return nil }
    let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    // Of each case, how many of the other outcome are below it, equal ones half.
    var placements = [Double](repeating: 0, count: scores.count)
    var (hitsBelow, missesBelow) = (0, 0)
    var start = 0
    while start < order.count {
      var end = start
      var (hitsHere, missesHere) = (0, 0)
      while end < order.count, scores[order[end]] == scores[order[start]] {
        if outcomes[order[end]] { hitsHere += 1 } else { missesHere += 1 }
        end += 1
      }
      for place in start..<end {
        placements[order[place]] =
          outcomes[order[place]]
          ? Double(missesBelow) + Double(missesHere) / 2
          : Double(hits - hitsBelow - hitsHere) + Double(hitsHere) / 2
      }
      hitsBelow += hitsHere
      missesBelow += missesHere
      start = end
    }
    let sum = scores.indices.reduce(0) { outcomes[$1] ? $0 + placements[$1] : $0 }
    let area = sum / Double(hits) / Double(misses)
    /// The variance of one outcome's placements as shares of the other outcome's cases.
    func variance(_ wanted: Bool, _ count: Int, _ others: Int) -> Double {
      let squares = scores.indices.reduce(0) { total, index in
        guard outcomes[index] == wanted else { return total }
        let deviation = placements[index] / Double(others) - area
        return total + deviation * deviation
      }
      return squares / Double(count - 1)
    }
    self.area = area
    standardError =
      hits < 2 || misses < 2
      ? nil
      : (variance(true, hits, misses) / Double(hits)
        + variance(false, misses, hits) / Double(misses)).squareRoot()
    ranked = order.reversed().map { (scores[$0], outcomes[$0]) }
    self.hits = hits
  }

  /// The interval that holds the true area with `confidence`, within 0 and 1.
  public func interval(confidence: Double = Interval.usualConfidence) -> Interval? {
    guard let standardError else { return nil }
    let distance = NormalDistribution.criticalValue(confidence: confidence) * standardError
    return Interval(low: max(0, area - distance), high: min(1, area + distance))
  }

  /// How likely an area is so far from 0.5, or farther, where scores say nothing; `nil` without an error.
  public var chanceOfHalf: Double? {
    guard let standardError else { return nil }
    let distance = abs(area - 0.5)
    guard standardError > 0 else { return distance > 0 ? 0 : 1 }
    return 2 * NormalDistribution.cumulative(-distance / standardError)
  }

  /// For each tenth of the cases, the highest scores first, how many times the share of all has the
  /// outcome.
  ///
  /// Cases of equal score share their outcomes evenly, so that their order says nothing.
  public var liftByDecile: [Double?] {
    var shares = [Double](repeating: 0, count: ranked.count)
    var start = 0
    while start < ranked.count {
      var end = start
      var hitsHere = 0
      while end < ranked.count, ranked[end].score == ranked[start].score {
        if ranked[end].outcome { hitsHere += 1 }
        end += 1
      }
      for place in start..<end { shares[place] = Double(hitsHere) / Double(end - start) }
      start = end
    }
    let overall = Double(hits) / Double(ranked.count)
    return (0..<10).map { decile in
      let range = ranked.count * decile / 10..<ranked.count * (decile + 1) / 10
      guard !range.isEmpty else { return nil }
      return shares[range].reduce(0, +) / Double(range.count) / overall
    }
  }
}
