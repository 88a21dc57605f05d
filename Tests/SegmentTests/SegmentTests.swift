import Foundation
import TestSupport
import Testing

/// Rules, changes and populations, by hand and by replay.
@Suite struct SegmentTests {
  /// A segment is a name and its condition.
  static func rules(_ segments: [(name: String, when: String)]) throws -> URL {
    let list = segments.map { ["name": $0.name, "when": $0.when] }
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-rules-\(UUID().uuidString).json")
    try JSONSerialization.data(withJSONObject: ["segments": list]).write(to: file)
    return file
  }

  static func run(
    _ segments: [(name: String, when: String)], _ options: [String] = [], _ input: String
  ) throws -> Outcome {
    let file = try rules(segments)
    defer { try? FileManager.default.removeItem(at: file) }
    return try Programs.run("segment", ["--rules", file.path] + options, text: input)
  }

  static func line(_ name: String, _ id: String, _ time: String, _ more: String = "") -> String {
    "{\"event\":\"\(name)\",\(id),\"timestamp\":\"2026-\(time)Z\"\(more)}\n"
  }

  @Test("an event gets the segments of its person as known when it passes")
  func annotation() throws {
    let input =
      Self.line("Order Completed", #""userId":"u""#, "01-01T00:00:00", #","x":1"#)
      + Self.line("Order Completed", #""userId":"u""#, "01-02T00:00:00")
      + Self.line("Page Viewed", #""userId":"v""#, "01-02T00:00:00", #","segments":["old","two"]"#)
      + #"{"event":"Page Viewed","timestamp":"2026-01-02T00:00:00Z"}"#
    let outcome = try Self.run(
      [
        ("one", "count(event == \"Order Completed\") >= 1"),
        ("two", "count(event == \"Order Completed\") >= 2"),
      ], [], input)
    #expect(outcome.status == 0)
    #expect(
      outcome.lines.map { line in
        line.range(of: "\"segments\":").map { String(line[$0.upperBound...]) }
      } == ["[\"one\"]}", "[\"one\",\"two\"]}", "[\"old\"]}", "[]}"])
    #expect(outcome.lines[0].hasPrefix(#"{"event":"Order Completed","userId":"u","#))
    #expect(outcome.lines[0].contains(#""x":1,"segments""#))
  }

  @Test(
    "every set of segments is written, whichever came before", arguments: [(11, 200), (70, 4)])
  func manySets(segmentCount: Int, nameLength: Int) throws {
    let names = (0..<segmentCount).map { index in
      String(repeating: "x", count: nameLength) + "\(index)"
    }
    let segments = names.indices.map { (name: names[$0], when: "has(properties.b\($0 % 11))") }
    var input = ""
    var expected: [String] = []
    // More sets than are kept, more bytes too, and each comes again.
    for number in [Array(0..<2048), Array(0..<2048), [7, 7, 0]].flatMap(\.self) {
      let bits = (0..<11).filter { number >> $0 & 1 == 1 }
      let properties = bits.map { "\"b\($0)\":1" }.joined(separator: ",")
      let more = ",\"properties\":{\(properties)}"
      input += Self.line("A", #""userId":"u""#, "01-01T00:00:00", more)
      let holding = names.indices.filter { number >> ($0 % 11) & 1 == 1 }
      expected.append("[\(holding.map { "\"\(names[$0])\"" }.joined(separator: ","))]}")
    }
    let outcome = try Self.run(segments, [], input)
    #expect(outcome.status == 0)
    let written = outcome.lines.map { line in
      line.range(of: "\"segments\":").map { String(line[$0.upperBound...]) }
    }
    #expect(written == expected)
  }

