import Foundation
import TestSupport
import Testing

/// What could not be evaluated is told, with the first reasons but for fields that events lack.
@Suite("Conditions that fail") struct FailureTests {
  static let input =
    SegmentTests.line("A", #""userId":"u""#, "01-01T00:00:00", #","properties":{"n":1}"#)
    + SegmentTests.line("A", #""userId":"v""#, "01-02T00:00:00")
    + SegmentTests.line("A", #""userId":"v""#, "01-03T00:00:00", #","properties":{"n":"x"}"#)
  static let rules = [
    ("high", "properties.n > 0"), ("text", "event.size() > properties.n"), ("a", "event == \"A\""),
  ]
  static let reasons =
    "conditions could not be evaluated 4 times, and were false there (segment high: values of these"
    + " types do not go together here; segment text: values of these types do not go together here)"

  @Test("by annotators, with and without changes")
  func annotators() throws {
    for options in [[], ["--changes"]] {
      let outcome = try SegmentTests.run(Self.rules, options, Self.input)
      #expect(outcome.status == 0)
      #expect(outcome.errorText.contains(Self.reasons), "\(outcome.errorText)")
    }
    let none = try SegmentTests.run([("a", "event == \"A\"")], [], Self.input)
    #expect(none.errorText.isEmpty)
    let quiet = try SegmentTests.run(Self.rules, ["--quiet"], Self.input)
    #expect(quiet.errorText.isEmpty)
  }

  @Test("in the run header of populations, once a person and rule, whatever snapshots there are")
  func populations() throws {
    for options in [[], ["--every", "1"]] {
      let outcome = try SegmentTests.run(Self.rules, ["--populations"] + options, Self.input)
      #expect(outcome.records("segment.run").last?["conditionErrors"] as? Int == 2)
      #expect(
        outcome.errorText.contains("(segment high: values of these types"), "\(outcome.errorText)")
    }
  }

  @Test("by --where of annotators and of parse")
  func filters() throws {
    let segments = try SegmentTests.run(
      [("a", "event == \"A\"")], ["--where", "properties.n > 0"], Self.input)
    #expect(segments.lines.count == 1)
    let reason =
      "could not be evaluated 2 times, and were false there (--where: values of these types do not go"
      + " together here)"
    #expect(segments.errorText.contains(reason), "\(segments.errorText)")
    let parsed = try Programs.run(
      "parse", ["--from", "segment", "--where", "properties.n > 0"], text: Self.input)
    #expect(parsed.lines.count == 1)
    #expect(parsed.errorText.contains(reason), "\(parsed.errorText)")
  }

  @Test("fields that events lack are counted, and nothing is said of them")
  func missingFields() throws {
    let input = SegmentTests.line(
      "A", #""userId":"u""#, "01-01T00:00:00", #","plan":"a","properties":{"n":1}"#)
    let lacking = SegmentTests.line("A", #""userId":"v""#, "01-02T00:00:00")
    let rules = [
      ("high", "properties.n > 0"), ("early", "plan < \"m\""),
      ("quiet", "now - last(event == \"B\") > duration(\"1h\")"),
    ]
    for options in [[], ["--changes"], ["--where", "properties.n > 0"], ["--populations"]] {
      let outcome = try SegmentTests.run(rules, options, input + lacking)
      #expect(outcome.status == 0 && outcome.errorText.isEmpty, "\(outcome.errorText)")
    }
    let counted = try SegmentTests.run(rules, ["--populations"], input + lacking)
    #expect(counted.records("segment.run").last?["conditionErrors"] as? Int == 4)
    // Another reason is found behind many of these.
    let text = SegmentTests.line(
      "A", #""userId":"v""#, "01-03T00:00:00", #","properties":{"n":"x"}"#)
    for (lacks, isTold) in [(99, true), (100, false)] {
      let lines = String(repeating: lacking, count: lacks) + text
      let outcome = try SegmentTests.run(rules, [], lines)
      #expect(outcome.errorText.contains("segment high: values of") == isTold, "\(lacks)")
    }
  }

  @Test("a person of two parts is refused where order counts, and only there")
  func parts() throws {
    let one = SegmentTests.line("A", #""userId":"u""#, "01-01T00:00:00")
    let two = SegmentTests.line("B", #""userId":"u""#, "01-02T00:00:00")
    let other = SegmentTests.line("B", #""userId":"v""#, "01-02T00:00:00")
    let file = try SegmentTests.rules([("a", "count(event == \"A\") > 0")])
    defer { try? FileManager.default.removeItem(at: file) }
    let trend = ["--rules", file.path, "--populations", "--period", "day"]
    let lookingBack = ["--steps", "A,B", "--where", "count(event == \"A\") > 0"]
    for (program, options) in [("segment", trend), ("funnel", lookingBack)] {
      func part(_ text: String) throws -> String {
        let outcome = try Programs.run(program, options + ["--partial"], text: text)
        #expect(outcome.errorText.contains("are in one part"), "\(outcome.errorText)")
        return outcome.text
      }
      let (first, second) = (try part(one), try part(two))
      for input in [first + second, second + first, first + two, two + first] {
        let merged = try Programs.run(program, options, text: input)
        #expect(merged.status == 65 && merged.text.isEmpty, "\(program) \(merged.text)")
        #expect(merged.errorText.contains("'u' has events in another part"), "\(merged.errorText)")
      }
      let whole = try Programs.run(program, options, text: one + two + other)
      let together = try Programs.run(program, options, text: try part(one + two) + other)
      #expect(together.text == whole.text && together.status == 0)
    }
    // Without an order the sum of the parts is the whole.
    let plain = Array(trend.prefix(3))
    let parts = try [one, two].map { try Programs.run("segment", plain + ["--partial"], text: $0) }
    #expect(parts.allSatisfy { $0.errorText.isEmpty })
    let merged = try Programs.run("segment", plain, text: parts.map(\.text).joined())
    #expect(merged.text == (try Programs.run("segment", plain, text: one + two)).text)
  }
}
