import Foundation
import TestSupport
import Testing

/// Runs that are killed and resumed until they are done, against one that nobody killed.
@Suite("Kill sweep", .serialized) struct KillSweepTests {
  private static let runs = isTorture ? 200 : 3
  private static let calls = "openat write fsync rename,renameat,renameat2 unlink"

  static let jobs = [
    "funnel --steps 'Product Viewed,Order Completed,C' --persons --threads 2",
    "funnel --steps 'Product Viewed,Order Completed,C' --persons --pass",
    "segment --rules \(Member.rulesFile) --changes",
  ]

  /// A checkpoint is made between two blocks of input; these are more than 50 of them.
  private static let input = CheckpointedJob.input(
    lines: isTorture ? 7200 : 800, lineBytes: 4 << 10)

  @Test("30 kill -9 at any moment: resumed until done, the same bytes", arguments: jobs)
  func moments(_ command: String) throws {
    let outcome = try Programs.script(
      CheckpointedJob(command).prelude + """
        RANDOM=7; kills=0
        begin=${EPOCHREALTIME/.}; job; limit=$(((${EPOCHREALTIME/.} - begin) * 6 / 10))
        for run in $(seq \(Self.runs)); do
          anew
          while true; do
            moment=$((limit * RANDOM / 32768 + 1000))
            seconds=$(printf %d.%06d $((moment / 1000000)) $((moment % 1000000)))
            # In the foreground it waits until the killed one is gone, with its lock.
            job timeout --foreground --preserve-status -s KILL $seconds 2> $d/e; s=$?
            [ $s = 137 ] || break
            kills=$((kills + 1))
          done 2> /dev/null
          [ $s = 0 ] || echo "run $run: status $s: $(cat $d/e)"
          same || echo "run $run: wrong"
        done
        cp $d/o $d/o1; cp $d/r $d/r1; cp $d/s $d/s1
        job; for f in o r s; do cmp $d/${f}1 $d/$f; done; echo $kills
        """, input: Self.input)
    #expect(outcome.errorText.isEmpty)
    let kills = try #require(Int(outcome.text.dropLast()), "\(outcome.text)")
    #expect(kills > Self.runs)
    print("\(command): \(Self.runs) runs survived \(kills) kills at random moments")
  }

  @Test("30 there are many checkpoints in a run", .enabled(if: Tools.hasStrace), arguments: jobs)
  func checkpoints(_ command: String) throws {
    let outcome = try Programs.script(
      CheckpointedJob(command).prelude + """
        job strace -f -qq -e trace=rename,renameat,renameat2 -o $d/log; grep -c '/s"' $d/log
        """, input: Self.input)
    #expect(outcome.errorText.isEmpty)
    #expect(Int(outcome.text.dropLast()) ?? 0 > (isTorture ? 50 : 5))
  }

  @Test(
    "30 kill -9 at each call of a checkpoint: the state before or the new one, never mixed",
    .enabled(if: Tools.hasStrace), arguments: jobs)
  func calls(_ command: String) throws {
    let numbers = isTorture ? "$(seq 1 20)" : "7"
    let outcome = try Programs.script(
      CheckpointedJob(command).prelude + """
        kills=0; runs=0
        for call in \(isTorture ? Self.calls + " ftruncate lseek pread64 close" : Self.calls)
        do for n in \(numbers); do
          anew; runs=$((runs + 1))
          # Killed at a call, then at a later one of the run that goes on, and so forth.
          for more in 0 11 23; do
            job strace -f -qq \(CheckpointedJob.watched) -e trace=$call -o /dev/null \
              -e inject=$call:signal=KILL:when=$((n + more)) 2> $d/e; s=$?
            [ $s = 137 ] || break
            kills=$((kills + 1))
          done 2> /dev/null
          [ $s = 0 ] || [ $s = 137 ] || echo "$call $n: status $s: $(cat $d/e)"
          job || echo "$call $n: status $?"
          same || echo "$call $n: wrong"
        done; done
        echo $runs $kills
        """, input: Self.input)
    #expect(outcome.errorText.isEmpty)
    let counts = outcome.text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    try #require(counts.count == 2, "\(outcome.text)")
    #expect(counts[1] >= counts[0])
    print("\(command): \(counts[0]) runs survived \(counts[1]) kills at calls of checkpoints")
  }
}
