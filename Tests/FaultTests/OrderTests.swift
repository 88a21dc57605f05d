import Foundation
import TestSupport
import Testing

/// The same reports whatever the order of arrival, the size of reads, the seed, the surroundings.
@Suite("Order and determinism") struct OrderTests {
  private static func run(_ command: String, _ lines: [String]) throws -> String {
    let outcome = try Programs.shell(command, input: Data(lines.joined().utf8))
    #expect(outcome.status == 0, "\(command)")
    #expect(outcome.errorText.split(separator: "\n").count <= 1, "\(command)")
    return outcome.text
  }

  @Test("the stream of these tests has many equal times, links and values")
  func stream() throws {
    let lines = Stream.mixed(800, seed: 1)
    let times = lines.compactMap { line in
      line.firstRange(of: /"timestamp":"[^"]*"/).map { line[$0] }
    }
    let counts = Dictionary(times.map { ($0, 1) }, uniquingKeysWith: +)
    #expect(counts.values.filter { $0 > 1 }.reduce(0, +) * 5 > lines.count)
    #expect(lines.count { $0.contains("userId") && $0.contains("anonymousId") } * 20 > lines.count)
  }

  @Test("22 shuffled input gives the same reports, byte for byte", arguments: Member.aggregators)
  func shuffled(_ command: String) throws {
    for seed in [1, 2] as [UInt64] {
      let lines = Stream.mixed(800, seed: seed)
      let expected = try Self.run(command, lines)
      #expect(expected.contains("\"final\":true"))
      var randomness = Randomness(seed: seed)
      for _ in 0..<2 {
        let text = try Self.run(command, lines.shuffled(using: &randomness))
        #expect(text == expected)
      }
      #expect(try Self.run(command, lines.reversed()) == expected)
    }
  }

