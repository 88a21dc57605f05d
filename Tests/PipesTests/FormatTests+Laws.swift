import Testing

@testable import Pipes

extension FormatTests {
  /// Pieces that lines are made of at random: structure, values and bytes that try to act.
  private static let pieces = [
    "{", "}", "[", "]", ":", ",", #""record":"a.b""#, #""record":"a.run""#, #""by":{"p":1}"#,
    #""by":{"p":"x"}"#, #"{"record":"a","#, #""xSeconds":"#, #""overall":"#, "1", "-2.123456789",
    "1e99", "true", "null", #""日本語""#, #""\u001b[2J\ud800""#, "\u{9B}", "\u{202E}", "\u{7}",
    #"{"numerator":1,"denominator":3,"value":0.3,"low":0.1,"high":0.6,"small":true}"#,
    #""a":"#, #""bC":"#, #"{"numerator":0,"denominator":9,"value":0,"complete":false}"#, #""=1|2""#,
    "\r", "\n", #"{"record":"a","k":"long long text"}"# + "\n",
  ]

  /// Numbers that look random and are the same on every run.
  private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % sides
    }
  }

  @Test func whateverComesNothingActsAndNothingIsTooWide() {
    var dice = Dice(state: 7)
    for _ in 0..<1000 {
      var reports: [UInt8] = []
      for _ in 0..<dice.roll(40) {
        reports.append(contentsOf: Self.pieces[dice.roll(Self.pieces.count)].utf8)
        if dice.roll(30) == 0 { reports.append(UInt8(dice.roll(256))) }
      }
      for format in [ReportFormat.table, .csv, .markdown] {
        let text = format.layOut(reports, width: 60)
        let string = String(decoding: text, as: UTF8.self)
        #expect(Array(string.utf8) == text, "no UTF-8 in \(format) of \(reports)")
        let acts = string.unicodeScalars.contains {
          ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value) || $0 == "\u{202E}"
        }
        #expect(!acts, "\(format) of \(reports)")
      }
    }
  }

  @Test(arguments: [0, 40, 41, 63, 77, 100, 133, 180])
  func noTableIsWiderThanTheTerminal(width: Int) {
    let lines = Self.funnel + Self.populations + Self.scores + Self.cohorts + Self.hostile
    let text = ReportFormat.table.layOut(
      Array(lines.joined(separator: "\n").utf8), width: width)
    for line in text.split(separator: UInt8(ascii: "\n")) {
      #expect(DisplayWidth.columns(of: Array(line)) <= max(width, 40))
    }
  }

  @Test func everNewKeysDoNotMakeOneTableOfAllKeys() {
    let lines = (0..<2000).map { #"{"record":"r","k\#($0)":1}"# }
    let text = laidOut(.csv, lines)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count { $0.isEmpty } == 8)
    #expect(text.utf8.count < 1_000_000)
    let wideKeys = (0..<2000).map { ",\"w\($0)\":1" }.joined()
    let wide = "{\"record\":\"r\"\(wideKeys)}"
    let mixed = [lines[0], wide, lines[0], wide, wide]
    #expect(laidOut(.csv, mixed).split(separator: "\n\n").count == 4)
    #expect(laidOut(.table, [wide]).hasSuffix(" more\n"))
  }

  @Test func deepNestingIsShownAsItIs() {
    let deep = String(repeating: #"{"a":"#, count: 400) + "1" + String(repeating: "}", count: 400)
    let lines = [#"{"record":"r","x":\#(deep)}"#]
    #expect(laidOut(.markdown, lines).contains(#"a (a (a (a (a (a (a (a ({"a":{"a""#))
    #expect(laidOut(.csv, lines).hasPrefix("record,x.a.a.a.a.a.a.a\n"))
    #expect(laidOut(.table, lines).contains("…"))
  }
}
