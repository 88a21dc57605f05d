import Events
import Expressions
import Records

/// What a stage writes of what it knows: snapshots, the end, the run header.
extension EventStage {
  /// Writes an aggregator's reports as they stand; changes nothing.
  ///
  /// Where events wait, those of a copy have their turn now: see ``hold(_:_:of:into:)``.
  public mutating func snapshot(into output: inout Output) {
    guard filter.isAggregator else { return }
    guard isInOrder else { return report(isFinal: false, into: &output) }
    var whole = self
    var aside = Output(program: F.program.name)
    aside.tally = output.tally
    // Only a limit on rejected lines ends a run here, and this output has none.
    try? whole.releaseRest(into: &aside)
    let tally = output.tally
    output.tally = aside.tally
    whole.report(isFinal: false, into: &output)
    output.tally = tally
  }

  /// Writes an aggregator's final reports.
  public mutating func finish(into output: inout Output) throws(Failure) {
    try releaseRest(into: &output)
    try checkMerged()
    if settings.isPartial, isInOrder {
      output.notice(
        "this partial result looks back at persons in the order of their events: it is right where all"
          + " events of a person, under each linked id, are in one part")
    }
    if settings.isPartial { return encode(options: try digest(), into: &output) }
    tallyUp(&output)
    if latenessClock != nil { filter.fold(before: .distantFuture, persons) }
    if let condition = settings.condition, !whereHasWorked, tally.filtered > 0 {
      output.notice(
        "--where '\(condition.source)' failed on every event, and so was false: a field is missing or"
          + " of another type; has(FIELD) asks whether it is there")
    }
    doubtfulFields.tell(into: &output)
    if !filter.isAggregator, let newest = clock.newest {
      filter.advance(to: newest, persons, into: &output)
    }
    if tally.forgotten > 0 {
      output.notice("persons forgotten, since they were not seen for long: \(tally.forgotten)")
    }
    if !filter.isAggregator, tally.ahead > 0 {
      output.notice("events further ahead than --max-jump lets the clock go: \(tally.ahead)")
    }
    if filter.isAggregator { report(isFinal: true, into: &output) }
    output.tellFailures()
    if output.tally.clockStops > 0 {
      output.notice(
        "rules that ask for the clock were answered \(PersonMemory.clockAnswersMax) times without an"
          + " event of the person, and then no more until the next one:"
          + " \(output.tally.clockStops) times; compare lengths of time, now - last(…)")
    }
    if output.tally.estimates > 0 {
      output.notice(
        "\(output.tally.estimates) answers of distinct() are estimates within 2.3 %, since there were more"
          + " than 256 values")
    }
  }

  func tallyUp(_ output: inout Output) {
    // These are also counted where the stage does not see it.
    var whole = tally
    whole.lines = output.tally.lines
    whole.rejected = output.tally.rejected
    whole.late = output.tally.late
    whole.conditionErrors = output.tally.conditionErrors
    whole.clockStops = output.tally.clockStops
    whole.estimates = output.tally.estimates
    output.tally = whole
  }

  /// What a report speaks of.
  private func run(_ isFinal: Bool, _ tally: Tally) -> Run {
    Run(
      persons: persons, asOf: settings.asOf ?? clock.newest, from: clock.oldest, to: clock.newest,
      tally: tally, breakdown: breakdown, isFinal: isFinal)
  }

  /// Writes the run header and the filter's reports.
  private mutating func report(isFinal: Bool, into output: inout Output) {
    tallyUp(&output)
    let before = output.tally
    // What goes wrong in a snapshot goes wrong again at the end.
    defer { if !isFinal { output.tally = before } }
    filter.prepareReport(run(isFinal, before), into: &output)
    let run = run(isFinal, output.tally)
    output.report("\(F.program.name).run") { writer in
      writer.field("from", run.from)
      writer.field("to", run.to)
      writer.field("where", settings.condition?.source)
      writer.field("events", run.tally.events)
      writer.field("persons", persons.countWithEvents())
      writer.field("late", run.tally.late)
      writer.field("ahead", run.tally.ahead)
      if forgetting != nil { writer.field("forgotten", run.tally.forgotten) }
      writer.field("rejected", run.tally.rejected)
      writer.field("filtered", run.tally.filtered)
      writer.field("anonymous", run.tally.anonymous)
      writer.field("bots", run.tally.bots)
      if run.tally.conditionErrors > 0 {
        writer.field("conditionErrors", run.tally.conditionErrors)
      }
      if run.tally.estimates > 0 { writer.field("estimates", run.tally.estimates) }
      writer.field("asOf", run.asOf)
      writer.field("final", isFinal)
    }
    filter.report(run, into: &output)
    output.layOutReports()
  }
}