  @Test(
    "look-back functions see the person's earlier events, linked and sorted, whatever came when")
  func lookingBack() throws {
    let lines = [
      (1, #""anonymousId":"a""#, "A"), (2, #""userId":"u""#, "B"), (3, #""anonymousId":"a""#, "A"),
      (4, #""userId":"u""#, "B"), (5, #""userId":"u","anonymousId":"a""#, "L"),
      (6, #""userId":"v""#, "B"), (6, #""userId":"v","messageId":"0""#, "A"),
      (7, #""userId":"v","bot":true"#, "A"), (8, #""userId":"v""#, "B"), (9, #""x":1"#, "B"),
    ].map { "{\"event\":\"\($2)\",\($1),\"timestamp\":\($0)}\n" }
    var randomness = Randomness(seed: 2)
    for _ in 0..<6 {
      let input = lines.shuffled(using: &randomness).joined()
      func filtered(_ condition: String, _ more: [String] = []) throws -> [Int?] {
        let outcome = try Programs.run(
          "funnel", ["--steps", "A,B", "--where", condition] + more, text: input)
        #expect(outcome.status == 0)
        let run = outcome.records("funnel.run").first
        return ["events", "filtered", "bots", "conditionErrors"].map { run?[$0] as? Int }
      }
      // u's at 3 and 4 come after two; v's bot does not count, nobody has no earlier events.
      #expect(try filtered("count(event == \"A\") >= 1") == [7, 2, 1, 1])
      #expect(try filtered("count(event == \"A\") >= 2") == [3, 6, 1, 1])
      #expect(try filtered("count(event == \"A\") >= 2", ["--bots", "include"]) == [5, 5, 0, 1])
      // The link comes too late for those before it.
      #expect(try filtered("count(true) >= 3", ["--lateness", "1h"]) == [2, 7, 1, 1])
      #expect(try filtered("count(true) >= 3") == [4, 5, 1, 1])
      #expect(try filtered("count(true) >= 3", ["--no-link"]) == [2, 7, 1, 1])
      // What --since leaves out is seen all the same.
      let since = ["--since", "1970-01-01T00:00:04Z"]
      #expect(try filtered("count(event == \"A\") >= 2", since) == [2, 7, 1, 1])
      // Of equal time an event without messageId comes first.
      let sequence = "sequence(event == \"B\", event == \"A\", \"1s\", \"1s\") && event == \"A\""
      #expect(try filtered(sequence) == [2, 7, 1, 1])
    }
  }

  @Test("a snapshot is the report of the events so far, in an aggregator that looks back too")
  func lookingBackSnapshots() throws {
    let lines = Stream.mixed(300, seed: 21)
    let command =
      "funnel --step A --step 'B=event == \"B\" && count(event == \"A\", \"1h\") > 1' --persons"
    for lateness in ["", " --lateness 6h"] {
      let text = try Self.run("\(command)\(lateness) --every 100", lines)
      let snapshots = text.components(separatedBy: "{\"record\":\"funnel.run\"").dropFirst()
      #expect(snapshots.count == 4)
      for (number, snapshot) in snapshots.dropLast().enumerated() {
        let part = try Self.run(command + lateness, Array(lines[..<(100 * (number + 1))]))
        #expect(
          "{\"record\":\"funnel.run\"" + snapshot
            == part.replacingOccurrences(of: "\"final\":true", with: "\"final\":false"))
      }
    }
  }

  @Test("with --pass events pass as they come where an aggregator looks back")
  func lookingBackPasses() throws {
    let lines = Stream.mixed(200, seed: 22)
    let text = try Self.run("funnel --steps A,B --where 'count(true) > 2' --pass", lines)
    #expect(text.hasPrefix(lines.joined()))
  }

  @Test("what looks back is refused where it cannot be, with words that help")
  func lookingBackRefused() throws {
    for (command, reason) in [
      (
        "segment --rules \(Member.rulesFile) --where 'count(true) > 1'",
        "let segment name such persons"
      ),
      (
        "funnel --steps A,B --where 'count(true) > 1' --forget 1d", "--forget needs --lateness here"
      ),
      ("funnel --steps A,B --where 'days(true, \"1h\") > 1'", "from \"1d\" to \"4096d\""),
    ] {
      let outcome = try Programs.shell(command)
      #expect(outcome.status == 64, "\(command)")
      #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
    }
  }

  @Test(
    "22 out of order: --reorder passes events in one order, whatever that of their arrival",
    arguments: Member.all.filter { $0.lateness == "--reorder" })
  func reordered(_ member: Member) throws {
    let lines = Stream.mixed(800, seed: 13)
    let expected = try Self.run("\(member.command) --reorder 5h", lines)
    #expect(expected.split(separator: "\n").count == 800)
    var randomness = Randomness(seed: 13)
    for _ in 0..<3 {
      let text = try Self.run(
        "\(member.command) --reorder 5h", lines.shuffled(using: &randomness))
      #expect(text == expected)
    }
  }

  @Test("26 events of one messageId and time that differ count alike in any order")
  func sameMessage() throws {
    let lines = ["pro", "free", "none"].map { plan in
      #"{"event":"A","userId":"u","timestamp":1,"messageId":"m","properties":{"plan":"\#(plan)"}}"#
        + "\n"
    }
    for command in [
      "funnel --steps A,B --by properties.plan",
      "segment --rules \(Member.rulesFile) --populations --by properties.plan",
    ] {
      let expected = try Self.run(command, lines)
      for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        #expect(try Self.run(command, order.map { lines[$0] }) == expected, "\(command)")
      }
    }
  }

  @Test("46 input in pieces of any size gives the same bytes", arguments: Member.all)
  func pieces(_ member: Member) throws {
    var lines = Stream.mixed(120, seed: 4)
    lines.insert("nonsense\n", at: 50)
    lines.insert(String(repeating: "x", count: 5000) + "\n", at: 70)
    lines[119].removeLast(3)
    let outcome = try Programs.shell(
      """
      d=$(mktemp -d); cat > $d/in
      \(member.command) --max-line 1K --rejects $d/r0 $d/in > $d/o0 2> $d/e0
      n=0
      for size in 1 4095 1M; do
        n=$((n + 1))
        dd bs=$size status=none < $d/in |
          \(member.command) --max-line 1K --rejects $d/r$n > $d/o$n 2> $d/e$n
        cmp $d/o0 $d/o$n
        sed "s|$d/in|-|" $d/r0 | cmp - $d/r$n
        sed "s|$d/in ||g" $d/e0 | cmp - $d/e$n
      done; wc -l < $d/r0; rm -r $d
      """, input: Data(lines.joined().utf8))
    #expect(outcome.text == "3\n")
    #expect(outcome.errorText.isEmpty)
  }

  @Test("27 neither the hash seed nor the surroundings change a byte", arguments: Member.all)
  func surroundings(_ member: Member) throws {
    let lines = Stream.mixed(500, seed: 5)
    let options = member.name == "funnel" ? "--by properties.plan" : ""
    let expected = try Self.run("\(member.command) \(options)", lines)
    for setting in [
      "", "SWIFT_DETERMINISTIC_HASHING=1", "TZ=America/New_York", "TZ=Asia/Kathmandu",
      "LC_ALL=tr_TR.UTF-8", "LC_ALL=C LANG=", "COLUMNS=40",
    ] {
      #expect(
        try Self.run("\(setting) \(member.command) \(options)", lines) == expected, "\(setting)")
    }
    let clean = try Self.run(
      "env -i $(command -v \(member.name)) \(member.options) \(options)", lines)
    #expect(clean == expected)
  }

  @Test(
    "of what parse wrote every check gives the same reports", arguments: Member.aggregators)
  func checks(_ command: String) throws {
    var lines = Stream.mixed(600, seed: 8)
    lines.append(#"{"type":"alias","userId":"u","previousId":"p","timestamp":9}"# + "\n")
    lines.append(#"{"event":"A","userId":"p","timestamp":8}"# + "\n")
    lines.append(#"{"event":"A","userId":"b","timestamp":7,"messageId":"m","bot":true}"# + "\n")
    let parsed = try Programs.shell(
      "parse --from segment --not-before 1970-01-01 --quiet", input: Data(lines.joined().utf8))
    let expected = try Self.run("\(command) --check full", [parsed.text])
    #expect(expected.contains("\"final\":true"))
    for check in ["structure", "none"] {
      #expect(try Self.run("\(command) --check \(check)", [parsed.text]) == expected, "\(check)")
    }
  }

  @Test("programs joined by a pipe report what they report through files")
  func pipeline() throws {
    let lines = Stream.mixed(600, seed: 6)
    for (first, second) in [
      ("segment --rules \(Member.rulesFile)", "funnel --steps A,B,C --by segments --pass"),
      ("segment --rules \(Member.rulesFile) --populations --pass", "funnel --steps A,B,C --pass"),
      ("segment --rules \(Member.rulesFile) --changes", "funnel --steps A,B,C --pass"),
      ("funnel --steps A,B --pass", "funnel --steps B,C --pass --where 'stage != \"\"'"),
    ] {
      let outcome = try Programs.shell(
        """
        d=$(mktemp -d); cat > $d/in
        \(first) < $d/in > $d/a && \(second) $d/a > $d/b
        \(first) < $d/in | \(second) | cmp - $d/b
        # Reports of the first stage stand in the output of the second, unchanged and in order.
        grep '^{"record":"\(first.prefix { $0 != " " })' $d/a > $d/c
        grep '^{"record":"\(first.prefix { $0 != " " })' $d/b | head -n $(wc -l < $d/c) | cmp - $d/c
        grep -vc '^{"record"' $d/b; rm -r $d
        """, input: Data(lines.joined().utf8))
      #expect(outcome.errorText.isEmpty, "\(first) | \(second)")
      #expect(outcome.text == "600\n", "\(first) | \(second)")
    }
  }

  @Test("a visitor who signs up is one person, whichever event comes first")
  func visitor() throws {
    let lines = [
      #"{"event":"A","anonymousId":"a","timestamp":1}"#,
      #"{"event":"X","userId":"u","anonymousId":"a","timestamp":2}"#,
      #"{"event":"B","userId":"u","timestamp":3}"#,
    ].map { $0 + "\n" }
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      let input = order.map { lines[$0] }.joined()
      let linked = try Programs.run("funnel", ["--steps", "A,B", "--persons"], text: input)
      #expect(linked.records("funnel.run").first?["persons"] as? Int == 1)
      #expect(linked.records("funnel.step").map { $0["persons"] as? Int } == [1, 1])
      #expect(linked.records("funnel.person").first?["userId"] as? String == "u")
      let apart = try Programs.run(
        "funnel", ["--steps", "A,B", "--persons", "--no-link"], text: input)
      #expect(apart.records("funnel.run").first?["persons"] as? Int == 2)
      #expect(apart.records("funnel.step").map { $0["persons"] as? Int } == [1, 0])
      #expect(apart.records("funnel.person").first?["anonymousId"] as? String == "a")
    }
    let alias =
      lines[0] + #"{"type":"alias","userId":"u","previousId":"a","timestamp":9}"# + "\n"
      + lines[2]
    let aliased = try Programs.run("funnel", ["--steps", "A,B"], text: alias)
    #expect(aliased.records("funnel.step").map { $0["persons"] as? Int } == [1, 1])
  }

  @Test("times at the ends of what can be written keep their order")
  func farTimes() throws {
    let lines = ["0000-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"]
      .enumerated().map { index, time in
        "{\"event\":\"\(["A", "B", "C"][index])\",\"userId\":\"u\",\"timestamp\":\"\(time)\"}\n"
      }
    let outcome = try Programs.run(
      "funnel", ["--steps", "A,B,C", "--window", "521775w", "--persons"],
      text: lines.reversed().joined()
        + #"{"event":"A","userId":"v","timestamp":"0000-01-01T00:00:00+01:00"}"#)
    #expect(outcome.records("funnel.run").first?["rejected"] as? Int == 1)
    #expect(outcome.records("funnel.person").first?["level"] as? Int == 3)
    #expect(outcome.records("funnel.run").first?["from"] as? String == "0000-01-01T00:00:00.000Z")
    #expect(outcome.records("funnel.run").first?["to"] as? String == "9999-12-31T23:59:59.999Z")
  }
}
