@testable import Pipes
@testable import cohort
@testable import funnel
@testable import kpi
@testable import parse
@testable import score
@testable import segment
@testable import session

private let programs = [
  Funnel.program, Score.program, Segment.program, Parse.program, Cohort.program,
  Sessions.program,
  Kpi.program,
]

/// Any words are options or a usage error.
///
/// The first byte chooses the program.
@c(LLVMFuzzerTestOneInput)
public func options(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = unsafe input(data, count)
  guard let choice = bytes.first else { return 0 }
  let words = bytes.dropFirst().split(separator: 0, omittingEmptySubsequences: false)
    .map { String(decoding: $0, as: UTF8.self) }
  let program = programs[Int(choice) % programs.count]
  guard let arguments = try? Arguments(words, for: program) else { return 0 }
  for option in program.allOptions where option.value != nil {
    _ = try? arguments.duration(option.name)
    _ = try? arguments.time(option.name)
    _ = try? arguments.size(option.name)
    _ = try? arguments.count(option.name, in: 0...1000)
  }
  // Nothing that reads or writes a file.
  let files = program.allOptions.filter { $0.value?.hasSuffix("FILE") ?? false }
  guard files.allSatisfy({ !arguments.has($0.name) }) else { return 0 }
  _ = try? Setup(arguments, for: program)
  if program.name == "funnel" { _ = try? EventStage<Funnel>(arguments) }
  if program.name == "score" { _ = try? EventStage<Score>(arguments) }
  if program.name == "cohort" { _ = try? EventStage<Cohort>(arguments) }
  if program.name == "session" { _ = try? EventStage<Sessions>(arguments) }
  if program.name == "kpi" { _ = try? EventStage<Kpi>(arguments) }
  return 0
}
