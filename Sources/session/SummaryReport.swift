import Events
import Pipes
import Records
import Statistics

/// What all sessions are like: the `session.summary` records.
///
/// Rates are over sessions, the share of returning persons over persons: who had a session that was not the
/// person's first one of those that count.
struct SummaryReport {
  let definition: SessionDefinition

  /// Writes a record for each value of `--by`, the one with most sessions first.
  ///
  /// - Parameter openCounts: how many sessions may still go on, by value; they are counted in nothing else.
  func write(
    _ census: SessionCensus, openCounts: [Int], _ run: Run, into output: inout Output
  ) {
    var sizes = [Int](repeating: 0, count: run.breakdown.count)
    for group in sizes.indices {
      sizes[group] = group < census.tallies.count ? census.tallies[group].sessions : 0
      sizes[group] += openCounts[group]
    }
    let reported = run.breakdown.reported(sizes, into: &output)
    var places = [Int?](repeating: nil, count: sizes.count)
    for (place, one) in reported.enumerated() {
      for member in one.members { places[Int(member)] = place }
    }
    let visits = census.visits.counts(places, placeCount: reported.count)
    for (place, one) in reported.enumerated() {
      var tally = census.emptyTally
      var openCount = 0
      for member in one.members {
        openCount += openCounts[Int(member)]
        if Int(member) < census.tallies.count { tally.merge(census.tallies[Int(member)]) }
      }
      write(tally, openCount, visits[place], one.group, run, into: &output)
    }
  }

  private func write(
    _ tally: SessionTally, _ openCount: Int, _ visits: PersonVisits.Count, _ group: UInt32?,
    _ run: Run, into output: inout Output
  ) {
    output.report("session.summary") { writer in
      // First, so that a table shows it however narrow it is.
      run.breakdown.write(group, to: &writer)
      writer.field("sessions", tally.sessions)
      if !run.isFinal { writer.field("open", openCount) }
      writer.field("persons", visits.persons)
      writer.field("averageSeconds", tally.averageSeconds)
      writer.field("medianSeconds", tally.medianSeconds)
      writer.field("pageSeconds", tally.averagePageSeconds)
      writer.field("pagesPerSession", tally.pagesPerSession)
      writer.rate("engaged", Rate(numerator: tally.engaged, denominator: tally.ofEngaged))
      writer.rate("bounced", Rate(numerator: tally.bounced, denominator: tally.ofBounced))
      writer.rate("returning", Rate(numerator: visits.returning, denominator: visits.persons))
      writer.field("eventsPerSession", tally.eventsPerSession)
      writer.field("rules", definition.named.rawValue)
      if let error = tally.relativeError { writer.field("quantileError", error) }
    }
  }
}