  @Test("what ends or begins by time alone does so at its own time")
  func changesByTime() throws {
    let input =
      Self.line("Login", #""userId":"u""#, "01-01T00:00:00")
      + Self.line("Login", #""userId":"v""#, "01-09T00:00:00")
    let outcome = try Self.run(
      [
        ("away", "now - last(event == \"Login\") > duration(\"72h\")"),
        ("active", "count(event == \"Login\", \"64h\") > 0"),
      ], ["--changes"], input)
    let changes = outcome.lines.filter { $0.contains("\"record\"") }
    #expect(
      changes == [
        #"{"record":"segment.entered","segment":"active","userId":"u","timestamp":"2026-01-01T00:00:00.000Z"}"#,
        #"{"record":"segment.left","segment":"active","userId":"u","timestamp":"2026-01-03T17:00:00.000Z"}"#,
        #"{"record":"segment.entered","segment":"away","userId":"u","timestamp":"2026-01-04T00:00:00.001Z"}"#,
        #"{"record":"segment.entered","segment":"active","userId":"v","timestamp":"2026-01-09T00:00:00.000Z"}"#,
      ])
  }

  @Test("an event that joins two ids comes after what time has ended")
  func linksComeAfterTime() throws {
    let input =
      Self.line("Login", #""userId":"c""#, "01-01T00:00:00")
      + Self.line("Login", #""anonymousId":"y""#, "01-01T00:00:01")
      + Self.line("Login", #""userId":"z""#, "01-01T00:00:02")
      + Self.line("Note", #""userId":"z","anonymousId":"y""#, "01-09T00:00:00")
    let outcome = try Self.run(
      [("away", "now - last(event == \"Login\") > duration(\"72h\")")], ["--changes"], input)
    let times = outcome.records("segment.entered").compactMap { $0["timestamp"] as? String }
    #expect(
      times == [
        "2026-01-04T00:00:00.001Z", "2026-01-04T00:00:01.001Z", "2026-01-04T00:00:02.001Z",
      ])
  }

  @Test("one wrong date does not end the windows of other persons")
  func personsHaveTheirOwnTime() throws {
    let orders = ["01-01", "01-02"].map { day in
      Self.line("Order Completed", #""userId":"b""#, "\(day)T00:00:00")
    }
    let wrong = #"{"event":"Note","userId":"z","timestamp":"2099-01-01T00:00:00Z"}"# + "\n"
    let rule = [("regular", "count(event == \"Order Completed\", \"7d\") >= 2")]
    let outcome = try Self.run(rule, [], wrong + orders.joined())
    #expect(outcome.lines.last?.contains(#""segments":["regular"]"#) == true)
  }

  @Test("entering and leaving replayed give the populations at the end")
  func replay() throws {
    var random = Randomness(seed: 7)
    var input = ""
    for step in 0..<2000 {
      let person = Int(random.next() % 40)
      let id =
        random.next() % 3 == 0
        ? "\"anonymousId\":\"a\(person)\""
        : random.next() % 20 == 0
          ? "\"userId\":\"u\(person)\",\"anonymousId\":\"a\(person)\"" : "\"userId\":\"u\(person)\""
      let name = ["A", "B", "C"][Int(random.next() % 3)]
      let moment = Date(timeIntervalSince1970: 1_767_225_600 + Double(step * 3600))
      input +=
        "{\"event\":\"\(name)\",\(id),\"timestamp\":\"\(moment.formatted(.iso8601))\"}\n"
    }
    let rules = [
      ("often", "count(event == \"A\", \"10d\") >= 3"), ("ever", "count(event == \"B\") > 0"),
      ("quiet", "now - last(event == \"C\") > duration(\"240h\")"),
    ]
    let changes = try Self.run(rules, ["--changes"], input)
    var members: [String: Set<String>] = [:]
    for line in changes.lines where line.contains("\"record\"") {
      let record = try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
      let person = record["userId"].map { "u:" + $0 } ?? "a:" + (record["anonymousId"] ?? "")
      let segment = try #require(record["segment"])
      if record["record"] == "segment.entered" {
        #expect(members[segment, default: []].insert(person).inserted, "\(line)")
      } else {
        #expect(members[segment, default: []].remove(person) != nil, "\(line)")
      }
    }
    let populations = try Self.run(rules, ["--populations"], input)
    for record in populations.records("segment.population") {
      let segment = try #require(record["segment"] as? String)
      #expect(members[segment, default: []].count == record["persons"] as? Int, "\(segment)")
    }
  }

  @Test(
    "a rules file that cannot be used is told with its place",
    arguments: [
      (
        #"{"segments":[{"name":"a","wen":"true"}]}"#,
        ":1:26: unknown key 'wen'; known are about, name, when; did you mean 'when'?"
      ),
      (
        #"{"segment":[]}"#,
        ":1:2: unknown key 'segment'; known are about, segments; did you mean 'segments'?"
      ),
      (
        #"{"segments":[{"name":"a","when":"cont(true) > 1"}]}"#, ":1:34: unknown function 'cont'"
      ),
      (#"{"segments":[{"name":"a","when":"cont(true) > 1"}]}"#, "did you mean 'count'?"),
      // Escapes before the fault are longer in the file than in the expression.
      (
        "{\"segments\":[\n  {\"name\":\"a\",\n   \"when\":\"event == \\\"\\u00e9\\ud83d\\ude00\\\" && cont(true) > 1\"}]}",
        ":3:47: unknown function 'cont'"
      ),
      (
        #"{"segments":[{"name":"a","when":"bot"},{"name":"a","when":"bot"}]}"#,
        ":1:48: two segments are named 'a'"
      ),
      (
        #"{"segments":[{"name":"a","name":"b","when":"bot"}]}"#,
        ":1:26: the key 'name' stands here twice"
      ),
      (#"{"segments":[{"name":"a"}]}"#, ":1:14: a segment needs a text \"when\""),
      (#"{"segments":[{"when":"bot"}]}"#, ":1:14: a segment needs a text \"name\""),
      (#"{"segments":[{"name":"","when":"bot"}]}"#, ":1:22: a name is empty"),
      (#"{"segments":[{"name":"a","when":true}]}"#, ":1:33: expected a condition like"),
      (#"{"segments":[{"name":"a","when":"1"}]}"#, ":1:34: a condition is"),
      (#"{"segments":[7]}"#, ":1:14: a segment must be an object"),
      (#"{"segments":{}}"#, ":1:13: \"segments\" must be a list"),
      (#"{"segments":[]}"#, "there are no segments"),
      (#"[]"#, ":1:1: invalid JSON: the file is one object, {…}"),
      ("{}", "a rules file is"), ("", ":1:1: invalid JSON: the file is one object"),
      (#"{"segments":["#, ":1:14: invalid JSON: the file ends too early"),
      ("{\"segments\":[]}\n{}", ":2:1: invalid JSON: more stands behind the file's one object"),
      (
        #"{"segments":[{"name":"a\ud83d","when":"bot"}]}"#,
        ":1:22: the text has a lone surrogate, half of a character"
      ),
      (
        #"{"segments":[{"name":"a","when":"event == '\ude00'"}]}"#,
        ":1:33: the text has a lone surrogate"
      ),
    ])
  func badRules(content: String, message: String) throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-rules-\(UUID().uuidString).json")
    try Data(content.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let outcome = try Programs.run("segment", ["--rules", file.path])
    #expect(outcome.status == 64)
    #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
  }

  @Test("a rules file may begin with a byte order mark; standard input is the events")
  func contents() throws {
    let file = try Self.rules([("a", "event == \"A\"")])
    defer { try? FileManager.default.removeItem(at: file) }
    try (Data([0xEF, 0xBB, 0xBF]) + Data(contentsOf: file)).write(to: file)
    let input = Self.line("A", #""userId":"u""#, "01-01T00:00:00")
    let outcome = try Programs.run("segment", ["--rules", file.path], text: input)
    #expect(outcome.text.contains(#""segments":["a"]"#))
    let dash = try Programs.run("segment", ["--rules", "-"], text: input)
    #expect(
      dash.status == 64 && dash.errorText.contains("'-' is standard input"), "\(dash.errorText)")
  }

  @Test("--explain-expr says whose each expression is")
  func explanation() throws {
    let outcome = try Self.run(
      [("vip", "count(bot) > 1")],
      ["--where", "!bot", "--builtin", "lifecycle,rfm,device", "--explain-expr"], "")
    let entries = outcome.text.split(separator: "\n\n").map(String.init)
    #expect(entries.count == 5, "\(outcome.text)")
    #expect(entries.contains { $0.hasPrefix("count(bot) > 1\n  for     segment vip\n") })
    #expect(entries.contains { $0.hasPrefix("!bot\n  for     --where\n") })
    #expect(
      entries.contains(
        """
        --builtin lifecycle
          value   one of new, returning, resurrected, dormant
          reads   event
          keeps   periods of activity: 12 bytes a person
        """))
    #expect(entries.contains { $0.hasPrefix("--builtin rfm\n") && $0.contains("every 1d:") })
  }
}
