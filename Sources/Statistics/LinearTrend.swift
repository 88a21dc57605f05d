/// The straight line through points that lies nearest to them, and how sure it is where it goes on.
///
///     let trend = LinearTrend([(1, 10), (2, 12), (3, 13), (4, 16)])
///     trend?.value(at: 6)                     // 19.4
///     trend?.chance(of: 18, at: 6)            // that a further point lies at or above 18
///
/// Source: ordinary least squares, with the prediction interval of a new observation.
public struct LinearTrend: Sendable {
  private let count: Int
  private let meanX: Double
  private let meanY: Double
  private let slope: Double
  private let spreadX: Double
  /// The squared distances of the points from the line.
  private let residual: Double

  /// A line through three points at least, not all above each other; `nil` for others.
  public init?(_ points: [(x: Double, y: Double)]) {
    guard points.count >= 3, points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else {
      return nil
    }
    count = points.count
    let cases = Double(points.count)
    let middle = (
      x: points.reduce(0) { $0 + $1.x } / cases, y: points.reduce(0) { $0 + $1.y } / cases
    )
    let spread = points.reduce(0) { $0 + ($1.x - middle.x) * ($1.x - middle.x) }
    guard spread > 0 else { return nil }
    let product = points.reduce(0) { $0 + ($1.x - middle.x) * ($1.y - middle.y) }
    let slope = product / spread
    residual = points.reduce(0) { sum, point in
      let distance = point.y - middle.y - slope * (point.x - middle.x)
      return sum + distance * distance
    }
    (meanX, meanY, spreadX) = (middle.x, middle.y, spread)
    self.slope = slope
  }

  /// Where the line is.
  public func value(at x: Double) -> Double { meanY + slope * (x - meanX) }

  /// The chance that a further point lies at or above a height.
  public func chance(of height: Double, at x: Double) -> Double {
    let degrees = count - 2
    let distance = x - meanX
    let factor = 1 + 1 / Double(count) + distance * distance / spreadX
    let error = (residual / Double(degrees) * factor).squareRoot()
    let above = value(at: x) - height
    // Points on a line leave no doubt, but for rounding.
    guard error > 1e-12 * max(abs(meanY), abs(height)) else {
      return above >= -1e-9 * max(1, abs(height)) ? 1 : 0
    }
    return StudentT.cumulative(above / error, degrees: degrees)
  }
}
