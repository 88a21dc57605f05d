import Foundation
import TestSupport
import Testing

/// Reports of those whose scores moved.
@Suite("Scores that moved") struct ChangesTests {
  private static func reads(_ user: String, _ days: ClosedRange<Int>) -> [String] {
    days.map { event("Read", user, "2026-03-\($0 < 10 ? "0" : "")\($0)") }
  }

  /// Of each report the persons in it, each with the record's name where that is no score.
  private static func reports(_ outcome: Outcome) -> [String] {
    outcome.text.components(separatedBy: #""record":"score.run""#).dropFirst().map { part in
      part.split(separator: "\n").compactMap { line in
        let user = line.contains(#""userId":"a""#) ? "a" : "b"
        if line.hasPrefix(#"{"record":"score","#) { return user }
        return line.hasPrefix(#"{"record":"score.crossed","#) ? "\(user)!" : nil
      }.joined(separator: " ")
    }
  }

  /// Reports are after 2, 4, 6 and 8 of the nine events and at the end.
  ///
  /// Of `a`, seen on the first day only, recency falls from 51.3 at first to 43.3 on the third day, which
  /// is red, 36.8, 31.4 and 29.1 on the eighth; `b` grows by 2.4 a day.
  @Test("A snapshot has who moved, or crossed into another band, since it was written")
  func snapshots() throws {
    let lines = Self.reads("a", 1...1) + Self.reads("b", 1...8)
    let written = try score(["--changes", "8", "--every", "2"], over: lines)
    #expect(written.status == 0)
    #expect(Self.reports(written) == ["a b", "a a!", "b", "a", ""])
    let crossed = try #require(written.records("score.crossed").first)
    #expect(crossed["from"] as? String == "yellow" && crossed["to"] as? String == "red")
    #expect(crossed["healthScoreBefore"] as? Double == 51.3)
    #expect(crossed["healthScore"] as? Double == 43.3)
    let all = try score(["--changes", "0.1", "--every", "2"], over: lines)
    #expect(Self.reports(all) == ["a b", "a a! b", "a b", "a b", "a b"])
  }

  /// The first id is of an event that does not count, so that no score is kept by its number.
  @Test("What was written of a person is known of all ids that are linked later")
  func linked() throws {
    func line(_ rest: String, _ day: Int) -> String {
      #"{"event":"Read",\#(rest),"timestamp":"2026-03-0\#(day)T00:00:00Z"}"#
    }
    let lines = [
      line(#""userId":"u","bot":true"#, 1), line(#""anonymousId":"a1","bot":true"#, 1),
      line(#""anonymousId":"a2""#, 1), line(#""anonymousId":"a1","userId":"a2","bot":true"#, 1),
      line(#""anonymousId":"a2""#, 1), line(#""anonymousId":"a1","userId":"u","bot":true"#, 1),
      line(#""anonymousId":"a2""#, 1), line(#""anonymousId":"a2""#, 1),
    ]
    let written = try score(["--changes", "50", "--every", "2"], over: lines)
    #expect(written.records("score").count == 1)
  }

  @Test("A run that goes on with a state goes on with what was written")
  func goesOn() throws {
    let lines = Self.reads("a", 1...1) + Self.reads("b", 1...8)
    let script = """
      d=$(mktemp -d); cat > $d/all; o='--quiet --changes 8 --every 2'
      score $o $d/all > $d/whole
      for n in 3 5 7 9; do
        head -$n $d/all > $d/f; score $o --state $d/s --output $d/o $d/f || exit 1
      done
      cmp $d/whole $d/o; status=$?; rm -r $d; exit $status
      """
    let outcome = try Programs.shell(
      script, input: Data(lines.map { $0 + "\n" }.joined().utf8))
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
  }

  @Test("Without a snapshot before everybody is written, as without the option")
  func everybody() throws {
    let lines = Self.reads("a", 1...3) + Self.reads("b", 2...8)
    let options = ["--changes", "5", "--every", "100"]
    #expect(try score(options, over: lines).text == score([], over: lines).text)
  }

  @Test(
    "Options that do not fit are refused",
    arguments: [
      ["--changes", "5"], ["--changes", "0", "--every", "2"], ["--changes", "x", "--every", "2"],
      ["--changes", "101", "--every", "2"],
      ["--changes", "5", "--every", "2", "--top", "3"],
      ["--changes", "nan", "--every", "2"],
    ])
  func usage(_ arguments: [String]) throws {
    let written = try score(arguments, over: [])
    #expect(written.status == 64 && written.text.isEmpty)
  }
}
