import Foundation
import Records
import TestSupport
import Testing

/// Times as RFC 3339 and as numbers.
@Suite("Moment") struct MomentTests {
  static func moment(_ text: String) -> Int64? {
    let bytes = padded(text)
    return Moment(rfc3339: bytes.span, from: 0, to: text.utf8.count)?.milliseconds
  }

  static func text(_ milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    Moment(milliseconds: milliseconds).append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "a time of RFC 3339 is the moment it names",
    arguments: [
      ("1970-01-01T00:00:00Z", 0),
      ("1969-12-31T23:59:59.999Z", -1),
      ("2026-03-13T10:21:14.123Z", 1_773_397_274_123),
      ("2026-03-13t10:21:14.123z", 1_773_397_274_123),
      ("2026-03-13 10:21:14.123Z", 1_773_397_274_123),
      ("2026-03-13T10:21:14.1239999Z", 1_773_397_274_123),
      ("2026-03-13T10:21:14.1Z", 1_773_397_274_100),
      ("2026-03-13T16:06:14.123+05:45", 1_773_397_274_123),
      ("2026-03-13T04:21:14.123-06:00", 1_773_397_274_123),
      ("2026-03-13T10:21:14.123-00:00", 1_773_397_274_123),
      ("2016-12-31T23:59:60Z", 1_483_228_800_000),
      ("2016-12-31T23:59:60.5Z", 1_483_228_800_500),
      ("2024-02-29T00:00:00Z", 1_709_164_800_000),
      ("2000-02-29T00:00:00Z", 951_782_400_000),
      ("0000-01-01T00:00:00Z", -62_167_219_200_000),
      ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] as [(String, Int64)])
  func times(_ text: String, _ milliseconds: Int64) {
    #expect(Self.moment(text) == milliseconds)
  }

  @Test(
    "what is no time of RFC 3339 gives none",
    arguments: [
      "", "2026", "2026-03-13", "2026-03-13T10:21:14", "2026-03-13T10:21Z",
      "2026-03-13T10:21:14.Z", "2026-03-13T10:21:14,5Z", "2026-03-13T10:21:14Zx",
      "2026-03-13T10:21:14Z ", " 2026-03-13T10:21:14Z", "2026-03-13T10:21:14+0545",
      "2026-03-13T10:21:14+05", "2026-03-13T10:21:14+24:00", "2026-03-13T10:21:14+05:60",
      "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
      "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z",
      "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z",
      "2026-01-01T23:60:00Z", "2026-01-01T23:59:61Z", "2026-1-01T00:00:00Z",
      "26-01-01T00:00:00Z", "2026/01/01T00:00:00Z", "2026-01-01_00:00:00Z",
      "２026-01-01T00:00:00Z", "-026-01-01T00:00:00Z", "2026-01-01T00.00:00Z",
      "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
      "9999-12-31T23:59:60.000Z", "9999-12-31T23:59:60Z",
    ])
  func noTimes(_ text: String) {
    #expect(Self.moment(text) == nil)
  }

  @Test("a moment that is written is read back the same")
  func roundTrip() {
    var randomness = Randomness(seed: 1)
    let first = Moment.writableStart.milliseconds
    let last = Moment.writableEnd.milliseconds - 1
    for milliseconds in [first, first + 1, -1, 0, 1, last - 1, last] {
      #expect(Self.moment(Self.text(milliseconds)) == milliseconds)
    }
    for _ in 0..<20_000 {
      let milliseconds = Int64.random(in: first...last, using: &randomness)
      if Self.moment(Self.text(milliseconds)) != milliseconds { Issue.record("\(milliseconds)") }
    }
  }

