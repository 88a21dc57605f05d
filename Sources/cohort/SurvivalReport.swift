import Events
import Pipes
import Records
import Statistics

/// After how long persons stay away: the `cohort.lifetime` and `cohort.survival` records.
///
///     idle 3 days    start ■ · ■ ■ · · ·      left 6 days after the start
///                    start ■ · ■ · │ now      still here 3 days after it, censored
///
/// A person leaves when so many days in a row have passed without activity, for the first time after the
/// first start; whether and when is known at that moment, whatever comes later. Who has not left has been
/// watched up to the last day that is over. Kaplan and Meier's curve has the share who are still here.
///
/// Source: Kaplan and Meier 1958, log-log interval after Kalbfleisch and Prentice: ``SurvivalCurve``.
struct SurvivalReport {
  private let idleDays: Int32
  private let asOf: Moment
  /// The last day that is over.
  private let lastDay: Int32

  /// A report of a run; `nil` without events.
  ///
  /// - Parameter periods: what a calendar day is.
  init?(_ periods: CalendarPeriods, idleDays: Int32, _ run: Run) {
    guard let asOf = run.asOf else { return nil }
    (self.asOf, self.idleDays) = (asOf, idleDays)
    let day = periods.day(of: asOf)
    let isOver = asOf.milliseconds >= periods.start(ofDay: day + 1).milliseconds - 1
    lastDay = isOver ? day : day - 1
  }

  /// How long a person has been here, in days, and whether the person has left; `nil` without a start.
  private func lifetime(of days: [PersonDay]) -> (days: Int, hasLeft: Bool)? {
    guard let first = days.first(where: { $0.marks.contains(.start) })?.day else { return nil }
    var active = first
    for day in days where day.day > first {
      if day.day - active > idleDays { break }
      active = day.day
    }
    if active + idleDays <= lastDay { return (Int(active + idleDays - first), true) }
    return (Int(max(0, lastDay - first)), false)
  }

  /// Counts all persons and writes the records.
  func write(_ days: PersonDays, _ groups: PersonGroups?, _ run: Run, into output: inout Output) {
    let tallies = days.tallied(
      groups, run, from: KaplanMeier(), having: .start, into: &output
    ) { survival, days in
      guard let one = lifetime(of: days) else { return }
      survival.update(Double(one.days), hasEvent: one.hasLeft)
    }
    for (group, survival) in tallies where survival.total > 0 {
      write(survival, group, run.breakdown, into: &output)
    }
    for (group, survival) in tallies {
      for point in survival.curve()?.points ?? [] {
        output.report("cohort.survival") { writer in
          writer.field("days", point.duration)
          writer.field("atRisk", point.atRisk)
          writer.field("left", point.events)
          writer.field("here", point.share)
          writer.field("low", point.interval?.low)
          writer.field("high", point.interval?.high)
          run.breakdown.write(group, to: &writer)
        }
      }
    }
  }

  private func write(
    _ survival: KaplanMeier, _ group: UInt32?, _ breakdown: Breakdown, into output: inout Output
  ) {
    let curve = survival.curve()
    let left = survival.events.reduce(0) { $0 + $1.count }
    output.report("cohort.lifetime") { writer in
      writer.field("persons", survival.total)
      writer.field("left", left)
      writer.field("here", survival.total - left)
      writer.field("idleDays", Int(idleDays))
      writer.field("medianDays", curve?.median)
      writer.field("medianLowDays", curve?.medianInterval.low)
      writer.field("medianHighDays", curve?.medianInterval.high)
      breakdown.write(group, to: &writer)
    }
  }
}
