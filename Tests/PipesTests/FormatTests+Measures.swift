import Testing

@testable import Pipes

extension FormatTests {
  /// A measure with a unit of its own, and how it changed.
  private static func measure(_ metric: String, _ result: String, _ change: String) -> String {
    #"{"record":"kpi","metric":"\#(metric)","result":{\#(result)},"change":\#(change)}"#
  }

  @Test func measuresStandInTheirUnitsAndChangesHaveArrows() {
    let lines = [
      Self.measure(
        "share", #""numerator":1,"denominator":4,"value":0.25,"low":0.1,"high":0.5"#,
        #"{"value":0.021,"low":0.003,"high":0.04}"#),
      Self.measure(
        "nps",
        #""numerator":30,"denominator":100,"value":30,"low":14.05,"high":44.2,"unit":"points""#,
        #"{"value":-3.5,"low":-9,"high":2,"unit":"points"}"#),
      Self.measure(
        "wait",
        #""numerator":500,"denominator":4,"value":125,"low":100,"high":150,"unit":"seconds""#,
        #"{"value":-25,"low":-40,"high":-10,"unit":"seconds"}"#),
      Self.measure(
        "money", #""numerator":99.5,"denominator":null,"value":99.5,"unit":"EUR""#,
        #"{"value":0,"low":null,"high":null,"unit":"EUR"}"#),
      Self.measure(
        "count", #""numerator":4231,"denominator":null,"value":4231,"unit":"count""#, "null"),
    ]
    let text = laidOut(.table, lines, width: 100)
    for cell in [
      "25.0 % (10.0–50.0)", "30.0 (14.1–44.2)", "2 m 5 s (1 m 40 s–2 m 30 s)", "99.50 EUR",
      "4,231", "▲ 2.1 (0.3–4.0)", "▽ -3.5 (-9.0 to 2.0)", "▼ -25 s (-40 s to -10 s)",
      "= 0.00 EUR", String(ChangeValue.footnote.prefix(20)),
    ] {
      #expect(text.contains(cell), "\(cell) in\n\(text)")
    }
    #expect(laidOut(.markdown, lines).contains("| 99.50 EUR | = 0.00 EUR |"))
    #expect(laidOut(.csv, lines).hasPrefix("record,metric,result.numerator,result.denominator,"))
  }
}
