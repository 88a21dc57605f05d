import Events
import Pipes
import Records

/// How many persons go through the steps, where they stop, and how long they take.
struct Funnel: Filter {
  static let program = Program(
    name: "funnel", summary: "how many go through, where they stop, and why",
    discussion: "Counts persons through steps.", family: .aggregate,
    options: [OptionDeclaration("steps", "A,B,…", "Names of events, in order.")],
    examples: [Program.Example("funnel --steps 'A,B' events.ndjson", "Count.")])

  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {}

  mutating func accept(
    _ event: Event, in block: Block, into output: inout Output
  ) throws(RecordError) {}

  func report(_ run: Run, into output: inout Output) {}
}
