import Foundation
import TestSupport
import Testing

@testable import Pipes
@testable import parse

/// What parse writes is the same whether the run was interrupted or not.
@Suite("States of parse") struct ParseStateTests {
  /// Messages with campaigns, referrers, ids that share visits, repetitions and faults.
  private static func messages(_ count: Int, seed: UInt64) -> [String] {
    var randomness = Randomness(seed: seed)
    return (0..<count).map { number in
      if randomness.happens(4) { return randomness.one(of: ["nonsense\n", "\n", "{}\n"]) }
      let ids =
        [#""userId":"u\#(randomness.number(0...9))""#]
        + (randomness.happens(30) ? [#""anonymousId":"a\#(randomness.number(0...9))""#] : [])
      let message = randomness.happens(60) ? #","messageId":"m\#(randomness.number(0...80))""# : ""
      let time = 1_767_225_600 + number * 97 + randomness.number(-600...600)
      var page = #""url":"https://shop.example/p\#(randomness.number(0...3))"#
      if randomness.happens(15) {
        page += "?utm_source=s\(randomness.number(0...5))&utm_medium=cpc"
      }
      page += #"""#
      if randomness.happens(25) {
        page +=
          #","referrer":"https://\#(randomness.one(of: ["google.de", "x.example", "bsky.app"]))/""#
      }
      let source =
        randomness.happens(4)
        ? #","trafficSource":{"channel":"X\#(number % 5)","rule":1,"ruleSet":"r"}"# : ""
      return
        #"{"type":"page",\#(ids.joined(separator: ",")),"timestamp":\#(time)\#(message)\#(source)"#
        + #","context":{"page":{\#(page)},"userAgent":"Mozilla \#(number % 9) bot"}}"# + "\n"
    }
  }

  private static func table(_ count: Int, _ header: [String], dividedBy mark: String) -> [String] {
    var lines = header
    for number in 0..<count {
      lines += ["Signed Up,u\(number % 7),\(1_767_225_600 + number),\"one\n", "two \(number)\n"]
      lines += ["three \(number)\"\n", "Page Viewed,u\(number),x,y\n"]
    }
    lines.append("Last,u,1,\"open\n")
    return lines.map { $0.replacing(",", with: mark) }
  }

  private static func log(_ count: Int) -> [String] {
    (0..<count).map { number in
      "10.0.0.\(number % 5) - - [17/May/2015:10:\(10 + number % 50):03 +0000] \"GET /p\(number % 3) "
        + "HTTP/1.1\" 200 12 \"\(number % 4 == 0 ? "https://www.google.com/" : "-")\" \"Firefox\"\n"
    }
  }

  static let runs: [(arguments: [String], lines: [String])] = [
    ([], messages(240, seed: 1)),
    (["--dedupe", "1h"], messages(240, seed: 2)),
    (["--dedupe", "30d", "--no-link", "--own-host", "x.example"], messages(240, seed: 3)),
    (["--where", "trafficSource.source == 'google'"], messages(240, seed: 4)),
    (
      [],
      table(
        20, ["event,userId,timestamp,\"a \"\"note\"\"\n", "of two lines\"\n"], dividedBy: ",")
    ),
    (
      ["--from", "csv", "--dedupe", "1h"],
      table(20, ["event,userId,timestamp,note\n"], dividedBy: ";")
    ),
    ([], log(120)), (["--from", "combined", "--dedupe", "5m"], log(120)),
  ]

  @Test("parse goes on", arguments: 0..<runs.count)
  func interrupted(_ number: Int) throws {
    let (arguments, lines) = Self.runs[number]
    let run = StateRun<Parse>(arguments)
    let whole = try run.whole(lines)
    #expect(whole.bytes.count > 1000)
    let middle = lines.count / 2
    for places in [
      [0], [1], [2], [3], [middle], [middle + 1], [middle + 2], [lines.count - 1], [lines.count],
      [1, 2, 3, middle, middle + 3],
    ] {
      #expect(try run.interrupted(lines, after: places) == whole, "\(arguments) \(places)")
    }
  }

  @Test("a state of many sources and messages goes over several lines")
  func large() throws {
    let lines = (0..<20_000).map { number in
      #"{"type":"page","userId":"u\#(number)","messageId":"m\#(number)","timestamp":1767225600,"#
        + #""context":{"campaign":{"source":"s\#(number)","name":"\#(number % 9)"}}}"# + "\n"
    }
    let run = StateRun<Parse>(["--dedupe", "1h"])
    var (stage, output) = (try run.stage(), Output(program: "parse"))
    try StateRun<Parse>.take(lines[...], first: 1, &stage, &output)
    let state = StateRun<Parse>.state(&stage, &output)
    #expect(state.count > 4)
    #expect(state.allSatisfy { $0.count < 1_500_000 })
    var (resumed, other) = try run.resumed(state)
    let again = lines.shuffled().prefix(3000)
    try StateRun<Parse>.take(again, first: 20_001, &resumed, &other)
    #expect(other.bytes.isEmpty)
    let next = lines.prefix(500).map {
      $0.replacing("\"messageId\":\"m", with: "\"messageId\":\"n")
        .replacing(/,"context".*}}/, with: "}")
    }
    output.bytes = []
    try StateRun<Parse>.take(next[...], first: 23_001, &stage, &output)
    try StateRun<Parse>.take(next[...], first: 23_001, &resumed, &other)
    #expect(output.bytes == other.bytes)
    #expect(output.bytes.count > 500 * 100)
  }

  @Test("a damaged state is no crash", arguments: [1, 2, 5, 7])
  func damage(_ number: Int) throws {
    let (arguments, lines) = Self.runs[number]
    try StateRun<Parse>(arguments).survivesDamage(
      Array(lines.prefix(120)), changes: isTorture ? 20_000 : 300, seed: UInt64(number))
  }
}
