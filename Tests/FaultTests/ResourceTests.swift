import Foundation
import TestSupport
import Testing

/// Input that is made to cost much: memory, time, stack.
@Suite("Resources") struct ResourceTests {
  private static let event = Stream.event()

  @Test("16 deep nesting in a small stack: rejected, and the stream goes on", arguments: Member.all)
  func smallStack(_ member: Member) throws {
    let depth = isTorture ? 1_000_000 : 100_000
    let open = #"{"event":"A","userId":"u","timestamp":1,"x":"#
    let text =
      String(repeating: "[", count: depth) + "\n" + open + String(repeating: "[", count: depth)
      + "\n" + open + String(repeating: #"{"a":"#, count: depth) + "\n" + Self.event
    let outcome = try Programs.script(
      """
      ulimit -s 256; timeout 60 \(member.passing) --quiet --rejects $d/r $d/in > $d/o; echo $?
      grep -c . $d/r; grep -c '"userId":"u0"' $d/o | sed 's/^[1-9].*/seen/'
      """, text: text)
    #expect(outcome.text == "0\n3\nseen\n")
  }

  @Test("34 hash flooding: ids of any shape cost about the same", arguments: Member.all)
  func flooding(_ member: Member) throws {
    let count = 6000
    func lines(_ id: (Int) -> String) -> Data {
      var text = ""
      for number in 0..<count {
        text +=
          #"{"event":"A","userId":"\#(id(number))","timestamp":"2026-03-01T00:00:00Z"}"# + "\n"
      }
      return Data(text.utf8)
    }
    var randomness = Randomness(seed: 3)
    // Of equal length; they differ in the first bytes alone, in the last, in one bit a byte.
    let shapes: [Data] = [
      lines { _ in String(1 << 62 | randomness.next() >> 4, radix: 16) },
      lines { String($0 + 1_000_000_000_000_000) },
      lines { String(String($0 + 1_000_000_000_000_000).reversed()) },
      lines { number in String((0..<16).map { number >> $0 & 1 == 0 ? "a" : "b" }) },
    ]
    let seconds = try shapes.map { input in
      let outcome = try Programs.script(
        "TIMEFORMAT=%U; time timeout 60 \(member.command) --quiet $d/in > $d/o", input: input)
      #expect(outcome.status == 0)
      return try #require(Double(outcome.errorText.dropLast()))
    }
    #expect(seconds.dropFirst().allSatisfy { $0 < 5 * seconds[0] + 0.2 }, "\(seconds)")
  }

  @Test("34 nothing that is written depends on the hash seed of the process", arguments: Member.all)
  func seeds(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      \(member.passing) --quiet $d/in > $d/o
      for run in 1 2 3 4 5; do \(member.passing) --quiet $d/in | cmp - $d/o; done
      SWIFT_DETERMINISTIC_HASHING=1 \(member.passing) --quiet $d/in | cmp - $d/o
      """, text: Stream.mixed(500, seed: 9).joined())
    #expect(outcome.text.isEmpty)
    #expect(outcome.errorText.isEmpty)
  }

  @Test("35 unbounded ids: the run stops by itself, with what to do", arguments: Member.all)
  func manyIds(_ member: Member) throws {
    let (count, kilobytes) = isTorture ? (20_000_000, 500_000) : (100_000, 90_000)
    let outcome = try Programs.script(
      """
      seq 1 \(count) | sed 's/.*/{"event":"A","userId":"&","timestamp":"2026-03-01T00:00:00Z"}/' |
        (ulimit -v \(kilobytes); \(member.command) --quiet > $d/o 2> $d/e; echo $?); cat $d/e
      """)
    if outcome.text != "0\n" {
      #expect(outcome.lines.first == "74")
      #expect(outcome.lines.count == 2)
      #expect(outcome.lines.last?.contains("MB are in use") == true, "\(outcome.text)")
      #expect(outcome.lines.last?.contains("--max-memory SIZE allows more") == true)
    }
  }

  @Test("35 --max-memory: what is passed ends the run", arguments: Member.all)
  func memoryLimit(_ member: Member) throws {
    let outcome = try Programs.script(
      "seq 1 90000 | sed 's/.*/{\"event\":\"A\",\"userId\":\"&\",\"timestamp\":1772323200}/' |"
        + " \(member.command) --quiet --max-memory 1M > $d/o")
    #expect(outcome.status == 74)
    #expect(outcome.errorText.contains(" 1 MB, --max-memory: what is known is too large;"))
  }

  @Test("39 ReDoS: no expression runs away", arguments: Member.all)
  func patterns(_ member: Member) throws {
    let long = String(repeating: "a", count: 50_000)
    let expressions: [(text: String, statuses: [Int32])] = [
      (#"matches(event, "(a+)+b")"#, [0, 64]), (#"event.contains("\#(long.prefix(5000))b")"#, [0]),
      (
        String(repeating: "(", count: 50_000) + "true" + String(repeating: ")", count: 50_000), [64]
      ),
      (String(repeating: "!", count: 50_000) + "true", [0, 64]),
      (Array(repeating: "true", count: 10_000).joined(separator: " && "), [0, 64]),
    ]
    for (expression, statuses) in expressions {
      let outcome = try Programs.script(
        """
        printf '{"event":"%s","userId":"u","timestamp":1772323200}\\n' \(long) |
          timeout 60 \(member.command) --quiet --where "$(cat $d/in)"
        """, text: expression)
      #expect(statuses.contains(outcome.status), "\(expression.prefix(40)): \(outcome.errorText)")
    }
  }
}
