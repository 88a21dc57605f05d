import Testing

@testable import Pipes

extension FormatTests {
  @Test(arguments: [
    ("0", "0"), ("-0", "-0"), ("999", "999"), ("1000", "1,000"), ("-1234567", "-1,234,567"),
    ("54.50", "54.50"), ("1234567.8910", "1,234,567.8910"), ("0.3", "0.3"),
    ("0.30000000000000004", "0.3"), ("2.718281828459045", "2.7183"),
    ("123456.78901234", "123,456.789"), ("0.0123456789", "0.01235"),
    ("0.99999999", "1"), ("-0.00049999999", "-0.0005"), ("1e3", "1,000"),
    ("1.5e-3", "0.0015"), ("3.25e-45", "3.25e-45"), ("9.99996e-9", "10e-9"),
    ("0e0", "0"), ("0.00000", "0"),
    ("123456789012345678901234567890", "123,456,789,012,345,678,901,234,567,890"),
    ("1e300", "1e300"), ("1e999999", "1e999999"),
    ("0.1234567890123456789012345678901234567890", "0.1234567890123456789012345678901234567890"),
  ])
  func numbersAreGroupedAndRounded(number: String, text: String) {
    #expect(cell(number) == text)
  }

  @Test(arguments: [
    ("0", "0 s"), ("0.0004", "0 s"), ("0.0042", "4 ms"), ("0.35", "350 ms"), ("0.9996", "1 s"),
    ("5", "5 s"), ("5.25", "5.3 s"), ("9.97", "10 s"), ("42.4", "42 s"), ("59.6", "1 m"),
    ("72", "1 m 12 s"), ("3599.4", "59 m 59 s"), ("3599.6", "1 h"), ("8280", "2.3 h"),
    ("86300", "1 d"), ("345600", "4 d"), ("8640000", "100 d"), ("1e9", "11,574 d"),
    ("-72", "-1 m 12 s"), ("1e400", "inf d"), ("null", "–"),
  ])
  func secondsAreReadable(seconds: String, text: String) {
    // A column of nothing is left out, so the null needs company.
    let table = laidOut(
      .table, [#"{"record":"r","gapSeconds":\#(seconds)}"#, #"{"record":"r","gapSeconds":1}"#])
    let lines = table.split(separator: "\n").map { $0.drop { $0 == " " } }
    #expect(lines[1] == "gap")
    #expect(lines[3] == text)
  }

  @Test(arguments: [
    ("0.123", "0.112", "0.134", "12.3 % (11.2–13.4)"), ("1", "0.9936", "1", "100.0 % (99.4–100.0)"),
    ("0", "0", "0.3543", "0.0 % (0.0–35.4)"), ("0.0042", "0.0031", "0.01", "0.42 % (0.31–1.00)"),
    ("0.00042", "0.0001", "0.001", "0.042 % (0.010–0.100)"),
    ("-0.0251", "-0.04", "-0.01", "-2.5 % (-4.0 to -1.0)"), ("12.5", "null", "null", "1,250.0 %"),
    ("null", "null", "null", "–"),
  ])
  func ratesArePercentages(value: String, low: String, high: String, text: String) {
    let rate = #"{"numerator":1,"denominator":2,"value":\#(value),"low":\#(low),"high":\#(high)}"#
    #expect(cell("[\(rate)]") == text)
  }

  @Test(arguments: [
    (#""2026-03-01T12:00:05.123Z""#, "2026-03-01 12:00:05"),
    (#""2026-03-01T12:00:05+02:00""#, "2026-03-01 10:00:05"),
    (#""2026-03-01""#, "2026-03-01"), (#""2026-13-01T12:00:05.123Z""#, "2026-13-01T12:00:05.123Z"),
    ("[1000,null,true,\"a\"]", "1,000, –, true, a"), ("[[1,2],[3]]", "(1, 2); (3)"),
    (
      #"{"plan":"pro","openTickets":2,"gapSeconds":72,"vip":true,"bad":false,"no":null}"#,
      "plan pro, open tickets 2, gap 1 m 12 s, vip"
    ),
    (#"{"a":{"b":[1,{"c":2}]}}"#, "a (b (1; c 2))"), ("true", "◀ x"),
  ])
  func otherValuesAreCompact(value: String, text: String) {
    #expect(cell(value) == text)
  }

  @Test(arguments: [
    ("fromPrevious", "from previous"), ("p90Seconds", "p90"), ("seconds", "duration"),
    ("userId", "user id"), ("userID", "user ID"), ("meanAUCValue", "mean AUC value"),
    ("Order Completed", "Order Completed"), ("properties.planName", "properties.planName"),
    (#"\u001b[2J"#, #"\u{1B}[2J"#), ("", ""),
  ])
  func headingsAreWords(key: String, heading: String) {
    let table = laidOut(.table, [#"{"record":"some.longKind","\#(key)":"a long enough text"}"#])
    let lines = table.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "some long kind")
    #expect(lines[1] == heading)
  }

  @Test func theLastOfDuplicateKeysCounts() {
    let lines = [#"{"record":"r","a":1,"a":2,"\u0061":3}"#]
    #expect(laidOut(.csv, lines) == "record,a\nr,3\n")
  }

  @Test(arguments: [
    ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("👩", 2), ("🇩🇪", 2), ("ｗ", 2), ("–→·◀█", 5),
    ("a\u{200D}b", 2), ("한글", 4), ("ไทย", 3), ("", 0),
  ])
  func charactersHaveWidths(text: String, columns: Int) {
    #expect(DisplayWidth.columns(of: Array(text.utf8)) == columns)
  }
}
