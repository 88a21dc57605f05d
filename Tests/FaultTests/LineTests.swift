import Foundation
import TestSupport
import Testing

/// What becomes of every line: used, passed, skipped or rejected with its place and reason.
@Suite("Lines") struct LineTests {
  private static let event = String(Stream.event().dropLast())

  /// Runs a member on an input with its rejected lines kept.
  private static func run(
    _ member: Member, _ options: String = "", _ input: [UInt8]
  ) throws -> (outcome: Outcome, rejects: [[String: Any]]) {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-rejects-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let outcome = try Programs.shell(
      "\(member.command) \(options) --rejects \(file.path)", input: Data(input))
    let rejects = try Data(contentsOf: file).split(separator: 10).map { line in
      try #require(JSONSerialization.jsonObject(with: line) as? [String: Any])
    }
    return (outcome, rejects)
  }

  /// How many events a run counted or passed.
  private static func eventCount(_ member: Member, _ outcome: Outcome) -> Int? {
    member.reports
      ? outcome.records("\(member.name).run").first?["events"] as? Int : outcome.lines.count
  }

  @Test(
    "12 an invalid line or invalid UTF-8 is counted, told and kept with its place",
    arguments: Member.all)
  func rejected(_ member: Member) throws {
    let bad = #"{"event":"é" x}"#
    let input = Self.event + "\n\n" + bad + "\n{}\n" + Self.event + "\n"
    var bytes = Array(input.utf8)
    bytes += Array("{\"a\":\"".utf8) + [0xFF, 0xFE] + Array("\"}\n".utf8)
    let (outcome, rejects) = try Self.run(member, "--check full", bytes)
    #expect(outcome.status == 0)
    #expect(Self.eventCount(member, outcome) == 2)
    #expect(
      member.messages(outcome) == "\(member.name): 3 of 6 lines rejected: "
        + "line 3: invalid JSON: expected ',' or the end of the object or array; "
        + "line 4: no time; line 6: invalid UTF-8\n")
    try #require(rejects.count == 3)
    let offset = Self.event.utf8.count + 2
    #expect(rejects.map { $0["line"] as? Int } == [3, 4, 6])
    #expect(rejects.map { $0["column"] as? Int } == [15, 1, 7])
    #expect(
      rejects.map { $0["offset"] as? Int } == [
        offset, offset + bad.utf8.count + 1, input.utf8.count,
      ])
    #expect(rejects.allSatisfy { $0["program"] as? String == member.name })
    #expect(rejects.allSatisfy { $0["file"] as? String == "-" })
    #expect(rejects.map { $0["text"] as? String } == [bad, "{}", nil])
    let base64 = try #require(rejects[2]["textBase64"] as? String)
    #expect(Data(base64Encoded: base64) == Data(bytes[input.utf8.count..<bytes.count - 1]))
    let quiet = try Programs.shell("\(member.command) --quiet", input: Data(bytes))
    #expect(member.messages(quiet).isEmpty)
    #expect(quiet.status == 0)
  }

  @Test("a limit on rejected lines ends the run with status 65", arguments: Member.all)
  func limits(_ member: Member) throws {
    let input = Data((Self.event + "\nx\n" + Self.event + "\ny\n").utf8)
    let reason = "invalid JSON: a record is one object, {…}, on one line"
    for (option, message) in [
      ("--strict", "standard input line 2, column 1: \(reason)"),
      ("--max-rejects 0", "standard input line 2, column 1: \(reason)"),
      (
        "--max-rejects 1",
        "more than 1 lines rejected; the last is standard input line 4, column 1: \(reason)"
      ),
    ] {
      let outcome = try Programs.shell("\(member.command) \(option)", input: input)
      #expect(outcome.status == 65, "\(option)")
      #expect(member.messages(outcome) == "\(member.name): \(message)\n")
      #expect(outcome.records("\(member.name).run").isEmpty)
    }
    for (option, status) in [
      ("--max-rejects 2", 0), ("--max-rejects 50%", 0), ("--max-rejects 49.9%", 65),
      ("--max-rejects 0%", 65), ("--max-rejects 100%", 0),
    ] as [(String, Int32)] {
      let outcome = try Programs.shell("\(member.command) \(option)", input: input)
      #expect(outcome.status == status, "\(option)")
    }
  }

  @Test("10 a last line without newline is used, a torn one is told apart", arguments: Member.all)
  func torn(_ member: Member) throws {
    let whole = Array((Self.event + "\n" + Self.event).utf8)
    let (used, none) = try Self.run(member, "", whole)
    #expect(Self.eventCount(member, used) == 2)
    #expect(none.isEmpty)
    #expect(used.text.hasSuffix("\n"))
    for cut in [1, 2, 40, Self.event.utf8.count - 1] {
      let (outcome, rejects) = try Self.run(member, "", whole.dropLast(cut))
      #expect(outcome.status == 0)
      #expect(Self.eventCount(member, outcome) == 1)
      try #require(rejects.count == 1)
      let reason = rejects[0]["reason"] as? String ?? ""
      #expect(reason.hasPrefix("torn, no newline at the end: invalid JSON: "), "\(reason)")
    }
  }

  @Test("10 a file that ends anywhere: its last line is used or rejected", arguments: Member.all)
  func everyLength(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      for n in $(seq 1 $(wc -c < $d/in)); do head -c $n $d/in > $d/$(printf %04d $n).nd; done
      \(member.passing) --quiet --rejects $d/r $d/*.nd > $d/o; echo $?
      grep -c '^{"event".*"userId":"u0"' $d/o
      grep -c '"reason":"torn, no newline at the end: ' $d/r
      """, text: Stream.event())
    // Whole are only the line itself and the one that lacks nothing but its newline.
    let length = Stream.event().utf8.count
    #expect(outcome.text == "0\n2\n\(length - 2)\n")
  }

  @Test(
    "14 UTF-16, a mark or a record separator in a line: rejected, with the reason",
    arguments: Member.all)
  func otherEncodings(_ member: Member) throws {
    let text = Self.event + "\n" + Self.event + "\n"
    for encoding in [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian] {
      let input = Array(try #require(text.data(using: encoding)))
      let (outcome, rejects) = try Self.run(member, "", input)
      #expect(outcome.status == 0)
      #expect(Self.eventCount(member, outcome) == 0)
      #expect(rejects.count >= 2)
      // Foundation writes a mark where the order of bytes is not named.
      let hasHint = member.messages(outcome).contains("this is UTF-16: convert it with iconv")
      #expect(hasHint == (encoding == .utf16), "\(member.messages(outcome))")
    }
    let separated = Array(("\u{1E}" + Self.event + "\n" + Self.event + "\n").utf8)
    let (outcome, rejects) = try Self.run(member, "", separated)
    #expect(Self.eventCount(member, outcome) == 1)
    #expect(rejects.count == 1)
  }

  @Test(
    "14, 15 Windows line ends, a byte order mark and blank lines are no faults",
    arguments: Member.all)
  func accepted(_ member: Member) throws {
    let plain = Self.event + "\n" + Self.event + "\n"
    let odd = "\u{FEFF}\r\n" + Self.event + "\r\n \t\r\n\n" + Self.event + "\r\n\r\n"
    let expected = try Programs.shell(member.command, input: Data(plain.utf8))
    let outcome = try Programs.shell(member.command, input: Data(odd.utf8))
    #expect(outcome.status == 0)
    #expect(member.messages(outcome).isEmpty)
    #expect(outcome.text == expected.text)
    let later = try Programs.shell(
      member.command, input: Data((Self.event + "\n\u{FEFF}" + Self.event + "\n").utf8))
    #expect(Self.eventCount(member, later) == 1)
    #expect(member.messages(later).contains("1 of 2 lines rejected: line 2: invalid JSON"))
  }

  @Test(
    "13 a zero byte is a fault of its line and its escape passes as it is", arguments: Member.all)
  func zeroByte(_ member: Member) throws {
    let escaped = Self.event.replacing("\"kept\"", with: "\"\\u0000\"")
    let raw = Self.event.replacing("\"kept\"", with: "\"\u{0}\"")
    let (outcome, rejects) = try Self.run(
      member, "", Array((escaped + "\n" + raw + "\n" + Self.event + "\n").utf8))
    #expect(Self.eventCount(member, outcome) == 2)
    #expect(rejects.count == 1)
    #expect((rejects.first?["reason"] as? String)?.contains("control character") == true)
    #expect(rejects.first?["text"] as? String == raw)
    if !member.reports { #expect(outcome.text.contains("{\"\\u0000\": [1,\"é\"]}")) }
  }

  @Test("16 deep nesting is read up to 512 levels and rejected past them", arguments: Member.all)
  func deep(_ member: Member) throws {
    func line(_ levels: Int) -> String {
      let nested =
        String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1)
      return Self.event.dropLast() + ",\"deep\":\(nested)}\n"
    }
    let text = line(512) + line(513) + line(100_000) + Self.event + "\n"
    let (outcome, rejects) = try Self.run(member, "", Array(text.utf8))
    #expect(Self.eventCount(member, outcome) == 2)
    #expect(
      rejects.map { $0["reason"] as? String }
        == Array(repeating: "invalid JSON: nested deeper than 512", count: 2))
  }

  @Test("11 a line over the limit is skipped and the later ones are handled", arguments: Member.all)
  func long(_ member: Member) throws {
    let exact = Self.event
    let limit = exact.utf8.count
    let long = "{\"a\":\"" + String(repeating: "x", count: 300_000) + "\"}"
    for text in [[long, exact, exact + " "], [exact, long, exact + "  \r"], [long, long, exact]] {
      let input = Array(text.joined(separator: "\n").utf8)
      let (outcome, rejects) = try Self.run(member, "--max-line \(limit)", input)
      #expect(outcome.status == 0)
      #expect(Self.eventCount(member, outcome) == 1)
      #expect(rejects.count == 2)
      for reject in rejects {
        #expect(reject["reason"] as? String == "line longer than --max-line (\(limit) bytes)")
        #expect(reject["column"] as? Int == limit + 1)
        #expect((reject["text"] as? String)?.utf8.count == limit)
      }
      #expect(member.messages(outcome).hasPrefix("\(member.name): 2 of 3 lines rejected: "))
    }
    let share = try Programs.shell(
      "\(member.command) --max-line \(limit) --max-rejects 50%",
      input: Data((long + "\n" + exact + "\n").utf8))
    #expect(share.status == 0)
  }

  @Test("11 a line of 64 MB costs bounded memory", arguments: Member.all)
  func veryLong(_ member: Member) throws {
    try Self.checkMemory(member, "64M")
  }

  @Test("11 a line of 1 GB costs bounded memory", .enabled(if: isTorture), arguments: Member.all)
  func hugeLine(_ member: Member) throws {
    try Self.checkMemory(member, "1G")
  }

  private static func checkMemory(_ member: Member, _ size: String) throws {
    let outcome = try Programs.shell(
      """
      (head -c \(size) /dev/zero | tr '\\0' a; echo; cat) < <(cat) |
        (ulimit -v 400000; \(member.command))
      """, input: Data((event + "\n").utf8))
    #expect(outcome.status == 0)
    #expect(eventCount(member, outcome) == 1)
    #expect(
      member.messages(outcome).hasPrefix(
        "\(member.name): 1 of 2 lines rejected: line 1: line longer than --max-line"))
  }

  @Test(
    "12 lines that are no JSON are rejected and others are not",
    .enabled(if: Programs.hasShared("conformance/json/valid.ndjson")), arguments: Member.all)
  func conformance(_ member: Member) throws {
    for (name, count, isValid) in [("valid", 93, true), ("invalid", 185, false)] {
      let input = try Programs.sharedData("conformance/json/\(name).ndjson")
      let (outcome, rejects) = try Self.run(member, "--check full", Array(input))
      #expect(outcome.status == 0)
      #expect(rejects.count == count)
      for reject in rejects {
        let reason = reject["reason"] as? String ?? ""
        #expect((reason == "no time") == isValid, "\(name) \(reject["line"] ?? 0): \(reason)")
      }
    }
  }

  @Test("unknown fields pass byte for byte, and so do reports, in their order")
  func passing() throws {
    let odd =
      #" { "event" : "A" ,"userId": 7,"timestamp":1,"é\u00e9":[1.50,-0,1e400,"\ud800"],"a":{"b":{}}, "a":2 }"#
    let report = #"{"record":"other.report","n":1.0, "odd":[ ]}"#
    let other = odd.replacing("7", with: "8")
    let input = report + "\n" + odd + "\n" + report + "\r\n" + other + "\n"
    let segment = try Programs.run(
      "segment", ["--rules", Member.rulesFile], text: input)
    let annotated = [odd, other].map { line in String(line.dropLast()) + ",\"segments\":[]}" }
    #expect(segment.lines == [report, annotated[0], report, annotated[1]])
    let funnel = try Programs.run("funnel", ["--steps", "A,B", "--pass"], text: input)
    #expect(Array(funnel.lines.prefix(1)) == [report])
    #expect(funnel.lines[1] == odd.dropLast(1) + ",\"stage\":\"A\"}")
    #expect(funnel.lines[2] == report)
    #expect(funnel.lines[4].hasPrefix("{\"record\":\"funnel.run\""))
    let counted = try Programs.run("funnel", ["--steps", "A,B"], text: input)
    #expect(Array(counted.lines.prefix(2)) == [report, report])
  }
}
