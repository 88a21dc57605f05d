import Foundation
import TestSupport
import Testing

/// What every program does while its input stays open: for each the same, by one script.
@Suite("Streaming", .serialized) struct StreamingTests {
  /// A run on the pipe `$d/p`, which descriptor 3 keeps open; its events are on its output.
  private static func start(_ member: Member, _ options: String) -> String {
    """
    event() { printf '{"event":"A","userId":"%s","timestamp":"2026-03-01T00:00:01Z"}\\n' $1; }
    lines() { [ "$(grep -c '"userId":"'$1'"' $d/o)" -ge 1 ]; }
    mkfifo $d/p
    \(member.passing) \(options) --output $d/o < $d/p 2> $d/e & run=$!
    exec 3> $d/p

    """
  }

  @Test("24, 43 idle input: a line is out at once, a checkpoint in time", arguments: Member.all)
  func idle(_ member: Member) throws {
    let live = member.reports ? "--live 200ms" : ""
    let outcome = try Programs.script(
      Self.start(member, "\(live) --state $d/s --checkpoint-every 200ms") + """
        event u >&3; until_ok 50 lines u || echo no line
        until_ok 50 "[ -s $d/s ]" || echo no checkpoint
        \(member.reports ? "until_ok 50 \"grep -q 'final\\\":false' $d/o\" || echo no snapshot" : "")
        \(member.name) --state $d/s --inspect | grep -c '"stateBytes":[1-9]'
        event v >&3; until_ok 50 lines v || echo no second line
        exec 3>&-; wait $run; echo $?
        """)
    #expect(outcome.text == "1\n0\n")
  }

  @Test(
    "29 log rotation: half lines that were joined are rejected singly", arguments: Member.all)
  func rotation(_ member: Member) throws {
    let outcome = try Programs.script(
      Self.start(member, "--rejects $d/r") + """
        event one > $d/log; tail -n +1 -s .1 -F $d/log >&3 2> $d/te & tail=$!
        until_ok 50 lines one || echo lost one
        printf '{"event":"A","userId":"ha' >> $d/log; sleep .4
        mv $d/log $d/log.1; { event lost; event two; } > $d/log
        until_ok 50 lines two || echo lost two
        : > $d/log; sleep .4; event three >> $d/log
        until_ok 50 lines three || echo lost three
        kill $tail; wait $tail 2> /dev/null; exec 3>&-; wait $run; echo $?
        grep -c . $d/r; grep -c truncated $d/te; grep -c 'lost' $d/o
        """)
    #expect(outcome.text == "0\n1\n1\n0\n")
  }

  @Test(
    "42 a signal: the last lines and the checkpoint are out, then it ends", arguments: Member.all)
  func signals(_ member: Member) throws {
    for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
      let outcome = try Programs.script(
        "set -m\n" + Self.start(member, "--state $d/s --grace 0s") + """
          event u >&3; until_ok 50 lines u || echo no line
          kill -\(signal) $run; wait $run; echo $?
          \(member.name) --state $d/s --inspect | grep -c '"stateBytes":[1-9]'
          grep -c '"final":true' $d/o
          """)
      #expect(outcome.text == "\(status)\n1\n\(member.reports ? 1 : 0)\n", "\(signal)")
    }
  }

  @Test("42 a signal in the midst of a file: the next run goes on there", arguments: Member.all)
  func signalInFile(_ member: Member) throws {
    let outcome = try Programs.script(
      CheckpointedJob(member).prelude + """
        RANDOM=5; ends=0
        for run in 1 2 3 4; do
          anew
          while true; do
            job timeout --foreground --preserve-status -s TERM 0.$((RANDOM % 3))$((RANDOM % 9 + 1)); s=$?
            [ $s = 143 ] || break; ends=$((ends + 1))
          done
          [ $s = 0 ] || echo status $s
          same
        done 2> $d/e
        cat $d/e
        """, input: CheckpointedJob.input(lines: 300, lineBytes: 4 << 10))
    #expect(outcome.text.isEmpty)
  }
}
