import Foundation
import TestSupport
import Testing

/// What becomes of odd values: numbers, keys and ids.
@Suite("Values") struct ValueTests {
  /// How many persons a member's events are of, by its own report or by one of its output.
  private static func persons(_ member: Member, _ lines: [String]) throws -> Int? {
    let outcome = try Programs.shell(
      "\(member.command) --quiet\(member.reports ? "" : " | score --quiet")",
      input: Data(lines.joined(separator: "\n").utf8))
    #expect(outcome.status == 0)
    let run = outcome.records("\(member.reports ? member.name : "score").run").first
    return run?["persons"] as? Int
  }

  private static func event(_ id: String, _ rest: String = "") -> String {
    #"{"event":"Product Viewed","userId":"\#(id)","timestamp":"2026-03-01T00:00:00.100Z"\#(rest)}"#
  }

  @Test("17 huge numbers pass as their digits", arguments: Member.all)
  func numbers(_ member: Member) throws {
    let numbers =
      #","properties":{"n":[1e400,-0,1.50,-0.0,12345678901234567890123,0.1e-999,9007199254740993]}"#
    let outcome = try Programs.shell(
      "\(member.passing) --quiet --check full", input: Data((Self.event("u", numbers) + "\n").utf8))
    #expect(outcome.status == 0)
    #expect(outcome.text.contains(numbers.dropFirst()))
  }

  @Test("17 a number of megabytes costs no more than its bytes", arguments: Member.all)
  func longNumber(_ member: Member) throws {
    let size = isTorture ? "10M" : "1M"
    let outcome = try Programs.script(
      """
      for key in n revenue; do
        { printf '{"event":"Order Completed","userId":"u","timestamp":1772323200,'
          printf '"properties":{"%s":' $key; head -c \(size) /dev/zero | tr '\\0' 9; echo '}}'
          echo '\(Self.event("v"))'; } > $d/in
        timeout 60 \(member.passing) --quiet --rejects $d/r $d/in > $d/o || echo $key $?
        grep -c '"userId":"v"' $d/o | sed "s/^[1-9].*/v/"
        # The line is passed whole or rejected, never with another number.
        cat $d/o $d/r | grep -c '99999999' | sed "s/^[1-9].*/kept/"
      done
      """)
    #expect(outcome.text == "v\nkept\nv\nkept\n")
  }

  @Test("18 duplicate keys: the last one counts, in every program alike", arguments: Member.all)
  func duplicateKeys(_ member: Member) throws {
    let twice =
      #"{"event":"X","event":"Product Viewed","userId":"x","userId":"u","timestamp":9,"timestamp":"2026-03-01T00:00:00.100Z"}"#
    let after = member.reports ? "" : "| score --quiet"
    let once = try Programs.shell(
      "\(member.command) --quiet \(after)", input: Data(Self.event("u").utf8))
    for check in ["full", "structure"] {
      let outcome = try Programs.shell(
        "\(member.command) --quiet --check \(check) \(after)", input: Data(twice.utf8))
      #expect(outcome.text == once.text)
    }
  }

  @Test("19 lone surrogates: two different ids never become one", arguments: Member.all)
  func surrogates(_ member: Member) throws {
    let lines = ["\\ud800", "\\udfff", "\\udc00\\ud800", "\u{FFFD}"].map { Self.event($0) }
    #expect(try Self.persons(member, lines) == 4)
    #expect(try Self.persons(member, lines + lines) == 4)
  }

  @Test("20 ids equal only after Unicode normalisation stay apart", arguments: Member.all)
  func normalisation(_ member: Member) throws {
    let ids = ["\u{E9}", "e\u{301}", "\u{212B}", "\u{C5}", "ﬁ", "fi"]
    #expect(try Self.persons(member, ids.map { Self.event($0) }) == 6)
    // The same bytes in another spelling are the same id.
    #expect(try Self.persons(member, [Self.event("\u{E9}"), Self.event("\\u00e9")]) == 1)
  }

  @Test(
    "45 overflow, NaN, 0/0: sums are exact and nothing over nothing is null", arguments: Member.all)
  func overflow(_ member: Member) throws {
    let values = [
      "9223372036854775807", "9223372036854775807", "1e308", "1e308", "-1e308", "1e-308", "1e400",
      "-0", "0", "184467440737095516160.000000000000000000001",
    ]
    let lines = values.enumerated().map { number, value in
      #"{"event":"Order Completed","userId":"u\#(number % 2)","timestamp":"2026-03-0\#(1 + number % 9)"#
        + #"T00:00:00Z","properties":{"revenue":\#(value),"currency":"EUR","quantity":\#(value)}}"#
    }
    let outcome = try Programs.shell(
      "\(member.passing) --quiet", input: Data(lines.joined(separator: "\n").utf8))
    #expect(outcome.status == 0)
    let noNumber = /[:,\[ ]"?-?(nan|inf|infinity)\b/.ignoresCase()
    #expect(outcome.text.firstMatch(of: noNumber) == nil)
    // Nothing over nothing, for each form of a report.
    guard member.reports else { return }
    for format in ["json", "table", "csv", "markdown"] {
      let empty = try Programs.shell("\(member.command) --format \(format) < /dev/null")
      #expect(empty.status == 0)
      #expect(empty.text.firstMatch(of: noNumber) == nil)
    }
  }
}
