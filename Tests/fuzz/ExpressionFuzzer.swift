import Expressions
import Records

/// Any text compiles or is refused with a place in it, as an expression and as a regular expression;
/// what compiles ends on any record.
@c(LLVMFuzzerTestOneInput)
public func expression(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let source = String(decoding: unsafe input(data, count), as: UTF8.self)
  evaluate(source, allowsLookBack: false, text: "A")
  evaluate(source, allowsLookBack: true, text: "A")
  // Written as JSON the text is a literal of the language too.
  var literal: [UInt8] = []
  literal.append(jsonString: source)
  let pattern = String(decoding: literal, as: UTF8.self)
  evaluate("text.matches(\(pattern)) || event.matches(text)", allowsLookBack: false, text: source)
  evaluate("record.text.map(t, t)", allowsLookBack: false, text: source)
  return 0
}

/// Compiles an expression and evaluates it for a record that has a text.
private func evaluate(_ source: String, allowsLookBack: Bool, text: String) {
  var environment = Environment(allowsLookBack: allowsLookBack)
  guard let expression = try? environment.compile(source, as: .value) else { return }
  _ = expression.summary.text
  var record = Array(
    #"{"event":"A","userId":"u","timestamp":"2026-01-01T00:00:00Z","n":[1,2.5,{"a":null}],"text":"#
      .utf8)
  record.append(jsonString: text)
  record.append(ASCII.closeBrace)
  let bytes = record + [ASCII.newline] + [UInt8](repeating: 0, count: Scanner.paddingBytes)
  var scanner = Scanner(environment.selection, check: .full)
  var fields = [Field](repeating: .absent, count: max(1, environment.selection.count))
  guard (try? scanner.scan(bytes.span, from: 0, into: &fields, at: 0)) != nil else { return }
  let place = EventPlace(
    start: 0, end: record.count, base: 0, time: Moment(milliseconds: 1_767_225_600_000))
  var json: [UInt8] = []
  var failures = 0
  guard !expression.looksBack else { return }
  expression.appendJSON(place, fields: fields, in: bytes.span, to: &json, failures: &failures)
  _ = expression.holds(place, fields: fields, in: bytes.span, failures: &failures)
}
