public import Records

extension CalendarPeriods {
  /// The latest so many periods are reported.
  private static let reportedMax: Int32 = 10_000

  /// The periods that are reported: from the first one with a person on, all that have begun.
  ///
  /// - Parameter ranges: the first and last period with a person, of each value of `--by`.
  public func reported(
    _ ranges: [ClosedRange<Int32>], asOf: Moment, into output: inout Output
  ) -> ClosedRange<Int32>? {
    guard let first = ranges.map(\.lowerBound).min(), let last = ranges.map(\.upperBound).max()
    else { return nil }
    let shownFirst = max(first, last - Self.reportedMax + 1)
    if shownFirst > first {
      output.notice(
        "\(shownFirst - first) periods before \(label(of: shownFirst)) are left out: the latest"
          + " \(Self.reportedMax) are reported")
    }
    return shownFirst...min(max(last, index(of: asOf)), shownFirst + Self.reportedMax - 1)
  }

  /// Whether a period is over.
  public func isComplete(_ period: Int32, at moment: Moment) -> Bool {
    moment.milliseconds >= start(of: period + 1).milliseconds - 1
  }
}
