import Events
import Expressions
import Pipes
import Records

/// Tells at each event which segments its person is in, from what is known by then.
///
///     event ─ observe ─ evaluate every rule, ask the built-in ones ─ segments of the event, changes
///     time  ─ what may end by time alone is evaluated again at that moment
///
/// Works in arrival order. An event that is older than the person's newest one before it is taken at
/// that one's moment: what time has ended for a person does not begin again. Other persons' times
/// play no part, so that a file sorted by person is annotated as one sorted by time.
struct Annotator: Sendable {
  /// The segments by number: those of the rules, then the built-in ones.
  private let segments: [NamedSegment]
  let tracking: Tracking
  /// Outside it no changes are told.
  private let shown: Range<Moment>
  /// The rules of which it is still asked why they could not be answered.
  private var watches: [FailureWatch] = []
  private let looksBack: Bool
  var memory: PersonMemory
  /// What the built-in segments know; `nil` where none are asked for.
  var builtIns: BuiltIns?
  /// The segments of the person looked at last: a bit a segment, in words of 64.
  private var answers: [UInt64]
  /// The segments of each person, where they are tracked; else nobody asks for them.
  var membership: Membership
  /// The segments of each person by period, where that is asked for.
  var history: PopulationHistory?
  var timers = Timers()
  private var endings = EndingCache()
  /// The newest moment that each person was evaluated at.
  var newest: [Moment] = []
  /// The id that names each person in changes.
  private var names: [UInt32] = []

  /// - Parameter shown: the moments whose changes are told.
  init(
    _ rules: Rules, _ builtIns: BuiltIns?, _ environment: Environment, _ tracking: Tracking,
    shown: Range<Moment>
  ) {
    self.shown = shown
    segments = (rules.rules.map(\.name) + (builtIns?.segmentNames ?? [])).map(NamedSegment.init)
    self.builtIns = builtIns
    self.tracking = tracking
    if case .history(let periods) = tracking {
      history = PopulationHistory(periods, segmentCount: segments.count)
    }
    looksBack = rules.looksBack || builtIns != nil
    memory = PersonMemory(
      for: environment, rules: rules.rules.map(\.condition), keepsEvents: tracking.isOn)
    membership = Membership(segmentCount: segments.count)
    answers = [UInt64](repeating: 0, count: membership.wordCount)
  }

  /// Bytes of the largest array.
  var largestArrayBytes: Int {
    max(
      max(memory.largestArrayBytes, builtIns?.largestArrayBytes ?? 0),
      history?.largestArrayBytes ?? 0)
  }

  /// The names of the segments by number.
  var segmentNames: [String] { segments.map(\.name) }

  /// Whether it matters whose an event is: not where rules ask for the event alone.
  var asksForPersons: Bool { looksBack || tracking.isOn }

  /// Asks the memory for what is known of a person; the answer means nothing.
  func touch(_ person: UInt32) -> UInt64 {
    guard looksBack, Int(person) < newest.count else { return 0 }
    return UInt64(bitPattern: newest[Int(person)].milliseconds) &+ memory.touch(person)
  }

  /// Evaluates the rules at an event.
  ///
  /// - Parameter isLeftOut: whether the options leave it out: then it is of the past that rules look
  ///   back at, and nothing to the built-in segments.
  mutating func take(
    _ event: Event, in block: Block, _ persons: Persons, isLeftOut: Bool = false,
    into output: inout Output
  ) {
    let person = event.person
    var moment = event.time
    // Rules that ask for the event alone are asked at its own time, and of no person.
    if asksForPersons {
      reserve(person)
      while let due = timers.next(of: person, upTo: event.time) {
        evaluate(person, at: due, persons, into: &output)
      }
      timers.restart(person)
      moment = max(newest[Int(person)], event.time)
      newest[Int(person)] = moment
    }
    let failuresBefore = output.tally.conditionErrors
    memory.take(
      person, EventPlace(event), fields: block.fields, in: block.bytes.span, at: moment,
      failures: &output.tally.conditionErrors)
    if output.tally.conditionErrors != failuresBefore, output.wantsFailures {
      noteFailures(block, into: &output)
    }
    output.tally.count(&memory)
    if !isLeftOut { builtIns?.take(event, in: block, failures: &output.tally.conditionErrors) }
    settle(person, at: moment, persons, into: &output)
  }

