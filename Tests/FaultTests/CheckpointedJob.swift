import Foundation
import TestSupport

/// A run that can end at any moment and go on: FILE, `--output`, `--rejects`, `--state`.
///
///     job          runs it on $d/in; words behind it run the run: job strace …
///     anew         forgets what the runs before left
///     halfway      what a run before left that read a third of $d/in
///     same         whether output and rejects are what a run without state wrote
struct CheckpointedJob {
  private let command: String
  private let options: String

  /// A program with its events on its output.
  init(_ member: Member) {
    self.init(member.passing)
  }

  /// A program with its options, as words of shell.
  init(_ command: String, _ options: String = "") {
    self.command = command
    self.options = options
  }

  /// What a script begins with that uses the functions.
  var prelude: String {
    let plain = "\(command) --quiet \(options)"
    return """
      (\(plain) --rejects $d/r0 --output $d/o0 $d/in) || exit
      job() {
        "$@" \(plain) --checkpoint-every 1 --rejects $d/r --output $d/o --state $d/s $d/in
      }
      anew() { rm -f $d/o $d/r $d/s $d/s.new $d/s.lock; }
      halfway() { cp $d/half/{o,r,s} $d; }
      same() { cmp $d/o0 $d/o && cmp $d/r0 $d/r; }
      mkdir $d/half; cp $d/in $d/whole; head -c $(($(wc -c < $d/whole) / 3)) $d/whole |
        sed '$d' > $d/in; job || exit; cp $d/{o,r,s} $d/half; cat $d/whole > $d/in; anew

      """
  }

  /// The files whose calls are watched, for strace.
  static let watched = "-P $d -P $d/in -P $d/o -P $d/r -P $d/s -P $d/s.new -P $d/s.lock"

  /// Events with so much context that an input has many blocks, and a few lines that are none.
  static func input(lines count: Int, lineBytes: Int, seed: UInt64 = 11) -> Data {
    var data = Data()
    for (number, line) in Stream.mixed(count, seed: seed).enumerated() {
      let named = line.dropLast(2).replacing(
        "\"event\":\"A\"", with: "\"event\":\"Product Viewed\""
      )
      .replacing("\"event\":\"B\"", with: "\"event\":\"Order Completed\"")
      let padding = String(repeating: "x", count: max(0, lineBytes - named.utf8.count - 27))
      data += Data("\(named),\"context\":{\"note\":\"\(padding)\"}}\n".utf8)
      if number % 37 == 5 { data += Data("{\"event\":\n".utf8) }
    }
    return data
  }
}
