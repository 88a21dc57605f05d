/// How long something took, case by case: each duration, or a sketch of them, a few KB however many
/// there are.
///
///     var durations = Durations(isSketched: false)
///     for seconds in [1.0, 2, 3, 10] { durations.update(seconds) }
///     durations.quantiles([0.5])      // [2.5]
public struct Durations: Sendable {
  private let isSketched: Bool
  private var exact = ExactQuantiles()
  /// What is kept where durations are not kept one by one.
  public private(set) var sketch = DDSketch()

  /// None yet.
  public init(isSketched: Bool) { self.isSketched = isSketched }

  /// Adds one, in seconds, so many times.
  public mutating func update(_ seconds: Double, count: Int = 1) {
    if isSketched { return sketch.update(seconds, count: count) }
    for _ in 0..<count { exact.update(seconds) }
  }

  /// Adds others, kept the same way.
  public mutating func merge(_ other: Durations) {
    exact.merge(other.exact)
    sketch.merge(other.sketch)
  }

  /// The seconds that these shares of them stayed under, `nil` where there is none.
  public func quantiles(_ shares: [Double]) -> [Double]? {
    guard isSketched else { return exact.quantiles(shares) }
    return sketch.count == 0 ? nil : shares.compactMap { sketch.quantile($0) }
  }

  /// How far a quantile can be from the exact one, as a share of it; `nil` where it is exact.
  public var relativeError: Double? { isSketched ? DDSketch.relativeError : nil }
}
