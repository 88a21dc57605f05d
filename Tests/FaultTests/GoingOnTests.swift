import Foundation
import TestSupport
import Testing

/// Runs that go on where another one ended, in ways that are easily got wrong.
@Suite("Going on") struct GoingOnTests {
  private static let events = Data(Stream.mixed(4000, seed: 9).joined().utf8)

  @Test("42 a signal in the middle of a file: the next run does the rest", arguments: Member.all)
  func signal(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      for i in 1 2 3 4 5 6 7 8; do cat $d/in; done > $d/a
      for i in 1 2 3; do cat $d/a; done > $d/b
      \(member.command) --quiet --output $d/whole $d/a $d/b $d/a
      run="\(member.command) --quiet --state $d/s --output $d/o --grace 1ms $d/a $d/b $d/a"
      for wait in 0.02 0.05 0.1; do
        eval timeout --preserve-status -s TERM $wait $run 2>> $d/e
        case $? in 0|143) ;; *) echo "status $?" ;; esac
      done
      eval $run; cmp $d/whole $d/o; cat $d/e
      """, input: Self.events)
    #expect(outcome.text.isEmpty)
    #expect(outcome.errorText.isEmpty)
  }

  @Test("what was written belongs to the state, by whatever name", arguments: Member.all)
  func output(_ member: Member) throws {
    let pass = member.reports ? "--pass" : ""
    let outcome = try Programs.script(
      """
      cd $d; echo foreign > other; cp other other0
      run() { \(member.command) --quiet \(pass) --state s "$@" in; echo $?; }
      run --output o; cp o o0
      run --output ./o; cmp o o0; run --output $d/o; cmp o o0
      run --output other; cmp other other0; run; cmp o o0
      """, input: Self.events)
    let refused = outcome.lines.filter { $0 == "65" }.count
    #expect(outcome.lines.prefix(3) == ["0", "0", "0"])
    #expect(refused == 2)
    #expect(outcome.errorText.contains("is another file"))
    #expect(outcome.errorText.contains("which this run does not name"))
  }

  @Test("a copy is not read again, and a file is itself before it is a copy", arguments: Member.all)
  func copies(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      cp $d/in $d/a; cp $d/in $d/b; head -n 2000 $d/in > $d/c
      run() { \(member.command) --quiet --state $d/s --output $d/o "$@"; }
      \(member.command) --quiet --output $d/whole $d/a $d/b
      run $d/a $d/c; mv $d/b $d/c.all; cat $d/c.all > $d/c; run $d/c $d/a; cmp $d/whole $d/o
      cp $d/a $d/a.1; : > $d/a; run $d/a.1 $d/a; cmp $d/whole $d/o
      """, input: Self.events)
    #expect(outcome.text.isEmpty)
    #expect(outcome.errorText.isEmpty)
  }

  @Test("a file that an option names is never written")
  func optionFiles() throws {
    let outcome = try Programs.script(
      """
      cp \(Member.rulesFile) $d/rules
      for option in output rejects state; do
        segment --rules $d/rules --$option $d/rules $d/in > $d/o 2> $d/e; echo $?
      done
      cmp \(Member.rulesFile) $d/rules
      """, input: Self.events)
    #expect(outcome.text == "64\n64\n64\n")
    #expect(outcome.errorText.isEmpty)
  }

  @Test(
    "a partial result that is not whole is refused",
    arguments: ["funnel --steps A,B", "score"])
  func partial(_ command: String) throws {
    let outcome = try Programs.script(
      """
      \(command) --quiet --partial $d/in > $d/p; lines=$(wc -l < $d/p)
      \(command) --quiet < $d/p > $d/o; \(command) --quiet $d/in | cmp - $d/o
      sed '$d' $d/p | \(command) --quiet > $d/o; echo ${PIPESTATUS[1]}
      head -c 3000 $d/p | \(command) --quiet > $d/o; echo ${PIPESTATUS[1]}
      sed 's/":/": /g' $d/p | \(command) --quiet > $d/o; echo ${PIPESTATUS[1]}
      tail -n 1 $d/p | cat $d/p - | \(command) --quiet > $d/o; echo ${PIPESTATUS[2]}
      cat $d/p $d/p | \(command) --quiet > $d/o; echo ${PIPESTATUS[1]}
      \(command) --quiet --partial --lateness 1h $d/in > $d/o; echo $?
      """, input: Self.events)
    #expect(outcome.text == "65\n65\n65\n65\n65\n64\n", "\(outcome.errorText)")
  }

  /// What is known beside the persons may be the same in two parts, word for word.
  @Test("two parts that differ in their persons alone are merged")
  func likeParts() throws {
    let outcome = try Programs.script(
      """
      event() { echo '{"event":"A","userId":"'$1'","timestamp":"2026-01-01T00:00:00Z"}'; }
      for p in a b; do event $p | funnel --quiet --steps A --partial; done | funnel --quiet --steps A > $d/o
      (event a; event b) | funnel --quiet --steps A | cmp - $d/o && echo same
      """)
    #expect(outcome.text == "same\n", "\(outcome.errorText)")
  }

  /// Who was seen how long ago decides alone who is forgotten, whoever else is there.
  @Test("forgotten is who was not seen for long enough, and no one else")
  func forget() throws {
    func event(_ person: String, _ day: Int) -> String {
      let day = day < 10 ? "0\(day)" : "\(day)"
      return #"{"event":"A","userId":"\#(person)","timestamp":"2026-01-\#(day)T12:00:00Z"}"# + "\n"
    }
    var lines = ["a", "b", "c"].map { event($0, 1) }
    for day in 2..<18 {
      if day == 6 { lines.append(event("b", day)) }
      lines.append(event("c", day))
    }
    let others = (0..<50).map { event("x\($0)", 1) }
    for (input, expected) in [(lines, 2), (Array(lines.dropFirst()), 1), (others + lines, 52)] {
      let outcome = try Programs.run(
        "score", ["--forget", "8d", "--quiet"], input: Data(input.joined().utf8))
      let run = try #require(outcome.records("score.run").first)
      #expect(run["forgotten"] as? Int == expected)
      #expect(run["persons"] as? Int == 1)
    }
  }

  @Test("what is forgotten is the same wherever a run was interrupted")
  func forgetAcrossRuns() throws {
    let outcome = try Programs.script(
      """
      simulate --events 3000 --seed 2 2> $d/none > $d/all
      for days in 10 20 40; do
        score --quiet --forget ${days}d $d/all > $d/whole
        for cut in 500 800 1500 2500; do
          rm -f $d/s; head -n $cut $d/all > $d/f
          score --quiet --forget ${days}d --state $d/s --output $d/o $d/f; cat $d/all > $d/f
          score --quiet --forget ${days}d --state $d/s --output $d/o $d/f; cmp $d/whole $d/o
        done
      done
      """)
    #expect(outcome.text.isEmpty)
    #expect(outcome.errorText.isEmpty)
  }
}
