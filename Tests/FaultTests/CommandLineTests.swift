import Foundation
import TestSupport
import Testing

/// What every program makes of its options alone.
@Suite("Command line") struct CommandLineTests {
  @Test("what the command line cannot mean is told with a way out", arguments: Member.all)
  func usage(_ member: Member) throws {
    for (option, message) in [
      ("--rejetcs f", "unknown option '--rejetcs'; did you mean '--rejects'?"),
      ("--quiet --quiet", "--quiet is given twice"),
      ("--max-line", "--max-line needs a value: --max-line SIZE"),
      ("--key ''", "--key takes a path like properties.account.id, not ''"),
      ("--key .", "--key takes a path like properties.account.id, not '.'"),
      ("--key a..b", "--key takes a path like properties.account.id, not 'a..b'"),
    ] where !option.hasPrefix("--key") || member.name != "parse" {
      let outcome = try Programs.shell(
        "\(member.command) \(option)", input: Data(Stream.event().utf8))
      #expect(outcome.status == 64, "\(option)")
      #expect(outcome.text.isEmpty)
      #expect(
        member.messages(outcome) == "\(member.name): \(message)\n"
          + "\(member.name): '\(member.name) --help' shows how it is used\n")
    }
  }

  @Test("help, version, manual and completions come without reading", arguments: Member.all)
  func informs(_ member: Member) throws {
    for option in ["--help", "--version", "--man", "--help-expr", "--completions bash"] {
      let outcome = try Programs.shell("timeout 10 \(member.name) \(option) < /dev/zero")
      #expect(outcome.status == 0, "\(option)")
      #expect(!outcome.text.isEmpty)
      #expect(member.messages(outcome).isEmpty)
    }
    let manual = try Programs.shell("\(member.name) --man")
    #expect(manual.text.hasPrefix(".TH \(member.name.uppercased()) 1 "))
    let completions = try Programs.shell("\(member.name) --completions bash | bash -n")
    #expect(completions.status == 0)
  }
}
