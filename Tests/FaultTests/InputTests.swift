import Foundation
import TestSupport
import Testing

/// What every program does when its input is odd, by the driver's table of promises.
@Suite("Inputs") struct InputTests {
  private static let oneEvent = Data(Stream.event().utf8)
  private static let manyEvents = Data((0..<5000).map(Stream.event).joined().utf8)

  @Test(
    "5 stdin closed, a directory: an error, not an empty report", arguments: Member.all)
  func unreadable(_ member: Member) throws {
    for redirection in ["<&-", "< /", "/"] {
      let outcome = try Programs.shell("\(member.command) \(redirection)")
      #expect(outcome.status == 74, "\(redirection)")
      #expect(outcome.text.isEmpty)
      #expect(member.messages(outcome).hasPrefix("\(member.name): cannot read "))
      #expect(member.messages(outcome).hasSuffix("\n"))
    }
  }

  @Test(
    "6 EIO while reading: what was complete is out, and the next run goes on there",
    .enabled(if: Tools.hasStrace), arguments: Member.all)
  func readError(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      \(member.passing) --quiet < $d/in > $d/whole
      strace -f -qq -P $d/in -e trace=read -e inject=read:error=EIO:when=2 -o /dev/null \
        \(member.passing) --quiet --state $d/s --checkpoint-every 1 --output $d/o $d/in 2> $d/e
      echo $?; sed "s|$d/||" $d/e; grep -c . $d/o
      head -c $(wc -c < $d/o) $d/whole | cmp - $d/o
      \(member.name) --state $d/s --inspect | grep -c '"finished":false'
      \(member.passing) --quiet --state $d/s --output $d/o $d/in; cmp $d/whole $d/o; echo $?
      """, input: Self.manyEvents)
    let lines = outcome.lines
    #expect(outcome.errorText.isEmpty)
    try #require(lines.count == 5)
    #expect(lines[0] == "74")
    #expect(lines[1] == "\(member.name): cannot read 'in': Input/output error")
    #expect(Int(lines[2]) ?? 0 > 1000)
    #expect(Array(lines[3...]) == ["1", "0"])
  }

  @Test(
    "7 EINTR: interrupted calls lose nothing and repeat nothing", .enabled(if: Tools.hasStrace),
    arguments: Member.all)
  func interrupted(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      \(member.passing) --quiet < $d/in > $d/whole
      for call in read write openat fsync poll; do
        strace -f -qq -P $d/in -P $d/o -P $d/s -P $d/s.new -e trace=$call \
          -e inject=$call:error=EINTR:when=1+2 -o $d/log timeout 20 \
          \(member.passing) --quiet --state $d/s --output $d/o $d/in
        echo $? $(grep -c INJECTED $d/log); cmp $d/whole $d/o; rm -f $d/s
      done
      strace -f -qq -e trace=poll -e inject=poll:error=EINTR:when=1+2 -o $d/log timeout 20 \
        bash -c "cat $d/in | \(member.passing) --quiet" > $d/o; echo $?; cmp $d/whole $d/o
      """, input: Self.manyEvents)
    #expect(outcome.errorText.isEmpty)
    let lines = outcome.lines
    #expect(lines.allSatisfy { $0.hasPrefix("0") } && lines.count == 6, "\(lines)")
    #expect(lines.prefix(4).allSatisfy { $0.hasSuffix(" 0") == false }, "\(lines)")
  }

  @Test("8 descriptors that do not block are waited for", arguments: Member.all)
  func nonBlocking(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      { dd count=0 oflag=nonblock status=none; \(member.passing) < $d/in; } |
        { sleep .3; cat; } > $d/out
      (sleep .2; cat $d/in) | { dd count=0 iflag=nonblock status=none; \(member.passing); } > $d/out2
      \(member.passing) < $d/in | cmp - $d/out; c=$?; cmp $d/out $d/out2; exit $((c + $?))
      """, input: Self.manyEvents)
    #expect(outcome.status == 0)
    #expect(outcome.text.isEmpty)
  }

  @Test("44 empty input is a valid report and no error", arguments: Member.all)
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
    let outcome = try Programs.script(
      """
      mkfifo $d/p; cat $d/in > $d/p & w=$!
      timeout 10 \(member.command) $d/p > $d/out; s=$?
      \(member.command) < $d/in | cmp - $d/out; c=$?; kill $w 2> /dev/null; exit $((s + c))
      """, input: Self.manyEvents)
    #expect(outcome.status == 0)
    #expect(outcome.text.isEmpty)
  }
}
