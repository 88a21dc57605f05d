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
  /// Whether an event's line ends as Windows' lines do.
  var endsInReturn = false
  /// Index of what is wrong with a rejected line, -1 where it is too long.
  var error: Int32 = -1
  let start: Int
  /// Offset of the newline.
  let end: Int
  var time = Moment.distantPast
  var ids = EventIds.none
  /// Where the hashes of its ids begin, the one of its user first.
  var firstHash = 0

  /// The event in the row of fields that begins at `base`, without its person.
  func event(base: Int) -> Event {
    let textEnd = endsInReturn ? end &- 1 : end
    var event = Event(start: start, end: textEnd, base: base, time: time)
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
      let line = WaitingLine(start: 0, end: 0)
      lines.append(contentsOf: repeatElement(line, count: count + more - lines.count))
    }
    if hashes.count < hashCount + 2 * more {
      hashes.append(contentsOf: repeatElement(0, count: hashCount + 2 * more - hashes.count))
    }
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
    block.waiting.makeRoom(Self.batchLines)
    var waiting = WaitingLines()
    swap(&waiting, &block.waiting)
    // A second reference lets the fields change while the bytes are read; and what each line asks
    // for lies here, not in what the line may change.
    let held = block.block.bytes
    let bytes = held.span
    let (limit, lineBytesMax, reader) = (block.limit, block.lineBytesMax, reader)
    var (lines, hashes): ([WaitingLine], [UInt64]) = ([], [])
    swap(&lines, &waiting.lines)
    swap(&hashes, &waiting.hashes)
    var lineRow = lines.mutableSpan
    var hashRow = hashes.mutableSpan
    var fields = block.block.fields.mutableSpan
    for index in used..<room { fields[index] = .absent }
    var offset = start
    for _ in 0..<Self.batchLines where offset < limit {
      let base = waiting.count &* slotCount
      var line = scan(
        bytes, from: offset, lineBytesMax, reader, &fields, at: base, &waiting.errors)
      line.firstHash = waiting.hashCount
      addHash(line.ids.user, bytes, to: &hashRow, &waiting.hashCount)
      addHash(line.ids.anonymous, bytes, to: &hashRow, &waiting.hashCount)
      lineRow[waiting.count] = line
      waiting.count &+= 1
      offset = line.end + 1
    }
    swap(&lines, &waiting.lines)
    swap(&hashes, &waiting.hashes)
    swap(&waiting, &block.waiting)
    return offset
  }

  /// Adds the hash of an id, where there is one.
  @inline(__always)
  private func addHash(
    _ id: Field, _ bytes: Span<UInt8>, to hashes: inout MutableSpan<UInt64>, _ count: inout Int
  ) {
    guard id.isPresent else { return }
    hashes[count] = byteHash(bytes, from: id.start, to: id.end, seed: hashSeed)
    count &+= 1
  }

  /// Looks at a line.
  @inline(__always)
  private mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, _ lineBytesMax: Int, _ reader: EventReader,
    _ fields: inout MutableSpan<Field>, at base: Int, _ errors: inout [RecordError]
  ) -> WaitingLine {
    let scanned: ScannedLine
    do { scanned = try scanner.scan(bytes, from: start, into: &fields, at: base) } catch {
      let end = bytes.firstOffset(of: ASCII.newline, from: start, to: bytes.count)
      let isBlank = bytes.isBlank(from: start, to: end)
      return rejected(
        isBlank ? nil : RecordError(error), from: start, to: end, lineBytesMax, &errors)
    }
    var line = WaitingLine(start: start, end: scanned.end)
    guard !scanned.isReport, line.end &- start <= lineBytesMax else {
      line.kind = line.end - start <= lineBytesMax ? .report : .rejected
      return line
    }
    do throws(RecordError) {
      let row = fields.span
      line.time = try reader.time(row, at: base, in: bytes, line: start, day: &day)
      line.ids = try reader.ids(row, at: base, in: bytes)
      line.isBot = reader.isBot(row, at: base, in: bytes)
      // Now, while the end of the line is near.
      line.endsInReturn = bytes.textEnd(from: start, to: line.end) < line.end
      return line
    } catch {
      return rejected(error, from: start, to: line.end, lineBytesMax, &errors)
    }
  }

  /// A line that cannot be used; a blank one has no error, a line too long none of its own.
  @inline(never)
  private func rejected(
    _ error: RecordError?, from start: Int, to end: Int, _ lineBytesMax: Int,
    _ errors: inout [RecordError]
  ) -> WaitingLine {
    var line = WaitingLine(start: start, end: end)
    let isTooLong = end - start > lineBytesMax
    line.kind = error == nil && !isTooLong ? .blank : .rejected
    if let error, !isTooLong {
      line.error = Int32(truncatingIfNeeded: errors.count)
      errors.append(error)
    }
    return line
  }
}
