import Foundation
import TestSupport
import Testing

/// What `--from auto` takes the first line for, odd inputs too: the right format, or words on what to do.
@Suite struct AutoTests {
  private static let message =
    #"{"type":"track","event":"A","userId":"u","timestamp":"2026-01-01T00:00:00Z"}"#
  private static let sendGrid =
    #"{"email":"a@b.org","timestamp":1513299569,"event":"open","sg_event_id":"e","sg_message_id":"m"}"#

  /// A text, how many events come out, and what is said of it.
  static let inputs: [(text: String, events: Int, words: String)] = [
    ("\n \t\n\r\n\(message)\n", 1, "Segment spec (--from segment)\n"),
    ("\u{FEFF}\(message)\n", 1, "Segment spec (--from segment)\n"),
    ("\u{FEFF}\r\n\(message)\r\n", 1, "Segment spec (--from segment)\n"),
    ("\(sendGrid)\r\n", 1, "(--from sendgrid)\n"),
    ("[\(sendGrid), \(sendGrid)]\n", 2, "(--from sendgrid)\n"),
    ("[\(message),\(message)]\n", 2, "Segment spec (--from segment)\n"),
    (" [ ] \n", 0, "(--from segment); that is a guess, --from says what it is"),
    ("[\(message),{\"type\":\"track\"}]\n", 0, "line 1: in a batch: no time"),
    ("{\"type\":\"track\"}", 0, "(--from segment)\n"),
    ("{\"a\":1}", 0, "(--from segment); that is a guess, --from says what it is"),
    ("hello", 0, "(--from segment); that is a guess, --from says what it is"),
    ("hello, world", 0, "(--from csv); that is a guess, --from says what it is"),
    ("{\n  \"a\": 1\n}\n", 0, "a record stands on one line, as jq -c . writes them"),
    ("[\n\(sendGrid),\n{}\n]\n", 0, "a record stands on one line, as jq -c . writes them"),
    (
      #"{"id":1,"payload":\#(sendGrid)}"#, 0,
      "but its 'payload' looks like SendGrid event webhooks, and jq -c '.[\"payload\"]' takes it out"
        + " (--from sendgrid)\n"
    ),
    ("event,userId,timestamp\n", 0, "(--from csv)\n"),
    ("event\tuserId\ttimestamp\nA\tu\t2026-01-01T00:00:00Z\n", 1, "(--from csv)\n"),
    ("event;userId;timestamp\r\nA;u;2026-01-01T00:00:00Z\r\n", 1, "(--from csv)\n"),
    ("A,u,2026-01-01T00:00:00Z\n", 0, "(--from csv); that is a guess"),
    ("\(FormatTests.log)\n", 1, "(--from combined)\n"),
    (#"h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1"#, 1, "(--from common)\n"),
  ]

  @Test(arguments: inputs.indices) func input(_ index: Int) throws {
    let (text, events, words) = Self.inputs[index]
    let outcome = try parse([], text)
    #expect(outcome.lines.count == events, "\(text)")
    #expect(outcome.errorText.contains(words), "\(text): \(outcome.errorText)")
    expectBalance(outcome)
  }

  /// What is no text is told by its first bytes.
  @Test(arguments: [
    ([0x1F, 0x8B, 0x08, 0x00], "this is compressed by gzip: unpack it with gzip -dc"),
    ([0x28, 0xB5, 0x2F, 0xFD], "this is compressed by zstd: unpack it with zstd -dc"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "this is compressed by xz: unpack it with xz -dc"),
    ([0x42, 0x5A, 0x68, 0x39], "this is compressed by bzip2: unpack it with bzip2 -dc"),
    ([0x50, 0x4B, 0x03, 0x04], "this is a ZIP archive: unpack it with unzip -p"),
    ([0xFF, 0xFE, 0x7B, 0x00], "this is UTF-16: convert it with iconv"),
  ])
  func packed(_ beginning: [UInt8], _ words: String) throws {
    // A comma must not make a table of it.
    let outcome = try Programs.run("parse", input: Data(beginning + [0x80, 0x2C, 0x0A]))
    #expect(outcome.errorText.contains(words), "\(outcome.errorText)")
    #expect(outcome.errorText.contains("that is a guess"))
  }

  @Test func zerosAreNoBlankLine() throws {
    let outcome = try Programs.run("parse", input: Data(count: 100) + Data("\n".utf8))
    #expect(outcome.errorText.contains("1 lines read = 0 used + 1 rejected"))
  }

  /// The first line is answered before a second one comes.
  @Test(arguments: SampleTests.names) func waitsForNoSecondLine(_ name: String) throws {
    let lines = String(decoding: try SampleTests.sample(name), as: UTF8.self).split(separator: "\n")
    let line = try #require(lines.first { try !parse(["--from", name], $0 + "\n").lines.isEmpty })
    // The input stays open until what came out has been read.
    let outcome = try Programs.shell(
      """
      folder=$(mktemp -d); mkfifo $folder/read
      (cat; timeout 300 cat $folder/read > /dev/null || echo waited >&2) | parse --quiet \
      | (head -n 1; echo > $folder/read)
      rm -r $folder
      """, input: Data((line + "\n").utf8))
    #expect(outcome.lines.count == 1)
    #expect(outcome.errorText == "")
  }
}
