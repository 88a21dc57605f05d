import Events
import Pipes
import Records

/// How many persons go through the steps, where they stop, and how long each step takes.
///
/// An event that matches a step is kept in twelve bytes. At report time each person's events are
/// put in the order of time and run through the rules of the chosen product; so the order in which
/// they came, and how the input was split, never shows. Under `--lateness` that happens bit by bit,
/// as soon as no earlier event can come, and only how far each person has come is kept.
///
/// Where each rule of each product stands is said in ``FunnelDefinition``.
struct Funnel: Filter {
  let definition: FunnelDefinition
  var conditions: StepConditions
  private let reader: EventReader
  private let facetReader: FacetReader
  private let listsPersons: Bool
  /// The ids of the persons who are explained.
  private let explainedIds: [String]
  private let timesConversions: Bool
  private let bins: HistogramBins?
  private let stageSlot: Int
  /// The names of the steps as JSON.
  private let stageNames: [[UInt8]]
  var log = MatchLog()
  var facets = Facets()
  /// Whether what is settled is folded, as under `--lateness`; then there is no log.
  let isFolding: Bool
  var folded: FoldedPersons
  /// Whether one value of `--by` counts for a person as a whole.
  let hasPersonGroups: Bool
  var touches: PersonGroups
  var stages: StageTracker?
  var behaviours: Behaviours?
  // What the options decide, once: each event asks, and to ask a large value copies parts of it.
  private let keepsAllEvents: Bool
  let keepsFacets: Bool
  private let hasExclusions: Bool
  private let hasBehaviours: Bool
  private let setsMax: Int

  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    definition = try FunnelDefinition(arguments, &setup)
    reader = setup.reader
    conditions = StepConditions(
      definition.steps.map(\.condition) + definition.exclusions.map(\.condition), reader)
    let counting = definition.counting
    facetReader = try FacetReader(counting, &setup)
    listsPersons = arguments.has("persons")
    explainedIds = arguments.values("explain")
    bins = try HistogramBins.read(arguments)
    timesConversions = arguments.has("times") || bins != nil
    behaviours = try Behaviours(arguments, &setup)
    hasBehaviours = behaviours != nil
    keepsAllEvents = definition.keepsAllEvents
    keepsFacets = counting.keepsFacets
    hasExclusions = !definition.exclusions.isEmpty
    setsMax = definition.setsMax
    hasPersonGroups =
      counting.isBrokenDown && !counting.splitsByGroup && counting.unit == .persons
    if hasPersonGroups { setup.useFingerprints() }
    touches = PersonGroups(
      counting.attribution == .last ? .latest : .first, skipsMissing: true)
    // Asked for only where it may be replaced.
    stageSlot = setup.passes ? setup.slot("stage") : -1
    stageNames = definition.steps.map { step in
      var json: [UInt8] = []
      json.append(jsonString: step.name)
      return json
    }
    isFolding = setup.lateness != nil
    folded = FoldedPersons(definition)
    if setup.passes { stages = StageTracker(definition) }
  }

  var largestArrayBytes: Int {
    max(log.largestArrayBytes, behaviours?.largestArrayBytes ?? 0)
  }

  mutating func accept(
    _ event: Event, in block: Block, _ persons: Persons, into output: inout Output
  ) throws(RecordError) {
    guard event.person != Persons.nobody else { return }
    let set = try conditions.set(
      of: event, in: block, errors: &output.tally.conditionErrors)
    let matches = set != conditions.none
    let isStep = self.isStep(set)
    if hasBehaviours { try behaviours?.read(event, isStep: isStep, in: block) }
    guard matches || keepsAllEvents else {
      if hasBehaviours { behaviours?.keep(event) }
      return
    }
    guard set < setsMax else {
      throw RecordError("more than \(setsMax) combinations of steps", at: event.start)
    }
    let match = Match(time: event.time.milliseconds, set: set)
    if isFolding {
      folded.append(person: event.person, match)
    } else if keepsFacets {
      let facet = try facetReader.number(event, isStep: isStep, in: block, &facets)
      log.append(person: event.person, match, facet: facet)
    } else {
      log.append(person: event.person, match)
    }
    if hasPersonGroups && isStep {
      touches.note(event, fingerprint: reader.fingerprint(event, in: block))
    }
    stages?.take(event, conditions.sets.steps[set])
    if hasBehaviours { behaviours?.keep(event) }
  }

  /// Whether an event with a set of numbers is a step, not only an exclusion.
  @inline(__always)
  private func isStep(_ set: Int) -> Bool {
    guard hasExclusions else { return set != conditions.none }
    return (conditions.sets.steps[set].first ?? .max) <= definition.steps.count
  }

  mutating func link(
    _ link: Persons.Link, at moment: Moment, _ persons: Persons, into output: inout Output
  ) {
    stages?.link(link)
    if isFolding { folded.link(link) }
  }

  mutating func fold(before moment: Moment, _ persons: Persons) {
    folded.fold(before: moment, persons, conditions.sets)
  }

  func forward(_ event: Event, counts: Bool, in block: Block, into output: inout Output) {
    guard let stages, counts, event.person != Persons.nobody,
      case let stage = stages.stage(of: event.person), stage > 0
    else { return output.pass(event, in: block) }
    output.pass(event, in: block, with: "stage", at: stageSlot, json: stageNames[stage - 1])
  }

  func report(_ run: Run, into output: inout Output) {
    let roots = run.persons.roots()
    let groups = hasPersonGroups ? touches.resolved(roots) : []
    var empty = FunnelTally(definition, asOf: run.asOf, isFolded: isFolding)
    if timesConversions {
      empty.times = ConversionTimes(
        definition, asOf: run.asOf, bins: bins, isSketched: isFolding)
    }
    var conduct = behaviours.map { Behaviours.Tally($0, definition, roots, asOf: run.asOf) }
    var tallies = Array(repeating: empty, count: run.breakdown.count)
    var trend = FunnelTrend(definition, asOf: run.asOf)
    var listed: [(person: UInt32, passage: Passage)] = []
    var explanations: [UInt32: Explanation] = [:]
    let (hasPersonGroups, listsPersons) = (hasPersonGroups, listsPersons)
    if definition.counting.isPlain {
      forEachPassage(run, roots) { person, passage in
        tallies[hasPersonGroups ? Int(groups[Int(person)]) : 0].count(passage)
        conduct?.count(person, passage)
        if listsPersons, !passage.isExcluded { listed.append((person, passage)) }
      }
    } else {
      var finder = PassageFinder(definition, conditions.sets, facets, run)
      let ranks = finder.ranks
      let explained = ExplainedPersons(explainedIds, run.persons, roots)
      log.forEachPerson(roots, ranks: ranks.sets, facetRanks: ranks.facets) { person, events in
        let group = hasPersonGroups ? groups[Int(person)] : 0
        let counted = finder.passages(of: events, personGroup: group)
        for one in counted {
          tallies[Int(one.group)].count(one.passage, one.amounts)
          conduct?.count(person, one.passage)
          if listsPersons, !one.passage.isExcluded { listed.append((person, one.passage)) }
        }
        if explained.contains(person) {
          explanations[person] = Explanation(
            events, definition, facets, &finder, personGroup: group, asOf: run.asOf)
        }
        guard trend != nil else { return }
        for (period, entry) in finder.entries(of: events, personGroup: group, counted: counted) {
          trend?.count(entry, in: period)
        }
      }
    }
    write(tallies, trend, run, into: &output)
    if run.isFinal, log.largestArrayBytes > 0 {
      facets.tellMissing(definition.counting, into: &output)
    }
    conduct?.report(into: &output)
    write(listed, run, roots, into: &output)
    for id in explainedIds {
      Explanation.write(id, explanations, run.persons, roots, definition, into: &output)
    }
  }

  /// Hands over how far each person has come by the events so far who has entered.
  private func forEachPassage(_ run: Run, _ roots: [UInt32], _ body: (UInt32, Passage) -> Void) {
    var passage = Passage(stepCount: definition.steps.count)
    if isFolding, let matcher = definition.resumableMatcher() {
      var folded = folded
      // In a snapshot some are not folded yet, which later events may still come before: a copy is.
      if !run.isFinal { folded.fold(before: .distantFuture, run.persons, conditions.sets) }
      return folded.forEachPerson { person, tries in
        passage.take(tries, openUntil: matcher.openUntil(tries))
        body(person, passage)
      }
    }
    let sets = conditions.sets
    let ranks = sets.ranks()
    if var matcher = definition.resumableMatcher() {
      var tries = matcher.start()
      return log.forEachPerson(roots, ranks: ranks) { person, matches in
        if matcher.take(matches, sets, &tries, into: &passage) { body(person, passage) }
      }
    }
    var matcher = definition.matcher()
    var passages: [Passage] = []
    log.forEachPerson(roots, ranks: ranks) { person, matches in
      passages.removeAll(keepingCapacity: true)
      matcher.addPassages(of: matches, sets, everyTry: false, to: &passages)
      for passage in passages { body(person, passage) }
    }
  }

  private func write(
    _ tallies: [FunnelTally], _ trend: FunnelTrend?, _ run: Run, into output: inout Output
  ) {
    let groups = groups(tallies, run.breakdown, into: &output)
    for one in groups {
      one.tally.report(definition, group: one.group, run.breakdown, into: &output)
      trend?.report(one.members, as: one.group, run.breakdown, into: &output)
    }
    for one in groups {
      one.tally.times?.report(group: one.group, run.breakdown, into: &output)
    }
    for one in groups {
      one.tally.times?.reportBins(group: one.group, run.breakdown, into: &output)
    }
  }

  /// The groups in the order they are written, those past the limit as one without a number.
  private func groups(
    _ tallies: [FunnelTally], _ breakdown: Breakdown, into output: inout Output
  ) -> [(group: UInt32?, members: [UInt32], tally: FunnelTally)] {
    breakdown.reported(tallies.map(\.entered), into: &output).map { group, members in
      var tally = tallies[Int(members[0])]
      for member in members.dropFirst() { tally.merge(tallies[Int(member)]) }
      return (group, members, tally)
    }
  }

  private func write(
    _ listed: [(person: UInt32, passage: Passage)], _ run: Run, _ roots: [UInt32],
    into output: inout Output
  ) {
    guard !listed.isEmpty else { return }
    // A person's passages stand together, in the order they were found.
    var firstOf: [UInt32: Int] = [:]
    for index in listed.indices.reversed() { firstOf[listed[index].person] = index }
    for (person, name) in run.persons.inNameOrder(Array(firstOf.keys), roots) {
      var index = firstOf[person] ?? listed.count
      while index < listed.count, listed[index].person == person {
        output.report("funnel.person") { writer in
          writer.field(name, of: run.persons)
          listed[index].passage.write(to: &writer)
        }
        index += 1
      }
    }
  }
}
