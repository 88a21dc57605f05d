import Events
import Expressions
import Records

/// A line that has been looked at and waits for its turn.
struct WaitingLine: BitwiseCopyable {
  enum Kind: BitwiseCopyable {
    case event
    case report
    case blank
    case rejected
  }

  var kind = Kind.event
  /// Whether `parse` marked the event as a crawler's.
  var isBot = false
  /// Index of what is wrong with a rejected line, -1 where it is too long.
  var error: Int32 = -1
  let start: Int
  /// Offset of the newline.
  let end: Int
  var time = Moment.distantPast
  var ids = EventIds.none
  /// Where the hashes of its ids begin, the one of its user first.
  let firstHash: Int

  /// The event in the row of fields that begins at `base`, without its person.
  func event(base: Int) -> Event {
    var event = Event(start: start, end: end, base: base, time: time)
    event.isBot = isBot
    return event
  }
}

/// Lines that wait for their turn, in their order, and what is wrong with some of them.
struct WaitingLines: Sendable {
  /// The lines and room for more.
  fileprivate(set) var lines: [WaitingLine] = []
  /// How many lines there are.
  fileprivate(set) var count = 0
  /// The hashes of the user and the anonymous ids that the lines have, in their order, and room.
  fileprivate(set) var hashes: [UInt64] = []
  /// How many hashes there are.
  fileprivate(set) var hashCount = 0
  fileprivate(set) var errors: [RecordError] = []

  mutating func removeAll() {
    (count, hashCount) = (0, 0)
    errors.removeAll(keepingCapacity: true)
  }

  /// Makes room for so many more lines, each with two ids.
  fileprivate mutating func makeRoom(_ more: Int) {
    if lines.count < count + more {
      let line = WaitingLine(start: 0, end: 0, firstHash: 0)
      lines.append(contentsOf: repeatElement(line, count: count + more - lines.count))
    }
    if hashes.count < hashCount + 2 * more {
      hashes.append(contentsOf: repeatElement(0, count: hashCount + 2 * more - hashes.count))
    }
  }

  @inline(__always)
  fileprivate mutating func add(_ line: WaitingLine) {
    lines[count] = line
    count &+= 1
  }

  @inline(__always)
  fileprivate mutating func add(_ id: Field, _ bytes: Span<UInt8>, seed: UInt64) {
    guard id.isPresent else { return }
    hashes[hashCount] = byteHash(bytes, from: id.start, to: id.end, seed: seed)
    hashCount &+= 1
  }

  fileprivate mutating func note(_ error: RecordError) -> Int32 {
    errors.append(error)
    return Int32(truncatingIfNeeded: errors.count - 1)
  }
}

/// Looks at lines ahead of their turn: where their fields lie, when they were, and the hashes of
/// their persons' ids.
///
/// It knows nothing of the lines before, so that any number of them can work on blocks of one
/// input at once.
public struct EventScanner: Sendable {
  /// How many lines are looked at together: their persons are asked of the memory at once.
  static let batchLines = 64

  /// The number of fields in the row of a record.
  let slotCount: Int
  let reader: EventReader
  private let hashSeed: UInt64
  private var scanner: Scanner
  private var day = RecentDay()

  init(_ setup: Setup, check: Check, hashSeed: UInt64) {
    reader = setup.reader
    slotCount = max(1, setup.environment.selection.count)
    scanner = Scanner(setup.environment.selection, check: check)
    self.hashSeed = hashSeed
  }

  /// Looks at all lines of a block.
  mutating func scanAll(_ block: inout LineBlock) {
    block.waiting.removeAll()
    var offset = block.start
    while offset < block.limit { offset = scanBatch(&block, from: offset) }
    block.isScanned = true
  }

  /// Looks at the next batch of lines of a block, and adds them to those that wait.
  ///
  /// - Returns: where the line behind them starts.
  mutating func scanBatch(_ block: inout LineBlock, from start: Int) -> Int {
    let used = block.waiting.count * slotCount
    let room = used + Self.batchLines * slotCount
    if block.block.fields.count < room {
      block.block.fields.append(
        contentsOf: repeatElement(.absent, count: room - block.block.fields.count))
    }
    var waiting = WaitingLines()
    swap(&waiting, &block.waiting)
    defer { swap(&waiting, &block.waiting) }
    waiting.makeRoom(Self.batchLines)
    // A second reference lets the fields change while the bytes are read.
    let held = block.block.bytes
    let bytes = held.span
    let (limit, lineBytesMax) = (block.limit, block.lineBytesMax)
    var fields = block.block.fields.mutableSpan
    for index in used..<room { fields[index] = .absent }
    var offset = start
    for _ in 0..<Self.batchLines where offset < limit {
      offset = scan(bytes, from: offset, lineBytesMax, &fields, &waiting) + 1
    }
    return offset
  }

  /// Looks at a line, and adds it to those that wait.
  ///
  /// - Returns: where its newline stands.
  @inline(__always)
  private mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, _ lineBytesMax: Int,
    _ fields: inout MutableSpan<Field>, _ waiting: inout WaitingLines
  ) -> Int {
    let base = waiting.count &* slotCount
    let scanned: ScannedLine
    do { scanned = try scanner.scan(bytes, from: start, into: &fields, at: base) } catch {
      let end = bytes.firstOffset(of: ASCII.newline, from: start, to: bytes.count)
      let isBlank = bytes.isBlank(from: start, to: end)
      reject(isBlank ? nil : RecordError(error), from: start, to: end, lineBytesMax, &waiting)
      return end
    }
    let end = scanned.end
    guard !scanned.isReport, end &- start <= lineBytesMax else {
      var line = WaitingLine(start: start, end: end, firstHash: waiting.hashCount)
      line.kind = end - start <= lineBytesMax ? .report : .rejected
      waiting.add(line)
      return end
    }
    do throws(RecordError) {
      let row = fields.span
      let time = try reader.time(row, at: base, in: bytes, line: start, day: &day)
      let ids = try reader.ids(row, at: base, in: bytes)
      let isBot = reader.isBot(row, at: base, in: bytes)
      waiting.add(
        WaitingLine(
          isBot: isBot, start: start, end: end, time: time, ids: ids,
          firstHash: waiting.hashCount))
      waiting.add(ids.user, bytes, seed: hashSeed)
      waiting.add(ids.anonymous, bytes, seed: hashSeed)
    } catch {
      reject(error, from: start, to: end, lineBytesMax, &waiting)
    }
    return end
  }

  /// Adds a line that cannot be used; a blank one has no error, a line too long none of its own.
  @inline(never)
  private func reject(
    _ error: RecordError?, from start: Int, to end: Int, _ lineBytesMax: Int,
    _ waiting: inout WaitingLines
  ) {
    var line = WaitingLine(start: start, end: end, firstHash: waiting.hashCount)
    let isTooLong = end - start > lineBytesMax
    line.kind = error == nil && !isTooLong ? .blank : .rejected
    if let error, !isTooLong { line.error = waiting.note(error) }
    waiting.add(line)
  }
}
