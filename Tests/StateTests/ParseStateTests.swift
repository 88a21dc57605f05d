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
      var ids =
        randomness.happens(80) ? [#""userId":"u\#(randomness.number(0...9))""#] : []
      if ids.isEmpty || randomness.happens(30) {
        ids.append(#""anonymousId":"a\#(randomness.number(0...9))""#)
      } else if randomness.happens(5) {
        ids.append(#""previousId":"a\#(randomness.number(0...9))""#)
      }
      let type = ids.last?.contains("previous") == true ? "alias" : "page"
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
        #"{"type":"\#(type)",\#(ids.joined(separator: ",")),"timestamp":\#(time)\#(message)\#(source)"#
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
    (["--links", "--drop", "context.userAgent"], messages(240, seed: 5)),
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

  /// The lines of a source's sample, three times: the second and third time all is a repetition.
  private static func sample(_ name: String) throws -> [String] {
    let file = Programs.root.appendingPathComponent("Tests/ParseTests/Samples/\(name).ndjson")
    let text = try String(contentsOf: file, encoding: .utf8)
    let lines = text.split(separator: "\n").map { String($0) + "\n" }
    return lines + lines + lines
  }

  @Test("a format that is a mapping goes on", arguments: BuiltInMap.formats.map(\.name))
  func mapped(_ format: String) throws {
    let lines = try Self.sample(format)
    for arguments in [["--dedupe", "30d"], ["--from", format, "--links"]] {
      let run = StateRun<Parse>(arguments)
      let whole = try run.whole(lines)
      #expect(whole.bytes.count > 100)
      for places in [[1], [lines.count / 2], [lines.count / 3, lines.count - 1], [lines.count]] {
        #expect(try run.interrupted(lines, after: places) == whole, "\(arguments) \(places)")
      }
    }
  }

  /// What was linked before the input grew is known when the files are read anew.
  @Test("--stitch goes on")
  func stitched() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("parse-stitch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ name: String, _ lines: ArraySlice<String>) throws -> String {
      let file = folder.appendingPathComponent(name)
      try Data(lines.joined().utf8).write(to: file)
      return file.path
    }
    let lines = Self.messages(240, seed: 6)
    let (first, second) = (try write("1", lines[..<120]), try write("2", lines[120...]))
    let output = folder.appendingPathComponent("out").path
    let options = ["--state", folder.appendingPathComponent("state").path, "--output", output]
    _ = try Programs.run("parse", options + ["--stitch", first])
    _ = try Programs.run("parse", options + ["--stitch", first, second])
    let parts = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
    let whole = try Programs.run("parse", ["--stitch", first, second])
    // The ids of the second file's events, which nothing behind them changes.
    func ids(_ line: Substring) -> Substring {
      line.prefix(upTo: line.firstRange(of: "time")?.lowerBound ?? line.endIndex)
    }
    let count = try Programs.run("parse", [first]).lines.count
    let expected = whole.text.split(separator: "\n").dropFirst(count).map(ids)
    #expect(parts.dropFirst(count).map(ids) == expected)
    #expect(expected.count > 100)
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

  @Test("a damaged state is no crash", arguments: [1, 2, 4, 6, 8])
  func damage(_ number: Int) throws {
    let (arguments, lines) = Self.runs[number]
    try StateRun<Parse>(arguments).survivesDamage(
      Array(lines.prefix(120)), seed: UInt64(number))
  }
}
