import Events
import Pipes
import Records

/// When persons come, how long they stay, and what they look at: divides the events of each person into sessions.
///
///     annotate    event ─ SessionAnnotator ─ event with its session
///     --report    event ─ SessionLog ─ by person and time ─ FoundSessions ─┬─ SessionList
///                                                                          └─ SummaryReport
///     --summary --lateness   event ─ FoldedSessions ─────────────────────── SummaryReport
///
/// One set of rules, ``SessionRules``, cuts sessions in all of them.
struct Sessions: Filter {
  private let definition: SessionDefinition
  private let activity: ActivityTest
  private let names: EventNames
  private let reader: EventReader
  private let ids: SessionId
  private let campaigns: CampaignReader?
  private let facts: EventFactsReader?
  private let currency: String?
  /// Whether each session is listed.
  private let lists: Bool
  let isAggregator: Bool
  /// Whether events get their session.
  let annotates: Bool
  private let idSlot: Int
  private let sessionSlot: Int

  var annotator: SessionAnnotator
  var table = EventFactsTable()
  var log = SessionLog()
  /// What is known under `--lateness`; then there is no log.
  var folded: FoldedSessions?
  // To ask a large optional value whether it is there copies it.
  let isFolding: Bool
  /// What the event at hand gets, where events pass beside a report.
  private var latest: SessionAnnotator.Annotation?

  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    definition = try SessionDefinition(arguments)
    lists = arguments.has("report")
    isAggregator = lists || arguments.has("summary")
    if lists, arguments.has("summary") {
      throw .usage("--report has the summary too: leave --summary out")
    }
    try Self.checkReportOptions(arguments, isAggregator: isAggregator)
    activity = try ActivityTest(arguments, ["event"], &setup)
    names = try EventNames(arguments, setup.reader)
    reader = setup.reader
    ids = SessionId(setup.reader)
    campaigns = definition.rules.splitsOnCampaign ? CampaignReader(&setup) : nil
    facts =
      isAggregator
      ? try EventFactsReader(arguments, &setup, names, campaigns, lists: lists) : nil
    currency = setup.currency
    annotates = !isAggregator || setup.passes
    idSlot = annotates ? setup.slot("sessionId") : -1
    sessionSlot = annotates ? setup.slot("session") : -1
    annotator = SessionAnnotator(definition.rules)
    isFolding = setup.lateness != nil
    if isFolding { folded = FoldedSessions(definition) }
    if isAggregator { setup.useFingerprints() }
  }

  /// What only reports take.
  private static func checkReportOptions(
    _ arguments: Arguments, isAggregator: Bool
  ) throws(Failure) {
    if arguments.has("report"), arguments.has("lateness") {
      throw .usage(
        "--report lists every session, which needs memory for sessions, not only for persons: with"
          + " --lateness take --summary")
    }
    guard !isAggregator else { return }
    for option in ["page", "key-event", "engaged-after", "purchase"] where arguments.has(option) {
      throw .usage("--\(option) is for --report and --summary")
    }
  }

  func touch(_ person: UInt32) -> UInt64 { annotates ? annotator.touch(person) : 0 }

  var largestArrayBytes: Int {
    max(
      max(annotator.largestArrayBytes, log.largestArrayBytes), folded?.largestArrayBytes ?? 0)
  }

  mutating func accept(
    _ event: Event, in block: Block, _ persons: Persons, into output: inout Output
  ) throws(RecordError) {
    latest = nil
    guard event.person != Persons.nobody,
      try activity.holds(
        event, in: block, names, reader, failures: &output.tally.conditionErrors)
    else {
      if !isAggregator { output.pass(event, in: block) }
      return
    }
    let id = try ids.person(of: event, in: block)
    if annotates { try annotate(event, id, in: block) }
    if isAggregator {
      try keep(event, id, in: block, failures: &output.tally.conditionErrors)
    } else {
      pass(event, in: block, into: &output)
    }
  }

  private mutating func annotate(
    _ event: Event, _ id: UInt32, in block: Block
  ) throws(RecordError) {
    let one = SessionEvent(
      time: event.time.milliseconds, day: definition.day(of: event.time),
      campaign: try campaigns?.campaign(of: event, in: block) ?? 0)
    latest = annotator.take(one, of: event.person, id: id)
  }

  /// Keeps an event for the reports.
  private mutating func keep(
    _ event: Event, _ id: UInt32, in block: Block, failures: inout Int
  ) throws(RecordError) {
    guard let number = try facts?.number(of: event, in: block, &table, failures: &failures)
    else { return }
    let row = SessionLog.Row(
      time: event.time.milliseconds, order: reader.fingerprint(event, in: block), id: id,
      facts: number)
    if isFolding {
      folded?.append(person: event.person, row)
    } else {
      log.append(person: event.person, row)
    }
  }

  /// Passes the event at hand with its session, in place of one that it had.
  private func pass(_ event: Event, in block: Block, into output: inout Output) {
    guard let latest else { return output.pass(event, in: block) }
    let (id, session) = (block.fields[event.base + idSlot], block.fields[event.base + sessionSlot])
    guard !id.isPresent, !session.isPresent,
      let brace = event.lastBrace(in: block.bytes.span)
    else { return passReplacing(id, session, latest, event, in: block, into: &output) }
    output.bytes.append(block.bytes.span, from: event.start, to: brace)
    output.bytes.append(addingCapacity: SessionAnnotator.Annotation.bytesMax) { text in
      text.append(ASCII.comma)
      latest.append(to: &text)
      text.append(ASCII.closeBrace)
      text.append(ASCII.newline)
    }
  }

  @inline(never)
  private func passReplacing(
    _ id: Field, _ session: Field, _ annotation: SessionAnnotator.Annotation, _ event: Event,
    in block: Block, into output: inout Output
  ) {
    var (idJSON, sessionJSON): ([UInt8], [UInt8]) = ([], [])
    let bytesMax = SessionAnnotator.Annotation.bytesMax
    idJSON.append(addingCapacity: bytesMax) { annotation.appendId(to: &$0) }
    sessionJSON.append(addingCapacity: bytesMax) { annotation.appendSession(to: &$0) }
    var line: [UInt8] = []
    line.append(
      record: block.bytes.span, from: event.start, to: event.end, with: "sessionId", existing: id,
      value: idJSON)
    let end = line.count - 1
    line.append(contentsOf: repeatElement(0, count: 8))
    var existing = session
    if session.isPresent {
      let moved = id.isPresent && id.start < session.start ? idJSON.count - id.count : 0
      let start = session.start - event.start + moved
      existing = Field(start: start, end: start + session.count)
    }
    output.bytes.append(
      record: line.span, from: 0, to: end, with: "session", existing: existing, value: sessionJSON)
  }

  mutating func link(
    _ link: Persons.Link, at moment: Moment, _ persons: Persons, into output: inout Output
  ) {
    if annotates { annotator.link(link) }
    if isFolding { folded?.link(link) }
  }

  mutating func forget(
    _ isLeaving: [Bool], at moment: Moment, _ persons: Persons, into output: inout Output
  ) {
    folded?.countLeaving(isLeaving)
  }

  mutating func fold(before moment: Moment, _ persons: Persons) {
    folded?.fold(before: moment, countingOver: moment, persons, table)
  }

  func forward(_ event: Event, counts: Bool, in block: Block, into output: inout Output) {
    if counts { pass(event, in: block, into: &output) } else { output.pass(event, in: block) }
  }

  func report(_ run: Run, into output: inout Output) {
    guard isAggregator else { return }
    let summary = SummaryReport(definition: definition)
    if var folded {
      // In a snapshot some are not folded yet, which later events may still come before: a copy is.
      if !run.isFinal {
        folded.fold(
          before: .distantFuture, countingOver: run.asOf ?? .distantPast, run.persons, table)
      }
      let openCounts = folded.openCounts(upTo: run.breakdown.count)
      return summary.write(folded.census, openCounts: openCounts, run, into: &output)
    }
    let found = FoundSessions(log, table, definition, run, lists: lists)
    summary.write(found.census, openCounts: found.openCounts, run, into: &output)
    guard lists else { return }
    SessionList(table, found.rows.rows, wanted: currency).write(found, run, into: &output)
  }
}
