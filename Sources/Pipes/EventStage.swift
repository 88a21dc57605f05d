import Events
public import Expressions
import Records

/// Reads lines as events and hands them to a filter, one by one and in order.
///
///     scan 64 lines → ask the table for their persons → take each in turn
///
/// Scanning a few lines ahead lets the memory fetch the table slots of many persons at once. What
/// an event means is decided only when its turn comes, so that the answer never depends on how
/// the input was cut into blocks.
public struct EventStage<F: Filter>: Stage {
  /// The filter's program.
  public static var program: Program { F.program }

  /// What an option of the filter's only shows.
  public static func information(_ arguments: Arguments) -> [UInt8]? { F.information(arguments) }

  let settings: EventSettings
  let arguments: Arguments
  /// What is to be said of the expressions that the options give.
  public let summaries: [ExpressionSummary]
  var doubtfulFields: DoubtfulFields
  /// What stands for the options in partial results; `nil` until it is asked for.
  var optionsDigest: String?
  /// How many persons partial results on the input say that they are of, and how many came.
  var mergedPersons = (expected: 0, found: 0)
  /// The checks of their lines.
  var mergedChecks: Set<UInt64> = []
  /// Who came in them, where nobody may come in two.
  var mergedIds = MergedIds()
  var scanner: EventScanner
  var persons = Persons()
  private let asksForPersons: Bool
  /// Whether an aggregator's events have their turns in the order of event time, and wait for them.
  let isInOrder: Bool
  /// Whether events pass when they have their turns; those of an aggregator that waits pass as they come.
  private let forwards: Bool
  /// Whether an expression of an option looks back, and what such expressions know of each person.
  let looksBack: Bool
  var memory: PersonMemory
  var breakdown: Breakdown
  var clock = EventClock()
  /// Decides which events are late; `nil` without `--lateness`.
  var latenessClock: LatenessClock?
  /// Where events wait for their turns, and the block in which each has its turn.
  var reorderBuffer: ReorderBuffer?
  var heldLines = LineBlock()
  /// The events that came in so far, where they wait.
  var arrivals = Arrivals()
  /// Who is forgotten when; `nil` without `--forget`.
  var forgetting: Forgetting?
  /// What an empty stage begins with.
  let blankFilter: F
  let blankBreakdown: Breakdown
  let blankMemory: PersonMemory
  var snapshots: SnapshotSchedule
  var tally = Tally()
  /// Whether `--where` could be evaluated on an event.
  var whereHasWorked = false
  /// Whether it is still asked why it could not.
  private var whereWatch = FailureWatch()
  /// What stands before each value of `--by`: its source as a key, behind a comma but for the first.
  let groupKeys: [[UInt8]]
  /// The values of `--by` of the event at hand, as JSON.
  var groupText: [UInt8] = []
  /// Where the ids of a batch of lines likely stand.
  private var places: [UInt32] = []
  /// Where the hashes of the batch begin among those of all that wait.
  private var firstHash = 0
  /// The persons whom a batch is likely of.
  private var likelyPersons: [UInt32] = []
  /// Keeps the reading ahead from being optimised away.
  private var touched: UInt64 = 0

  var filter: F

