import Testing

@testable import Pipes

extension FormatTests {
  /// Rates by period since, some small, some not over, some of nobody.
  static let cohorts: [String] = {
    func rate(_ numerator: Int, _ denominator: Int, _ rest: String = "") -> String {
      #"{"numerator":\#(numerator),"denominator":\#(denominator),"#
        + #""value":\#(Double(numerator) / Double(denominator)),"low":0,"high":1\#(rest)}"#
    }
    let small = #","small":true"#
    return [
      #"{"record":"cohort.retention","cohort":"2026-03-02","persons":1000,"retained":{"#
        + #""week1":\#(rate(612, 1000)),"week2":\#(rate(250, 1000)),"week3":\#(rate(2, 1000, small)),"#
        + #""week4":\#(rate(1000, 1000))}}"#,
      #"{"record":"cohort.retention","cohort":"2026-03-09","persons":9,"retained":{"#
        + #""week1":\#(rate(2, 9, small)),"week2":\#(rate(0, 9, small)),"week3":null}}"#,
      #"{"record":"cohort.retention","cohort":"2026-03-16","persons":40,"retained":{"#
        + #""week1":\#(rate(3, 40, small + #","complete":false"#))},"complete":false}"#,
      #"{"record":"cohort.retention","cohort":"2026-03-23","persons":0,"retained":null}"#,
    ]
  }()

  @Test func anObjectOfRatesIsARowOfAHeatTable() {
    let expected = #"""
      cohort retention
      cohort      persons  week1  week2  week3  week4
      ──────────  ───────  ─────  ─────  ─────  ─────
      2026-03-02    1,000   61 █   25 ▓   <1*░  100 █
      2026-03-09        9   22*▒    0*·      –
      2026-03-16       40    8*…
      2026-03-23        0
      * small: fewer than 5 in or outside it
      percent: ░ under 10, ▒ under 25, ▓ under 50, █ from 50 on; … the period is not
        over

      """#
    #expect(laidOut(.table, Self.cohorts, width: 80) == expected)
    #expect(laidOut(.markdown, Self.cohorts).contains("| 2026-03-16 | 40 | 8\\*… "))
    let csv = laidOut(.csv, Self.cohorts).split(separator: "\n")
    #expect(csv[0].hasPrefix("record,cohort,persons,retained.week1.numerator,"))
    #expect(csv[0].contains(",retained.week1.complete,"))
    #expect(csv[3].hasPrefix("cohort.retention,2026-03-16,40,3,40,0.075,0,1,true,"))
  }
}
