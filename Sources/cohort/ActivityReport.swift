import Events
import Pipes
import Records
import Statistics

/// How many are active by day, week or month, how many of them stick, and how often each came: the
/// `cohort.active` and `cohort.frequency` records.
///
/// By day, `weekly` and `monthly` are those active in the 7 and 30 days up to and with it, `null` where the
/// events do not reach back so far, and stickiness is the share of the monthly who are active on the day.
/// By week and month, it is the share of the days of the period on which its persons were active; it has no
/// interval, since the days of one person hang together.
///
/// Source: PostHog's stickiness for the frequencies (persons by the exact number of periods).
struct ActivityReport {
  private let periods: CalendarPeriods
  private let asOf: Moment
  /// The first day of the events.
  private let firstDay: Int32
  private let recentCount: Int

  /// A report of a run; `nil` without events.
  ///
  /// - Parameter recentCount: how many periods up to now the frequencies are of.
  init?(_ periods: CalendarPeriods, recentCount: Int, _ run: Run) {
    guard let asOf = run.asOf, let from = run.from else { return nil }
    (self.periods, self.asOf, self.recentCount) = (periods, asOf, recentCount)
    firstDay = periods.day(of: from)
  }

  /// Counts all persons and writes the records.
  func write(_ days: PersonDays, _ groups: PersonGroups?, _ run: Run, into output: inout Output) {
    let now = periods.index(of: asOf)
    let recent = now - Int32(recentCount) + 1...now
    let tallies = days.tallied(
      groups, run, from: ActivityCounts(periods, recent: recent), having: .back,
      into: &output
    ) { $0.add($1) }
    let ranges = tallies.compactMap(\.counts.range)
    guard let shown = periods.reported(ranges, asOf: asOf, into: &output) else { return }
    for (group, counts) in tallies {
      var weekly = Covered(counts.weekly, before: shown.lowerBound)
      var monthly = Covered(counts.monthly, before: shown.lowerBound)
      for period in shown {
        weekly.go(to: period)
        monthly.go(to: period)
        let count = counts.counts[period] ?? ActivityCounts.Count()
        output.report("cohort.active") { writer in
          writer.field("period", periods.label(of: period))
          writer.field("persons", count.persons)
          if periods.unit == .day {
            writeWindows(period, count.persons, weekly.count, monthly.count, to: &writer)
          } else {
            writeStickiness(period, count, to: &writer)
          }
          if !periods.isComplete(period, at: asOf) { writer.field("complete", false) }
          run.breakdown.write(group, to: &writer)
        }
      }
    }
    for (group, counts) in tallies {
      writeFrequencies(counts, group, run.breakdown, into: &output)
    }
  }

  /// How many persons are covered, day by day.
  private struct Covered {
    private let edges: [Int32: Int]
    private(set) var count: Int

    init(_ edges: [Int32: Int], before day: Int32) {
      self.edges = edges
      count = edges.reduce(0) { $1.key < day ? $0 + $1.value : $0 }
    }

    /// Goes on from the day before.
    mutating func go(to day: Int32) { count += edges[day] ?? 0 }
  }

  private func writeWindows(
    _ day: Int32, _ daily: Int, _ weekly: Int, _ monthly: Int, to writer: inout RecordWriter
  ) {
    if day - ActivityCounts.weekDays + 1 >= firstDay {
      writer.field("weekly", weekly)
    } else {
      writer.null("weekly")
    }
    guard day - ActivityCounts.monthDays + 1 >= firstDay else {
      writer.null("monthly")
      return writer.null("stickiness")
    }
    writer.field("monthly", monthly)
    writer.rate("stickiness", Rate(numerator: daily, denominator: monthly))
  }

  private func writeStickiness(
    _ period: Int32, _ count: ActivityCounts.Count, to writer: inout RecordWriter
  ) {
    let first = periods.day(of: periods.start(of: period))
    let end = min(periods.day(of: periods.start(of: period + 1)), periods.day(of: asOf) + 1)
    let dayCount = max(1, Int(end) - Int(first))
    writer.field("daily", Double(count.days) / Double(dayCount))
    guard count.persons > 0 else { return writer.null("stickiness") }
    let possible = count.persons * dayCount
    writer.object("stickiness") { writer in
      writer.field("numerator", count.days)
      writer.field("denominator", possible)
      writer.field("value", Double(count.days) / Double(possible))
      writer.null("low")
      writer.null("high")
    }
  }

  /// Writes how many of those active lately were so in one period, in two, and so on.
  private func writeFrequencies(
    _ counts: ActivityCounts, _ group: UInt32?, _ breakdown: Breakdown, into output: inout Output
  ) {
    let total = counts.frequencies.dropFirst().reduce(0, +)
    for (frequency, persons) in counts.frequencies.enumerated().dropFirst() {
      output.report("cohort.frequency") { writer in
        writer.field("periods", frequency)
        writer.field("of", recentCount)
        writer.field("persons", persons)
        writer.rate("share", Rate(numerator: persons, denominator: total))
        breakdown.write(group, to: &writer)
      }
    }
  }
}
