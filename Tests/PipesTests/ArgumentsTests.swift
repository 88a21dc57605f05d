import Records
import Testing

@testable import Pipes

/// A program with an option of each kind.
let sampleProgram = Program(
  name: "sample", summary: "what the tests try", discussion: "One paragraph.\n\nAnother one.",
  family: .aggregate,
  options: [
    OptionDeclaration("steps", "A,B,…", "The names of events, in order."),
    OptionDeclaration("step", "NAME=EXPR", "One step; once for each.", repeatable: true),
    OptionDeclaration("window", "DURATION", "Longest time."),
    OptionDeclaration("count", "N", "How many."),
    OptionDeclaration("order", "ORDER", "Which order.", choices: ["sequential", "strict"]),
    OptionDeclaration("persons", nil, "Also persons."),
  ],
  examples: [Program.Example("sample --persons", "Persons too.")])

/// The command line: what is read and every way to be refused.
@Suite("Arguments") struct ArgumentsTests {
  private static func message(_ words: [String]) -> String {
    do throws(Failure) {
      let arguments = try Arguments(words, for: sampleProgram)
      _ = try arguments.duration("window")
      _ = try arguments.count("count", in: 1...100)
      _ = try arguments.time("since")
      _ = try arguments.size("max-line")
      _ = try RejectLimit(arguments)
      _ = try SnapshotSchedule(arguments, for: sampleProgram)
      return "fine"
    } catch {
      #expect(error.status == .usage)
      return error.message
    }
  }

  @Test("values, switches and operands are read in their order")
  func read() throws {
    let arguments = try Arguments(
      [
        "one", "--step", "A=x == 1", "--persons", "-", "--step=B", "--window=1h", "two", "--",
        "--step", "-x",
      ], for: sampleProgram)
    #expect(arguments.operands == ["one", "-", "two", "--step", "-x"])
    #expect(arguments.values("step") == ["A=x == 1", "B"])
    #expect(arguments.value("window") == "1h")
    #expect(try arguments.duration("window") == 3_600_000)
    #expect(arguments.has("persons"))
    #expect(!arguments.has("pass"))
    #expect(arguments.value("order") == nil)
    #expect(try arguments.count("count", in: 1...2) == nil)
  }

  @Test("a value is taken as it stands, even if it is empty or looks like an option")
  func odd() throws {
    let arguments = try Arguments(
      ["--steps", "--persons", "--window=", "--step=--", "--step", "a=b=c", "-h"],
      for: sampleProgram)
    #expect(arguments.value("steps") == "--persons")
    #expect(arguments.value("window") == "")
    #expect(arguments.values("step") == ["--", "a=b=c"])
    #expect(!arguments.has("persons"))
    #expect(arguments.has("help"))
    #expect(arguments.operands.isEmpty)
  }

  @Test(
    "what cannot be understood is refused with the reason and the nearest name",
    arguments: [
      (["--windwo", "1h"], "unknown option '--windwo'; did you mean '--window'?"),
      (["--windwo=1h"], "unknown option '--windwo'; did you mean '--window'?"),
      (["--person"], "unknown option '--person'; did you mean '--persons'?"),
      (["--completely-else"], "unknown option '--completely-else'"),
      (["--="], "unknown option '--'"),
      (["-w"], "unknown option '-w'; options are words: --help lists them"),
      (["-window", "1h"], "unknown option '-window'; options are words: --help lists them"),
      (["---window", "1h"], "unknown option '---window'; did you mean '--window'?"),
      (["--window"], "--window needs a value: --window DURATION"),
      (["--persons=yes"], "--persons takes no value"),
      (["--persons", "--persons"], "--persons is given twice"),
      (["--window", "1h", "--window=1h"], "--window is given twice"),
      (
        ["--order", "strickt"],
        "--order takes sequential, strict, not 'strickt'; did you mean 'strict'?"
      ),
      (["--order="], "--order takes sequential, strict, not ''"),
      (
        ["--window", "1"],
        "--window takes a duration like 500ms, 30s, 15m, 12h, 7d or 4w, not '1'"
      ),
      (["--count", "0"], "--count takes a whole number from 1 to 100, not '0'"),
      (["--count", "101"], "--count takes a whole number from 1 to 100, not '101'"),
      (["--count", "1.5"], "--count takes a whole number from 1 to 100, not '1.5'"),
      (
        ["--since", "yesterday"],
        "--since takes a time like 2026-03-01T12:00:00Z or a date like 2026-03-01, not 'yesterday'"
      ),
      (
        ["--since", "2026-02-30"],
        "--since takes a time like 2026-03-01T12:00:00Z or a date like 2026-03-01, not '2026-02-30'"
      ),
      (
        ["--max-line", "0"],
        "--max-line takes a size like 65536, 64K or 16M, at most 1G, not '0'"
      ),
      (
        ["--max-line", "2G"],
        "--max-line takes a size like 65536, 64K or 16M, at most 1G, not '2G'"
      ),
      (
        ["--max-rejects", "-1"],
        "--max-rejects takes a number like 100 or a share like 5%, not '-1'"
      ),
      (
        ["--max-rejects", "101%"],
        "--max-rejects takes a number like 100 or a share like 5%, not '101%'"
      ),
      (
        ["--max-rejects", "nan%"],
        "--max-rejects takes a number like 100 or a share like 5%, not 'nan%'"
      ),
      (["--every", "0"], "--every takes a number of events or a duration like 1h, not '0'"),
      (["--every", "0s"], "--every takes a number of events or a duration like 1h, not '0s'"),
      (
        ["--every", "often"],
        "--every takes a number of events or a duration like 1h, not 'often'"
      ),
    ] as [([String], String)])
  func refused(_ words: [String], _ expected: String) {
    #expect(Self.message(words) == expected)
  }