  /// Keeps why rules could not be answered at the event taken last, each rule's first reason.
  @inline(never)
  private mutating func noteFailures(_ block: Block, into output: inout Output) {
    while watches.count < segments.count { watches.append(FailureWatch()) }
    for word in memory.failures.indices {
      var failed = memory.failures[word]
      while failed != 0 {
        let rule = word * 64 + failed.trailingZeroBitCount
        failed &= failed - 1
        guard watches[rule].isOn,
          let error = memory.failure(of: rule, fields: block.fields, in: block.bytes.span)
        else { continue }
        output.noteFailure(of: "segment \(segments[rule].name)", error, &watches[rule])
      }
    }
  }

  mutating func reserve(_ person: UInt32) {
    if tracking.isOn { membership.reserve(person) }
    newest.extend(to: Int(person) + 1, with: .distantPast)
  }

  /// Evaluates the rules for a person at a moment without an event.
  ///
  /// Windows end after so many steps; the clock goes on for ever, so it is followed so long only.
  private mutating func evaluate(
    _ person: UInt32, at moment: Moment, _ persons: Persons, into output: inout Output
  ) {
    newest[Int(person)] = moment
    let lookCount = timers.lookCount(of: person)
    let followsClock = lookCount < PersonMemory.clockAnswersMax
    // How often a history is asked by time depends on the parts that a run is divided into.
    let tally = output.tally
    memory.ask(
      person, at: moment, followsClock: followsClock, failures: &output.tally.conditionErrors)
    output.tally.count(&memory)
    if history != nil { output.tally = tally }
    let asksClock = memory.asksClock || builtIns?.asksClock ?? false
    if asksClock, lookCount == PersonMemory.clockAnswersMax { output.tally.clockStops += 1 }
    settle(person, at: moment, followsClock: followsClock, persons, into: &output)
  }

  /// Puts a person into the segments that the rules just gave, and says what changed.
  private mutating func settle(
    _ person: UInt32, at moment: Moment, followsClock: Bool = true, _ persons: Persons,
    into output: inout Output
  ) {
    for word in memory.answers.indices { answers[word] = memory.answers[word] }
    let until = answerBuiltIns(person, at: moment, followsClock: followsClock)
    guard tracking.isOn else { return }
    if history != nil, !membership.equals(person, answers) {
      history?.note(person, at: moment, answers)
    }
    for segment in segments.indices where tracking.isChanges {
      let holds = isTrue(segment)
      guard membership.contains(person, segment) != holds else { continue }
      let kind = holds ? "segment.entered" : "segment.left"
      report(kind, segment, of: name(person), at: moment, persons, into: &output)
    }
    membership.set(person, answers)
    timers.set(person, min(memory.validUntil, until))
  }

  /// Enters the built-in segments of a person behind those of the rules.
  ///
  /// - Returns: the first later moment at which they could be others without an event.
  private mutating func answerBuiltIns(
    _ person: UInt32, at moment: Moment, followsClock: Bool
  ) -> Moment {
    guard let builtIns else { return .distantFuture }
    // Of the rules' last word the bits behind them are no rule's.
    for word in memory.answers.count..<max(answers.count, memory.answers.count) {
      answers[word] = 0
    }
    return builtIns.answer(person, at: moment, followsClock: followsClock, into: &answers)
  }

  /// Event time has passed: evaluates again whoever may have changed by time alone.
  ///
  /// After an interrupt it stops where its time is over; what is due then is due in the next run. A
  /// history is always whole, since a report is made of it.
  mutating func advance(to moment: Moment, _ persons: Persons, into output: inout Output) {
    var count = 0
    while history != nil || count & 1023 != 1023 || !output.isOverdue,
      let timer = timers.next(upTo: moment)
    {
      evaluate(timer.person, at: timer.moment, persons, into: &output)
      count += 1
    }
  }

