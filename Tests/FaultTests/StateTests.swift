import Foundation
import TestSupport
import Testing

/// What every program does with a state that is damaged, foreign, in use or no file of its own.
@Suite("State") struct StateTests {
  private static let fewEvents = Data((0..<3).map(Stream.event).joined().utf8)

  /// The state of a run on `$d/in` after a script, which leaves it in `$d/s`.
  private static func state(_ member: Member) throws -> Data {
    let outcome = try Programs.script(
      "\(member.command) --quiet --state $d/s --output $d/o $d/in && cat $d/s", input: fewEvents)
    #expect(outcome.status == 0)
    return outcome.output
  }

  /// Runs a member with each of these states in place of its own.
  ///
  /// - Returns: the lines of "STATUS MESSAGE" without the path, each once with its number.
  private static func answers(
    _ member: Member, to states: [Data], _ options: String = ""
  ) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-states-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (number, state) in states.enumerated() {
      try state.write(to: folder.appendingPathComponent("\(number).state"))
    }
    let outcome = try Programs.script(
      """
      echo before > $d/o; cp $d/o $d/o0
      for s in \(folder.path)/*.state; do
        cp $s $d/s
        \(member.command) --quiet \(options) --state $d/s --output $d/o $d/in > $d/e 2>&1
        echo "$? $(sed "s|$d/||" $d/e)" >> $d/answers
        cmp $s $d/s; cmp $d/o0 $d/o
      done
      sort $d/answers | uniq -c | sed 's/^ *//'
      """, input: fewEvents)
    #expect(outcome.errorText.isEmpty)
    return outcome.lines
  }

  private static func refusal(_ count: Int, _ member: Member, _ reason: String) -> String {
    "\(count) 65 \(member.name): 's' cannot be gone on with: \(reason); without it a new run begins"
  }

  @Test(
    "10 a last line that is still written: the next run reads it whole", arguments: Member.all)
  func growing(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      \(member.command) --quiet --output $d/whole $d/in
      head -n 2 $d/in > $d/f; tail -n 1 $d/in > $d/last
      for bytes in 0 1 20 60 $(($(wc -c < $d/last) - 1)); do
        head -n 2 $d/in > $d/f; head -c $bytes $d/last >> $d/f; rm -f $d/s
        \(member.command) --quiet --state $d/s --output $d/o --rejects $d/r $d/f
        \(member.command) --quiet --output $d/part $d/f; cmp $d/part $d/o
        tail -c +$((bytes + 1)) $d/last >> $d/f
        \(member.command) --quiet --state $d/s --output $d/o --rejects $d/r $d/f
        cmp $d/whole $d/o; wc -c < $d/r
      done
      """, input: Self.fewEvents)
    #expect(outcome.text == String(repeating: "0\n", count: 5))
    #expect(outcome.errorText.isEmpty)
  }

  @Test("31 torn state: refused at every length", arguments: Member.all)
  func torn(_ member: Member) throws {
    let state = try Self.state(member)
    let lengths = Array(stride(from: 0, to: state.count, by: isTorture ? 1 : 61))
    let answers = try Self.answers(member, to: lengths.map { state.prefix($0) })
    #expect(answers == [Self.refusal(lengths.count, member, "it is damaged or cut off")])
  }

  @Test("31 damaged state: refused with any byte changed", arguments: Member.all)
  func flipped(_ member: Member) throws {
    let state = try Self.state(member)
    let places = Array(stride(from: 0, to: state.count, by: isTorture ? 1 : 67))
    let states = places.map { place in
      var other = state
      other[place] ^= place % 2 == 0 ? 1 : 0x80
      return other
    }
    let answers = try Self.answers(member, to: states)
    let counts = answers.compactMap { Int($0.prefix { $0 != " " }) }
    #expect(counts.reduce(0, +) == places.count)
    for answer in answers {
      #expect(answer.contains(" 65 \(member.name): 's' cannot be gone on with: "), "\(answer)")
    }
  }

  @Test("31 state of an older form, of another program: refused", arguments: Member.all)
  func foreign(_ member: Member) throws {
    let state = try Self.state(member)
    let text = String(decoding: state, as: UTF8.self)
    let older = Data(text.replacing("\"version\":3,", with: "\"version\":0,").utf8)
    #expect(
      try Self.answers(member, to: [older]) == [
        Self.refusal(1, member, "it has version 0 of the form, this program version 3")
      ])
    for other in Member.all where other.name != member.name {
      #expect(
        try Self.answers(member, to: [try Self.state(other)]) == [
          Self.refusal(1, member, "it is no state of \(member.name)")
        ])
    }
    // Lines of a whole state in another order, twice, or without one of them.
    var lines = text.split(separator: "\n").map { "\($0)\n" }
    lines.swapAt(0, 1)
    let mixed = [
      lines.joined(), text + text, text.split(separator: "\n").dropFirst().joined(separator: "\n"),
      Stream.event(),
    ].map { Data($0.utf8) }
    let answers = try Self.answers(member, to: mixed)
    #expect(answers.allSatisfy { $0.contains(" 65 \(member.name): 's' cannot be gone on") })
  }

  @Test("31 state of other options: refused, with the one that differs", arguments: Member.all)
  func otherOptions(_ member: Member) throws {
    let answers = try Self.answers(
      member, to: [try Self.state(member)], "--since 2020-01-01")
    #expect(
      answers == [
        "1 65 \(member.name): 's' is of a run with other options (--since=2020-01-01): go on with the"
          + " same ones, or begin anew without it"
      ])
  }

  @Test(
    "32 fsync fails: an error, not tried again, the state stays the one before",
    .enabled(if: Tools.hasStrace), arguments: Member.all)
  func synchronizing(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      head -1 $d/in > $d/one; run="--quiet --state $d/s --output $d/o"
      \(member.command) $run $d/one; cp $d/s $d/s0
      strace -f -qq -e trace=fsync -e inject=fsync:error=EIO -o $d/log \
        \(member.command) $run $d/one $d/in 2> $d/e; echo $?
      sed "s|$d/||" $d/e; grep -c INJECTED $d/log; cmp $d/s $d/s0
      """, input: Self.fewEvents)
    #expect(outcome.errorText.isEmpty)
    #expect(
      outcome.text == "74\n\(member.name): cannot write to 'o': Input/output error\n1\n")
  }

  @Test("33 two runs, one state: the second refuses", arguments: Member.all)
  func locked(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      mkfifo $d/p; run="\(member.name) --quiet --state $d/s"
      \(member.command) --quiet --state $d/s < $d/p > $d/o & first=$!
      exec 3> $d/p; until_ok 50 "[ -e $d/s.lock ] && ! flock -n $d/s.lock true"
      \(member.command) --quiet --state $d/s $d/in > $d/o2 2> $d/e; echo $?
      sed "s|$d/||g" $d/e; wc -c < $d/o2
      cat $d/in >&3; exec 3>&-; wait $first; echo $?
      \(member.command) --quiet --state $d/s < /dev/null > $d/o3; echo $?
      """, input: Self.fewEvents)
    #expect(
      outcome.text == """
        73
        \(member.name): another run works with the state 's' ('s.lock' is locked)
        0
        0
        0

        """)
  }

  @Test("41 links in place of the state's files: never followed", arguments: Member.all)
  func links(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      echo precious > $d/victim; cp $d/victim $d/victim0
      run() { \(member.command) --quiet --state $d/s --output $d/o $d/in 2> $d/e; echo $?; }
      ln -s victim $d/s; run; sed "s|$d/||" $d/e; rm $d/s
      ln -s victim $d/s.lock.x; mv -T $d/s.lock.x $d/s.lock; run; sed "s|$d/||" $d/e; rm $d/s.lock
      ln -s victim $d/s.new; run; stat -c '%F %a' $d/s; ls $d
      cmp $d/victim $d/victim0
      """, input: Self.fewEvents)
    #expect(
      outcome.text == """
        65
        \(member.name): 's' is a link: a state is a file of its own
        73
        \(member.name): cannot create 's.lock': Too many levels of symbolic links
        0
        regular file 600
        e
        in
        o
        s
        s.lock
        victim
        victim0

        """)
  }

  @Test("no two of a run's files are the same", arguments: Member.all)
  func sameFile(_ member: Member) throws {
    for options in [
      "--output $d/x --rejects $d/x", "--output $d/x --state $d/x", "--rejects $d/x --state $d/x",
      "--output $d/in", "--rejects $d/in", "--state $d/in", "--output $d/s.lock --state $d/s",
      "--output $d/s.new --state $d/s",
    ] {
      let outcome = try Programs.script(
        "cp $d/in $d/in0; \(member.command) \(options) $d/in; s=$?; cmp $d/in $d/in0; exit $s",
        input: Self.fewEvents)
      #expect(outcome.status == 64, "\(options)")
      #expect(outcome.text.isEmpty)
    }
  }
}
