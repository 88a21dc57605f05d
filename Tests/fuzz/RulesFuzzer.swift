import Expressions
import Records

@testable import Pipes
@testable import segment

/// Any bytes are a rules file or a usage error with a place in them; what is one is asked on any event.
@c(LLVMFuzzerTestOneInput)
public func rules(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = unsafe input(data, count)
  var environment = Environment(allowsLookBack: true)
  let rules: Rules
  do throws(Failure) { rules = try Rules(bytes, file: "rules.json", &environment) } catch {
    let parts = error.message.split(separator: ":", maxSplits: 3)
    require(error.status == .usage, "what is wrong in a file is a usage error")
    require(parts.first == "rules.json" && parts.count > 3, "a message begins with the file")
    require((Int(parts[1]) ?? 0) > 0 && (Int(parts[2]) ?? 0) > 0, "a message has a place")
    return 0
  }
  require(!rules.rules.isEmpty, "a rules file has rules")
  require(
    Set(rules.rules.map(\.name)).count == rules.rules.count, "the names of rules are different")
  let lines = [
    #"{"event":"A","userId":"u","timestamp":"2026-01-01T00:00:00Z","properties":{"n":1.5,"plan":"pro"}}"#,
    #"{"event":"B","userId":"u","timestamp":"2026-02-01T00:00:00Z","properties":{"n":[1,{"a":null}]}}"#,
    #"{"event":"A","userId":"u","timestamp":"2025-12-01T00:00:00Z","bot":true}"#,
  ]
  var memory = PersonMemory(for: environment, rules: rules.rules.map(\.condition))
  var failures = 0
  for (number, line) in lines.enumerated() {
    let record = Array(line.utf8)
    let bytes = record + [ASCII.newline] + [UInt8](repeating: 0, count: Scanner.paddingBytes)
    var scanner = Scanner(environment.selection, check: .full)
    var fields = [Field](repeating: .absent, count: max(1, environment.selection.count))
    guard (try? scanner.scan(bytes.span, from: 0, into: &fields, at: 0)) != nil else { continue }
    let time = Moment(milliseconds: 1_767_225_600_000 + Int64(number) * 86_400_000)
    let place = EventPlace(start: 0, end: record.count, base: 0, time: time)
    memory.take(0, place, fields: fields, in: bytes.span, at: time, failures: &failures)
    var due = memory.validUntil
    for _ in 0..<3 where due < .writableEnd {
      memory.ask(0, at: due, failures: &failures)
      require(memory.validUntil > due, "an answer stays true for a while")
      due = memory.validUntil
    }
  }
  return 0
}
