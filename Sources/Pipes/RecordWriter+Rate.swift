public import Records
public import Statistics

extension RecordWriter {
  /// Writes a rate with its 95 % Wilson interval, `null` for nothing over nothing.
  ///
  ///     "overall":{"numerator":480,"denominator":598,"value":0.8026…,"low":0.769,"high":0.832}
  ///
  /// - Parameters:
  ///   - isSequential: whether the interval is one that may be looked at again and again.
  ///   - isComplete: false, and then it is said, where time may still change the rate.
  public mutating func rate(
    _ name: String, _ rate: Rate, isSequential: Bool = false, isComplete: Bool = true
  ) {
    guard let value = rate.value,
      let interval = isSequential ? rate.sequential() : rate.wilson()
    else { return null(name) }
    object(name) { writer in
      writer.field("numerator", rate.numerator)
      writer.field("denominator", rate.denominator)
      writer.field("value", value)
      writer.field("low", interval.low)
      writer.field("high", interval.high)
      if rate.isSmall { writer.field("small", true) }
      if !isComplete { writer.field("complete", false) }
    }
  }
}
