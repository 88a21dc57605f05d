import Records

/// Writes a table in GitHub-flavoured Markdown.
///
/// Cells are those of a terminal without the bars. What Markdown or HTML would act on is escaped,
/// in headings too: a value is shown as it is. Quotes are not, they mean nothing outside of tags.
/// Source: GitHub Flavored Markdown §2.4 and §4.10.
struct MarkdownTable {
  private let table: ReportTable

  init(_ table: ReportTable) { self.table = table }

  /// Writes the heading and the table, or the header of a run as a paragraph.
  func write(_ reports: Span<UInt8>, to output: inout [UInt8]) {
    if table.isRun {
      table.forEachRow(of: reports) { row, _ in writeRun(row, to: &output) }
    } else if table.isText {
      output.append("| text |\n| --- |\n")
      table.forEachRow(of: reports) { row, _ in
        var text: [UInt8] = []
        text.append(shown: row.bytes.span, from: 0, to: row.count)
        output.append(markdownCell: text)
        output.append("|\n")
      }
    } else {
      writeTable(reports, to: &output)
    }
  }

  private func writeRun(_ row: borrowing ReportRow, to output: inout [UInt8]) {
    let title = RunTitle(row)
    output.append("## ")
    output.append(markdown: title.program)
    output.append("\n\n")
    var isFirst = true
    for part in title.scope + title.remarks {
      if !isFirst { output.append(" · ") }
      isFirst = false
      output.append(markdown: part)
    }
    output.append(ASCII.newline)
  }

  private func writeTable(_ reports: Span<UInt8>, to output: inout [UInt8]) {
    output.append("### ")
    for (index, part) in table.titleParts().enumerated() {
      if index > 0 { output.append(" · ") }
      output.append(markdown: part)
    }
    output.append("\n\n")
    let shown = table.shownColumns()
    guard !shown.isEmpty else { return }
    for number in shown { output.append(markdownCell: table.columns.all[number].heading) }
    output.append("|\n")
    for number in shown {
      output.append(table.columns.all[number].isNumeric ? "| ---: " : "| --- ")
    }
    output.append("|\n")
    var text = CellText()
    var hasSmall = false
    table.forEachRow(of: reports) { row, cells in
      for number in shown {
        text.write(cells[number], of: table.columns.all[number], in: row.bytes.span)
        output.append(markdownCell: text.bytes)
        if let rate = text.rate, rate.isSmall { hasSmall = true }
      }
      output.append("|\n")
    }
    let hasHeat = shown.contains { table.columns.all[$0].isHeat }
    let hasChange = shown.contains { table.columns.all[$0].hasChange }
    let notes =
      (hasSmall ? [RateValue.footnote] : []) + (hasHeat ? [RateValue.heatFootnote] : [])
      + (hasChange ? [ChangeValue.footnote] : [])
    for note in notes {
      output.append(ASCII.newline)
      output.append(markdown: Array(note.utf8))
      output.append(ASCII.newline)
    }
  }
}

extension Array where Element == UInt8 {
  /// Adds a cell without the line that ends the last one.
  fileprivate mutating func append(markdownCell text: [UInt8]) {
    append("| ")
    append(markdown: text)
    if !text.isEmpty { append(ASCII.space) }
  }

  /// Adds a text so that neither Markdown nor HTML finds anything in it.
  fileprivate mutating func append(markdown text: [UInt8]) {
    for index in text.indices {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: "&"): append("&amp;")
      case UInt8(ascii: "<"): append("&lt;")
      case UInt8(ascii: ">"): append("&gt;")
      case ASCII.backslash, UInt8(ascii: "|"), UInt8(ascii: "`"), UInt8(ascii: "*"),
        UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "~"), UInt8(ascii: "#"):
        append(ASCII.backslash)
        append(byte)
      case UInt8(ascii: "_"):
        // Between letters it means nothing, and names are full of it.
        let isInside =
          index > 0 && index + 1 < text.count && isWord(text[index - 1]) && isWord(text[index + 1])
        if !isInside { append(ASCII.backslash) }
        append(byte)
      default: append(byte)
      }
    }
  }
}

private func isWord(_ byte: UInt8) -> Bool {
  ASCII.isDigit(byte) || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
}