  /// Two persons turned out to be one.
  ///
  /// The one keeps a name: a `userId` before an `anonymousId`, else the older one. Under the other
  /// name the person leaves all segments, so that changes replayed by name stay true.
  mutating func link(
    _ link: Persons.Link, at moment: Moment, _ persons: Persons, into output: inout Output
  ) {
    reserve(max(link.absorbed, link.kept))
    memory.link(absorbed: link.absorbed, into: link.kept)
    builtIns?.link(absorbed: link.absorbed, into: link.kept)
    let now = max(newest[Int(link.absorbed)], newest[Int(link.kept)], moment)
    newest[Int(link.kept)] = now
    guard tracking.isOn else { return }
    let (absorbedName, keptName) = (name(link.absorbed), name(link.kept))
    let takesName = persons.isUser(absorbedName) && !persons.isUser(keptName)
    let leaving = takesName ? link.kept : link.absorbed
    reportLeaving(
      leaving, takesName ? keptName : absorbedName, at: now, persons, into: &output)
    if takesName {
      setName(of: link.kept, absorbedName)
      membership.copy(from: link.absorbed, to: link.kept)
    }
    timers.set(link.absorbed, .distantFuture)
    timers.restart(link.kept)
    leaveAll(link.absorbed, at: now)
    if now > .distantPast { evaluate(link.kept, at: now, persons, into: &output) }
  }

  /// Says that a person, under a name, leaves all segments, where changes are told.
  func reportLeaving(
    _ person: UInt32, _ name: UInt32, at moment: Moment, _ persons: Persons,
    into output: inout Output
  ) {
    for segment in segments.indices
    where tracking.isChanges && membership.contains(person, segment) {
      report("segment.left", segment, of: name, at: moment, persons, into: &output)
    }
  }

  /// Takes a person who became another one out of all segments.
  private mutating func leaveAll(_ person: UInt32, at moment: Moment) {
    let none = [UInt64](repeating: 0, count: membership.wordCount)
    guard !membership.equals(person, none) else { return }
    membership.set(person, none)
    history?.note(person, at: moment, none)
  }

  func name(_ person: UInt32) -> UInt32 {
    Int(person) < names.count ? names[Int(person)] : person
  }

  mutating func setName(of person: UInt32, _ name: UInt32) {
    while names.count <= Int(person) { names.append(UInt32(truncatingIfNeeded: names.count)) }
    names[Int(person)] = name
  }

  private func report(
    _ kind: String, _ segment: Int, of name: UInt32, at moment: Moment, _ persons: Persons,
    into output: inout Output
  ) {
    guard shown.contains(moment) else { return }
    output.report(kind) { writer in
      writer.field("segment", segments[segment].name)
      writer.field(name, of: persons)
      writer.field("timestamp", moment)
    }
  }

  /// Adds the event taken last, which has no segments yet: its line up to the brace behind the last
  /// field, then the segments, the brace and the newline.
  mutating func append(
    _ record: Span<UInt8>, from start: Int, to brace: Int, into bytes: inout [UInt8]
  ) {
    // More than 64 segments are in no number.
    let key = answers.count == 1 ? answers[0] : nil
    if let key, endings.append(record, from: start, to: brace, endingOf: key, into: &bytes) {
      return
    }
    bytes.append(record, from: start, to: brace)
    let start = bytes.count
    bytes.append(",\"segments\":")
    appendSegments(isSomebody: true, others: [], to: &bytes)
    bytes.append(ASCII.closeBrace)
    bytes.append(ASCII.newline)
    if let key { endings.keep(bytes[start...], of: key) }
  }

  /// Adds the names of the segments of the event taken last as a JSON array.
  ///
  /// - Parameters:
  ///   - isSomebody: whether the event has a person; else it was not taken and is in no segment.
  ///   - others: names that another stage's rules gave, which stay.
  func appendSegments(isSomebody: Bool, others: [[UInt8]], to json: inout [UInt8]) {
    json.append(ASCII.openBracket)
    var isFirst = true
    for name in others {
      if !isFirst { json.append(ASCII.comma) }
      json.append(contentsOf: name)
      isFirst = false
    }
    if isSomebody {
      for segment in segments.indices where isTrue(segment) {
        if !isFirst { json.append(ASCII.comma) }
        json.append(contentsOf: segments[segment].json)
        isFirst = false
      }
    }
    json.append(ASCII.closeBracket)
  }

  /// Whether a text is the name of one of the segments, as JSON.
  func hasSegment(_ json: [UInt8]) -> Bool { segments.contains { $0.json == json } }

  /// Whether the person looked at last is in a segment.
  private func isTrue(_ segment: Int) -> Bool {
    answers[segment >> 6] >> UInt64(segment & 63) & 1 == 1
  }
}
