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
  /// Whether its lines are a table's.
  var isTable = false
  var file: String?
  var canonicalizer: Canonicalizer
  var accessLog: AccessLogReader
  let givenMapping: Mapping?
  /// The mapping of the lines at hand, one without a shape where they need none.
  var mapping = Mapping()
  var table = TableReader()
  var balance = Balance()
  /// What `--where` says.
  private var condition: WrittenCondition?
  /// What is hashed or left out of each event, and the event without it.
  private var redaction: Redaction?
  private var redacted: [UInt8] = []
  /// Whether the run only finds out which ids are linked, for `--stitch`.
  var isFirstPass = false
  /// Whether links of a run before are known that `--stitch` has not been told.
  var hasRestoredLinks = false
  /// The messages that a mapping makes of a line.
  var mapped = MessageBuffer()
  /// The message made of a line, with padding behind it, and the object made of a table's line.
  var made: [UInt8] = []
  var row: [UInt8] = []
  var origins = Origins()
  var rowOrigins = Origins()

  init(_ arguments: Arguments) throws(Failure) {
    let choice = arguments.value("from").flatMap(SourceFormat.init(name:))
    try self.init(arguments, mapping: try Parse.mapping(arguments, choice))
    if arguments.has("stitch") { try stitch(arguments) }
  }

  /// A stage for these options and the mapping of `--map`.
  init(_ arguments: Arguments, mapping given: Mapping?) throws(Failure) {
    let settings = try ParseSettings(arguments)
    choice = arguments.value("from").flatMap(SourceFormat.init(name:))
    condition = try arguments.value("where").map { source throws(Failure) in
      try WrittenCondition(source)
    }
    redaction = try Redaction(arguments)
    givenMapping = given
    if let given { mapping = given }
    let times = TimeReader(zone: settings.zone)
    let visitor = arguments.value("visitor").flatMap(AccessLogReader.Visitor.init(rawValue:))
    accessLog = AccessLogReader(visitor: visitor ?? .agent, times: times)
    let rules =
      if let path = arguments.value("channel-rules") {
        try ChannelRules(try fileContents(path), file: path)
      } else {
        try ChannelRules.builtIn()
      }
    canonicalizer = Canonicalizer(settings, rules: rules, times: times)
    try begin(choice ?? .segment, isTable: choice == .csv)
  }

  static func information(_ arguments: Arguments) -> [UInt8]? {
    if arguments.has("print-channel-rules") { return PackageResources.channels_json }
    return arguments.value("print-map").flatMap(BuiltInMap.init(name:))?.content
  }

  /// The mapping of `--map`.
  private static func mapping(
    _ arguments: Arguments, _ choice: SourceFormat?
  ) throws(Failure) -> Mapping? {
    guard let path = arguments.value("map") else { return nil }
    if let choice, choice != .json, choice != .csv {
      throw .usage("--map goes with --from json or csv, not with \(choice.name)")
    }
    return try Mapping(try fileContents(path), file: path)
  }

  /// Those of the mapping, then that of `--where`.
  var summaries: [ExpressionSummary] {
    mapping.environment.summaries + (condition.map { [$0.summary] } ?? [])
  }

  mutating func accept(_ lines: inout LineBlock, into output: inout Output) throws(Failure) {
    if lines.file != file || lines.nextNumber == 1 { try begin(lines, &output) }
    if hasRestoredLinks { stitchOn() }
    // A second reference lets the rest of the block change while the bytes are read.
    let held = lines.block.bytes
    let bytes = held.span
    var offset = lines.start
    while offset < lines.limit {
      let start = offset
      if !isDecided { try decide(bytes, from: start, to: lines.limit, &output) }
      if isDecided, format == .segment, redaction == nil,
        try takeAhead(bytes, from: &offset, &lines, &output)
      {
        continue
      }
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

  /// Takes events that stand at an offset, which moves behind the last of them.
  ///
  /// - Returns: false where none stands there.
  private mutating func takeAhead(
    _ bytes: Span<UInt8>, from offset: inout Int, _ lines: inout LineBlock, _ output: inout Output
  ) throws(Failure) -> Bool {
    let count = canonicalizer.readAhead(
      bytes, from: offset, to: lines.limit, lineBytesMax: lines.lineBytesMax)
    for index in 0..<count {
      let prepared = canonicalizer.recall(index)
      output.tally.lines += 1
      do throws(RecordError) {
        balance.count(try take(prepared, bytes, line: nil, &output))
      } catch {
        try takeFault(error, bytes, from: prepared.start, to: prepared.end, lines, &output)
      }
      lines.nextNumber += 1
      offset = prepared.end + 1
    }
    return count > 0
  }

  /// Takes the message at an offset, which moves to the next line.
  mutating func takeMessage(
    _ bytes: Span<UInt8>, from offset: inout Int, _ lines: LineBlock, _ output: inout Output
  ) throws(RecordError) -> Outcome {
    let start = offset
    let prepared: Canonicalizer.Prepared
    do { prepared = try canonicalizer.prepare(bytes, from: start) } catch {
      guard bytes[error.offset] == ASCII.openBracket,
        let list = try? listLine(bytes, from: start, to: error.offset)
      else { throw error }
      prepared = list
    }
    offset = prepared.end + 1
    guard prepared.end - start <= lines.lineBytesMax else { throw Parse.tooLong }
    return try take(prepared, bytes, line: nil, &output)
  }

  /// A line that is a list of messages, where a message did not begin at `first`.
  private func listLine(
    _ bytes: Span<UInt8>, from start: Int, to first: Int
  ) throws(ScanError) -> Canonicalizer.Prepared {
    let list = try arrayLine(bytes, from: start)
    guard list.start == first else { throw ScanError(.notAnObject, at: first) }
    let end = bytes.firstOffset(of: ASCII.newline, from: list.end, to: bytes.count)
    return Canonicalizer.Prepared(start: start, end: end, kind: .batch(list))
  }

  /// Stands for a line past `--max-line`, which has a report of its own.
  static let tooLong = RecordError("", at: -1)

  /// Writes what has been prepared.
  mutating func take(
    _ prepared: Canonicalizer.Prepared, _ bytes: Span<UInt8>, line: RecentTable.Key?,
    isRedacted: Bool = false, _ output: inout Output
  ) throws(RecordError) -> Outcome {
    switch prepared.kind {
    case .event where redaction != nil && !isRedacted:
      return try takeRedacted(prepared, bytes, line: line, &output)
    case .event:
      canonicalizer.identify(prepared, bytes, into: &output.bytes)
      if isFirstPass { return .used }
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

  /// Takes an event of which something is hashed or left out before anything else is done with it.
  @inline(never)
  private mutating func takeRedacted(
    _ prepared: Canonicalizer.Prepared, _ bytes: Span<UInt8>, line: RecentTable.Key?,
    _ output: inout Output
  ) throws(RecordError) -> Outcome {
    let key = line ?? canonicalizer.lineKey(bytes, from: prepared.start, to: prepared.end)
    do {
      try redaction?.rewrite(bytes, from: prepared.start, to: prepared.end, into: &redacted)
    } catch {
      throw RecordError(error)
    }
    // A second reference lets the stage change while the bytes are read.
    let message = redacted
    let other = try canonicalizer.prepare(message.span, from: 0, isElement: true)
    return try take(other, message.span, line: key, isRedacted: true, &output)
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

  // MARK: Inputs and ends

  /// The linked ids are the only thing that grows with the input.
  var largestArrayBytes: Int {
    max(
      canonicalizer.identities.persons.largestArrayBytes,
      canonicalizer.stitched?.persons.largestArrayBytes ?? 0)
  }

  /// Begins a new input.
  private mutating func begin(_ lines: LineBlock, _ output: inout Output) throws(Failure) {
    try endTable(&output)
    tellWarning(&output)
    file = lines.file
    table.begin()
    // Whether the lines of a mapped source are a table's is told by the first one.
    isDecided = choice.map { $0.map == nil || $0 == .json } ?? false
    if isDecided { try begin(choice ?? .segment, isTable: choice == .csv) }
  }

  /// Begins lines of a format.
  ///
  /// - Parameter isTable: whether they are divided into fields, and are no JSON.
  mutating func begin(_ format: SourceFormat, isTable: Bool) throws(Failure) {
    if givenMapping == nil {
      if format != self.format || mapping.shapes.isEmpty {
        mapping = try format.map?.mapping() ?? Mapping()
      }
    }
    self.format = format
    redaction?.begin(alsoHashing: mapping.hashedPaths)
    canonicalizer.times.zone = canonicalizer.settings.zone ?? mapping.zone
    canonicalizer.times.unit = mapping.unit
    self.isTable = isTable
    if let layout = mapping.layout, format != .csv {
      table.begin(layout)
      self.isTable = true
    }
  }

  /// Decides the format by the first line that is not blank, if the one at the offset is that.
  private mutating func decide(
    _ bytes: Span<UInt8>, from start: Int, to limit: Int, _ output: inout Output
  ) throws(Failure) {
    let end = bytes.textEnd(
      from: start, to: bytes.firstOffset(of: ASCII.newline, from: start, to: limit))
    if bytes.isBlank(from: start, to: end) { return }
    isDecided = true
    let first = bytes.textStart(from: start, to: end)
    let isJSON = bytes[first] == ASCII.openBrace || bytes[first] == ASCII.openBracket
    if let choice { return try begin(choice, isTable: !isJSON) }
    let guess = FormatGuess(bytes, from: start, to: end, hasMapping: givenMapping != nil)
    try begin(guess.format, isTable: guess.format == .csv)
    let input = file.map { $0 == "-" ? "standard input" : $0 } ?? "the input"
    output.notice(
      "\(input) is taken for \(format.explanation) (--from \(format.name))\(guess.remark)")
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

  /// Tells what people should know of the options, before the first event.
  private mutating func tellWarning(_ output: inout Output) {
    if let warning = redaction?.warning { output.notice(warning) }
    redaction?.warning = nil
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
    tellWarning(&output)
    if canonicalizer.isOverfull {
      output.notice(
        "more than \(RecentMessages.remembered) messages within --dedupe: the oldest were"
          + " forgotten early, repetitions of them may have passed")
    }
    condition?.doubtfulFields.tell(into: &output)
    output.tellFailures()
    snapshot(into: &output)
  }
}
