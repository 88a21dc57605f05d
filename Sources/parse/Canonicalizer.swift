import Events
import Pipes
import Records

/// Turns one message of the Segment spec into its canonical form.
///
///     {"type":"track","event":"A","userId":"u","sentAt":"2026-03-13T10:21:14Z","plan":"pro"}
///       ↓ prepare: JSON, time, ids, name: the first fault rejects, nothing has been written
///       ↓ commit: duplicates, period, source, bot; head, then the rest as it stood
///     {"event":"A","userId":"u","timestamp":"2026-03-13T10:21:14.000Z","trafficSource":{…},
///      "type":"track","sentAt":"2026-03-13T10:21:14Z","plan":"pro"}
///
/// What is canonical already comes out as it went in.
///
/// What changes nothing is inlined, or mutating all the same: a call of it would copy the whole value.
struct Canonicalizer {
  private(set) var settings: ParseSettings
  var message: Message
  var touchpoint = Touchpoint()
  var parameters = CampaignParameters()
  var sources: TrafficSources
  var crawlers = Crawlers(.builtIn)
  var recent: RecentMessages?
  /// The ids that were linked so far.
  var identities: Identities
  /// All that are linked anywhere in the input, with `--stitch`.
  var stitched: Identities?
  /// Messages that were read before their turn.
  var waiting: [WaitingMessage] = []
  /// What finds the ids of those, and where they likely stand.
  var waitingHashes: [UInt64] = []
  var waitingPlaces: [UInt32] = []
  /// The ids of the event that was prepared last.
  var identity = EventIdentity()
  /// The id that it lacks, as JSON.
  var companion: [UInt8] = []
  /// How times are read; a mapping may know their zone and unit.
  var times: TimeReader
  /// The time as it is written.
  var timeText = TimeText()
  /// The member `context` as it is written, empty where it stays as it is.
  var contextText: [UInt8] = []
  /// Events written by bots, for the balance.
  var botCount = 0

  init(_ settings: ParseSettings, rules: ChannelRules, times: TimeReader) {
    self.settings = settings
    self.times = times
    message = Message(Slot.wanted, check: settings.check)
    sources = TrafficSources(
      sites: .builtIn, rules: rules, ownHosts: settings.ownHosts)
    identities = Identities(hashSeed: sources.seeds.0)
    recent = settings.dedupeMilliseconds.map { RecentMessages(windowMilliseconds: $0) }
  }

  /// Whether more messages came within `--dedupe` than are remembered.
  var isOverfull: Bool { recent?.isOverfull ?? false }

  /// What a line turned out to be.
  enum Kind {
    case event
    case report
    /// A batch of messages, the array given.
    case batch(Field)
  }

  /// A message that has passed all checks.
  struct Prepared {
    /// Offset of the line's first byte.
    let start: Int
    /// Offset of its newline.
    let end: Int
    let kind: Kind
    var time = Moment.distantPast
    /// Where the time stands.
    var timeField = Field.absent
    var user = Field.absent
    var anonymous = Field.absent
    var name: EventName?

    init(start: Int, end: Int, kind: Kind) {
      self.start = start
      self.end = end
      self.kind = kind
    }
  }

  /// Scans the line at an offset and checks JSON, time, ids and name, in this order.
  ///
  /// - Parameter isElement: whether it stands in a batch, and so is a message in any case.
  mutating func prepare(
    _ bytes: Span<UInt8>, from start: Int, isElement: Bool = false
  ) throws(RecordError) -> Prepared {
    let line: ScannedLine
    do { line = try message.read(bytes, from: start) } catch { throw RecordError(error) }
    if !isElement {
      if line.isReport { return Prepared(start: start, end: line.end, kind: .report) }
      let batch = message.field(Slot.batch)
      if batch.kind(in: bytes) == .array, !message.field(Slot.event).isPresent {
        return Prepared(start: start, end: line.end, kind: .batch(batch))
      }
    }
    return try prepareNoted(bytes, from: start, to: line.end)
  }

