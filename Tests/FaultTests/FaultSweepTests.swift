import Foundation
import TestSupport
import Testing

/// The n-th call of a kind fails, for n = 1, 2, 3 … until a run passes without the fault.
///
/// Each run ends in a clear error or the right answer, never in a wrong one, and what is left is
/// something that the next run can go on with.
/// Source: SQLite's tests of I/O errors, sqlite.org/testing.html §3.2.
@Suite("Fault sweep", .enabled(if: Tools.hasStrace)) struct FaultSweepTests {
  /// A call that fails, and how.
  struct Fault: Sendable, CustomTestStringConvertible {
    let call: String
    let error: String
    /// Whether all later calls fail too.
    var lasts = false

    var testDescription: String { "\(call) \(error)\(lasts ? " from then on" : "")" }
  }

  private static let quickFaults = [
    ("read", "EIO"), ("read", "EINTR"), ("pread64", "EIO"), ("write", "ENOSPC"),
    ("openat", "EMFILE"), ("fsync", "EIO"), ("rename", "EIO"), ("lseek", "EIO"),
  ].map { Fault(call: $0, error: $1) }

  private static let rareFaults =
    [
      ("pread64", "EINTR"), ("write", "EINTR"), ("write", "EIO"), ("openat", "EINTR"),
      ("openat", "EIO"), ("fsync", "EINTR"), ("rename", "ENOSPC"), ("ftruncate", "EIO"),
      ("ftruncate", "EINTR"), ("flock", "EIO"), ("flock", "EINTR"), ("unlink", "EIO"),
      ("close", "EIO"), ("close", "EINTR"),
    ].map { Fault(call: $0, error: $1) }
    + [("write", "ENOSPC"), ("openat", "EMFILE"), ("fsync", "EIO"), ("read", "EIO")].map {
      Fault(call: $0, error: $1, lasts: true)
    }

  static let faults = isTorture ? quickFaults + rareFaults : quickFaults

  /// Which calls fail; a quick run takes a few, and begins with what an earlier run left.
  private static let numbers = isTorture ? "$(seq 1 5000)" : "1 2 4 8 99"
  private static let starts = isTorture ? ["anew", "halfway"] : ["halfway"]

  @Test("every call fails once", arguments: Member.all, faults)
  func sweep(_ member: Member, _ fault: Fault) throws {
    let job = CheckpointedJob(member)
    let call = fault.call == "rename" ? "rename,renameat,renameat2" : fault.call
    let outcome = try Programs.script(
      job.prelude + """
        for start in \(Self.starts.joined(separator: " ")); do for n in \(Self.numbers); do
          anew; $start
          job strace -f -qq \(CheckpointedJob.watched) -e trace=\(call) -o $d/log \
            -e inject=\(call):error=\(fault.error):when=$n\(fault.lasts ? "+" : "") 2> $d/e; s=$?
          case $s in
            0) same || echo "$start $n: wrong" ;;
            66|73|74)
              grep -q '^\(member.name): .*cannot ' $d/e || echo "$start $n: $s without a message"
              for f in o r; do if [ -e $d/$f ]; then
                # It ends early, or is as it was found.
                head -c $(wc -c < $d/$f) $d/${f}0 | cmp -s - $d/$f || cmp -s $d/half/$f $d/$f ||
                  echo "$start $n: wrong $f"
              fi; done ;;
            *) echo "$start $n: status $s: $(cat $d/e)" ;;
          esac
          grep -q INJECTED $d/log || { echo $start passed; break; }
          job 2> $d/e; s=$?
          [ $s = 0 ] || echo "$start $n: cannot be gone on with: $s $(cat $d/e)"
          same || echo "$start $n: wrong afterwards"
        done; done
        """, input: CheckpointedJob.input(lines: isTorture ? 60 : 20, lineBytes: 16 << 10))
    #expect(outcome.errorText.isEmpty)
    #expect(outcome.text == Self.starts.map { "\($0) passed\n" }.joined())
  }
}
