import Foundation
import TestSupport
import Testing

/// What happens while the input is still open: promptness, readers that leave, signals.
///
/// Jobs run under `set -m`, so that each pipe is a process group of its own, as at a terminal.
@Suite("Live", .serialized) struct LiveTests {
  private static let funnel = "funnel --steps 'A,B'"

  @Test(
    "2 reader exits while input is idle: the program ends within a second",
    arguments: Member.all)
  func readerLeavesIdle(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      mkfifo $d/p; exec 3<> $d/p
      { timeout 20 \(member.command) < $d/p; echo $? > $d/s; } | true
      cat $d/s
      """)
    #expect(outcome.text == "141\n")
    #expect(member.messages(outcome).isEmpty)
    let ignoring = try Programs.script(
      """
      trap '' PIPE; mkfifo $d/p; exec 3<> $d/p
      { timeout 20 \(member.command) < $d/p; echo $? > $d/s; } | true
      cat $d/s
      """)
    #expect(ignoring.text == "74\n")
    #expect(
      member.messages(ignoring)
        == "\(member.name): cannot write to standard output: its reader is gone\n")
  }

  @Test("43 one line in is one line out before the input ends")
  func prompt() throws {
    for (command, wanted) in [
      ("segment --rules \(Member.rulesFile)", "segments"),
      ("funnel --steps 'A,B' --every 1", "funnel.step"),
      ("funnel --steps 'A,B' --pass", "stage"),
    ] {
      let outcome = try Programs.script(
        """
        mkfifo $d/p; \(command) < $d/p > $d/out & exec 3> $d/p
        event A 1 >&3; until_ok 20 "grep -q \(wanted) $d/out"; first=$?
        event A 2 >&3; until_ok 20 "[ \\$(grep -c \(wanted) $d/out) -ge 2 ]"; second=$?
        exec 3>&-; wait $!; exit $((first + second + $?))
        """)
      #expect(outcome.status == 0, "\(command)")
    }
  }

  @Test("43 a line appended under tail -F is downstream within a second")
  func appended() throws {
    let outcome = try Programs.script(
      """
      event A 1 > $d/log; set -m
      tail -n +1 -F $d/log 2> /dev/null | segment --rules \(Member.rulesFile) |
        \(Self.funnel) --every 1 > $d/out & g=$!
      until_ok 50 "grep -q '\\"events\\":1,' $d/out" || exit 1
      event B 2 >> $d/log
      until_ok 15 "grep -q '\\"events\\":2,' $d/out"; s=$?
      kill -INT -- -$(ps -o pgid= $g | tr -d ' ') 2> /dev/null || kill -INT -- -$g; wait $g 2> /dev/null
      exit $s
      """)
    #expect(outcome.status == 0)
  }

  @Test("42 an interrupt of the whole pipe still yields the final report, then ends by the signal")
  func interrupt() throws {
    for stages in [Self.funnel, "segment --rules \(Member.rulesFile) | \(Self.funnel)"] {
      for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let outcome = try Programs.script(
          """
          event A 1 > $d/log; set -m
          # The shell in between outlives the signal, to tell the status.
          (trap : INT TERM HUP
            tail -n +1 -F $d/log 2> /dev/null | \(stages) --every 1 > $d/out 2> $d/err
            echo ${PIPESTATUS[@]} > $d/s) & g=$!
          until_ok 50 "grep -q '\\"events\\":1,' $d/out" || exit 1
          kill -\(signal) -- -$g
          wait $g; awk '{ print $NF }' $d/s; grep -c '"final":true' $d/out; cat $d/err
          """)
        #expect(outcome.text == "\(status)\n1\n", "\(stages) \(signal)")
      }
    }
  }

  @Test(
    "42 an interrupt while the input stays open ends after the time of grace, a second one at once")
  func grace() throws {
    let outcome = try Programs.script(
      """
      mkfifo $d/p; set -m; \(Self.funnel) --grace 300ms < $d/p > $d/out & g=$!
      exec 3> $d/p; event A 1 >&3; sleep .2; kill -INT $g; wait $g; echo $?
      grep -c '"final":true' $d/out
      mkfifo $d/q; \(Self.funnel) --grace 30s < $d/q > $d/out2 & g=$!
      exec 4> $d/q; event A 1 >&4; sleep .2; kill -INT $g; sleep .2; kill -INT $g
      SECONDS=0; wait $g; echo $? $((SECONDS < 3)); grep -c . $d/out2
      \(Self.funnel) --grace 0s < $d/q > $d/out3 & g=$!
      sleep .2; kill -TERM $g; wait $g; echo $?; grep -c '"final":true' $d/out3
      """)
    #expect(outcome.text == "130\n1\n130 1\n0\n143\n1\n")
  }

  @Test("SIGUSR1 asks for a snapshot that changes nothing")
  func snapshot() throws {
    let outcome = try Programs.script(
      """
      mkfifo $d/p; \(Self.funnel) < $d/p > $d/out & g=$!
      exec 3> $d/p; event A 1 >&3; sleep .3; kill -USR1 $g
      until_ok 20 "grep -q '\\"final\\":false' $d/out" || exit 1
      event B 2 >&3; exec 3>&-; wait $g; s=$?
      grep -c '"final":false' $d/out; tail -3 $d/out > $d/last
      { event A 1; event B 2; } | \(Self.funnel) | cmp - $d/last; exit $((s + $?))
      """)
    #expect(outcome.status == 0)
    #expect(outcome.text == "1\n")
  }

  @Test(
    "24 --live writes a snapshot each time that the wall's clock says, also while input is idle")
  func live() throws {
    let outcome = try Programs.script(
      """
      mkfifo $d/p; \(Self.funnel) --live 200ms < $d/p > $d/out & g=$!
      exec 3> $d/p; event A 1 >&3
      until_ok 30 "[ \\$(grep -c '\\"final\\":false' $d/out) -ge 3 ]"; s=$?
      exec 3>&-; wait $g; exit $((s + $?))
      """)
    #expect(outcome.status == 0)
    let never = try Programs.shell("\(Self.funnel) --live 0s", input: Data())
    #expect(never.status == 64)
    #expect(never.errorText.contains("--live takes a duration longer than 0s"))
  }

  @Test("7 a process that is stopped and continued loses nothing")
  func stopped() throws {
    let input = Data(Stream.mixed(20_000, seed: 3).joined().utf8)
    let outcome = try Programs.shell(
      """
      cat > /tmp/footfall-stop.$$; f=/tmp/footfall-stop.$$
      (for i in 1 2 3 4 5 6 7 8; do tail -c +$((1 + (i - 1) * 300000)) $f | head -c 300000; sleep .05
        done; tail -c +2400001 $f) | funnel --steps A,B,C > $f.out & p=$!
      for i in 1 2 3 4; do sleep .05; kill -STOP $p; kill -WINCH $p; sleep .02; kill -CONT $p; done
      wait $p; s=$?; funnel --steps A,B,C $f | cmp - $f.out; c=$?; rm $f $f.out; exit $((s + c))
      """, input: input)
    #expect(outcome.status == 0)
    #expect(outcome.text.isEmpty)
  }
}
