import Pipes
import Records
import Statistics

/// Whether targets are reached, and whether they will be: the `kpi.target` records.
///
///     value     ·  ·  ·  ●        target 45 ────────────────────◇
///            ·  ●  ●              the line through the last twelve periods, up to that of the date
///           01 02 03 04 05 … 12
///
/// A target is on track where the line meets it in the period of its date; the chance is that of one
/// further point, by Student's distribution. With less than three periods there is no line: the latest
/// value stands for what is to come, and its interval for the chance.
struct TargetReport {
  private let measures: Measures
  private let periods: CalendarPeriods
  private let asOf: Moment
  /// How many periods the line goes through at most.
  private static let pointsMax = 12

  init(_ measures: Measures, _ periods: CalendarPeriods, asOf: Moment) {
    (self.measures, self.periods, self.asOf) = (measures, periods, asOf)
  }

  /// Writes a record for each target and group.
  func write(
    _ targets: [MetricTarget], _ shown: ClosedRange<Int32>, _ groups: [UInt32?],
    _ breakdown: Breakdown, into output: inout Output
  ) {
    for (place, group) in groups.enumerated() {
      for target in targets {
        write(
          target, shown, UInt32(truncatingIfNeeded: place), group, breakdown, into: &output)
      }
    }
  }

  private func write(
    _ target: MetricTarget, _ shown: ClosedRange<Int32>, _ place: UInt32, _ group: UInt32?,
    _ breakdown: Breakdown, into output: inout Output
  ) {
    let definition = measures.definitions[target.metric]
    let due = periods.index(of: target.dueMoment)
    let points = points(of: target.metric, shown, until: due, place)
    let outlook = Outlook(target, definition, points, due: due)
    output.report("kpi.target") { writer in
      writer.field("metric", definition.name)
      writer.field("target", target.value)
      writer.field("due", target.due)
      if let latest = points.last {
        writer.field("period", periods.label(of: latest.period))
        writer.field("value", latest.measure.value)
      } else {
        writer.null("period")
        writer.null("value")
      }
      writer.field("status", outlook.status)
      writer.field("projected", outlook.projected)
      writer.field("probability", outlook.probability)
      writer.field("periods", points.count)
      if let benchmark = target.benchmark {
        writer.field("benchmark", benchmark)
        writer.field("toBenchmark", points.last?.measure.value.map { $0 - benchmark })
      }
      breakdown.write(group, to: &writer)
    }
  }

  /// The latest periods that are over and have a value, up to that of the date.
  private func points(
    of metric: Int, _ shown: ClosedRange<Int32>, until due: Int32, _ place: UInt32
  ) -> [(period: Int32, measure: Measure)] {
    var points: [(period: Int32, measure: Measure)] = []
    for period in shown.reversed() where period <= due {
      guard points.count < Self.pointsMax else { break }
      guard periods.isComplete(period, at: asOf) else { continue }
      let measure = measures.measure(metric, period, place)
      if measure.value != nil { points.append((period, measure)) }
    }
    return points.reversed()
  }
}

/// What is to be expected of a metric at the date of its target.
private struct Outlook {
  var status: String
  var projected: Double?
  var probability: Double?

  init(
    _ target: MetricTarget, _ definition: MetricDefinition,
    _ points: [(period: Int32, measure: Measure)], due: Int32
  ) {
    guard let latest = points.last, let value = latest.measure.value else {
      status = "unknown"
      return
    }
    if latest.period == due {
      // The date has come: what is, is.
      (projected, probability) = (value, target.isReached(by: value) ? 1 : 0)
    } else {
      let line = LinearTrend(
        points.compactMap { point in
          point.measure.value.map { (x: Double(point.period), y: $0) }
        })
      let expected = definition.clamped(line?.value(at: Double(due)) ?? value)
      projected = expected
      let chance =
        line?.chance(of: target.value, at: Double(due))
        ?? Self.chance(of: target.value, by: latest.measure)
      probability = chance.map { target.isBetterHigher ? $0 : 1 - $0 }
    }
    let isReached = target.isReached(by: value)
    let isExpected = projected.map(target.isReached) ?? false
    status = isReached ? "reached" : isExpected ? "on track" : "off track"
  }

  /// The chance that a further value like this one is at least so high, by its interval.
  private static func chance(of height: Double, by measure: Measure) -> Double? {
    guard let value = measure.value, let interval = measure.interval else { return nil }
    let width = interval.high - interval.low
    guard width > 0 else { return value >= height ? 1 : 0 }
    let error = width / (2 * NormalDistribution.criticalValue(confidence: Interval.usualConfidence))
    // This value and the further one both vary.
    return NormalDistribution.cumulative((value - height) / (error * 2.0.squareRoot()))
  }
}

extension MetricDefinition {
  /// A value within the range that the metric can have.
  fileprivate func clamped(_ value: Double) -> Double {
    if case .growth = form { return max(value, -1) }
    return switch unit {
    case .share, .count, .seconds: max(value, 0)
    case .points: min(max(value, -100), 100)
    case .number, .money: value
    }
  }
}
