#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The share of cases to whom something has not happened yet, as time goes on: Kaplan and Meier's
/// product-limit estimate.
///
///     1 ───────┐                      share(t) = ∏ (1 − events ÷ at risk)   over durations ≤ t
///              └─────┐  at each duration with events
///                    └──────── ×      × the last case is watched no longer
///
/// A case is at risk up to the end of its own duration, so one that was censored at the very
/// duration of an event was still at risk for it.
///
/// Source: E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations, Journal
/// of the American Statistical Association 53 (1958), 457-481; lifelines' `KaplanMeierFitter`, to
/// which it is equal.
public struct SurvivalCurve: Sendable {
  /// The curve from one duration with events to the next.
  public struct Point: Sendable {
    /// The duration.
    public let duration: Double
    /// Cases that were still watched, and to whom it had not happened before.
    public let atRisk: Int
    /// Those to whom it happened.
    public let events: Int
    /// The share to whom it has not happened up to and at this duration.
    public let share: Double
    /// Where the true share lies; `nil` where nothing is left that could tell: the share is 0.
    public let interval: Interval?
  }

  /// A point for each duration with events, in ascending order.
  public let points: [Point]

  /// How far apart two shares may be and count as equal, so that rounding decides no quantile.
  private static let tolerance = 1e-12

  /// The curve of sorted and distinct durations.
  init(_ counts: [KaplanMeier.Count], total: Int, confidence: Double) {
    let z = NormalDistribution.criticalValue(confidence: confidence)
    var points: [Point] = []
    var atRisk = total
    var share = 1.0
    var greenwood = 0.0
    for count in counts {
      if count.events > 0 {
        let (risk, rest) = (Double(atRisk), Double(atRisk - count.events))
        share *= rest / risk
        greenwood += Double(count.events) / (risk * rest)
        points.append(
          Point(
            duration: count.duration, atRisk: atRisk, events: count.events, share: share,
            interval: Self.interval(share, greenwood, z)))
      }
      atRisk -= count.events + count.censored
    }
    self.points = points
  }

  /// The log-log interval of a share with Greenwood's variance: it stays between 0 and 1.
  ///
  /// Source: J. D. Kalbfleisch and R. L. Prentice, The Statistical Analysis of Failure Time Data
  /// (1980); M. Greenwood, The natural duration of cancer (1926).
  private static func interval(_ share: Double, _ greenwood: Double, _ z: Double) -> Interval? {
    guard share > 0, share < 1, greenwood.isFinite else { return nil }
    let logShare = log(share)
    let factor = exp(z * greenwood.squareRoot() / -logShare)
    let (low, high) = (exp(logShare * factor), exp(logShare / factor))
    return Interval(low: min(low, share), high: max(high, share))
  }

  /// The last point at or before a duration; `nil` before the first event.
  public func point(at duration: Double) -> Point? {
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].duration <= duration { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : points[low - 1]
  }

  /// The first duration by which it has happened to at least `share` of the cases; `nil` where the
  /// curve does not come down that far.
  public func duration(ofShare share: Double) -> Double? {
    points.first { $0.share <= 1 - share + Self.tolerance }?.duration
  }

  /// The duration by which it has happened to half of the cases.
  public var median: Double? { duration(ofShare: 0.5) }

  /// Where the true median lies.
  ///
  /// From where the lower ends of the intervals come down to a half to where the upper ends do; each
  /// is `nil` where they do not.
  ///
  /// Source: R. Brookmeyer and J. Crowley, A confidence interval for the median survival time,
  /// Biometrics 38 (1982), 29-41.
  public var medianInterval: (low: Double?, high: Double?) {
    func first(_ end: (Interval) -> Double) -> Double? {
      points.first { point in
        point.interval.map { end($0) <= 0.5 + Self.tolerance } ?? false
      }?.duration
    }
    return (first(\.low), first(\.high))
  }
}