  @Test("the form that parse writes is read as any other, whichever byte of it is changed")
  func canonical() {
    for text in [
      "2026-03-13T10:21:14.123Z", "0000-01-01T00:00:00.000Z", "2024-02-29T23:59:60.999Z",
      "1900-02-28T19:09:09.090Z",
    ] {
      for place in 0..<24 {
        for byte in UInt8.min...UInt8.max {
          var bytes = padded(text)
          bytes[place] = byte
          let parsed = parseTime(bytes.span, from: 0, to: 24)
          let expected = parsed.flatMap { $0.hasZone && $0.end == 24 ? $0.moment : nil }
          if Moment(rfc3339: bytes.span, from: 0, to: 24) != expected {
            Issue.record("\(text) with \(byte) at \(place)")
          }
          // Once of a day that it knows, once of another.
          for known in [text, "2026-03-14T00:00:00.000Z"] {
            var day = RecentDay()
            _ = day.moment(rfc3339: padded(known).span, from: 0, to: 24)
            if day.moment(rfc3339: bytes.span, from: 0, to: 24) != expected {
              Issue.record("\(text) with \(byte) at \(place) behind \(known)")
            }
          }
        }
      }
    }
  }

  @Test("moments past what can be written are cut to the nearest one that can")
  func clamped() {
    #expect(Self.text(.min) == "0000-01-01T00:00:00.000Z")
    #expect(Self.text(.max) == "9999-12-31T23:59:59.999Z")
  }

  @Test("day numbers are those of Foundation's calendar")
  func days() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    var randomness = Randomness(seed: 2)
    // Foundation has the Julian calendar before October 1582.
    for _ in 0..<5000 {
      let day = Int64.random(in: -141_000...2_932_896, using: &randomness)
      let date = CivilDate(dayNumber: day)
      let seconds = TimeInterval(day) * 86_400
      let parts = calendar.dateComponents(
        [.year, .month, .day], from: Date(timeIntervalSince1970: seconds))
      let isSame =
        parts.year == Int(date.year) && parts.month == Int(date.month)
        && parts.day == Int(date.day)
        && dayNumber(year: date.year, month: date.month, day: date.day) == day
        && Moment(milliseconds: day * 86_400_000).dayNumber == day
        && Moment(milliseconds: day * 86_400_000 + 86_399_999).dayNumber == day
      if !isSame { Issue.record("day \(day) is \(date)") }
    }
  }

  @Test("every day of four centuries follows the one before")
  func everyDay() {
    var expected = CivilDate(dayNumber: dayNumber(year: -1, month: 12, day: 31))
    for day in dayNumber(year: 0, month: 1, day: 1)..<dayNumber(year: 400, month: 1, day: 1) {
      let date = CivilDate(dayNumber: day)
      let endsMonth = expected.day == daysInMonth(year: expected.year, month: expected.month)
      let isNext =
        date.day == (endsMonth ? 1 : expected.day + 1)
        && date.month == (endsMonth ? expected.month % 12 + 1 : expected.month)
      if !isNext { Issue.record("\(date) after \(expected)") }
      expected = date
    }
    #expect(expected.year == 399)
  }

  @Test(
    "a number since the epoch is in the unit that its size tells",
    arguments: [
      ("0", 0), ("1", 1000), ("-1", -1000), ("0.5", 500), ("-0.5", -500), ("1.9999", 1999),
      ("-1.9999", -2000), ("1773397274", 1_773_397_274_000), ("1773397274.123", 1_773_397_274_123),
      ("1773397274.1239", 1_773_397_274_123), ("1773397274123", 1_773_397_274_123),
      ("1773397274123.9", 1_773_397_274_123), ("1773397274123456", 1_773_397_274_123),
      ("1773397274123999", 1_773_397_274_123), ("1.773397274123e12", 1_773_397_274_123),
      ("1773397274123000e-6", 1_773_397_274_000 + 123), ("-1500000000000", -1_500_000_000_000),
      ("-1500000000000001", -1_500_000_000_001), ("99999999999", 99_999_999_999_000),
      ("100000000000", 100_000_000_000), ("-62167219200", -62_167_219_200_000),
    ] as [(String, Int64)])
  func epochNumbers(_ text: String, _ milliseconds: Int64) throws {
    let number = try #require(DecimalTests.number(text))
    #expect(Moment(epochNumber: number)?.milliseconds == milliseconds)
  }

  @Test(
    "a number of no sensible size, or of a year that cannot be written, is no moment",
    arguments: ["1e30", "-1e30", "100000000000000000", "1e9999", "-62167219201", "-99999999999"])
  func noEpochNumbers(_ text: String) throws {
    let number = try #require(DecimalTests.number(text))
    #expect(Moment(epochNumber: number) == nil)
  }
}
