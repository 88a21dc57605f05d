import Expressions
import Records

/// Any text compiles or is refused with a place in it; what compiles ends on any record.
@c(LLVMFuzzerTestOneInput)
public func expression(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let source = String(decoding: unsafe input(data, count), as: UTF8.self)
  for allowsLookBack in [false, true] {
    var environment = Environment(allowsLookBack: allowsLookBack)
    guard let expression = try? environment.compile(source, as: .value) else { continue }
    let record = Array(
      #"{"event":"A","userId":"u","timestamp":"2026-01-01T00:00:00Z","n":[1,2.5,{"a":null}]}"#.utf8)
    let bytes = record + [ASCII.newline] + [UInt8](repeating: 0, count: Scanner.paddingBytes)
    var scanner = Scanner(environment.selection, check: .full)
    var fields = [Field](repeating: .absent, count: max(1, environment.selection.count))
    guard (try? scanner.scan(bytes.span, from: 0, into: &fields, at: 0)) != nil else { continue }
    let place = EventPlace(
      start: 0, end: record.count, base: 0, time: Moment(milliseconds: 1_767_225_600_000))
    var json: [UInt8] = []
    var failures = 0
    guard !expression.looksBack else { continue }
    expression.appendJSON(place, fields: fields, in: bytes.span, to: &json, failures: &failures)
  }
  return 0
}
