import Expressions
import Pipes
import Records

/// The condition of `--where`, asked of events as they are written: with the fields that parse adds.
struct WrittenCondition: Sendable {
  private let expression: Expression
  private var scanner: Scanner
  private var fields: [Field]
  private var line: [UInt8] = []
  private var lineStart = 0
  /// Whether it is still asked why it could not be evaluated.
  private var watch = FailureWatch()
  private(set) var doubtfulFields: DoubtfulFields

  /// What is to be said of it.
  private(set) var summary: ExpressionSummary

  init(_ source: String) throws(Failure) {
    var environment = Environment(zones: .system)
    do { expression = try environment.compile(source, from: "--where") } catch {
      throw .usage("--where: \(error.rendering)")
    }
    summary = environment.summaries[0]
    doubtfulFields = DoubtfulFields(environment.summaries)
    scanner = Scanner(environment.selection, check: .structure)
    fields = Array(repeating: .absent, count: environment.selection.count)
  }

  /// Notes that the next event begins at the end of the output.
  mutating func begin(_ output: Output) { lineStart = output.bytes.count }

  /// Whether the condition is true for the event written last, which is taken back where not.
  mutating func keepsLast(of output: inout Output, at time: Moment) -> Bool {
    line.assign(output.bytes.span, from: lineStart, to: output.bytes.count)
    line.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
    let written = line
    if let scanned = try? scanner.scan(written.span, from: 0, into: &fields, at: 0) {
      let place = EventPlace(start: 0, end: scanned.end, base: 0, time: time)
      if !doubtfulFields.isEmpty { doubtfulFields.see(fields, at: 0) }
      let failuresBefore = output.tally.conditionErrors
      if expression.holds(
        place, fields: fields, in: written.span, failures: &output.tally.conditionErrors)
      {
        return true
      }
      if output.tally.conditionErrors != failuresBefore, watch.isOn,
        let error = expression.failure(place, fields: fields, in: written.span)
      {
        output.noteFailure(of: "--where", error, &watch)
      }
    }
    output.bytes.removeSubrange(lineStart...)
    return false
  }
}
