import Events
import Expressions
import Pipes
import Records

/// Turns raw lines into canonical events, and accounts for every line.
///
///     line ─ access log / CSV / JSON with a mapping ─→ message ─┐
///     line ─ message of the Segment spec ───────────────────────┴→ canonical event
///
/// Whatever a line is, it becomes a message of the Segment spec first; what an event is and how it
/// is written is decided in one place, ``Canonicalizer``.
struct Parse: Stage {
  private let choice: SourceFormat?
  var format = SourceFormat.segment
  /// The input that ``format`` was decided for, by a line of it that is not blank.
  var isDecided = false
  var file: String?
  var canonicalizer: Canonicalizer
  private var accessLog: AccessLogReader
  let givenMapping: Mapping?
  var mapping: Mapping?
  var table = TableReader()
  var balance = Balance()
  /// What `--where` says.
  private var condition: WrittenCondition?
  /// The message made of a line, with padding behind it, and the object made of a table's line.
  private var made: [UInt8] = []
  private var row: [UInt8] = []
  private var origins = Origins()
  private var rowOrigins = Origins()

  init(_ arguments: Arguments) throws(Failure) {
    let settings = try ParseSettings(arguments)
    choice = arguments.value("from").flatMap(SourceFormat.init(rawValue:))
    condition = try arguments.value("where").map { source throws(Failure) in
      try WrittenCondition(source)
    }
    givenMapping = try Parse.mapping(arguments, choice)
    mapping = givenMapping
    var times = TimeReader(zone: settings.zone)
    let visitor = arguments.value("visitor").flatMap(AccessLogReader.Visitor.init(rawValue:))
    accessLog = AccessLogReader(visitor: visitor ?? .agent, times: times)
    if times.zone == nil { times.zone = mapping?.zone }
    times.unit = mapping?.unit
    canonicalizer = Canonicalizer(settings, times: times)
  }

  static func information(_ arguments: Arguments) -> [UInt8]? {
    arguments.value("print-map").flatMap(BuiltInMap.init(rawValue:))?.content
  }

  /// The mapping that the options ask for, `nil` where lines are messages already.
  private static func mapping(
    _ arguments: Arguments, _ choice: SourceFormat?
  ) throws(Failure) -> Mapping? {
    guard let path = arguments.value("map") else {
      guard choice == .json else { return nil }
      return try Mapping(BuiltInMap.json.content, file: "the built-in mapping json")
    }
    if let choice, choice != .json, choice != .csv {
      throw .usage("--map goes with --from json or csv, not with \(choice.rawValue)")
    }
    return try Mapping(try fileContents(path), file: path)
  }

  /// Those of the mapping, then that of `--where`.
  var summaries: [ExpressionSummary] {
    (mapping?.environment.summaries ?? []) + (condition.map { [$0.summary] } ?? [])
  }

  mutating func accept(_ lines: inout LineBlock, into output: inout Output) throws(Failure) {
    if lines.file != file || lines.nextNumber == 1 { try begin(lines, &output) }
    // A second reference lets the rest of the block change while the bytes are read.
    let held = lines.block.bytes
    let bytes = held.span
    var offset = lines.start
    while offset < lines.limit {
      let start = offset
      output.tally.lines += 1
      do throws(RecordError) {
        if isDecided, format == .segment {
          balance.count(try takeMessage(bytes, from: &offset, lines, &output))
        } else {
          let end = bytes.firstOffset(of: ASCII.newline, from: start, to: lines.limit)
          offset = end + 1
          try takeForeign(bytes, from: start, to: end, lines, &output)
        }
      } catch {
        let end = bytes.firstOffset(of: ASCII.newline, from: start, to: lines.limit)
        offset = end + 1
        try takeFault(error, bytes, from: start, to: end, lines, &output)
      }
      lines.nextNumber += 1
    }
  }

  // MARK: Lines of the Segment spec

  /// Takes the message at an offset, which moves to the next line.
  private mutating func takeMessage(
    _ bytes: Span<UInt8>, from offset: inout Int, _ lines: LineBlock, _ output: inout Output
  ) throws(RecordError) -> Outcome {
    let prepared = try canonicalizer.prepare(bytes, from: offset)
    let start = offset
    offset = prepared.end + 1
    guard prepared.end - start <= lines.lineBytesMax else { throw Parse.tooLong }
    return try take(prepared, bytes, line: nil, &output)
  }

  /// Stands for a line past `--max-line`, which has a report of its own.
  private static let tooLong = RecordError("", at: -1)

