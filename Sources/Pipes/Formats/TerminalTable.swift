import Records

/// Writes a table for people at a terminal: a title, aligned columns, a bar for the main rate.
///
///     funnel step  ·  properties.plan: pro
///     step  name             persons               overall
///     ────  ───────────────  ───────  ────────────────────
///        1  Product Viewed       598  100.0 % (99.4–100.0)  ████████████████████
///        2  Product Added        480   80.3 % (76.9–83.3)   ████████████████
///
/// No line of a table is wider than the terminal; titles go on in the next line.
struct TerminalTable {
  private let table: ReportTable
  private let width: Int

  /// The narrowest terminal that is laid out for.
  private static let widthMin = 40
  /// Columns left out that are named, the others are counted.
  private static let omittedNamesMax = 20

  init(_ table: ReportTable, width: Int) {
    self.table = table
    self.width = max(width, TerminalTable.widthMin)
  }

  /// Writes the title and the table, the header of a run as a title alone, text as it is.
  func write(_ reports: Span<UInt8>, to output: inout [UInt8]) {
    if table.isRun {
      table.forEachRow(of: reports) { row, _ in writeRun(row, to: &output) }
    } else if table.isText {
      table.forEachRow(of: reports) { row, _ in
        output.append(shown: row.bytes.span, from: 0, to: row.count)
        output.append(ASCII.newline)
      }
    } else {
      writeTable(reports, to: &output)
    }
  }

  private func writeRun(_ row: borrowing ReportRow, to output: inout [UInt8]) {
    let title = RunTitle(row)
    var lines = TitleLines(width: width)
    lines.append(title.program, separator: "")
    lines.indentToHere()
    for (index, part) in title.scope.enumerated() {
      lines.append(part, separator: index == 0 ? "  " : "  ·  ")
    }
    for (index, part) in title.remarks.enumerated() {
      if index == 0 { lines.breakLine() }
      lines.append(part, separator: index == 0 ? "" : "  ·  ")
    }
    output.append(contentsOf: lines.finished())
  }

  private func writeTable(_ reports: Span<UInt8>, to output: inout [UInt8]) {
    var title = TitleLines(width: width)
    for (index, part) in table.titleParts().enumerated() {
      title.append(part, separator: index == 0 ? "" : "  ·  ")
    }
    output.append(contentsOf: title.finished())
    let all = table.shownColumns()
    // More have no place in any terminal, and fitting takes the square of their number.
    let shown = Array(all.prefix(ReportColumns.countMax))
    guard !shown.isEmpty else { return }
    let sizes = measured(shown, of: reports)
    let columns = zip(shown, sizes).map { TableColumn($0, table.columns.all[$0], $1) }
    let fit = TableFit(columns, main: mainRate(of: shown), widthMax: width)
    writeHeader(fit, to: &output)
    var text = CellText()
    var line = TableLine()
    table.forEachRow(of: reports) { row, cells in
      for column in fit.columns {
        text.write(cells[column.number], of: table.columns.all[column.number], in: row.bytes.span)
        line.append(text, in: column)
        if column.number == fit.main, fit.barWidth > 0 {
          line.append(barOf: text.rate?.share ?? 0, width: fit.barWidth)
        }
      }
      line.finish(into: &output)
    }
    writeFootnotes(fit, hasSmall: sizes.contains(where: \.hasSmall), to: &output)
    writeOmitted(fit.omitted + all.dropFirst(shown.count), to: &output)
  }

  /// The column that the bar is drawn for: `overall`, else the first rate.
  private func mainRate(of shown: [Int]) -> Int? {
    let rates = shown.filter { table.columns.all[$0].hasRate }
    let overall = rates.first { table.columns.all[$0].name.elementsEqual("overall".utf8) }
    return overall ?? rates.first
  }

  private func measured(_ shown: [Int], of reports: Span<UInt8>) -> [CellSize] {
    var sizes = [CellSize](repeating: CellSize(), count: shown.count)
    var text = CellText()
    table.forEachRow(of: reports) { row, cells in
      for (index, number) in shown.enumerated() {
        text.write(cells[number], of: table.columns.all[number], in: row.bytes.span)
        sizes[index].include(text)
      }
    }
    return sizes
  }

  private func writeHeader(_ fit: TableFit, to output: inout [UInt8]) {
    let headings = fit.columns.map { $0.headingLines(table.columns.all[$0.number].heading) }
    let lineCount = headings.reduce(1) { max($0, $1.count) }
    var line = TableLine()
    for index in 0..<lineCount {
      for (column, heading) in zip(fit.columns, headings) {
        let place = index - (lineCount - heading.count)
        line.append(place < 0 ? [] : heading[place], in: column)
        if column.number == fit.main { line.append(blankOf: fit.barWidth) }
      }
      line.finish(into: &output)
    }
    for column in fit.columns {
      if column.isMark { line.append(blankOf: column.width) } else { line.append(ruleIn: column) }
      if column.number == fit.main { line.append(blankOf: fit.barWidth) }
    }
    line.finish(into: &output)
  }

  /// Says what the marks mean.
  private func writeFootnotes(_ fit: TableFit, hasSmall: Bool, to output: inout [UInt8]) {
    var notes: [String] = hasSmall ? [RateValue.footnote] : []
    if fit.columns.contains(where: { table.columns.all[$0.number].isHeat }) {
      notes.append(RateValue.heatFootnote)
    }
    if fit.columns.contains(where: { table.columns.all[$0.number].hasChange }) {
      notes.append(ChangeValue.footnote)
    }
    for note in notes {
      var lines = TitleLines(width: width)
      lines.append(Array(note.utf8), separator: "")
      output.append(contentsOf: lines.finished())
    }
  }

  /// Says which columns did not fit.
  private func writeOmitted(_ omitted: [Int], to output: inout [UInt8]) {
    guard !omitted.isEmpty else { return }
    var lines = TitleLines(width: width)
    lines.append(Array("not shown:".utf8), separator: "")
    for (index, number) in omitted.prefix(TerminalTable.omittedNamesMax).enumerated() {
      let comma = index + 1 < omitted.count ? "," : ""
      lines.append(table.columns.all[number].heading + Array(comma.utf8), separator: " ")
    }
    let more = omitted.count - TerminalTable.omittedNamesMax
    if more > 0 { lines.append(Array("\(more) more".utf8), separator: " ") }
    output.append(contentsOf: lines.finished())
  }
}
