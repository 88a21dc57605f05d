import Events
import Expressions
import Pipes
import Records

/// What every person did, for `--discover`: a row of counts each.
struct ActivityCensus: Sendable {
  let groupCount: Int
  /// Whether each person's group is written.
  let writesPersons: Bool
  private let periods: CalendarPeriods
  private let names: EventNames
  private let reader: EventReader
  private let channels: ChannelReader
  private(set) var rows: [Activity] = []
  /// The hashes of the names seen last, and their sorts.
  private var kinds: [(hash: UInt64, kind: ActivityKind)?]
  private static let slotCount = 1024

  init(_ arguments: Arguments, _ setup: inout Setup, groupCount: Int) throws(Failure) {
    self.groupCount = groupCount
    kinds = Array(repeating: nil, count: ActivityCensus.slotCount)
    writesPersons = arguments.has("persons")
    periods = try CalendarPeriods(arguments)
    reader = setup.reader
    names = try EventNames(arguments, setup.reader)
    channels = ChannelReader(&setup.environment.selection)
  }

  /// Bytes of the largest array.
  var largestArrayBytes: Int {
    rows.count * MemoryLayout<Activity>.stride
  }

  /// Counts an event of somebody.
  ///
  /// - Parameter failures: is raised by one where its name cannot be read.
  mutating func take(_ event: Event, in block: Block, failures: inout Int) {
    let (fields, bytes) = (block.fields, block.bytes.span)
    do {
      let (meaning, hash) = try names.meaning(of: event, fields, in: bytes)
      guard meaning.contains(.interaction) else { return }
      let day = periods.day(of: event.time)
      let start = periods.start(ofDay: day)
      let hours = (event.time.milliseconds - start.milliseconds) / 3_600_000
      let isOrder = meaning.contains(.purchase)
      let kind = isOrder ? .buying : try kind(of: event, hash, fields, bytes)
      rows.extend(to: Int(event.person) + 1, with: Activity())
      rows[Int(event.person)].add(
        day: day, quarter: Int(min(max(hours / 6, 0), 3)),
        // 1970-01-01 was a Thursday.
        isWeekend: floorDivide(Int64(day) + 3, 7) * 7 + 5 <= Int64(day) + 3,
        isOrder: isOrder, channel: channels.channel(of: event, fields, in: bytes), kind: kind)
    } catch { failures += 1 }
  }

  /// The sort of an event, found once for each of its name's hashes.
  private mutating func kind(
    of event: Event, _ hash: UInt64, _ fields: [Field], _ bytes: Span<UInt8>
  ) throws(RecordError) -> ActivityKind {
    let slot = Int(truncatingIfNeeded: hash) & (ActivityCensus.slotCount - 1)
    if let (known, kind) = kinds[slot], known == hash { return kind }
    let kind = ActivityKind(try reader.name(fields, at: event.base, in: bytes), in: bytes)
    kinds[slot] = (hash, kind)
    return kind
  }

  /// Two persons turned out to be one.
  mutating func link(_ link: Persons.Link) {
    guard Int(link.absorbed) < rows.count else { return }
    rows.extend(to: Int(link.kept) + 1, with: Activity())
    rows[Int(link.kept)].merge(rows[Int(link.absorbed)])
    rows[Int(link.absorbed)] = Activity()
  }

  /// The features of a person on the day of a moment.
  func features(of person: UInt32, at moment: Moment) -> [Double] {
    ActivityFeatures.values(of: rows[Int(person)], on: periods.day(of: moment))
  }

  /// Whether a person did anything.
  func isActive(_ person: UInt32) -> Bool {
    Int(person) < rows.count && rows[Int(person)].isActive
  }

  /// Writes what a person did.
  func encode(_ person: UInt32, into state: inout StateWriter) {
    state.write(isActive(person))
    if isActive(person) { rows[Int(person)].encode(into: &state) }
  }

  /// Adds what a person did in another run.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    if try state.flag() {
      rows.extend(to: Int(person) + 1, with: Activity())
      rows[Int(person)].merge(try Activity(&state))
    }
  }
}

extension ActivityKind {
  /// The sort of an event by its name.
  init(_ name: EventName, in bytes: Span<UInt8>) {
    switch name {
    case .field(let field): self.init(name: bytes.copy(from: field.start, to: field.end))
    case .decoded(let decoded): self.init(name: decoded)
    case .implicit(let implicit): self.init(name: implicit.nameBytes)
    case .none: self = .other
    }
  }
}

extension Activity {
  /// Writes the row.
  func encode(into state: inout StateWriter) {
    state.write(Int(firstDay))
    state.write(Int(newestDay))
    state.write(word: days)
    state.write(UInt64(interactions))
    state.write(UInt64(orders))
    state.write(UInt64(onWeekends))
    for place in 0..<4 { state.write(UInt64(byQuarter[place])) }
    for place in 0..<12 { state.write(UInt64(byChannel[place])) }
    for place in 0..<5 { state.write(UInt64(byKind[place])) }
  }

  /// Reads a row.
  init(_ state: inout StateReader) throws(StateError) {
    self.init()
    firstDay = try state.dayNumber()
    newestDay = try state.dayNumber()
    days = try state.word()
    interactions = try state.short()
    orders = try state.short()
    onWeekends = try state.short()
    for place in 0..<4 { byQuarter[place] = try state.short() }
    for place in 0..<12 { byChannel[place] = try state.short() }
    for place in 0..<5 { byKind[place] = try state.short() }
    guard interactions > 0, firstDay <= newestDay else { throw StateError("a day is none") }
  }
}