  /// Writes what has been prepared.
  private mutating func take(
    _ prepared: Canonicalizer.Prepared, _ bytes: Span<UInt8>, line: RecentTable.Key?,
    _ output: inout Output
  ) throws(RecordError) -> Outcome {
    switch prepared.kind {
    case .event:
      condition?.begin(output)
      var outcome = try canonicalizer.commit(
        prepared, bytes, line: line, into: &output.bytes)
      if outcome == .used,
        !(condition?.keepsLast(of: &output, at: prepared.time) ?? true)
      {
        outcome = .filtered
      }
      if outcome == .used { balance.events += 1 }
      return outcome
    case .report:
      balance.reports += 1
      output.passReport(
        bytes, from: prepared.start, to: bytes.textEnd(from: prepared.start, to: prepared.end))
      return .used
    case .batch(let array):
      return try takeBatch(array, bytes, &output)
    }
  }

  /// Takes the messages of a batch: all or, where one is at fault, none, so that the line can be
  /// sent again when it has been mended.
  private mutating func takeBatch(
    _ array: Field, _ bytes: Span<UInt8>, _ output: inout Output
  ) throws(RecordError) -> Outcome {
    var elements: [Field] = []
    do { try forEachElement(of: array, in: bytes) { elements.append($0) } } catch {
      throw RecordError(error)
    }
    for element in elements {
      makeLine(of: element, bytes)
      let line = made
      do throws(RecordError) {
        _ = try canonicalizer.prepare(line.span, from: 0, isElement: true)
      } catch {
        throw RecordError("in a batch: \(error.reason)", at: element.start + error.offset)
      }
    }
    var outcome = Outcome.skipped
    for element in elements {
      makeLine(of: element, bytes)
      let line = made
      let prepared = try canonicalizer.prepare(line.span, from: 0, isElement: true)
      switch try take(prepared, line.span, line: nil, &output) {
      case .used: outcome = .used
      case let other: if outcome != .used { outcome = other }
      }
    }
    return outcome
  }

  /// Puts a value on a line of its own into ``made``.
  private mutating func makeLine(of value: Field, _ bytes: Span<UInt8>) {
    made.assign(bytes, from: value.start, to: value.end)
    made.append(ASCII.newline)
    made.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
  }

  // MARK: Other lines

  /// Takes a line that has to become a message first, or that is to decide the format.
  private mutating func takeForeign(
    _ bytes: Span<UInt8>, from start: Int, to lineEnd: Int, _ lines: LineBlock,
    _ output: inout Output
  ) throws(RecordError) {
    let end = bytes.textEnd(from: start, to: lineEnd)
    if lineEnd - start > lines.lineBytesMax { throw Parse.tooLong }
    if table.pendingLines == 0, bytes.isBlank(from: start, to: end) {
      return balance.count(.blank)
    }
    if !isDecided { decide(bytes, from: start, to: end, &output) }
    made.removeAll(keepingCapacity: true)
    origins.removeAll()
    rowOrigins.removeAll()
    var lineCount = 1
    var notedEnd: Int?
    switch format {
    case .segment:
      var offset = start
      return balance.count(try takeMessage(bytes, from: &offset, lines, &output))
    case .combined, .common:
      let isNoted = try accessLog.read(
        bytes, from: start, to: end, isCombined: format == .combined, into: &made,
        noting: &canonicalizer.message)
      if isNoted { notedEnd = made.count - 1 }
    case .json:
      guard try map(bytes, from: start) else { return balance.count(.skipped) }
    case .csv:
      lineCount = table.pendingLines + 1
      guard try readRow(bytes, from: start, to: end, lines) else { return }
    }
    made.append(addingCapacity: Scanner.paddingBytes) {
      $0.append(repeating: 0, count: Scanner.paddingBytes)
    }
    // A record of a table may lie on several lines.
    let line =
      format == .csv
      ? canonicalizer.lineKey(row.span, from: 0, to: row.count - Scanner.paddingBytes)
      : canonicalizer.lineKey(bytes, from: start, to: end)
    try takeMade(
      notedEnd: notedEnd, line: line, lineStart: start, lineCount: lineCount, &output)
  }