  /// A stage with the filter that these options make.
  public init(_ arguments: Arguments) throws(Failure) {
    var setup = try Setup(arguments, for: F.program)
    if F.program.takes("reorder"), arguments.has("reorder") { setup.useFingerprints() }
    filter = try F(arguments, &setup)
    try F.program.checkReportOptions(arguments, isAggregator: filter.isAggregator)
    settings = try EventSettings(arguments, &setup, isAggregator: filter.isAggregator)
    isInOrder = filter.isAggregator && (setup.looksBack || filter.takesEventsInOrder)
    forwards = settings.passes && !isInOrder
    asksForPersons = filter.asksForPersons || setup.looksBack
    if isInOrder { setup.useFingerprints() }
    self.arguments = arguments
    summaries = setup.environment.summaries
    doubtfulFields = DoubtfulFields(summaries)
    scanner = EventScanner(setup, check: settings.check, hashSeed: persons.hashSeed)
    groupKeys = settings.by.indices.map { [by = settings.by] index in
      var key: [UInt8] = index > 0 ? [ASCII.comma] : []
      key.append(jsonString: by[index].source)
      return key + [ASCII.colon]
    }
    breakdown = Breakdown(settings.by.map(\.source), limit: settings.byLimit)
    looksBack = setup.looksBack
    memory = PersonMemory(
      for: looksBack ? setup.environment : Environment(), rules: setup.lookBackConditions,
      keepsEvents: false)
    (blankFilter, blankBreakdown, blankMemory) = (filter, breakdown, memory)
    forgetting = F.program.takes("forget") ? try Forgetting(arguments) : nil
    latenessClock = settings.lateness.map(LatenessClock.init)
    snapshots = try SnapshotSchedule(arguments, for: F.program)
    if isInOrder {
      // Events that come make snapshots, those that have their turns do not.
      swap(&snapshots, &arrivals.snapshots)
      reorderBuffer = ReorderBuffer(settings.lateness)
      guard forgetting == nil || settings.lateness != nil else {
        throw .usage(
          "--forget needs --lateness here: where expressions look back, all events are kept until the"
            + " end without it")
      }
    }
    guard F.program.takes("reorder"), arguments.has("reorder") else { return }
    reorderBuffer = try ReorderBuffer(arguments)
    guard !filter.isAggregator else {
      throw .usage("--reorder is for events that pass; for reports there is --lateness")
    }
  }

  /// What looks at the lines of a block ahead of their turn.
  public var lookout: EventScanner? { filter.isAggregator && !settings.passes ? scanner : nil }

  /// Bytes of the largest array that may grow by the next events.
  public var largestArrayBytes: Int {
    max(
      persons.largestArrayBytes, filter.largestArrayBytes, memory.largestArrayBytes,
      reorderBuffer?.arrayBytes ?? 0)
  }

  /// Scans the lines a batch ahead, unless they have been, and takes each in its turn.
  public mutating func accept(
    _ lines: inout LineBlock, into output: inout Output
  ) throws(Failure) {
    if lines.isScanned { return try takeAll(&lines, into: &output) }
    var offset = lines.start
    while offset < lines.limit {
      lines.waiting.removeAll()
      offset = scanner.scanBatch(&lines, from: offset)
      try takeAll(&lines, into: &output)
    }
  }

  /// Takes the lines that wait, in their order.
  private mutating func takeAll(
    _ lines: inout LineBlock, into output: inout Output
  ) throws(Failure) {
    var start = 0
    while start < lines.waiting.count {
      let end = min(start + EventScanner.batchLines, lines.waiting.count)
      lookAhead(lines.waiting, start..<end)
      for index in start..<end {
        try take(index, of: &lines, into: &output)
        lines.nextNumber += 1
      }
      start = end
    }
  }

  /// Asks for the persons of these lines, so that their look-ups find them near.
  mutating func lookAhead(_ waiting: WaitingLines, _ range: Range<Int>) {
    guard asksForPersons else { return }
    let (lines, hashes) = (waiting.lines, waiting.hashes)
    firstHash = lines[range.lowerBound].firstHash
    let isLast = range.upperBound == waiting.count
    let end = isLast ? waiting.hashCount : lines[range.upperBound].firstHash
    let batch = hashes.span.extracting(firstHash..<end)
    persons.lookAhead(batch, &places, likely: &likelyPersons)
    for person in likelyPersons { touched &+= filter.touch(person) }
  }

  /// Takes one line in its turn.
  @inline(__always)
  private mutating func take(
    _ index: Int, of lines: inout LineBlock, into output: inout Output
  ) throws(Failure) {
    output.tally.lines += 1
    let line = lines.waiting.lines[index]
    guard line.kind == .event else { return try takeOther(line, of: lines, into: &output) }
    let base = index * scanner.slotCount
    if reorderBuffer != nil { return try hold(line, base: base, of: lines, into: &output) }
    try take(line, base: base, of: &lines, into: &output)
  }

