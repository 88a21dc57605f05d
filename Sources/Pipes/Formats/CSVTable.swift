import Records

/// Writes a table as comma-separated values: what a program reads, and a spreadsheet cannot run.
///
/// Values stand as they are in the record; `null` is an empty field, the empty text `""`. A text
/// that a spreadsheet would take for a formula gets an apostrophe, control characters are
/// escaped, so that a record is one line. Lines end in a newline alone, as all output of the
/// house. Source: RFC 4180; OWASP, CSV Injection; Symfony CVE-2021-41270.
struct CSVTable {
  private let table: ReportTable

  init(_ table: ReportTable) { self.table = table }

  /// Writes the header and the records.
  func write(_ reports: Span<UInt8>, to output: inout [UInt8]) {
    guard !table.isText else { return writeText(reports, to: &output) }
    let leaves = table.columns.leaves()
    guard !leaves.isEmpty else { return }
    for (index, leaf) in leaves.enumerated() {
      if index > 0 { output.append(ASCII.comma) }
      output.append(csvText: table.columns.path(of: leaf))
    }
    output.append(ASCII.newline)
    table.forEachRow(of: reports) { row, cells in
      let source = row.bytes.span
      let lineStart = output.count
      for (index, leaf) in leaves.enumerated() {
        if index > 0 { output.append(ASCII.comma) }
        write(cells[leaf], in: source, to: &output)
      }
      // A blank line would end the table.
      if output.count == lineStart { output.append("\"\"") }
      output.append(ASCII.newline)
    }
  }

  private func writeText(_ reports: Span<UInt8>, to output: inout [UInt8]) {
    output.append("text\n")
    table.forEachRow(of: reports) { row, _ in
      output.append(csvText: row.bytes.span.copy(from: 0, to: row.count))
      output.append(ASCII.newline)
    }
  }

  private func write(_ field: Field, in source: Span<UInt8>, to output: inout [UInt8]) {
    switch field.kind(in: source) {
    case .absent, .null: return
    case .true, .false, .number: output.append(source, from: field.start, to: field.end)
    case .string: output.append(csvText: text(of: field, in: source))
    case .array: write(array: field, in: source, to: &output)
    case .object: output.append(csvText: source.copy(from: field.start, to: field.end))
    }
  }

  /// Writes the elements of an array, joined by semicolons; nested ones stand as JSON.
  private func write(array: Field, in source: Span<UInt8>, to output: inout [UInt8]) {
    var joined: [UInt8] = []
    var isFirst = true
    var startsWithText = false
    try? forEachElement(of: array, in: source) { element in
      let isText = element.kind(in: source) == .string
      if isFirst { startsWithText = isText } else { joined.append(UInt8(ascii: ";")) }
      isFirst = false
      if isText {
        joined.append(contentsOf: text(of: element, in: source))
      } else if element.kind(in: source) != .null {
        joined.append(source, from: element.start, to: element.end)
      }
    }
    guard !isFirst else { return }
    output.append(csvText: joined, isFormula: startsWithText && isFormula(joined.span))
  }

  private func text(of field: Field, in source: Span<UInt8>) -> [UInt8] {
    field.hasEscapes
      ? unescaped(source, from: field.start + 1, to: field.end - 1)
      : source.copy(from: field.start + 1, to: field.end - 1)
  }
}

extension Array where Element == UInt8 {
  /// Adds a text as a field, quoted where it must be and with an apostrophe where it could act.
  fileprivate mutating func append(csvText text: [UInt8]) {
    append(csvText: text, isFormula: Pipes.isFormula(text.span))
  }

  fileprivate mutating func append(csvText text: [UInt8], isFormula: Bool) {
    let needsQuotes =
      text.isEmpty || text.first == ASCII.space || text.last == ASCII.space
      || text.contains { $0 == ASCII.comma || $0 == ASCII.quote }
    if needsQuotes { append(ASCII.quote) }
    if isFormula { append(UInt8(ascii: "'")) }
    let span = text.span
    var start = 0
    while start < text.count {
      let quote = span.firstOffset(of: ASCII.quote, from: start, to: text.count)
      append(shown: span, from: start, to: quote)
      if quote < text.count { append("\"\"") }
      start = quote + 1
    }
    if needsQuotes { append(ASCII.quote) }
  }
}

/// Whether a spreadsheet would take a text for a formula: one of `= + - @`, wide ones too, comes
/// first behind blanks, or the text begins with a tab or a line end.
private func isFormula(_ text: Span<UInt8>) -> Bool {
  var offset = 0
  while offset < text.count {
    let (code, count) = text.codePoint(at: offset, before: text.count)
    switch code {
    case 0x09, 0x0A, 0x0D: return true
    case 0x3D, 0x2B, 0x2D, 0x40, 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20: return true
    case 0x20, 0x00...0x1F, 0x7F...0xA0, 0x1680, 0x2000...0x200F, 0x2028...0x202F, 0x205F,
      0x2060...0x2069, 0x3000, 0xFEFF:
      offset += count
    default: return false
    }
  }
  return false
}
