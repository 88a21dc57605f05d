import Pipes
import Records
import Statistics

/// Every metric in every period: the `kpi` records.
///
///     metric           period    result                       change
///     conversionRate   2026-01   3.2 % (2.9–3.6)
///     conversionRate   2026-02   3.9 % (3.5–4.3)              +0.7 points (0.1–1.2)
struct KpiReport {
  private let measures: Measures
  private let periods: CalendarPeriods
  private let asOf: Moment
  /// The currency of amounts, empty where it has no name.
  private let currencyName: String
  private let targets: [MetricTarget]

  /// A report of what was counted.
  init(
    _ measures: Measures, _ targets: [MetricTarget], _ periods: CalendarPeriods, asOf: Moment,
    currencyName: String
  ) {
    self.targets = targets
    (self.measures, self.periods, self.asOf) = (measures, periods, asOf)
    self.currencyName = currencyName
  }

  /// Writes the records of some metrics, group by group.
  func write(
    _ metrics: [Int], _ shown: ClosedRange<Int32>, _ groups: [UInt32?], _ breakdown: Breakdown,
    into output: inout Output
  ) {
    for (place, group) in groups.enumerated() {
      for metric in metrics {
        var before: Measure?
        for period in shown {
          let measure = measures.measure(metric, period, UInt32(truncatingIfNeeded: place))
          output.report("kpi") { writer in
            writer.field("metric", measures.definitions[metric].name)
            writer.field("period", periods.label(of: period))
            write(measure, measures.definitions[metric], to: &writer)
            write(measure, since: before, measures.definitions[metric], to: &writer)
            // A metric without a target is marked so.
            writer.field("target", targets.first { $0.metric == metric }?.value)
            if !periods.isComplete(period, at: asOf) { writer.field("complete", false) }
            breakdown.write(group, to: &writer)
          }
          before = measure
        }
      }
    }
  }

  private func write(
    _ measure: Measure, _ definition: MetricDefinition, to writer: inout RecordWriter
  ) {
    if measure.value == nil, (measure.denominator?.double ?? 0) == 0 {
      return writer.null("result")
    }
    writer.object("result") { writer in
      write("numerator", measure.numerator, to: &writer)
      write("denominator", measure.denominator, to: &writer)
      // A sum is written as exactly as it is known.
      if measure.denominator == nil, case .sum(let sum)? = measure.numerator {
        writer.field("value", sum)
      } else {
        writer.field("value", measure.value)
      }
      writer.field("low", measure.interval?.low)
      writer.field("high", measure.interval?.high)
      if measure.isSmall { writer.field("small", true) }
      writeUnit(definition.unit, to: &writer)
    }
    if let band = measure.value.flatMap(definition.band) { writer.field("band", band) }
  }

  /// Writes how far the value is from that of the period before.
  private func write(
    _ measure: Measure, since before: Measure?, _ definition: MetricDefinition,
    to writer: inout RecordWriter
  ) {
    guard let value = measure.value, let before, let reference = before.value else {
      return writer.null("change")
    }
    let interval = measure.difference(to: before)
    writer.object("change") { writer in
      if let difference = exactDifference(measure, before) {
        writer.field("value", difference)
      } else {
        writer.field("value", value - reference)
      }
      writer.field("low", interval?.low)
      writer.field("high", interval?.high)
      writeUnit(definition.unit, to: &writer)
    }
  }

  /// The exact difference of two sums; `nil` for other measures.
  private func exactDifference(_ measure: Measure, _ before: Measure) -> DecimalSum? {
    guard measure.denominator == nil,
      case (.sum(var sum)?, .sum(let other)?) =
        (measure.numerator, before.numerator)
    else { return nil }
    sum.subtract(other)
    return sum
  }

  private func write(_ name: String, _ amount: Measure.Amount?, to writer: inout RecordWriter) {
    switch amount {
    case .count(let count): writer.field(name, count)
    case .sum(let sum): writer.field(name, sum)
    case nil: writer.null(name)
    }
  }

  /// Writes the unit; a share has none, so that it is the rate that every program writes.
  private func writeUnit(_ unit: MetricDefinition.Unit, to writer: inout RecordWriter) {
    switch unit {
    case .share: break
    case .money where !currencyName.isEmpty: writer.field("unit", currencyName)
    default: writer.field("unit", unit.rawValue)
    }
  }
}