  @Test(
    "a duration is a number and a unit",
    arguments: [
      ("0s", 0), ("1ms", 1), ("500ms", 500), ("30s", 30_000), ("15m", 900_000), ("12h", 43_200_000),
      ("7d", 604_800_000), ("4w", 2_419_200_000), ("007s", 7000),
      ("", nil), ("s", nil), ("ms", nil), ("1", nil), ("1.5h", nil), ("-1s", nil), ("+1s", nil),
      ("1 s", nil), (" 1s", nil), ("1H", nil), ("1y", nil), ("1hs", nil), ("٣s", nil),
      ("9223372036854775807ms", nil), ("9223372036854775808ms", nil), ("99999999999999w", nil),
    ] as [(String, Int64?)])
  func durations(_ text: String, _ milliseconds: Int64?) {
    #expect(parseDuration(text) == milliseconds)
  }

  @Test("a time is a moment with its zone or the beginning of a day")
  func times() throws {
    for (text, milliseconds) in [
      ("2026-03-01", 1_772_323_200_000), ("2026-03-01T00:00:00Z", 1_772_323_200_000),
      ("2026-03-01T01:00:00.5+01:00", 1_772_323_200_500),
    ] as [(String, Int64)] {
      let arguments = try Arguments(["--since", text], for: sampleProgram)
      #expect(try arguments.time("since")?.milliseconds == milliseconds)
    }
    for text in ["2026-03-01T00:00:00", "2026-03-01 ", "2026-3-1", "20260301", ""] {
      let arguments = try Arguments(["--since", text], for: sampleProgram)
      #expect(throws: Failure.self) { try arguments.time("since") }
    }
  }

  @Test("a size is a number of bytes or of powers of 1024")
  func sizes() throws {
    for (text, bytes) in [
      ("1", 1), ("65536", 65_536), ("64K", 65_536), ("16M", 16 << 20), ("1G", 1 << 30),
      ("1048576K", 1 << 30),
    ] {
      let arguments = try Arguments(["--max-line", text], for: sampleProgram)
      #expect(try arguments.size("max-line") == bytes)
    }
    for text in ["", "K", "-1", "1k", "1.5M", "1T", "1048577K", "9223372036854775807G"] {
      let arguments = try Arguments(["--max-line", text], for: sampleProgram)
      #expect(throws: Failure.self) { try arguments.size("max-line") }
    }
  }

  @Test("the nearest known word is offered, and none where none is near")
  func suggestions() {
    let known = ["window", "where", "steps", "step", "semantics"]
    for (word, expected) in [
      ("windwo", "; did you mean 'window'?"), ("sematics", "; did you mean 'semantics'?"),
      ("wher", "; did you mean 'where'?"), ("zzzzzz", ""), ("", ""),
    ] {
      #expect(suggestion(for: word, among: known) == expected, "\(word)")
    }
  }
}