  /// Takes a line in its turn that is no event.
  @inline(never)
  mutating func takeOther(
    _ line: WaitingLine, of lines: LineBlock, into output: inout Output
  ) throws(Failure) {
    switch line.kind {
    case .event: break
    case .report:
      tally.reports += 1
      if try merge(line, of: lines, into: &output) { return }
      let bytes = lines.block.bytes.span
      output.passReport(
        bytes, from: line.start, to: bytes.textEnd(from: line.start, to: line.end))
    case .blank:
      tally.blank += 1
    case .rejected:
      if try merge(line, of: lines, into: &output) { return }
      let error = line.error < 0 ? nil : lines.waiting.errors[Int(line.error)]
      try reject(line.event(base: 0), error, of: lines, into: &output)
    }
  }

  /// Takes one event in its turn: its person first, whether it counts next.
  @inline(__always)
  mutating func take(
    _ line: WaitingLine, base: Int, of lines: inout LineBlock, into output: inout Output
  ) throws(Failure) {
    if looksBack { lookBack(at: line, base: base, of: &lines, &output) }
    var event = line.event(base: base)
    let bytes = lines.block.bytes.span
    if !doubtfulFields.isEmpty { doubtfulFields.see(lines.block.fields, at: event.base) }
    let isExcludedBot = event.isBot && settings.excludesBots
    let counts =
      !isExcludedBot && settings.includes(event.time) && fits(event, lines.block, &output)
    if counts && clock.advances(to: event.time) {
      if snapshots.isDue(before: event.time) { snapshot(into: &output) }
      if !filter.isAggregator { filter.advance(to: event.time, persons, into: &output) }
    }
    // Ids are joined by every event; only one that counts has a moment of its own.
    event.person = person(
      line, lines.waiting.hashes, at: counts ? event.time : .distantPast, in: bytes, &output)
    defer {
      if forgetting != nil { see(event, into: &output) }
    }
    guard counts else {
      if isExcludedBot {
        tally.bots += 1
      } else {
        tally.filtered += 1
        seeLeftOut(event, of: lines, into: &output)
      }
      if forwards { filter.forward(event, counts: false, in: lines.block, into: &output) }
      return
    }
    if let excess = latenessClock?.excess(of: event.time) {
      return refuseLate(event, excess, of: lines, into: &output)
    }
    if breakdown.isUsed { event.group = group(event, lines.block, &output) }
    do { try filter.accept(event, in: lines.block, persons, into: &output) } catch {
      return try reject(event, error, of: lines, into: &output)
    }
    clock.count(event.time)
    tally.events += 1
    if let settled = latenessClock?.advance(to: event.time, ahead: &tally.ahead) {
      filter.fold(before: settled, persons)
    }
    if event.person == Persons.nobody {
      tally.anonymous += 1
    } else if asksForPersons {
      persons.note(event.person)
    }
    if forwards { filter.forward(event, counts: true, in: lines.block, into: &output) }
    if snapshots.isDue(afterEvents: tally.events) { snapshot(into: &output) }
  }

  /// Notes that the person of an event is seen, and forgets others whose time has come.
  private mutating func see(_ event: Event, into output: inout Output) {
    guard let moment = forgetting?.see(event.person, at: event.time) else { return }
    forget(before: moment, at: event.time, into: &output)
  }

  /// Shows the filter an event that options leave out: what looks back is not to miss it.
  ///
  /// To a report nothing of its future is shown, nor what is late.
  private mutating func seeLeftOut(
    _ event: Event, of lines: LineBlock, into output: inout Output
  ) {
    if filter.isAggregator {
      guard settings.isPast(event.time), latenessClock?.excess(of: event.time) == nil else {
        return
      }
    }
    filter.see(event, in: lines.block, persons, into: &output)
  }

  /// Takes no place of an id for known.
  mutating func forgetPlaces() {
    for index in places.indices { places[index] = 0 }
  }

  /// Notes an event that `--lateness` keeps out of the reports.
  mutating func refuseLate(
    _ event: Event, _ excess: Int64, of lines: LineBlock, into output: inout Output
  ) {
    let reason = settings.lateness?.reason(excess: excess) ?? ""
    output.refuseLate(lines.rejection(reason, at: event.start, from: event.start, to: event.end))
    if forwards { filter.forward(event, counts: false, in: lines.block, into: &output) }
  }