  /// Checks time, ids and name of an event whose parts are in ``message``.
  mutating func prepareNoted(
    _ bytes: Span<UInt8>, from start: Int, to end: Int
  ) throws(RecordError) -> Prepared {
    var prepared = Prepared(start: start, end: end, kind: .event)
    try readTime(bytes, of: &prepared)
    prepared.user = try id(Slot.userId, bytes)
    prepared.anonymous = try id(Slot.anonymousId, bytes)
    prepared.name = try EventName(
      event: message.field(Slot.event), type: message.field(Slot.type), in: bytes, line: start)
    noteIds(of: prepared, bytes)
    return prepared
  }

  private mutating func readTime(
    _ bytes: Span<UInt8>, of prepared: inout Prepared
  ) throws(RecordError) {
    var slot = Slot.timestamp
    while true {
      let field = message.field(slot)
      if field.isPresent, let moment = try times.moment(field, in: bytes) {
        if let objection = settings.objection(to: moment) {
          throw RecordError(objection, at: field.start)
        }
        prepared.time = moment
        prepared.timeField = field
        return
      }
      switch slot {
      case Slot.timestamp: slot = Slot.originalTimestamp
      case Slot.originalTimestamp: slot = Slot.sentAt
      case Slot.sentAt: slot = Slot.receivedAt
      default: throw RecordError("no time", at: prepared.start)
      }
    }
  }

  /// The value of an id, absent for `null` and the empty string.
  @inline(__always)
  func id(_ slot: Int, _ bytes: Span<UInt8>) throws(RecordError) -> Field {
    let field = message.field(slot)
    switch field.kind(in: bytes) {
    case .string: return field.count > 2 ? field : .absent
    case .number: return field
    case .null, .absent: return .absent
    default: throw RecordError("bad id: neither a string nor a number", at: field.start)
    }
  }

  /// Writes a message that has just been prepared, unless it is a duplicate or out of the period.
  ///
  /// - Parameter line: the key of the line that the message was made of, `nil` where it stands
  ///   there as it came.
  mutating func commit(
    _ prepared: Prepared, _ bytes: Span<UInt8>, line: RecentTable.Key? = nil,
    into output: inout [UInt8]
  ) throws(RecordError) -> Outcome {
    guard let name = prepared.name else { return .skipped }
    if isRepeated(prepared, bytes, line: line) { return .duplicate }
    guard settings.includes(prepared.time) else { return .filtered }
    let facts = try facts(bytes)
    var plan = RestPlan()
    var head = Head()
    decideChannel(&head, name, facts, bytes, &plan)
    decideSource(&head, prepared, facts, bytes, &plan)
    decideBot(&head, facts, bytes, &plan)
    decideAlias(&head, bytes, &plan)
    findForeign(bytes, &plan)
    plan.parameters = parameters.found & ~facts.campaignMembers
    do { try makeContextText(plan, facts, bytes) } catch { throw RecordError(error) }
    output.append(addingCapacity: bytesMax(of: prepared, head)) { line in
      write(prepared, name, head, plan, bytes, to: &line)
    }
    if head.isBot { botCount += 1 }
    return .used
  }

  /// The key of a source line, `nil` where nobody asks for repetitions.
  func lineKey(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> RecentTable.Key? {
    recent?.key(line: bytes, from: start, to: end)
  }

  private mutating func isRepeated(
    _ prepared: Prepared, _ bytes: Span<UInt8>, line: RecentTable.Key?
  ) -> Bool {
    guard let key = line ?? lineKey(bytes, from: prepared.start, to: prepared.end) else {
      return false
    }
    return recent?.isRepeated(
      id: message.field(Slot.messageId), time: prepared.time, in: bytes, line: key) ?? false
  }

  /// What the message says of page, campaign and device.
  private mutating func facts(_ bytes: Span<UInt8>) throws(RecordError) -> PageFacts {
    let type = message.field(Slot.type)
    do { try message.readObjects(in: bytes) } catch { throw RecordError(error) }
    let isPage = type.isPresent && bytes.equals(Canonicalizer.page, from: type.start, to: type.end)
    let facts = PageFacts(message, isPage: isPage, in: bytes)
    parameters.clear()
    if facts.url.isPresent { parameters.read(facts.url, in: bytes) }
    if parameters.found == 0, facts.search.isPresent { parameters.read(facts.search, in: bytes) }
    return facts
  }

  private static let page = Array("\"page\"".utf8)
}
