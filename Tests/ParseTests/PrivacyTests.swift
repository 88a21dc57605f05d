import Foundation
import TestSupport
import Testing

@testable import parse

/// What `--hash-ids` and `--drop` take out of events.
@Suite struct PrivacyTests {
  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// FIPS 180-2, appendix B, and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func hash(text: String, expected: String) {
    #expect(Self.hexadecimal(SHA256.hash(Array(text.utf8))) == expected)
  }

  /// RFC 4231, §4.2 to 4.8 without the truncated case.
  static let codes: [(key: [UInt8], data: [UInt8], code: String)] = [
    (
      Array(repeating: 0x0B, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      Array(repeating: 0xAA, count: 20), Array(repeating: 0xDD, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      Array(1...25), Array(repeating: 0xCD, count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      Array(repeating: 0xAA, count: 131),
      Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
      Array(repeating: 0xAA, count: 131),
      Array(
        ("This is a test using a larger than block-size key and a larger than block-size data. The "
          + "key needs to be hashed before being used by the HMAC algorithm.").utf8),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
  ]

  @Test(arguments: codes.indices) func code(_ index: Int) {
    let (key, data, code) = Self.codes[index]
    #expect(Self.hexadecimal(KeyedHash(key: key).code(data)) == code)
  }

  private static let key = "0123456789abcdef\n"

  private static func hashed(_ text: String) -> String {
    String(
      hexadecimal(KeyedHash(key: Array("0123456789abcdef".utf8)).code(Array(text.utf8))).prefix(32))
  }

  private func hashIds(_ options: [String], _ text: String) throws -> TestSupport.Outcome {
    var outcome: TestSupport.Outcome?
    try withFile(Self.key) { file in outcome = try parse(["--hash-ids", file] + options, text) }
    return try #require(outcome)
  }

  @Test("ids, addresses and what paths name are hashed, everything else stays byte for byte")
  func places() throws {
    let line =
      #"{"type":"track","event":"A","userId":123,"anonymousId":"\u0061b","timestamp":1573470087,"n":1.50,"#
      + #""properties":{"email":["ada@x.example",null,""],"card":{"no":7,"ok":true},"items":[{"sku":"s","id":"q"},5]},"#
      + #""traits":{"e\u006dail":"ada@x.example","phone":"+1","plan":"pro"},"context":{"ip":"10.0.0.1","device":{"id":"d","model":"m"},"#
      + #""userAgent":"ada@x.example"}}"#
    let outcome = try hashIds(
      ["--hash", "properties.card", "--hash", "properties.items.id"], line + "\n")
    let hash = Self.hashed
    let rest =
      #""type":"track","n":1.50,"properties":{"email":["\#(hash("ada@x.example"))",null,""],"card":{"no":"\#(hash("7"))","ok":true},"#
      + #""items":[{"sku":"s","id":"\#(hash("q"))"},5]},"#
      + #""traits":{"e\u006dail":"\#(hash("ada@x.example"))","phone":"\#(hash("+1"))","plan":"pro"},"#
      + #""context":{"ip":"\#(hash("10.0.0.1"))","device":{"id":"\#(hash("d"))","model":"m"},"userAgent":"ada@x.example"}}"#
    #expect(outcome.text.hasSuffix(rest + "\n"), "\(outcome.text)")
    #expect(
      outcome.text.hasPrefix(
        #"{"event":"A","userId":"\#(hash("123"))","anonymousId":"\#(hash("ab"))","timestamp":"2019-11-11T11:01:27.000Z","#
      ))
  }

  @Test("links and visits are those of the ids before they were hashed")
  func links() throws {
    let text = [
      #""userId":"u","anonymousId":"a""#, #""anonymousId":"\u0061""#,
      #""type":"alias","userId":"v","previousId":"u""#, #""userId":"v""#,
    ].map { "{\"event\":\"E\",\"timestamp\":1573470087,\($0)}\n" }.joined()
    let plain = try parse(["--links"], text)
    let outcome = try hashIds(["--links"], text)
    #expect(outcome.lines.count == plain.lines.count)
    for (line, other) in zip(plain.lines, outcome.lines) {
      let (event, hidden) = (try object(line), try object(other))
      #expect(Set(event.keys) == Set(hidden.keys))
      #expect(hidden["userId"] as? String != event["userId"] as? String)
      if event["previousId"] != nil { #expect(hidden["previousId"] as? String == Self.hashed("u")) }
    }
    #expect(!outcome.text.contains("\"u\"") && !outcome.text.contains("\"a\""))
  }

  @Test("every format goes through it; a mapping may name more")
  func formats() throws {
    let log =
      #"10.0.0.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "Firefox""# + "\n"
    let entry = try hashIds([], log)
    #expect(entry.text.contains(#""ip":"\#(Self.hashed("10.0.0.7"))""#), "\(entry.text)")
    #expect(!entry.text.contains("10.0.0.7"))
    let table = try hashIds([], "event,userId,timestamp\nA,u,1573470087\n")
    #expect(table.text.contains(#""userId":"\#(Self.hashed("u"))""#))
    let batch = try hashIds(
      [], #"{"batch":[{"event":"A","userId":"u","timestamp":1573470087}]}"# + "\n")
    #expect(batch.text.contains(#""userId":"\#(Self.hashed("u"))""#))
    let map =
      #"{"fields":{"event":"e","timestamp":"t","properties.buyer":"who"},"hash":["properties.buyer"]}"#
    try withFile(map) { file in
      let line = #"{"e":"A","t":1573470087,"who":"u"}"# + "\n"
      let hidden = try hashIds(["--map", file], line)
      #expect(hidden.text.contains(#""buyer":"\#(Self.hashed("u"))""#))
      let plain = try parse(["--map", file], line)
      #expect(plain.text.contains(#""buyer":"u""#))
    }
  }

  @Test("what is dropped is not there, at any depth and in lists")
  func drop() throws {
    let line =
      #"{"event":"A","userId":"u","timestamp":1573470087,"properties":{"a":{"b":1,"c":2},"l":[{"x":1,"y":2},{"x":3},4]},"traits":{"a":1}}"#
    // What is dropped within something hashed is gone too.
    let inner = try hashIds(
      ["--hash", "properties.a", "--drop", "properties.a.b"],
      line.replacing("\"x\":3", with: "") + "\n")
    #expect(inner.text.contains(#""a":{"c":"\#(Self.hashed("2"))"}"#))
    let options = ["properties.a.b", "properties.l.x", "traits", "userId", "nothing.here"]
    let text = try parse(options.flatMap { ["--drop", $0] }, line + "\n").text
    #expect(text.hasPrefix(#"{"event":"A","timestamp":"#))
    #expect(text.hasSuffix(#""properties":{"a":{"c":2},"l":[{"y":2},{},4]}}"# + "\n"), "\(text)")
  }

  @Test("repetitions are told by the line as it came, faults where they are in it")
  func before() throws {
    let line = #"{"event":"A","userId":"u","timestamp":1573470087,"traits":{"a":1}}"#
    let lines = [line, line, line.replacing("\"a\":1", with: "\"a\":2")]
    let outcome = try parse(
      ["--dedupe", "1h", "--drop", "traits"], lines.joined(separator: "\n") + "\n")
    #expect(outcome.lines.count == 2)
    #expect(
      try rejections(
        ["--drop", "traits"], #"{"traits":{"a":1},"event":"A","timestamp":"x"}"# + "\n"
      )
      .first?.hasPrefix("1:44: bad time") == true)
    #expect(
      try rejections(
        ["--drop", "traits"], #"{"event":"A","timestamp":1,"traits":{"a":01}}"# + "\n"
      )
      .first?.contains("invalid JSON") == true)
  }

  @Test("a key that could be guessed, and paths that are none, are refused")
  func refusals() throws {
    for key in ["", "\n", "0123456789abcde\n"] {
      try withFile(key) { file in
        let outcome = try parse(["--hash-ids", file], "")
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains("a key needs 16"))
      }
    }
    #expect(try parse(["--hash-ids", "/nowhere/key"], "").status == 66)
    #expect(try parse(["--hash", "a"], "").errorText.contains("--hash needs the key"))
    #expect(try parse(["--drop", "a..b"], "").errorText.contains("takes a path"))
    #expect(try parse(["--drop", "timestamp"], "").errorText.contains("would leave no event"))
  }

  @Test("a key that everybody may read is told of, and used")
  func openKey() throws {
    let line = #"{"event":"A","userId":"u","timestamp":1573470087}"# + "\n"
    try withFile(Self.key) { key in
      func told(_ mode: Int, _ text: String) throws -> Bool {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key)
        let outcome = try parse(["--hash-ids", key], text)
        #expect(outcome.status == 0)
        #expect(outcome.lines.count == (text.isEmpty ? 0 : 1))
        return outcome.errorText.contains(
          "--hash-ids: everybody may read or change the key '\(key)', and so tell whose a hash is: chmod o-rwx"
        )
      }
      #expect(try told(0o644, line))
      #expect(try told(0o644, ""))
      #expect(try told(0o602, line))
      #expect(try !told(0o640, line))
      #expect(try !told(0o400, line))
      #expect(try parse(["--hash-ids", key, "--quiet"], line).errorText == "")
      let pipe = try Programs.shell("parse --hash-ids <(cat \(key))", input: Data(line.utf8))
      #expect(pipe.lines.count == 1 && !pipe.errorText.contains("everybody"))
    }
  }

  @Test("no state holds what is hidden")
  func state() throws {
    try withFile(Self.key) { key in
      try withFile("") { state in
        try FileManager.default.removeItem(atPath: state)
        let line =
          #"{"event":"A","userId":"somebody","anonymousId":"something","messageId":"m","timestamp":1573470087,"traits":{"email":"somebody"}}"#
        _ = try parse(["--state", state, "--hash-ids", key, "--dedupe", "1h"], line + "\n")
        let text = try String(contentsOfFile: state, encoding: .utf8)
        for part in text.matches(of: /"state":"([^"]*)"/) {
          let content = String(
            decoding: Data(base64Encoded: String(part.1)) ?? Data(), as: UTF8.self)
          #expect(!content.contains("somebody") && !content.contains("something"))
        }
        #expect(text.contains("\"state\":\""))
        try? FileManager.default.removeItem(atPath: state)
        try? FileManager.default.removeItem(atPath: state + ".lock")
      }
    }
  }
}