  /// Takes the message in ``made``; its faults are shown where they came from.
  ///
  /// - Parameter notedEnd: where its newline stands if its parts have been noted, and need no reading.
  private mutating func takeMade(
    notedEnd: Int?, line: RecentTable.Key?, lineStart: Int, lineCount: Int,
    _ output: inout Output
  ) throws(RecordError) {
    let message = made
    do throws(RecordError) {
      let prepared =
        if let notedEnd {
          try canonicalizer.prepareNoted(message.span, from: 0, to: notedEnd)
        } else {
          try canonicalizer.prepare(message.span, from: 0)
        }
      let outcome = try take(prepared, message.span, line: line, &output)
      balance.count(outcome, lines: lineCount)
    } catch {
      balance.moreRejected += lineCount - 1
      var source = origins.source(of: error.offset) ?? lineStart
      if format == .csv { source = rowOrigins.source(of: source) ?? lineStart }
      throw RecordError(error.reason, at: error.offset == 0 ? lineStart : source)
    }
  }

  /// Makes the message of a JSON line.
  private mutating func map(_ bytes: Span<UInt8>, from start: Int) throws(RecordError) -> Bool {
    try mapping?.map(bytes, from: start, into: &made, &origins) ?? false
  }

  /// Makes the message of a table's line.
  ///
  /// - Returns: false for a header, a line within a record, and one that the mapping leaves out.
  private mutating func readRow(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, _ lines: LineBlock
  ) throws(RecordError) -> Bool {
    row.removeAll(keepingCapacity: true)
    let pendingLines = table.pendingLines
    let kind: TableReader.Line
    do throws(RecordError) {
      kind = try table.read(
        bytes, from: start, to: end, of: lines, into: &row, &rowOrigins)
    } catch {
      balance.moreRejected += pendingLines
      table.clearPending()
      throw error
    }
    switch kind {
    case .incomplete: return false
    case .header:
      if givenMapping == nil { mapping = Mapping(columns: table.columns) }
      balance.count(.skipped, lines: pendingLines + 1)
      table.clearPending()
      return false
    case .record:
      table.clearPending()
      row.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
      let record = row
      guard try map(record.span, from: 0) else {
        balance.count(.skipped, lines: pendingLines + 1)
        return false
      }
      return true
    }
  }

  // MARK: Inputs and ends

  /// Begins a new input.
  private mutating func begin(_ lines: LineBlock, _ output: inout Output) throws(Failure) {
    try endTable(&output)
    file = lines.file
    table.begin()
    isDecided = choice != nil
    format = choice ?? .segment
  }

  /// Decides the format by the first line that is not blank.
  private mutating func decide(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, _ output: inout Output
  ) {
    let guess = FormatGuess(bytes, from: start, to: end, hasMapping: givenMapping != nil)
    format = guess.format
    isDecided = true
    let input = file.map { $0 == "-" ? "standard input" : $0 } ?? "the input"
    output.notice(
      "\(input) is taken for \(format.explanation) (--from \(format.rawValue))"
        + (guess.isSure ? "" : "; that is a guess, --from says what it is"))
  }

  /// Counts a line that cannot be used, a blank one too.
  private mutating func takeFault(
    _ error: RecordError, _ bytes: Span<UInt8>, from start: Int, to end: Int, _ lines: LineBlock,
    _ output: inout Output
  ) throws(Failure) {
    if bytes.isBlank(from: start, to: end) { return balance.count(.blank) }
    if error.offset < 0 || end - start > lines.lineBytesMax {
      let textEnd = min(end, start + RejectedLine.textBytesMax)
      let text = bytes.copy(from: start, to: textEnd)
      try output.reject(lines.tooLong(offset: lines.fileOffset + start, text: text))
    } else {
      try output.reject(lines.rejection(error.reason, at: error.offset, from: start, to: end))
    }
  }

  /// Rejects a table's record that its input ended in.
  private mutating func endTable(_ output: inout Output) throws(Failure) {
    guard table.pendingLines > 0 else { return }
    balance.moreRejected += table.pendingLines - 1
    let line = table.unfinished(file: file ?? "-")
    table.clearPending()
    try output.reject(line)
  }

  mutating func snapshot(into output: inout Output) {
    balance.bots = canonicalizer.botCount
    output.notice(balance.text(lines: output.tally.lines, rejected: output.tally.rejected))
  }

  mutating func finish(into output: inout Output) throws(Failure) {
    try endTable(&output)
    if canonicalizer.isOverfull {
      output.notice(
        "more than \(RecentMessages.remembered) messages within --dedupe: the oldest were"
          + " forgotten early, repetitions of them may have passed")
    }
    condition?.doubtfulFields.tell(into: &output)
    snapshot(into: &output)
  }
}
