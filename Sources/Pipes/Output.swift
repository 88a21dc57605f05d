public import Events
public import Expressions
public import Records

/// What a filter sees of the world: a place for records, reports, rejections and notices.
///
/// It does no input or output; the driver empties it. So a filter can be tested with an output and
/// nothing else.
public struct Output: Sendable {
  /// Records on their way to the output, whole lines, in order.
  public var bytes: [UInt8] = []
  /// What became of the lines so far.
  public var tally = Tally()
  /// Reports that wait for ``ReportFormat`` to lay them out.
  private(set) var waitingReports: [UInt8] = []
  /// Lines for standard error.
  private(set) var notices: [String] = []
  /// The first conditions that could not be evaluated.
  var failedConditions = FailedConditions()
  var rejects: RejectLog
  /// Where a long report goes while it is being written; `nil` keeps it in ``bytes``.
  var sink: Sink?
  /// Why the sink took no more; the report is cut there, and the driver ends the run.
  private(set) var sinkFailure: Failure?
  /// The checks of the lines of a state that were written.
  private(set) var stateChecks: [UInt64] = []
  /// A report waits in ``bytes`` up to this size.
  private static let reportBytesMax = 1 << 20
  private let format: ReportFormat
  private let rejectsMax: Int
  private let tableWidth: Int
  private(set) var hasLaidOut = false

  /// An output for reports in JSON.
  public init(program: String) {
    self.init(
      program: program, format: .json, keepsRejects: false, rejectsMax: .max, tableWidth: 100)
  }

  init(
    program: String, format: ReportFormat, keepsRejects: Bool, rejectsMax: Int, tableWidth: Int
  ) {
    rejects = RejectLog(program: program, isWanted: keepsRejects)
    self.format = format
    self.rejectsMax = rejectsMax
    self.tableWidth = tableWidth
  }

  /// Writes one report record; its first key is `record`.
  public mutating func report(_ name: String, _ body: (inout RecordWriter) -> Void) {
    var writer = RecordWriter()
    // The buffer itself is lent to the writer, so that a record is written where it belongs.
    lend(&writer.bytes)
    writer.open(record: name)
    body(&writer)
    writer.close()
    lend(&writer.bytes)
    drainIfLong()
  }

  /// Writes what has come together where that is much.
  mutating func drainIfLong() {
    if bytes.count >= Output.reportBytesMax { drain() }
  }

  /// Writes one line of a state.
  public mutating func state(
    _ part: StateLine.Part, persons: Int = 0, of program: String, options: String,
    _ state: [UInt8]
  ) {
    let check = StateLine.write(
      part, persons: persons, of: program, options: options, state, to: &bytes)
    stateChecks.append(check)
    drainIfLong()
  }

  /// Writes what has come together, so that a report of many records needs no memory for them.
  private mutating func drain() {
    guard let sink else { return }
    if sinkFailure == nil {
      do throws(Failure) { try sink.write(bytes) } catch { sinkFailure = error }
    }
    bytes.removeAll(keepingCapacity: true)
  }

  /// Exchanges an empty buffer for that of the reports, and back.
  private mutating func lend(_ buffer: inout [UInt8]) {
    if format == .json { swap(&bytes, &buffer) } else { swap(&waitingReports, &buffer) }
  }

  /// Passes a record on as it came, its line ended by one newline.
  public mutating func pass(_ event: Event, in block: Block) {
    bytes.append(block.bytes.span, from: event.start, to: event.end)
    bytes.append(ASCII.newline)
  }

  /// Passes a record on with one field added or replaced, everything else byte for byte.
  ///
  /// - Parameters:
  ///   - slot: the slot of the field, where the record may have it already.
  ///   - json: the JSON text of its value.
  public mutating func pass(
    _ event: Event, in block: Block, with key: String, at slot: Int, json: [UInt8]
  ) {
    bytes.append(
      record: block.bytes.span, from: event.start, to: event.end, with: key,
      existing: block.fields[event.base + slot], value: json)
  }

  /// Passes a report of an earlier stage on.
  public mutating func passReport(_ source: Span<UInt8>, from start: Int, to end: Int) {
    if format == .json {
      bytes.append(source, from: start, to: end)
      bytes.append(ASCII.newline)
    } else {
      waitingReports.append(source, from: start, to: end)
      waitingReports.append(ASCII.newline)
    }
  }

  /// Whether an interrupt came and its `--grace` is over: what takes long and can go on in another run
  /// stops.
  public var isOverdue: Bool { Signals.isOverdue }

  /// Says something to the people at the terminal.
  public mutating func notice(_ text: String) { notices.append(text) }

  /// Whether reasons why conditions could not be evaluated are still wanted: the first ones are told.
  public var wantsFailures: Bool { failedConditions.isWanted }

  /// Keeps why a condition could not be evaluated, to tell it at the end.
  ///
  /// - Parameters:
  ///   - condition: its name: an option, a rule. Each is told once.
  ///   - watch: decides whether this reason is the one.
  public mutating func noteFailure(
    of condition: String, _ error: EvaluationError, _ watch: inout FailureWatch
  ) {
    if watch.isTold(error) { failedConditions.add(condition, error.message) }
  }

  /// Tells how often conditions could not be evaluated, with the first reasons, where there are others
  /// than fields that events lack.
  public mutating func tellFailures() {
    guard !failedConditions.isEmpty else { return }
    notice(
      "conditions could not be evaluated \(tally.conditionErrors) times, and were false"
        + " there\(failedConditions.text)")
  }

  /// Says that values of `--by` past the limit are reported together.
  public mutating func noticeFolded(_ count: Int) {
    notice(
      "\(count) values of --by are folded into \"(other)\"; --by-limit sets how many are shown")
  }

  /// Counts a line that cannot be used.
  ///
  /// - Throws: where the limit on rejected lines is passed.
  public mutating func reject(_ line: RejectedLine) throws(Failure) {
    tally.rejected += 1
    rejects.add(line)
    if tally.rejected > rejectsMax {
      let place = "\(line.file == "-" ? "standard input" : line.file) line \(line.number)"
      let limit = rejectsMax == 0 ? "" : "more than \(rejectsMax) lines rejected; the last is "
      throw Failure(.badData, "\(limit)\(place), column \(line.column): \(line.reason)")
    }
  }

  /// Counts an event that came too late: it is kept and told as rejected lines are, but it is no bad
  /// data, so no limit on rejected lines applies.
  mutating func refuseLate(_ line: RejectedLine) {
    tally.late += 1
    rejects.add(line, isLate: true)
  }

  /// Lays the waiting reports out, those of a whole run or snapshot, and moves them behind the
  /// records.
  ///
  /// Not before: a table is not to depend on when its input came.
  mutating func layOutReports() {
    guard !waitingReports.isEmpty else { return }
    if hasLaidOut { bytes.append(ASCII.newline) }
    hasLaidOut = true
    bytes.append(contentsOf: format.layOut(waitingReports, width: tableWidth))
    waitingReports = []
  }

  /// Goes on where another run ended.
  mutating func restore(waitingReports: [UInt8], _ hasLaidOut: Bool) {
    self.waitingReports = waitingReports
    self.hasLaidOut = hasLaidOut
  }

  mutating func takeNotices() -> [String] {
    defer { notices = [] }
    return notices
  }
}
