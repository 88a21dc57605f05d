import Pipes
import Records
import Statistics

/// Who came back, cohort by cohort: the `cohort.retention` and `cohort.mean` records.
///
///     cohort       persons   day1           day2           day3
///     2026-03-01   120       40 %           33 %           26 %, not complete
///     2026-03-02   95        37 %           31 %, not complete
///     mean                   39 % of 215    33 % of 120
///
/// The mean takes only brackets that are over for all of their persons, each cohort with the weight of
/// its size.
struct RetentionReport {
  private let definition: RetentionDefinition
  private let asOf: Moment

  /// A report of a run; `nil` without events.
  init?(_ definition: RetentionDefinition, _ run: Run) {
    guard let asOf = run.asOf else { return nil }
    (self.definition, self.asOf) = (definition, asOf)
  }

  /// Counts all persons and writes the records, by value of `--by` the largest first.
  ///
  /// - Parameter groups: the value of each person; `nil` without `--by`.
  func write(
    _ days: PersonDays, _ groups: PersonGroups?, _ run: Run, into output: inout Output
  ) {
    var finder = RetentionFinder(definition)
    let tallies = days.tallied(
      groups, run, from: RetentionCounts(bracketCount: definition.brackets.count),
      having: .start, into: &output
    ) { counts, days in
      finder.forEachCohort(of: days) { cohort, hits in counts.add(cohort, hits) }
    }
    let ranges = tallies.compactMap(\.counts.range)
    guard let cohorts = definition.periods.reported(ranges, asOf: asOf, into: &output) else {
      return
    }
    for (group, counts) in tallies {
      for cohort in cohorts { write(cohort, counts, group, run.breakdown, into: &output) }
    }
    for (group, counts) in tallies {
      writeMean(cohorts, counts, group, run.breakdown, into: &output)
    }
  }

  private func write(
    _ cohort: Int32, _ counts: RetentionCounts, _ group: UInt32?, _ breakdown: Breakdown,
    into output: inout Output
  ) {
    let size = counts.size(of: cohort)
    let begun = definition.brackets.indices.filter { number in
      size > 0 && definition.hasBegun(definition.brackets[number], of: cohort, at: asOf)
    }
    output.report("cohort.retention") { writer in
      writer.field("cohort", definition.periods.label(of: cohort))
      writer.field("persons", size)
      if begun.isEmpty {
        writer.null("retained")
      } else {
        writer.object("retained") { writer in
          for number in begun {
            let bracket = definition.brackets[number]
            writer.rate(
              definition.names[number],
              Rate(numerator: counts.retained(of: cohort, in: number), denominator: size),
              isComplete: definition.isComplete(bracket, of: cohort, at: asOf))
          }
        }
      }
      if !definition.periods.isComplete(cohort, at: asOf) { writer.field("complete", false) }
      breakdown.write(group, to: &writer)
    }
  }

  /// Writes the mean over the cohorts whose bracket is over, weighted by their sizes.
  private func writeMean(
    _ cohorts: ClosedRange<Int32>, _ counts: RetentionCounts, _ group: UInt32?,
    _ breakdown: Breakdown, into output: inout Output
  ) {
    output.report("cohort.mean") { writer in
      writer.field("cohorts", cohorts.count { counts.size(of: $0) > 0 })
      writer.object("retained") { writer in
        for (number, bracket) in definition.brackets.enumerated() {
          var mean = Rate()
          for cohort in cohorts where definition.isComplete(bracket, of: cohort, at: asOf) {
            mean.merge(
              Rate(
                numerator: counts.retained(of: cohort, in: number),
                denominator: counts.size(of: cohort)))
          }
          writer.rate(definition.names[number], mean)
        }
      }
      breakdown.write(group, to: &writer)
    }
  }
}
