/// A range of plausible values for what was measured, both ends included.
///
///     let interval = Interval(low: 0.776, high: 0.822)
///     interval.contains(0.8)  // true
///
/// Units are those of the measured value: shares for a rate, not percent.
public struct Interval: Equatable, Sendable {
  /// The lower end.
  public var low: Double

  /// The upper end, never under `low`.
  public var high: Double

  /// How often an interval made this way holds the true value, where a caller does not say: 95 %.
  public static let usualConfidence = 0.95

  /// Makes the interval from `low` to `high`.
  ///
  /// `low` may not exceed `high`; that is a fault of the caller and stops the program.
  public init(low: Double, high: Double) {
    precondition(low <= high, "an interval runs from its lower end to its upper end")
    self.low = low
    self.high = high
  }

  /// Whether `value` lies between the ends or on one of them.
  public func contains(_ value: Double) -> Bool {
    low <= value && value <= high
  }
}
