/// How reports are written.
public enum ReportFormat: String, CaseIterable, Sendable {
  /// One record a line, for programs.
  case json
  /// Aligned columns with bars, for people at a terminal.
  case table
  /// Comma-separated values, one table a kind of record.
  case csv
  /// Tables of GitHub-flavoured Markdown.
  case markdown

  /// The reports, given as records one a line, in this format.
  ///
  /// - Parameter width: the columns of the terminal that a table may take; at least 40 are used.
  func layOut(_ reports: [UInt8], width: Int) -> [UInt8] {
    guard self != .json else { return reports }
    var layout = ReportLayout(self, width: width)
    return layout.layOut(reports.span)
  }
}
