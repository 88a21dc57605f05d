import Foundation
import TestSupport
import Testing

/// Lines and the canonical form that they must have, checked by hand.
@Suite struct CanonicalTests {
  /// `@` stands for the traffic source of none.
  static let cases: [(line: String, canonical: String)] = [
    (
      #"{"type":"track","event":"A","userId":"u","timestamp":"2026-03-13T10:21:14.5+01:00"}"#,
      #"{"event":"A","userId":"u","timestamp":"2026-03-13T09:21:14.500Z","trafficSource":@,"type":"track"}"#
    ),
    // Both ids, other fields in their order and with their spaces, numbers as their digits.
    (
      #"{"plan": "pro",  "n":1.50e3, "anonymousId":"a","event":"A","x":[ 1 ],"userId":7,"sentAt":"2026-03-13T10:21:14Z"}"#,
      #"{"event":"A","userId":7,"anonymousId":"a","timestamp":"2026-03-13T10:21:14.000Z","trafficSource":@,"plan": "pro",  "n":1.50e3,"x":[ 1 ],"sentAt":"2026-03-13T10:21:14Z"}"#
    ),
    // Names that the type gives; an empty id and null are none.
    (
      #"{"type":"page","anonymousId":"a","userId":"","timestamp":1573470087}"#,
      #"{"event":"Page Viewed","anonymousId":"a","timestamp":"2019-11-11T11:01:27.000Z","channel":"web","trafficSource":@,"type":"page"}"#
    ),
    (
      #"{"type":"identify","anonymousId":null,"userId":"u","timestamp":1573470087123}"#,
      #"{"event":"Identified","userId":"u","timestamp":"2019-11-11T11:01:27.123Z","trafficSource":@,"type":"identify"}"#
    ),
    (
      #"{"type":"group","userId":"u","timestamp":"1573470087.5"}"#,
      #"{"event":"Grouped","userId":"u","timestamp":"2019-11-11T11:01:27.500Z","trafficSource":@,"type":"group"}"#
    ),
    (
      #"{"type":"alias","userId":"u","previousId":"a","timestamp":1573470087123456}"#,
      #"{"event":"Aliased","userId":"u","timestamp":"2019-11-11T11:01:27.123Z","type":"alias","previousId":"a","trafficSource":@}"#
    ),
    // The last of duplicate keys counts, and no earlier one may undo it.
    (
      #"{"event":"A","event":"B","timestamp":"2026-03-13T10:21:14Z"}"#,
      #"{"event":"B","timestamp":"2026-03-13T10:21:14.000Z","trafficSource":@}"#
    ),
    // A key written with escapes is the same key.
    (
      #"{"\u0065vent":"A","timestamp":"2026-03-13T10:21:14Z","é":"\ud83d\ude00"}"#,
      #"{"event":"A","timestamp":"2026-03-13T10:21:14.000Z","trafficSource":@,"é":"\ud83d\ude00"}"#
    ),
    // A touchpoint stays, any other channel moves into the context, other foreign fields too.
    (
      #"{"event":"A","channel":"email","timestamp":"2026-03-13T10:21:14Z"}"#,
      #"{"event":"A","timestamp":"2026-03-13T10:21:14.000Z","channel":"email","trafficSource":@}"#
    ),
    (
      #"{"event":"A","channel":"server","context":{"ip":"::1"},"stage":3,"timestamp":"2026-03-13T10:21:14Z"}"#,
      #"{"event":"A","timestamp":"2026-03-13T10:21:14.000Z","trafficSource":@,"context":{"ip":"::1","channel":"server","stage":3}}"#
    ),
    (
      #"{"event":"A","session":"s1","bot":"no","trafficSource":"ad","timestamp":"2026-03-13T10:21:14Z"}"#,
      #"{"event":"A","timestamp":"2026-03-13T10:21:14.000Z","trafficSource":@,"context":{"trafficSource":"ad","bot":"no","session":"s1"}}"#
    ),
    (
      #"{"event":"A","channel":"server","context":"c","timestamp":"2026-03-13T10:21:14Z"}"#,
      #"{"event":"A","timestamp":"2026-03-13T10:21:14.000Z","trafficSource":@,"context":{"context":"c","channel":"server"}}"#
    ),
    // Touchpoints that the message shows.
    (
      #"{"event":"Email Opened","timestamp":"2026-03-13T10:21:14Z"}"#,
      #"{"event":"Email Opened","timestamp":"2026-03-13T10:21:14.000Z","channel":"email","trafficSource":@}"#
    ),
    (
      #"{"type":"screen","timestamp":"2026-03-13T10:21:14Z"}"#,
      #"{"event":"Screen Viewed","timestamp":"2026-03-13T10:21:14.000Z","channel":"mobile","trafficSource":@,"type":"screen"}"#
    ),
    // A crawler.
    (
      #"{"event":"A","context":{"userAgent":"Mozilla/5.0 (compatible; Googlebot/2.1)"},"timestamp":"2026-03-13T10:21:14Z"}"#,
      #"{"event":"A","timestamp":"2026-03-13T10:21:14.000Z","bot":true,"trafficSource":@,"context":{"userAgent":"Mozilla/5.0 (compatible; Googlebot/2.1)"}}"#
    ),
    // A phone whose name holds the word is none.
    (
      #"{"event":"A","context":{"userAgent":"Mozilla/5.0 (Linux; Android 9; CUBOT_P30)"},"bot":false,"timestamp":"2026-03-13T10:21:14Z"}"#,
      #"{"event":"A","timestamp":"2026-03-13T10:21:14.000Z","trafficSource":@,"context":{"userAgent":"Mozilla/5.0 (Linux; Android 9; CUBOT_P30)"},"bot":false}"#
    ),
    // Reports pass.
    (#"{"record":"x.run","n":1}"#, #"{"record":"x.run","n":1}"#),
  ]

  @Test(arguments: cases.indices) func line(_ index: Int) throws {
    let (line, expected) = Self.cases[index]
    let canonical = expected.replacingOccurrences(of: "@", with: direct)
    let outcome = try parse(["--from", "segment"], line + "\n")
    #expect(outcome.text == canonical + "\n")
    #expect(try parse(["--from", "segment"], canonical + "\n").text == canonical + "\n")
  }

  @Test func batchIsTakenWholeOrNotAtAll() throws {
    let good = #"{"event":"A","timestamp":"2026-03-13T10:21:14Z"}"#
    let whole = try parse(
      ["--from", "segment"], "{\"batch\":[\(good), \(good)]}\n{\"batch\":[]}\n")
    #expect(whole.lines.count == 2)
    #expect(whole.errorText.contains("2 lines read = 1 used + 0 rejected"))
    #expect(whole.errorText.contains("1 skipped"))
    let torn = try rejections(["--from", "segment"], "{\"batch\":[\(good),{\"event\":\"B\"}]}\n")
    #expect(torn == ["1:60: in a batch: no time"])
  }

  @Test func linesWithoutNewlineAndWindowsEndsAndBlankLines() throws {
    let line = #"{"event":"A","timestamp":"2026-03-13T10:21:14.000Z"}"#
    let outcome = try parse(["--from", "segment"], "\u{FEFF}\(line)\r\n \r\n\n\(line)")
    #expect(outcome.lines.count == 2)
    #expect(!outcome.text.contains("\r"))
    #expect(
      outcome.errorText.contains(
        "4 lines read = 2 used + 0 rejected + 0 duplicates + 0 filtered + 0 skipped + 2 blank; "
          + "2 events written"))
  }

  @Test func filtersSeeWhatParseAdds() throws {
    let lines = ["email", "web"].map {
      "{\"event\":\"A\",\"channel\":\"\($0)\",\"timestamp\":\"2026-03-13T10:21:14.000Z\"}\n"
    }.joined()
    let outcome = try parse(
      ["--from", "segment", "--where", "channel == \"web\" && trafficSource.rule == 1"], lines)
    #expect(outcome.lines.count == 1)
    #expect(outcome.errorText.contains("1 used + 0 rejected + 0 duplicates + 1 filtered"))
    let later = try parse(["--from", "segment", "--since", "2026-03-14"], lines)
    #expect(later.text.isEmpty)
  }
}
