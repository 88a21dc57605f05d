import Expressions
import Pipes
import Records

extension BuiltIns {
  /// Has the chosen families told of among the expressions of the run.
  func tell(_ environment: inout Environment) {
    for builtIn in chosen { environment.tell(summary(builtIn)) }
  }

  /// What a family is, reads and keeps.
  private func summary(_ builtIn: BuiltIn) -> ExpressionSummary {
    let purchases = ["event", "properties.revenue", "properties.total", "properties.value"]
    let (fields, state): ([String], String) =
      switch builtIn {
      case .lifecycle: (["event"], "periods of activity: 12 bytes a person")
      case .rfm, .value:
        (
          purchases + ["properties.currency"],
          "purchases, once for rfm and value: 4 bytes a person, and 48 bytes a buyer and currency"
        )
      case .channel:
        (
          ["event", "channel"], "interactions by channel: \(4 * builtIn.names.count) bytes a person"
        )
      case .device:
        (
          ["event", "context.device.type", "context.userAgent"],
          "interactions by device: \(4 * builtIn.names.count) bytes a person"
        )
      }
    let isRanked =
      builtIn == .rfm && ranks.settings.ranksCode
      || builtIn == .value && ranks.settings.valueCuts.isEmpty
    return ExpressionSummary(
      "--builtin \(builtIn.rawValue)", value: "one of \(builtIn.names.joined(separator: ", "))",
      fields: fields, state: [state],
      clockMilliseconds: isRanked ? periods.shortestMilliseconds : nil)
  }
}

extension CalendarPeriods {
  /// How long a period is at least.
  fileprivate var shortestMilliseconds: Int64 {
    let days: Int64 =
      switch unit {
      case .day: 1
      case .week: 7
      case .month: 28
      case .quarter: 90
      case .year: 365
      }
    return days * 86_400_000
  }
}
