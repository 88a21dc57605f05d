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
  var end: Int
  var time = Moment.distantPast
  var ids = EventIds.none
  /// Where the hashes of its ids begin, the one of its user first.
  let firstHash: Int32

  init(start: Int, firstHash: Int) {
    self.start = start
    end = start
    self.firstHash = Int32(truncatingIfNeeded: firstHash)
  }

  /// The event in the row of fields that begins at `base`, without its person.
  func event(base: Int) -> Event {
    var event = Event(start: start, end: end, base: base, time: time)
    event.isBot = isBot
    return event
  }
}

/// Lines that wait for their turn, in their order, and what is wrong with some of them.
struct WaitingLines: Sendable {
  var lines: [WaitingLine] = []
  /// The hashes of the user and the anonymous ids that the lines have, in their order.
  var hashes: [UInt64] = []
  var errors: [RecordError] = []

  mutating func removeAll() {
    lines.removeAll(keepingCapacity: true)
    hashes.removeAll(keepingCapacity: true)
    errors.removeAll(keepingCapacity: true)
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
  private let reader: EventReader
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
    let used = block.waiting.lines.count * slotCount
    let room = used + Self.batchLines * slotCount
    if block.block.fields.count < room {
      block.block.fields.append(
        contentsOf: repeatElement(.absent, count: room - block.block.fields.count))
    }
    var waiting = WaitingLines()
    swap(&waiting, &block.waiting)
    defer { swap(&waiting, &block.waiting) }
    // A second reference lets the fields change while the bytes are read.
    let held = block.block.bytes
    let bytes = held.span
    let (limit, lineBytesMax) = (block.limit, block.lineBytesMax)
    var fields = block.block.fields.mutableSpan
    for index in used..<room { fields[index] = .absent }
    var offset = start
    for _ in 0..<Self.batchLines where offset < limit {
      var line = scan(bytes, from: offset, &fields, &waiting)
      offset = line.end + 1
      if line.end - line.start > lineBytesMax {
        line.kind = .rejected
        line.error = -1
      }
      waiting.lines.append(line)
    }
    return offset
  }

  @inline(__always)
  private mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, _ fields: inout MutableSpan<Field>,
    _ waiting: inout WaitingLines
  ) -> WaitingLine {
    let base = waiting.lines.count * slotCount
    var line = WaitingLine(start: start, firstHash: waiting.hashes.count)
    do throws(ScanError) {
      let scanned = try scanner.scan(bytes, from: start, into: &fields, at: base)
      line.end = scanned.end
      if scanned.isReport {
        line.kind = .report
        return line
      }
    } catch {
      line.end = bytes.firstOffset(of: ASCII.newline, from: start, to: bytes.count)
      line.kind = bytes.isBlank(from: start, to: line.end) ? .blank : .rejected
      if line.kind == .rejected { line.error = waiting.note(RecordError(error)) }
      return line
    }
    do throws(RecordError) {
      try read(&line, fields.span, base, bytes)
      note(line.ids.user, bytes, &waiting)
      note(line.ids.anonymous, bytes, &waiting)
    } catch {
      line.kind = .rejected
      line.error = waiting.note(error)
    }
    return line
  }

  /// Reads what makes a record an event.
  @inline(__always)
  private mutating func read(
    _ line: inout WaitingLine, _ fields: Span<Field>, _ base: Int, _ bytes: Span<UInt8>
  ) throws(RecordError) {
    line.time = try reader.time(fields, at: base, in: bytes, line: line.start, day: &day)
    line.ids = try reader.ids(fields, at: base, in: bytes)
    line.isBot = reader.isBot(fields, at: base, in: bytes)
  }

  @inline(__always)
  private func note(_ id: Field, _ bytes: Span<UInt8>, _ waiting: inout WaitingLines) {
    guard id.isPresent else { return }
    waiting.hashes.append(byteHash(bytes, from: id.start, to: id.end, seed: hashSeed))
  }
}
