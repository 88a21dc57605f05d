import Expressions
import Records

/// A line as it lies in a block of input, scanned for an environment.
struct Sample {
  let bytes: [UInt8]
  let fields: [Field]
  let place: EventPlace

  init(
    _ line: String, _ environment: Environment, time: Int64 = 0, fingerprint: UInt64 = 0
  ) throws {
    let text = Array(line.utf8)
    let block = text + [ASCII.newline] + [UInt8](repeating: 0, count: Scanner.paddingBytes)
    var scanner = Scanner(environment.selection, check: .structure)
    // A base that is not zero, so that one that is forgotten shows.
    var fields = [Field](repeating: .absent, count: environment.selection.count + 3)
    let scanned = try scanner.scan(block.span, from: 0, into: &fields, at: 3)
    self.fields = fields
    bytes = block
    place = EventPlace(
      start: 0, end: scanned.end, base: 3, time: Moment(milliseconds: time),
      fingerprint: fingerprint)
  }

  func value(_ expression: Expression) throws -> Value {
    try expression.value(place, fields: fields, in: bytes.span)
  }

  /// The value in words, or the error.
  func outcome(_ expression: Expression) -> String {
    do {
      return describe(try value(expression))
    } catch {
      return "error \(error)"
    }
  }

  func json(_ expression: Expression) -> String {
    var output: [UInt8] = []
    var failures = 0
    expression.appendJSON(
      place, fields: fields, in: bytes.span, to: &output, failures: &failures)
    return String(decoding: output, as: UTF8.self)
  }

  /// Whether the condition holds, and how often it failed.
  func holds(_ expression: Expression) -> (Bool, failures: Int) {
    var failures = 0
    let answer = expression.holds(place, fields: fields, in: bytes.span, failures: &failures)
    return (answer, failures)
  }
}

/// The outcome of an expression for a line, in words.
func outcome(_ source: String, of line: String, time: Int64 = 0) throws -> String {
  var environment = Environment()
  let expression = try environment.compile(source, as: .value)
  return try Sample(line, environment, time: time).outcome(expression)
}
