#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs a program: the only place that reads, writes, waits and ends the process.
///
///     // Sources/funnel/main.swift
///     Driver.run(Funnel.self)
public enum Driver {
  /// Runs a filter of events.
  public static func run<F: Filter>(_ filter: F.Type) -> Never { run(stage: EventStage<F>.self) }

  /// Runs a stage that reads lines itself.
  public static func run<S: Stage>(stage: S.Type) -> Never {
    start(S.program) { (arguments: Arguments, console: inout Console) throws(Failure) in
      if let information = S.information(arguments) {
        try Sink.standardOutput.write(information)
        return 0
      }
      if arguments.has("inspect") {
        try Sink.standardOutput.write(try Inspection(arguments, of: S.program).record())
        return 0
      }
      let stage = try S(arguments)
      if arguments.has("explain-expr") {
        try Sink.standardOutput.write(ExpressionHelp.explanation(of: stage.summaries))
        return 0
      }
      var session = try Session(stage, arguments)
      return try session.run(&console)
    }
  }

  /// Runs what makes records from nothing.
  public static func run<G: Generator>(generator: G.Type) -> Never {
    start(G.program) { (arguments: Arguments, console: inout Console) throws(Failure) in
      var generator = try G(arguments)
      let sink = try Sink(arguments)
      var output = Output(program: G.program.name)
      while generator.generate(into: &output), Signals.ending == 0 {
        try sink.write(output.bytes)
        output.bytes.removeAll(keepingCapacity: true)
      }
      try sink.write(output.bytes)
      try sink.close()
      for notice in output.takeNotices() { console.notice(notice) }
      return Signals.ending
    }
  }

  /// Reads the command line, answers the options that only inform, runs, and ends the process.
  private static func start(
    _ program: Program, _ body: (Arguments, inout Console) throws(Failure) -> Int32
  ) -> Never {
    System.reserveStandardDescriptors()
    let words = CommandLine.arguments
    let called = words.first?.split(separator: "/").last.map(String.init) ?? program.name
    var console = Console(name: called, isQuiet: words.contains("--quiet"))
    do throws(Failure) {
      let arguments = try Arguments(Array(words.dropFirst()), for: program)
      if let text = information(arguments, program) {
        try Sink.standardOutput.write(Array(text.utf8))
        exit(ExitStatus.success.rawValue)
      }
      let signal = try body(arguments, &console)
      console.clearProgress()
      if signal != 0 { Signals.end(by: signal) }
      exit((console.hasFailed ? ExitStatus.inputOutput : .success).rawValue)
    } catch {
      console.error(error.message)
      if error.status == .usage { console.error("'\(called) --help' shows how it is used") }
      exit(error.status.rawValue)
    }
  }

  private static func information(_ arguments: Arguments, _ program: Program) -> String? {
    if arguments.has("help") { return program.help() }
    if program.takes("help-expr"), arguments.has("help-expr") { return ExpressionHelp.text }
    if arguments.has("version") { return "\(program.name) (Footfall) \(Program.version)\n" }
    if arguments.has("man") { return program.manual() }
    if let shell = arguments.value("completions") { return program.completions(for: shell) }
    return nil
  }
}
