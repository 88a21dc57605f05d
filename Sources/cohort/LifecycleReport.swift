import Pipes
import Records
import Statistics

/// Who is new, returns, comes back and stays away in each period: the `cohort.lifecycle` records; or which
/// share of the active stays away: the `cohort.churn` records.
///
/// Churn of a period is the share of those active in the period before who are not active in it. Of the
/// last period it is not known before it is over, and is marked.
struct LifecycleReport {
  private let periods: CalendarPeriods
  private let asOf: Moment
  private let isChurn: Bool

  /// A report of a run; `nil` without events.
  ///
  /// - Parameter isChurn: whether churn is asked for, and not the stages.
  init?(_ periods: CalendarPeriods, isChurn: Bool, _ run: Run) {
    guard let asOf = run.asOf else { return nil }
    (self.periods, self.asOf, self.isChurn) = (periods, asOf, isChurn)
  }

  /// Counts all persons and writes the records.
  func write(_ days: PersonDays, _ groups: PersonGroups?, _ run: Run, into output: inout Output) {
    let tallies = days.tallied(
      groups, run, from: LifecycleCounts(periods), having: .back, into: &output
    ) { $0.add($1) }
    let now = periods.index(of: asOf)
    // Nobody is dormant in a period that has not begun.
    let ranges = tallies.compactMap(\.counts.range).map { range in
      min(range.lowerBound, now)...min(range.upperBound, now)
    }
    guard let shown = periods.reported(ranges, asOf: asOf, into: &output) else { return }
    for (group, counts) in tallies {
      for period in shown {
        let count = counts.counts[period] ?? LifecycleCounts.Count()
        output.report(isChurn ? "cohort.churn" : "cohort.lifecycle") { writer in
          writer.field("period", periods.label(of: period))
          if isChurn { writeChurn(count, to: &writer) } else { writeStages(count, to: &writer) }
          if !periods.isComplete(period, at: asOf) { writer.field("complete", false) }
          run.breakdown.write(group, to: &writer)
        }
      }
    }
  }

  private func writeStages(_ count: LifecycleCounts.Count, to writer: inout RecordWriter) {
    writer.field("active", count.new + count.returning + count.resurrected)
    writer.field("new", count.new)
    writer.field("returning", count.returning)
    writer.field("resurrected", count.resurrected)
    writer.field("dormant", count.dormant)
    writer.field("quickRatio", count.quickRatio)
  }

  private func writeChurn(_ count: LifecycleCounts.Count, to writer: inout RecordWriter) {
    let before = count.returning + count.dormant
    writer.field("before", before)
    writer.field("kept", count.returning)
    writer.field("lost", count.dormant)
    writer.rate("churn", Rate(numerator: count.dormant, denominator: before))
  }
}
