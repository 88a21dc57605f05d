import Events
import Expressions
import Pipes
import Records

/// Who is this: names the segments that the person of each event is in.
///
///     annotate       event ─ Annotator ─ event with its segments, changes
///     --populations  event ─ Census ─ how many persons are in each segment at the end
///     … --period     event in its order ─ Annotator with a history ─ PopulationTrend
///     --discover     event ─ ActivityCensus ─ groups found in what persons do
struct Segment: Filter {
  private let slot: Int
  /// Whether events get their segments.
  let annotates: Bool
  /// What is known for annotations, and for populations by period.
  var annotator: Annotator
  var census: Census?
  var activities: ActivityCensus?
  // To ask a large optional value whether it is there copies it.
  private let countsMembers: Bool
  private let findsGroups: Bool
  /// The segments at the end of a period are those of the events until then.
  let takesEventsInOrder: Bool
  let isAggregator: Bool

  private var json: [UInt8] = []

  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    let report = try SegmentReport(arguments)
    let path = arguments.value("rules")
    guard path != nil || arguments.has("builtin") || arguments.has("discover") else {
      throw .usage(
        "segment needs --rules FILE, --builtin lifecycle,rfm,value,channel,device, or both, or"
          + " --discover K; --help shows what stands in a file")
    }
    let rules = try path.map { path throws(Failure) in try Rules(path, &setup) } ?? Rules()
    if case .groups(let count) = report {
      activities = try ActivityCensus(arguments, &setup, groupCount: count)
    }
    annotates = report == .none || report == .populations && setup.passes
    let ruleCount = rules.rules.count
    let known = try BuiltIns(arguments, &setup, first: ruleCount, ranksKnown: true)
    let names = rules.rules.map(\.name)
    if let path, let name = known?.segmentNames.first(where: names.contains) {
      throw .usage("\(path): '\(name)' is the name of a built-in segment: take another")
    }
    slot = setup.slot("segments")
    if report != .none { setup.useFingerprints() }
    if report == .populations {
      let ranked = try BuiltIns(arguments, &setup, first: ruleCount, ranksKnown: false)
      census = Census(rules, ranked, setup, isBrokenDown: !arguments.values("by").isEmpty)
    }
    var tracking = arguments.has("changes") ? Tracking.changes : .off
    if report == .trend { tracking = .history(try CalendarPeriods(arguments)) }
    let since = try arguments.time("since") ?? .distantPast
    let until = try arguments.time("until") ?? .distantFuture
    annotator = Annotator(
      rules, known, setup.environment, tracking, shown: since..<max(since, until))
    known?.tell(&setup.environment)
    (countsMembers, findsGroups) = (census != nil, activities != nil)
    takesEventsInOrder = annotator.history != nil
    isAggregator = report != .none
  }

  /// Whether the annotator sees events: for annotations, or for a history.
  var runsAnnotator: Bool { annotates || takesEventsInOrder }

  var asksForPersons: Bool { isAggregator || annotator.asksForPersons }

  func touch(_ person: UInt32) -> UInt64 { runsAnnotator ? annotator.touch(person) : 0 }

  var largestArrayBytes: Int {
    max(
      max(annotator.largestArrayBytes, census?.largestArrayBytes ?? 0),
      activities?.largestArrayBytes ?? 0)
  }

  mutating func accept(
    _ event: Event, in block: Block, _ persons: Persons, into output: inout Output
  ) throws(RecordError) {
    if event.person != Persons.nobody {
      if countsMembers { census?.take(event, in: block, into: &output) }
      if findsGroups {
        activities?.take(event, in: block, failures: &output.tally.conditionErrors)
      }
      if takesEventsInOrder { annotator.advance(to: event.time, persons, into: &output) }
      if runsAnnotator { annotator.take(event, in: block, persons, into: &output) }
    }
    if !isAggregator { pass(event, in: block, into: &output) }
  }

  mutating func see(
    _ event: Event, in block: Block, _ persons: Persons, into output: inout Output
  ) {
    guard event.person != Persons.nobody else { return }
    if countsMembers { census?.see(event, in: block, into: &output) }
    guard takesEventsInOrder || annotates && annotator.asksForPersons else { return }
    annotator.advance(to: event.time, persons, into: &output)
    annotator.take(event, in: block, persons, isLeftOut: true, into: &output)
  }

  mutating func prepareReport(_ run: Run, into output: inout Output) {
    if countsMembers { census?.count(run, into: &output) }
  }

  /// The event with its segments.
  ///
  /// Names of another stage's rules stay before ours.
  private mutating func pass(_ event: Event, in block: Block, into output: inout Output) {
    if event.person != Persons.nobody, !block.fields[event.base + slot].isPresent,
      let brace = event.lastBrace(in: block.bytes.span)
    {
      return annotator.append(
        block.bytes.span, from: event.start, to: brace, into: &output.bytes)
    }
    json.removeAll(keepingCapacity: true)
    annotator.appendSegments(
      isSomebody: event.person != Persons.nobody, others: otherNames(event, in: block), to: &json)
    output.pass(event, in: block, with: "segments", at: slot, json: json)
  }

  /// The names in the record's `segments` that are none of our rules', as JSON.
  private func otherNames(_ event: Event, in block: Block) -> [[UInt8]] {
    let bytes = block.bytes.span
    let field = block.fields[event.base + slot]
    guard field.kind(in: bytes) == .array else { return [] }
    var names: [[UInt8]] = []
    try? forEachElement(of: field, in: bytes) { element in
      guard element.kind(in: bytes) == .string else { return }
      let json = bytes.copy(from: element.start, to: element.end)
      if !annotator.hasSegment(json) { names.append(json) }
    }
    return names
  }

  mutating func link(
    _ link: Persons.Link, at moment: Moment, _ persons: Persons, into output: inout Output
  ) {
    if countsMembers { census?.link(link) }
    if findsGroups { activities?.link(link) }
    if runsAnnotator { annotator.link(link, at: moment, persons, into: &output) }
  }

  mutating func forget(
    _ isLeaving: [Bool], at moment: Moment, _ persons: Persons, into output: inout Output
  ) {
    annotator.forget(isLeaving, at: moment, persons, into: &output)
  }

  mutating func advance(to moment: Moment, _ persons: Persons, into output: inout Output) {
    annotator.advance(to: moment, persons, into: &output)
  }

  func forward(_ event: Event, counts: Bool, in block: Block, into output: inout Output) {
    guard counts, annotates else { return output.pass(event, in: block) }
    var json: [UInt8] = []
    annotator.appendSegments(
      isSomebody: event.person != Persons.nobody, others: otherNames(event, in: block), to: &json)
    output.pass(event, in: block, with: "segments", at: slot, json: json)
  }

  func report(_ run: Run, into output: inout Output) {
    census?.report(run, into: &output)
    annotator.reportTrend(run, into: &output)
    if let activities { DiscoveredGroups(activities, run).write(run, into: &output) }
  }
}
