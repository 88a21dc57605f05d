import Records
import Testing

/// Lines and what a scan says of them.
@Suite("Scanner") struct ScannerTests {
  static let keys = ["event", "userId", "timestamp"]

  @Test(
    "a line gives the wanted fields, whatever stands around them",
    arguments: [
      (#"{"event":"A","userId":"u","timestamp":1}"#, #""A" | "u" | 1"#),
      (#"{"timestamp":1,"x":{"event":"no"},"userId":null,"event":true}"#, "true | null | 1"),
      (" { \"event\" : \"A\" , \"userId\"\t:\t-1.5e3 } \r", #""A" | -1.5e3 | –"#),
      ("{}", "– | – | –"),
      ("{ }", "– | – | –"),
      (#"{"event":"A","event":"B"}"#, #""B" | – | –"#),
      (#"{"ev\u0065nt":"A"}"#, #""A" | – | –"#),
      (#"{"event":"A","\u0065vent":"B"}"#, #""B" | – | –"#),
      (#"{"event":{"a":"}"},"userId":["]","\"",{}]}"#, #"{"a":"}"} | ["]","\"",{}] | –"#),
      (#"{"event":"a\\","userId":"\"","timestamp":"\\\""}"#, #""a\\" | "\"" | "\\\"""#),
      (#"{"record":"funnel.run","event":1}"#, "report 1 | – | –"),
      (#"{"rec\u006frd":"funnel.run"}"#, "report – | – | –"),
      (#"{"event":1,"record":"funnel.run"}"#, "1 | – | –"),
      (#"{"Event":1,"event ":2,"even":3,"eventt":4}"#, "– | – | –"),
      (#"{"event":"Größe 😀"}"#, #""Größe 😀" | – | –"#),
    ])
  func fields(_ line: String, _ expected: String) {
    for check in Check.allCases {
      var scanner = LineScanner(Self.keys, check: check)
      #expect(scanner.scan(line).description == expected, "\(check)")
    }
  }

  @Test(
    "a line that is no object is refused with its reason and column at every level",
    arguments: [
      ("", 1, ScanError.Reason.notAnObject),
      ("  ", 3, .notAnObject),
      ("[1]", 1, .notAnObject),
      ("\"a\"", 1, .notAnObject),
      ("{", 2, .endsEarly),
      (#"{"a""#, 5, .endsEarly),
      (#"{"a"#, 4, .endsEarly),
      (#"{"a\"#, 5, .endsEarly),
      (#"{"a":"#, 6, .endsEarly),
      (#"{"a":1"#, 7, .endsEarly),
      (#"{"a":1,"#, 8, .endsEarly),
      (#"{"a":"b"#, 8, .endsEarly),
      (#"{"a":{"b":1}"#, 13, .endsEarly),
      (#"{"a":[1,2"#, 10, .endsEarly),
      (#"{a:1}"#, 2, .expectedKey),
      (#"{"a":1,}"#, 8, .expectedKey),
      (#"{,"a":1}"#, 2, .expectedKey),
      (#"{"a" 1}"#, 6, .expectedColon),
      (#"{"a"}"#, 5, .expectedColon),
      (#"{"a":}"#, 6, .expectedValue),
      (#"{"a":'b'}"#, 6, .expectedValue),
      (#"{"a":NaN}"#, 6, .expectedValue),
      (#"{"a":+1}"#, 6, .expectedValue),
      (#"{"a":.5}"#, 6, .expectedValue),
      (#"{"a":1 2}"#, 8, .expectedCommaOrEnd),
      (#"{"a":"b""c":1}"#, 9, .expectedCommaOrEnd),
      (#"{"a":01}"#, 7, .expectedCommaOrEnd),
      (#"{"a":truex}"#, 10, .expectedCommaOrEnd),
      (#"{"a":tru}"#, 6, .invalidLiteral),
      (#"{"a":nul"#, 6, .invalidLiteral),
      (#"{"a":-}"#, 6, .invalidNumber),
      (#"{"a":1.}"#, 6, .invalidNumber),
      (#"{"a":1e}"#, 6, .invalidNumber),
      (#"{"a":1e+}"#, 6, .invalidNumber),
      (#"{"a":1]"#, 7, .mismatchedBracket),
      (#"{"a":[1}}"#, 8, .mismatchedBracket),
      (#"{"a":{"b":1]}"#, 12, .mismatchedBracket),
      (#"{"a":1}}"#, 8, .trailingBytes),
      (#"{"a":1}{"a":1}"#, 8, .trailingBytes),
      (#"{"a":1} x"#, 9, .trailingBytes),
      ("{\"a\":\"\u{1}\"}", 7, .controlCharacter),
      ("{\"a\":\"b\tc\"}", 8, .controlCharacter),
      ("{\"a\u{0}\":1}", 4, .controlCharacter),
      ("{\"a\":[\"\u{0}\"]}", 8, .controlCharacter),
      (#"{"ab\x":1}"#, 5, .invalidEscape),
    ] as [(String, Int, ScanError.Reason)])
  func faults(_ line: String, _ column: Int, _ reason: ScanError.Reason) {
    for check in Check.allCases {
      var scanner = LineScanner(Self.keys, check: check)
      #expect(scanner.scan(line) == .fault(reason, column: column), "\(check)")
    }
  }

  @Test(
    "what only a full check sees is refused there and left to its reader elsewhere",
    arguments: [
      (#"{"a":"\x"}"#, 7, ScanError.Reason.invalidEscape),
      (#"{"a":"\u12g4"}"#, 7, .invalidEscape),
      (#"{"a":"\u12"}"#, 7, .invalidEscape),
      (#"{"a":[1,]}"#, 9, .expectedValue),
      (#"{"a":{"b"}}"#, 10, .expectedColon),
      (#"{"a":{"b":1 "c":2}}"#, 13, .expectedCommaOrEnd),
      (#"{"a":[nope]}"#, 7, .invalidLiteral),
    ] as [(String, Int, ScanError.Reason)])
  func onlyFull(_ line: String, _ column: Int, _ reason: ScanError.Reason) {
    var full = LineScanner(Self.keys, check: .full)
    #expect(full.scan(line) == .fault(reason, column: column))
    var structure = LineScanner(Self.keys, check: .structure)
    #expect(structure.scan(line) == .record([nil, nil, nil], isReport: false))
  }

  @Test("bytes that are no UTF-8 have the column of the first one of them")
  func invalidUTF8() {
    var full = LineScanner(Self.keys, check: .full)
    let bad = Array(#"{"event":"ab"#.utf8) + [0xC3, 0x28] + Array("\"}".utf8)
    #expect(full.scan(bad) == .fault(.invalidUTF8, column: 13))
    let badKey = Array(#"{"a"#.utf8) + [0xFF] + Array("\":1}".utf8)
    for check in Check.allCases {
      var scanner = LineScanner(Self.keys, check: check)
      #expect(scanner.scan(badKey) == .fault(.invalidUTF8, column: 4))
    }
  }

  @Test("what one line taught is taken for nothing else in the next")
  func pairs() {
    let values = ["1", "\"u\"", "\"\\u00e9\"", "\"é\"", "{}", "[\"]\"]", "null", "nope", "\"", ""]
    var lines = ["", "{}", "{ }", " {}\r", "{\"record\":1}", "{\"record\":\"\",\"event\":1}"]
    for value in values {
      for (before, between, behind) in [("", "", ""), (" ", " ", " "), ("", "\t ", "\r")] {
        let key = "\(before)\"event\"\(between):\(between)"
        let pair = "\(key)\(value)\(between),\(before)\"userId\":\(value)"
        lines += [
          "{\(key)\(value)}\(behind)", "{\(pair)\(behind)}", "{\(pair)", "{\(pair)}}", "{\(pair)]",
        ]
      }
    }
    for check in Check.allCases {
      for first in lines {
        for second in lines {
          var scanner = LineScanner(Self.keys, check: check)
          _ = scanner.scan(first)
          var fresh = LineScanner(Self.keys, check: check)
          let (scanned, expected) = (scanner.scan(second), fresh.scan(second))
          if scanned != expected {
            Issue.record("\(second) behind \(first) gave \(scanned), not \(expected)")
          }
          #expect(scanner.scan(second) == expected, "\(second) twice")
        }
      }
    }
  }

  @Test(
    "a key that differs from the learnt one in any letter is another key",
    arguments: ["event", "userId", "timestamp", "anonymousId", "abcdefghijklm", "abcdefghijklmn"])
  func nearKeys(_ key: String) {
    let learnt = Array("{\"\(key)\":\"\"}".utf8)
    for index in 0..<learnt.count {
      for bit in 0..<8 {
        var line = learnt
        line[index] ^= 1 << bit
        var scanner = LineScanner([key], check: .structure)
        #expect(scanner.scan(learnt) == .record(["\"\""], isReport: false))
        var fresh = LineScanner([key], check: .structure)
        #expect(scanner.scan(line) == fresh.scan(line), "\(String(decoding: line, as: UTF8.self))")
      }
    }
  }
}