  /// Whether `--where` is true for an event.
  @inline(__always)
  private mutating func fits(_ event: Event, _ block: Block, _ output: inout Output) -> Bool {
    guard settings.hasCondition, let condition = settings.condition else { return true }
    let errorsBefore = output.tally.conditionErrors
    let holds = condition.holds(event, in: block, failures: &output.tally.conditionErrors)
    if output.tally.conditionErrors == errorsBefore {
      whereHasWorked = true
    } else if whereWatch.isOn {
      noteFailure(of: condition, event, block, &output)
    }
    return holds
  }

  /// Keeps why `--where` could not be evaluated on an event.
  @inline(never)
  private mutating func noteFailure(
    of condition: Expression, _ event: Event, _ block: Block, _ output: inout Output
  ) {
    guard !filter.isAggregator,
      let error = condition.failure(EventPlace(event), fields: block.fields, in: block.bytes.span)
    else { return }
    output.noteFailure(of: "--where", error, &whereWatch)
  }

  private mutating func reject(
    _ event: Event, _ error: RecordError?, of lines: LineBlock, into output: inout Output
  ) throws(Failure) {
    guard let error, event.end - event.start <= lines.lineBytesMax else {
      let textEnd = min(event.end, event.start + RejectedLine.textBytesMax)
      let text = lines.block.bytes.span.copy(from: event.start, to: textEnd)
      return try output.reject(
        lines.tooLong(offset: lines.fileOffset + event.start, text: text))
    }
    try output.reject(
      lines.rejection(error.reason, at: error.offset, from: event.start, to: event.end))
  }

  /// The person of an event; an event with both ids joins them.
  @inline(__always)
  mutating func person(
    _ item: WaitingLine, _ hashes: [UInt64], at moment: Moment, in bytes: Span<UInt8>,
    _ output: inout Output
  ) -> UInt32 {
    let ids = item.ids
    guard asksForPersons else {
      return ids.user.isPresent || ids.anonymous.isPresent ? 0 : Persons.nobody
    }
    let hash = item.firstHash
    let place = hash &- firstHash
    guard ids.user.isPresent else {
      guard ids.anonymous.isPresent else { return Persons.nobody }
      let id = number(
        of: ids.anonymous, in: bytes, hash: hashes[hash], place: places[place], isUser: false)
      return settings.links ? persons.root(id) : id
    }
    let user = number(
      of: ids.user, in: bytes, hash: hashes[hash], place: places[place], isUser: true)
    guard settings.links else { return user }
    if ids.anonymous.isPresent {
      let anonymous = number(
        of: ids.anonymous, in: bytes, hash: hashes[hash + 1], place: places[place + 1],
        isUser: false)
      link(user, anonymous, at: moment, &output)
    }
    if ids.previous.isPresent {
      let hash = persons.hash(bytes, from: ids.previous.start, to: ids.previous.end)
      let previous = number(of: ids.previous, in: bytes, hash: hash, place: 0, isUser: false)
      link(user, previous, at: moment, &output)
    }
    return persons.root(user)
  }

  private mutating func link(
    _ one: UInt32, _ other: UInt32, at moment: Moment, _ output: inout Output
  ) {
    guard let link = persons.link(one, other) else { return }
    forgetting?.link(link)
    mergedIds.link(link)
    if looksBack { memory.link(absorbed: link.absorbed, into: link.kept) }
    filter.link(link, at: moment, persons, into: &output)
  }

  @inline(__always)
  private mutating func number(
    of id: Field, in bytes: Span<UInt8>, hash: UInt64, place: UInt32, isUser: Bool
  ) -> UInt32 {
    guard id.hasEscapes else {
      return persons.id(
        bytes, from: id.start, to: id.end, hash: hash, place: place, isUser: isUser)
    }
    return persons.id(unescaped(bytes, from: id.start, to: id.end), isUser: isUser)
  }
}
