import Foundation
import TestSupport
import Testing

/// Lines that cannot be used: reason and column, and the order of the checks.
@Suite struct RejectionTests {
  static let cases: [(line: String, rejection: String)] = [
    ("x", "1:1: invalid JSON: a record is one object, {…}, on one line"),
    (#"{"event":"A","timestamp":}"#, "1:26: invalid JSON: expected a value"),
    (#"{"event":"A"}"#, "1:1: no time"),
    (#"{"event":"A","timestamp":null}"#, "1:1: no time"),
    (
      #"{"event":"A","timestamp":"yesterday"}"#,
      "1:27: bad time: neither RFC 3339 nor an epoch number nor a log date"
    ),
    (
      #"{"event":"A","timestamp":"2026-02-30T00:00:00Z"}"#,
      "1:27: bad time: neither RFC 3339 nor an epoch number nor a log date"
    ),
    (
      #"{"event":"A","timestamp":"2026-02-03 00:00:00"}"#,
      "1:27: bad time: no time zone in it; --time-zone NAME says which is meant"
    ),
    (
      #"{"event":"A","timestamp":true}"#,
      "1:26: bad time: neither RFC 3339 nor an epoch number nor a log date"
    ),
    (
      #"{"event":"A","timestamp":0}"#,
      "1:26: bad time: before --not-before 1990-01-01T00:00:00.000Z"
    ),
    (
      #"{"event":"A","userId":{},"timestamp":1573470087}"#,
      "1:23: bad id: neither a string nor a number"
    ),
    (#"{"userId":"u","timestamp":1573470087}"#, "1:1: no event name"),
    (#"{"type":"track","event":"","timestamp":1573470087}"#, "1:25: no event name: event is empty"),
    (
      #"{"type":"track","event":["A"],"timestamp":1573470087}"#,
      "1:25: no event name: event is no text"
    ),
    // JSON before time before ids before the name.
    (#"{"userId":[],"type":"track"]"#, "1:28: invalid JSON: bracket closes what was not opened"),
    (#"{"userId":[],"type":"track"}"#, "1:1: no time"),
    (
      #"{"userId":[],"type":"track","timestamp":1573470087}"#,
      "1:11: bad id: neither a string nor a number"
    ),
  ]

  @Test(arguments: cases.indices) func line(_ index: Int) throws {
    let (line, rejection) = Self.cases[index]
    #expect(try rejections(["--from", "segment"], line + "\n") == [rejection])
  }

  @Test func timesOutsideTheBounds() throws {
    let line = #"{"event":"A","timestamp":"2099-01-01T00:00:00Z"}"# + "\n"
    #expect(
      try rejections(["--from", "segment", "--not-after", "now"], line)
        == ["1:26: bad time: after the present (--not-after now)"])
    #expect(
      try rejections(["--from", "segment", "--not-after", "2098-01-01"], line)
        == ["1:26: bad time: after --not-after 2098-01-01T00:00:00.000Z"])
    #expect(try rejections(["--from", "segment"], line).isEmpty)
    #expect(
      try rejections(["--from", "segment", "--not-before", "2100-01-01"], line)
        == ["1:26: bad time: before --not-before 2100-01-01T00:00:00.000Z"])
    let old = line.replacing("2099", with: "1980")
    #expect(try rejections(["--from", "segment"], old).count == 1)
    #expect(try rejections(["--from", "segment", "--not-before", "1970-01-01"], old).isEmpty)
  }

  static let options: [(arguments: [String], message: String)] = [
    (["--time-zone", "Mars/Olympus"], "no time zone 'Mars/Olympus'"),
    (["--time-zone", "../passwd"], "no time zone '../passwd'"),
    (["--dedupe", "0s"], "--dedupe takes a duration above 0, like 24h"),
    (["--own-host", "https://a.org"], "--own-host takes a host like example.com"),
    (["--from", "combined", "--map", "x.json"], "--map goes with --from json or csv"),
    (
      ["--from", "apache"], "--from takes auto, segment, json, combined, common, csv, amplitude"
    ),
  ]

  @Test(arguments: options.indices) func badOptions(_ index: Int) throws {
    let outcome = try parse(Self.options[index].arguments, "")
    #expect(outcome.status == 64)
    #expect(outcome.errorText.contains(Self.options[index].message))
  }
}
