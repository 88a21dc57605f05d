import Statistics

/// The seconds that persons took to a step: each of them, or under `--lateness` a sketch of them,
/// a few KB however many persons there are.
struct StepSeconds: Sendable {
  private let isSketched: Bool
  private var exact = ExactQuantiles()
  private var sketch = DDSketch()

  /// Nobody's yet.
  init(isSketched: Bool) { self.isSketched = isSketched }

  /// Adds one person's.
  mutating func update(_ seconds: Double) {
    if isSketched { sketch.update(seconds) } else { exact.update(seconds) }
  }

  /// Adds those of other persons, kept the same way.
  mutating func merge(_ other: StepSeconds) {
    exact.merge(other.exact)
    sketch.merge(other.sketch)
  }

  /// The seconds that these shares of the persons stayed under, `nil` where there is no person.
  func quantiles(_ shares: [Double]) -> [Double]? {
    guard isSketched else { return exact.quantiles(shares) }
    return sketch.count == 0 ? nil : shares.compactMap { sketch.quantile($0) }
  }

  /// How far a quantile can be from the exact one, as a share of it; `nil` where it is exact.
  var relativeError: Double? { isSketched ? DDSketch.relativeError : nil }
}
