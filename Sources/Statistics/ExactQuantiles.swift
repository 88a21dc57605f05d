/// The numbers themselves, for quantiles without error.
///
///     var duration = ExactQuantiles()
///     for seconds in [1.0, 2, 3, 10] { duration.update(seconds) }
///     duration.quantile(0.5)          // 2.5
///     duration.quantiles([0.5, 0.9])  // [2.5, 7.9]
///
/// Between two numbers a quantile is interpolated on a straight line (Hyndman and Fan's type 7).
/// Whole numbers are added as `Double(whole)`: rounding keeps their order, so past 2^53 too the
/// quantile is off by its own rounding at most.
///
/// Cost: 8 bytes a number and some 15 ns an update; a read copies the numbers and takes linear
/// time. Unbounded: use `DDSketch` where memory is limited. Results depend on the numbers alone,
/// not on order or merging.
public struct ExactQuantiles: Sendable {
  /// The numbers, in the order in which they came.
  public private(set) var values: [Double] = []

  private var hasNotANumber = false

  /// The quantiles of nothing.
  public init() {}

  /// How many numbers there are.
  public var count: Int { values.count }

  /// Adds one number.
  public mutating func update(_ value: Double) {
    // Adding 0 turns -0 into 0: the two are equal, so which one a rank gets would depend on order.
    values.append(value + 0)
    hasNotANumber = hasNotANumber || value.isNaN
  }

  /// Adds the numbers of `other`.
  public mutating func merge(_ other: ExactQuantiles) {
    values.append(contentsOf: other.values)
    hasNotANumber = hasNotANumber || other.hasNotANumber
  }

  /// The number that a share of `quantile` lies under; `nil` when there are no numbers.
  ///
  /// 0 gives the least, 0.5 the median, 1 the greatest; outside 0 to 1 is a fault of the caller
  /// and stops the program. NaN when there is a NaN among the numbers, which has no place in their
  /// order.
  public func quantile(_ quantile: Double) -> Double? {
    quantiles([quantile])?.first
  }

  /// Several quantiles in the order asked for, at little more than the cost of one; `nil` when
  /// there are no numbers.
  public func quantiles(_ quantiles: [Double]) -> [Double]? {
    guard !values.isEmpty else { return nil }
    var results = [Double](repeating: .nan, count: quantiles.count)
    guard !hasNotANumber else { return results }
    var scratch = values
    var placed = 0
    for index in quantiles.indices.sorted(by: { quantiles[$0] < quantiles[$1] }) {
      let position = QuantilePosition(quantiles[index], count: scratch.count)
      scratch.select(position.rank, from: placed)
      placed = position.rank
      let lower = scratch[placed]
      let upper = position.fraction == 0 ? lower : scratch[(placed + 1)...].min() ?? lower
      results[index] = position.value(from: lower, to: upper)
    }
    return results
  }
}

extension ExactQuantiles: Equatable {
  /// Whether the two hold the same numbers, in whatever order they came.
  ///
  /// Cost: that of sorting both. As everywhere, NaN equals nothing.
  public static func == (left: ExactQuantiles, right: ExactQuantiles) -> Bool {
    left.values.sorted() == right.values.sorted()
  }
}
