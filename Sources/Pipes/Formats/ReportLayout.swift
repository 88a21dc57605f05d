import Records

/// Puts the lines of the reports together into tables and has them written.
///
///     funnel.run      a title
///     funnel.step ─┐
///     funnel.step ─┴─ one table
///     score       ─┐
///     score       ─┴─ one table
///
/// For people a table is what stands together; in CSV it is all of one kind within a run, so that
/// the snapshots of a run stay apart. Cost: each line is read two or three times, memory is 8 bytes
/// a line beside the text that comes out.
struct ReportLayout {
  private let format: ReportFormat
  private let width: Int
  private var tables: [ReportTable] = []
  /// The newest table of each kind; of text under `nil`.
  private var newest: [[UInt8]?: Int] = [:]
  private var cells: [Field] = []
  private var output: [UInt8] = []

  init(_ format: ReportFormat, width: Int) {
    self.format = format
    self.width = width
  }

  /// The reports laid out.
  mutating func layOut(_ reports: Span<UInt8>) -> [UInt8] {
    var row = ReportRow()
    var start = 0
    while start < reports.count {
      let end = reports.firstOffset(of: ASCII.newline, from: start, to: reports.count)
      if !reports.isBlank(from: start, to: end) {
        row.read(reports, from: start)
        add(row, from: start, of: reports)
      }
      start = end + 1
    }
    writeTables(of: reports)
    return output
  }

  private mutating func add(
    _ row: borrowing ReportRow, from start: Int, of reports: Span<UInt8>
  ) {
    let kind = row.isText ? nil : row.kindName()
    let isCSV = format == .csv
    let isRun = kind?.suffix(4).elementsEqual(".run".utf8) ?? false
    if let number = newest[kind], !isRun {
      if tables[number].admit(row, from: start, ignoresBy: isCSV, &cells) { return }
    }
    if !isCSV || isRun { writeTables(of: reports) }
    var table = ReportTable(for: row, flattens: isCSV)
    _ = table.admit(row, from: start, ignoresBy: isCSV, &cells)
    newest[kind] = tables.count
    tables.append(table)
  }

  private mutating func writeTables(of reports: Span<UInt8>) {
    for table in tables {
      if !output.isEmpty { output.append(ASCII.newline) }
      switch format {
      case .json: break
      case .table: TerminalTable(table, width: width).write(reports, to: &output)
      case .csv: CSVTable(table).write(reports, to: &output)
      case .markdown: MarkdownTable(table).write(reports, to: &output)
      }
    }
    tables.removeAll(keepingCapacity: true)
    newest.removeAll(keepingCapacity: true)
  }
}
