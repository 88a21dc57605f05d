import Foundation
import TestSupport
import Testing

/// What every program does when its output cannot be written, by the driver's table of promises.
@Suite("Outputs") struct OutputTests {
  private static let oneEvent = Data(Stream.event().utf8)
  private static let manyEvents = Data((0..<5000).map(Stream.event).joined().utf8)

  @Test(
    "1 reader exits: every program ends by SIGPIPE without a word", arguments: Member.everyone)
  func readerLeaves(_ member: Member) throws {
    let input = Data(Stream.mixed(30_000, seed: 1).joined().utf8)
    let outcome = try Programs.shell(
      "\(member.passing) | head -1 > /dev/null; exit ${PIPESTATUS[0]}", input: input)
    #expect(outcome.status == 141)
    #expect(member.messages(outcome).isEmpty)
    let ignoring = try Programs.shell(
      "trap '' PIPE; \(member.passing) | head -1 > /dev/null; exit ${PIPESTATUS[0]}",
      input: input)
    #expect(ignoring.status == 74)
    #expect(
      member.messages(ignoring) == "\(member.name): cannot write to standard output: Broken pipe\n")
  }

  @Test(
    "3 disk full: an error with its reason, also for the last line", arguments: Member.everyone)
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

  @Test(
    "3 disk full: a file system of 64 KiB", .enabled(if: Tools.hasTmpfs),
    arguments: Member.everyone)
  func smallDisk(_ member: Member) throws {
    let options = member.reads ? "--rejects $d/t/r --state $d/t/s $d/in" : ""
    let outcome = try Programs.script(
      """
      export d; mkdir $d/t; cat > $d/job <<'END'
      mount -t tmpfs -o size=64k none $d/t
      \(member.passing) --quiet --output $d/t/o \(options); echo $?
      wc -c < $d/t/o
      \(member.command) --quiet $d/in > $d/t/p; echo $?
      END
      \(Tools.privately) bash $d/job
      """, input: Self.manyEvents)
    let lines = outcome.lines
    #expect(lines.first == "74")
    #expect(lines.dropFirst().first.flatMap(Int.init) ?? 0 >= 32 << 10)
    #expect(outcome.errorText.hasPrefix("\(member.name): cannot write to '"))
    #expect(outcome.errorText.contains("/t/o': No space left on device\n"))
  }

  @Test(
    "3 disk full: the state stays the one before", .enabled(if: Tools.hasTmpfs),
    arguments: Member.all)
  func fullState(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      export d; mkdir $d/t; head -10 $d/in > $d/few; cat > $d/job <<'END'
      mount -t tmpfs -o size=64k none $d/t
      \(member.command) --quiet --output $d/o --state $d/t/s $d/few || exit
      cp $d/t/s $d/s; dd if=/dev/zero of=$d/t/fill bs=4k 2> /dev/null
      \(member.command) --quiet --output $d/o --state $d/t/s $d/few $d/in 2> $d/e; echo $?
      cmp $d/s $d/t/s; cat $d/e; rm $d/t/fill
      \(member.command) --quiet --output $d/o --state $d/t/s $d/few 2>&1; echo $?
      END
      \(Tools.privately) bash $d/job
      """, input: Data((0..<300).map(Stream.event).joined().utf8))
    #expect(outcome.errorText.isEmpty)
    #expect(outcome.lines.first == "74")
    #expect(outcome.text.contains("/t/s.new': No space left on device\n"))
    #expect(outcome.lines.last == "0")
  }

  @Test("3 disk full: a file that stops growing", arguments: Member.everyone)
  func fileLimit(_ member: Member) throws {
    let outcome = try Programs.shell(
      """
      trap '' XFSZ; f=$(mktemp)
      (ulimit -f 0; \(member.command) > $f; echo $?) 2>&1 | cat; rm $f
      """, input: Self.manyEvents)
    #expect(
      outcome.text == "\(member.name): cannot write to standard output: File too large\n74\n")
  }

  @Test("3 disk full: rejected lines that cannot be written", arguments: Member.all)
  func fullRejects(_ member: Member) throws {
    let outcome = try Programs.shell(
      "\(member.command) --rejects /dev/full", input: Data("nonsense\n".utf8))
    #expect(outcome.status == 74)
    #expect(
      member.messages(outcome).contains("cannot write to '/dev/full': No space left on device"))
  }

  @Test(
    "4 stdout closed: an error where there is something to write", arguments: Member.everyone)
  func closedOutput(_ member: Member) throws {
    let outcome = try Programs.shell("\(member.command) >&-", input: Self.oneEvent)
    #expect(outcome.status == 74)
    #expect(member.messages(outcome).hasPrefix("\(member.name): cannot write to standard output: "))
    let silent = try Programs.shell("\(member.command) --quiet >&- 2>&-")
    #expect(silent.status == (member.reports ? 74 : 0))
  }

  @Test("4 stdout closed: no file of the program gets its number", arguments: Member.all)
  func closedOutputFiles(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      \(member.command) --quiet --state $d/s --rejects $d/r $d/in > $d/o; tail -n +2 $d/s > $d/known
      rm $d/s; \(member.command) --quiet --state $d/s --rejects $d/r $d/in >&-; echo $?; cat $d/r
      [ -e $d/s ] && \(member.name) --state $d/s --inspect | grep -c '"record":"\(member.name).state"'
      """, input: Self.oneEvent)
    #expect(outcome.lines.first == "74")
    #expect(outcome.lines.dropFirst().allSatisfy { $0 == "1" }, "\(outcome.text)")
  }

  @Test(
    "9 stderr full or closed: no output is lost and the run is no success", arguments: Member.all)
  func noErrors(_ member: Member) throws {
    let input = Data(("nonsense\n" + Stream.event()).utf8)
    let expected = try Programs.shell("\(member.command)", input: input)
    #expect(expected.status == 0)
    #expect(!expected.text.isEmpty)
    for redirection in ["2>&-", "2> /dev/full"] {
      let outcome = try Programs.shell("timeout 10 \(member.command) \(redirection)", input: input)
      #expect(outcome.status == 74, "\(redirection)")
      #expect(outcome.text == expected.text)
    }
  }
}
