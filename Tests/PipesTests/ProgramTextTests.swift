import Foundation
import TestSupport
import Testing

@testable import Pipes

/// What a program says of itself: help, manual page and completions, from one declaration.
@Suite("Program texts") struct ProgramTextTests {
  @Test("the help has the usage, the discussion, every option and the examples")
  func help() {
    let help = sampleProgram.help()
    #expect(help.hasPrefix(Self.helpBeginning))
    #expect(help.hasSuffix("\nExamples\n  sample --persons\n      Persons too.\n"))
    for option in sampleProgram.allOptions { #expect(help.contains("\n  \(option.synopsis)\n")) }
    for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  static let helpBeginning = """
    sample — what the tests try

    Usage: sample [OPTION]… [FILE]…

    One paragraph.

    Another one.

    Options of sample
      --steps A,B,…
          The names of events, in order.
      --step NAME=EXPR …
          One step; once for each.
      --window DURATION
          Longest time.
      --count N
          How many.
      --order ORDER
          Which order.
      --persons
          Also persons.

    Common options
      --output FILE
          Write to FILE in place of standard output.
      --format FORMAT
          Reports for programs (json, the default) or for people.

    """

  @Test("an annotator that reports takes the options for reports too, and only then uses them")
  func reportOptions() throws {
    let program = Program(
      name: "p", summary: "", discussion: "", family: .annotate,
      options: [OptionDeclaration("populations", nil, "")], examples: [],
      reportsWith: ["populations"])
    #expect(program.takes("format"))
    let arguments = try Arguments(["--format", "csv"], for: program)
    #expect(throws: Failure.usage("--format is for reports: it needs --populations")) {
      try program.checkReportOptions(arguments, isAggregator: false)
    }
    try program.checkReportOptions(arguments, isAggregator: true)
    let plain = Program(
      name: "p", summary: "", discussion: "", family: .annotate, options: [], examples: [],
      omitting: ["where"])
    #expect(!plain.takes("format"))
    #expect(!plain.takes("where"))
    #expect(plain.takes("since"))
  }

  @Test("no option is declared twice and every one says what it does")
  func declarations() {
    let names = sampleProgram.allOptions.map(\.name)
    #expect(Set(names).count == names.count)
    for option in sampleProgram.allOptions {
      #expect(option.help.hasSuffix("."), "\(option.name)")
      #expect(option.choices.isEmpty || option.value != nil, "\(option.name)")
    }
  }

  @Test("the manual page begins with its title and hides nothing from troff")
  func manual() {
    let program = Program(
      name: "p", summary: "a-b", discussion: ".first\n\n'second \\ line", family: .make,
      options: [], examples: [])
    let lines = program.manual().split(separator: "\n").map(String.init)
    #expect(lines[0] == ".TH P 1 \"\" \"Footfall \(Program.version)\" \"Footfall\"")
    #expect(lines.contains("p \\- a\\-b"))
    #expect(lines.contains("\\&.first"))
    #expect(lines.contains("\\&'second \\e line"))
    let macros: Set = [".TH", ".SH", ".TP", ".B", ".PP"]
    for line in lines where line.hasPrefix(".") {
      #expect(macros.contains(String(line.prefix { $0 != " " })), "\(line)")
    }
  }

  @Test("the completions for bash are a script that bash can read and that offers the options")
  func bash() throws {
    let script = sampleProgram.completions(for: "bash")
    #expect(try Programs.shell("bash -n", input: Data(script.utf8)).status == 0)
    let offered = try Programs.shell(
      """
      source /dev/stdin
      COMP_WORDS=(sample --per); COMP_CWORD=1; _footfall_sample; echo "${COMPREPLY[*]}"
      COMPREPLY=(); COMP_WORDS=(sample --order s) COMP_CWORD=2; _footfall_sample
      echo "${COMPREPLY[*]}"
      """, input: Data(script.utf8))
    #expect(offered.lines.first == "--persons")
    #expect(offered.lines.last == "sequential strict")
  }

  @Test("the completions for zsh and fish name every option once")
  func otherShells() {
    let zsh = sampleProgram.completions(for: "zsh")
    let fish = sampleProgram.completions(for: "fish")
    #expect(zsh.hasPrefix("#compdef sample\n"))
    for option in sampleProgram.allOptions {
      #expect(zsh.components(separatedBy: "--\(option.name)[").count == 2, "\(option.name)")
      #expect(fish.components(separatedBy: " -l \(option.name) ").count == 2, "\(option.name)")
    }
  }
}
