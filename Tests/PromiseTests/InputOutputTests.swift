import Foundation
import TestSupport
import Testing

/// What every program does when its input or output is odd, by the driver's table of promises.
@Suite("Input and output") struct InputOutputTests {
  private static let oneEvent = Data(Stream.event().utf8)
  private static let manyEvents = Data((0..<5000).map(Stream.event).joined().utf8)

  @Test("empty input is a valid report and no error", arguments: Member.all)
  func empty(_ member: Member) throws {
    let outcome = try Programs.shell("\(member.command) < /dev/null")
    #expect(outcome.status == 0)
    #expect(member.messages(outcome).isEmpty)
    #expect(outcome.text.isEmpty != member.reports)
    if member.reports {
      let run = try #require(outcome.records("\(member.name).run").first)
      #expect(run["events"] as? Int == 0)
      #expect(run["persons"] as? Int == 0)
      #expect(run["from"] is NSNull)
      #expect(run["asOf"] is NSNull)
      #expect(run["final"] as? Bool == true)
      #expect(!outcome.text.contains("NaN"))
    }
  }

  @Test("a full disk is an error with its reason, also for the last line", arguments: Member.all)
  func fullDisk(_ member: Member) throws {
    for input in [Self.oneEvent, Self.manyEvents] {
      for target in ["> /dev/full", "--output /dev/full"] {
        let outcome = try Programs.shell("\(member.command) \(target)", input: input)
        #expect(outcome.status == 74)
        let name = target.hasPrefix(">") ? "standard output" : "'/dev/full'"
        #expect(
          member.messages(outcome)
            == "\(member.name): cannot write to \(name): No space left on device\n")
      }
    }
    let informed = try Programs.shell("\(member.name) --help > /dev/full")
    #expect(informed.status == 74)
  }

  @Test("a file that stops growing is an error", arguments: Member.all)
  func fileLimit(_ member: Member) throws {
    let outcome = try Programs.shell(
      """
      trap '' XFSZ; f=$(mktemp)
      (ulimit -f 0; \(member.command) > $f; echo $?) 2>&1 | cat; rm $f
      """, input: Self.manyEvents)
    #expect(
      outcome.text == "\(member.name): cannot write to standard output: File too large\n74\n")
  }

  @Test("rejected lines that cannot be written are an error", arguments: Member.all)
  func fullRejects(_ member: Member) throws {
    let outcome = try Programs.shell(
      "\(member.command) --rejects /dev/full", input: Data("nonsense\n".utf8))
    #expect(outcome.status == 74)
    #expect(
      member.messages(outcome).contains("cannot write to '/dev/full': No space left on device"))
  }

  @Test(
    "closed standard output is an error where there is something to write", arguments: Member.all)
  func closedOutput(_ member: Member) throws {
    let outcome = try Programs.shell("\(member.command) >&-", input: Self.oneEvent)
    #expect(outcome.status == 74)
    #expect(member.messages(outcome).hasPrefix("\(member.name): cannot write to standard output: "))
    // No file that the program opens may get the number of standard output.
    let file = try Programs.shell(
      "f=$(mktemp); \(member.command) --rejects $f >&-; cat $f; rm $f",
      input: Self.oneEvent)
    #expect(file.text.isEmpty)
  }

  @Test(
    "standard input that cannot be read is an error, not an empty report", arguments: Member.all)
  func unreadable(_ member: Member) throws {
    for redirection in ["<&-", "< /", "/"] {
      let outcome = try Programs.shell("\(member.command) \(redirection)")
      #expect(outcome.status == 74, "\(redirection)")
      #expect(outcome.text.isEmpty)
      #expect(member.messages(outcome).hasPrefix("\(member.name): cannot read "))
      #expect(member.messages(outcome).hasSuffix("\n"))
    }
  }

  @Test("a file that is not there is named before anything is read", arguments: Member.all)
  func missing(_ member: Member) throws {
    let outcome = try Programs.shell("\(member.command) - /no/such", input: Self.oneEvent)
    #expect(outcome.status == 66)
    #expect(outcome.text.isEmpty)
    #expect(
      member.messages(outcome)
        == "\(member.name): cannot open '/no/such': No such file or directory\n")
    let target = try Programs.shell("\(member.command) --output /no/such/file")
    #expect(target.status == 73)
    #expect(
      target.errorText
        == "\(member.name): cannot create '/no/such/file': No such file or directory\n")
  }

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
      let outcome = try Programs.shell("\(member.command) \(option)", input: Self.oneEvent)
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

  @Test(
    "standard error that cannot be written loses no output and is no success", arguments: Member.all
  )
  func noErrors(_ member: Member) throws {
    let input = Data(("nonsense\n" + Stream.event()).utf8)
    let expected = try Programs.shell("\(member.command)", input: input)
    #expect(expected.status == 0)
    #expect(!expected.text.isEmpty)
    for redirection in ["2>&-", "2> /dev/full"] {
      let outcome = try Programs.shell("\(member.command) \(redirection)", input: input)
      #expect(outcome.status == 74, "\(redirection)")
      #expect(outcome.text == expected.text)
    }
  }

  @Test("files are read in turn, standard input where a dash stands", arguments: Member.all)
  func operands(_ member: Member) throws {
    let outcome = try Programs.shell(
      """
      f=$(mktemp); printf '%s\\n' '\(Stream.event(1).dropLast())' > $f
      \(member.command) $f - $f > $f.out; s=$?
      cat $f - $f | \(member.command) | cmp - $f.out; c=$?; rm $f $f.out; exit $((s + c))
      """, input: Data())
    #expect(outcome.status == 0)
    #expect(outcome.text.isEmpty)
  }

  @Test("a named pipe is opened once, so that its writer is not cut off", arguments: Member.all)
  func namedPipe(_ member: Member) throws {
    let outcome = try Programs.shell(
      """
      d=$(mktemp -d); mkfifo $d/p; cat > $d/in; cat $d/in > $d/p & w=$!
      timeout 10 \(member.command) $d/p > $d/out; s=$?
      \(member.command) < $d/in | cmp - $d/out; c=$?; kill $w 2> /dev/null; rm -r $d; exit $((s + c))
      """, input: Self.manyEvents)
    #expect(outcome.status == 0)
    #expect(outcome.text.isEmpty)
  }

  @Test("descriptors that do not block are waited for", arguments: Member.all)
  func nonBlocking(_ member: Member) throws {
    let outcome = try Programs.shell(
      """
      d=$(mktemp -d); cat > $d/in
      { dd count=0 oflag=nonblock status=none; \(member.command) < $d/in; } | { sleep .3; cat; } > $d/out
      (sleep .2; cat $d/in) | { dd count=0 iflag=nonblock status=none; \(member.command); } > $d/out2
      \(member.command) < $d/in | cmp - $d/out; c=$?; cmp $d/out $d/out2; e=$?
      rm -r $d; exit $((c + e))
      """, input: Self.manyEvents)
    #expect(outcome.status == 0)
    #expect(outcome.text.isEmpty)
  }
}
