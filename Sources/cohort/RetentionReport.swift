import Events
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
  /// The latest so many cohorts are reported.
  private static let cohortsMax: Int32 = 10_000

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
    let roots = run.persons.roots()
    let groupOf = groups?.resolved(roots)
    var sizes = [Int](repeating: 0, count: run.breakdown.count)
    if let groupOf {
      days.forEachPerson(roots) { person, days in
        guard days.contains(where: { $0.marks.contains(.start) }) else { return }
        sizes[Int(groupOf[Int(person)])] += 1
      }
    }
    let reported = run.breakdown.reported(sizes, into: &output)
    var places = [Int](repeating: 0, count: run.breakdown.count)
    for (place, one) in reported.enumerated() {
      for member in one.members { places[Int(member)] = place }
    }
    let empty = RetentionCounts(bracketCount: definition.brackets.count)
    var counts = Array(repeating: empty, count: max(1, reported.count))
    var finder = RetentionFinder(definition)
    days.forEachPerson(roots) { person, days in
      let place = groupOf.map { places[Int($0[Int(person)])] } ?? 0
      finder.forEachCohort(of: days) { cohort, hits in counts[place].add(cohort, hits) }
    }
    guard let cohorts = cohorts(counts, into: &output) else { return }
    for (one, counts) in zip(reported, counts) {
      for cohort in cohorts { write(cohort, counts, one.group, run.breakdown, into: &output) }
    }
    for (one, counts) in zip(reported, counts) {
      writeMean(cohorts, counts, one.group, run.breakdown, into: &output)
    }
  }

  /// The cohorts that are reported: from the first with a person on, all that have begun.
  private func cohorts(
    _ counts: [RetentionCounts], into output: inout Output
  ) -> ClosedRange<Int32>? {
    let ranges = counts.compactMap(\.range)
    guard let first = ranges.map(\.lowerBound).min(), let last = ranges.map(\.upperBound).max()
    else { return nil }
    let shownFirst = max(first, last - Self.cohortsMax + 1)
    if shownFirst > first {
      output.notice(
        "\(shownFirst - first) cohorts before \(definition.periods.label(of: shownFirst)) are left out:"
          + " the latest \(Self.cohortsMax) are reported")
    }
    let begun = max(last, definition.periods.index(of: asOf))
    return shownFirst...min(begun, shownFirst + Self.cohortsMax - 1)
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
      let end = definition.periods.start(of: cohort + 1)
      if asOf.milliseconds < end.milliseconds - 1 { writer.field("complete", false) }
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
