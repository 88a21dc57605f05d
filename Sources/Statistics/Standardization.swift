/// Numbers of different scales made comparable: how many standard deviations above the mean.
///
///     let scale = Standardization([[1, 100], [3, 300]])
///     scale.apply([3, 100])     // [0.7071, -0.7071]
///
/// A dimension in which all are equal is 0 for all. Means and deviations are exact, see ``Moments``, so
/// the order of the points plays no part.
public struct Standardization: Sendable {
  /// The mean of each dimension.
  public let means: [Double]
  /// The standard deviation of each dimension, dividing by one less than the count.
  public let deviations: [Double]

  /// The scale of points, which are all of as many dimensions.
  public init(_ points: [[Double]]) {
    var moments = [Moments](repeating: Moments(), count: points.first?.count ?? 0)
    for point in points {
      for dimension in moments.indices { moments[dimension].update(point[dimension]) }
    }
    means = moments.map { $0.mean ?? 0 }
    deviations = moments.map { $0.standardDeviation ?? 0 }
  }

  /// A point in standard deviations.
  public func apply(_ point: [Double]) -> [Double] {
    point.indices.map { dimension in
      deviations[dimension] > 0 ? (point[dimension] - means[dimension]) / deviations[dimension] : 0
    }
  }
}
