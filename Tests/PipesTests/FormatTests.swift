import Testing

@testable import Pipes

/// Reports as they come from filters, and what people and spreadsheets get to see.
@Suite struct FormatTests {
  /// The text that lines of reports become.
  func laidOut(_ format: ReportFormat, _ lines: [String], width: Int = 90) -> String {
    let reports = lines.map { $0 + "\n" }.joined()
    return String(decoding: format.layOut(Array(reports.utf8), width: width), as: UTF8.self)
  }

  /// The text of one value in the first data row of a table, its heading left out.
  func cell(_ value: String, key: String = "x") -> String {
    let table = laidOut(.table, [#"{"record":"r","\#(key)":\#(value)}"#])
    let row = table.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(3).first
    return row.map { String($0.drop { $0 == " " }) } ?? ""
  }

  @Test(arguments: ReportFormat.allCases)
  func nothingStaysNothing(format: ReportFormat) {
    #expect(laidOut(format, []) == "")
    #expect(format == .json || laidOut(format, ["", " \t"]) == "")
  }

  @Test func jsonStaysAsItIs() {
    #expect(laidOut(.json, Self.hostile) == Self.hostile.map { $0 + "\n" }.joined())
  }

  @Test func aLastLineNeedsNoNewline() {
    let report = Array(#"{"record":"score","n":1}"#.utf8)
    let text = ReportFormat.csv.layOut(report, width: 80)
    #expect(String(decoding: text, as: UTF8.self) == "record,n\nscore,1\n")
  }
}
