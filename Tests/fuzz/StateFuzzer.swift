import Records

@testable import Pipes
@testable import cohort
@testable import funnel
@testable import kpi
@testable import parse
@testable import score
@testable import segment
@testable import session

/// Whatever a state says behind its check, decoding ends in a state that can be written and reported,
/// or in an error.
///
/// The first byte chooses the program, the second the part, the third the number of persons.
@c(LLVMFuzzerTestOneInput)
public func state(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = unsafe input(data, count)
  guard bytes.count > 3 else { return 0 }
  _ = try? StateLine(bytes, of: "funnel")
  let part = [StateLine.Part.run, .persons, .held, .driver][Int(bytes[1]) % 4]
  let content = Array(bytes[3...])
  if part == .driver { _ = try? DriverState(content) }
  let persons = Int(bytes[2])
  switch bytes[0] % 11 {
  case 0: decode(funnel, part, persons, content)
  case 1: decode(lateFunnel, part, persons, content)
  case 2: decode(score, part, persons, content)
  case 3: decode(changes, part, persons, content)
  case 4: decode(populations, part, persons, content)
  case 5: decode(cohort, part, persons, content)
  case 6: decode(sessions, part, persons, content)
  case 7: decode(sessionReport, part, persons, content)
  case 8: decode(lateSessions, part, persons, content)
  case 9: decode(kpi, part, persons, content)
  default: decode(dedupe, part, persons, content)
  }
  return 0
}

private let funnel = stage(EventStage<Funnel>.self, "--steps", "A,B,C")
private let lateFunnel = stage(
  EventStage<Funnel>.self, "--steps", "A,B", "--lateness", "1h", "--by", "channel")
private let score = stage(EventStage<Score>.self, "--by", "channel")
private let cohort = stage(EventStage<Cohort>.self, "--rolling", "--by", "channel")
private let sessions = stage(EventStage<Sessions>.self, "--rules", "matomo")
private let sessionReport = stage(EventStage<Sessions>.self, "--report", "--by", "channel")
private let lateSessions = stage(
  EventStage<Sessions>.self, "--summary", "--lateness", "1h", "--by", "channel")
private let kpi = stage(EventStage<Kpi>.self, "--period", "day", "--by", "channel")
private let changes = stage(
  EventStage<Segment>.self, "--rules", "rules.json", "--changes", "--forget", "1d")
private let populations = stage(
  EventStage<Segment>.self, "--rules", "rules.json", "--populations")
private let dedupe = stage(Parse.self, "--dedupe", "1h")

private func stage<S: Stage>(_: S.Type, _ words: String...) -> S {
  do { return try S(try Arguments(words, for: S.program)) } catch {
    fatalError("no stage: \(error)")
  }
}

private func decode<S: Stage>(
  _ prototype: S, _ part: StateLine.Part, _ persons: Int, _ content: [UInt8]
) {
  var text: [UInt8] = []
  _ = StateLine.write(
    part, persons: persons, of: S.program.name, options: "0", content, to: &text)
  guard let line = try? StateLine(text.dropLast(), of: S.program.name) else {
    fatalError("a line that was written cannot be read")
  }
  var stage = prototype
  var output = Output(program: S.program.name)
  guard (try? stage.decode(line, into: &output)) != nil else { return }
  stage.encode(options: "0", into: &output)
  try? stage.finish(into: &output)
}
