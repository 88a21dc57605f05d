import Statistics

/// The seconds that persons took to a step: each of them, or under `--lateness` a sketch of them,
/// a few KB however many persons there are.
struct StepSeconds: Sendable {
  private var exact = ExactQuantiles()
  /// In place of the exact ones.
  private var sketch: DDSketch?

  /// Nobody's yet.
  init(isSketched: Bool) {
    if isSketched { sketch = DDSketch() }
  }

  /// Adds one person's.
  mutating func update(_ seconds: Double) {
    if sketch == nil { exact.update(seconds) } else { sketch?.update(seconds) }
  }

  /// Adds those of other persons, kept the same way.
  mutating func merge(_ other: StepSeconds) {
    exact.merge(other.exact)
    if let others = other.sketch { sketch?.merge(others) }
  }

  /// The seconds that these shares of the persons stayed under, `nil` where there is no person.
  func quantiles(_ shares: [Double]) -> [Double]? {
    guard let sketch else { return exact.quantiles(shares) }
    return sketch.count == 0 ? nil : shares.compactMap { sketch.quantile($0) }
  }

  /// How far a quantile can be from the exact one, as a share of it; `nil` where it is exact.
  var relativeError: Double? { sketch == nil ? nil : DDSketch.relativeError }
}
