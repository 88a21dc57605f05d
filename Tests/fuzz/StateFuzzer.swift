import Records

@testable import Pipes
@testable import funnel
@testable import parse
@testable import score
@testable import segment

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
  switch bytes[0] % 6 {
  case 0: decode(EventStage<Funnel>.self, ["--steps", "A,B,C"], part, Int(bytes[2]), content)
  case 1:
    decode(
      EventStage<Funnel>.self, ["--steps", "A,B", "--lateness", "1h", "--by", "channel"], part,
      Int(bytes[2]), content)
  case 2: decode(EventStage<Score>.self, ["--by", "channel"], part, Int(bytes[2]), content)
  case 3:
    decode(
      EventStage<Segment>.self, ["--rules", "rules.json", "--changes", "--forget", "1d"], part,
      Int(bytes[2]), content)
  case 4:
    decode(
      EventStage<Segment>.self, ["--rules", "rules.json", "--populations"], part, Int(bytes[2]),
      content)
  default: decode(Parse.self, ["--dedupe", "1h"], part, Int(bytes[2]), content)
  }
  return 0
}

private func decode<S: Stage>(
  _: S.Type, _ words: [String], _ part: StateLine.Part, _ persons: Int, _ content: [UInt8]
) {
  var text: [UInt8] = []
  StateLine.write(
    part, persons: persons, of: S.program.name, options: "0", content, to: &text)
  guard let line = try? StateLine(text.dropLast(), of: S.program.name),
    let arguments = try? Arguments(words, for: S.program)
  else { fatalError("a line that was written cannot be read") }
  var stage: S
  do { stage = try S(arguments) } catch { fatalError("no stage: \(error)") }
  var output = Output(program: S.program.name)
  guard (try? stage.decode(line, into: &output)) != nil else { return }
  stage.encode(options: "0", into: &output)
  try? stage.finish(into: &output)
}
