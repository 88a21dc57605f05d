import Records

/// Records of one kind that are laid out together: where their lines start, and their columns.
struct ReportTable {
  /// The name of the records; empty for objects without one.
  let kind: [UInt8]
  /// Whether the lines are no records but text.
  let isText: Bool
  /// The JSON text of `by` of the first record; empty where there is none.
  let by: [UInt8]
  /// Whether `by` is a column: the records are one for each value.
  private(set) var hasByColumn = false
  /// Offsets of the lines in the reports.
  private(set) var starts: [Int] = []
  /// The columns.
  private(set) var columns: ReportColumns

  /// An empty table for records like this one.
  init(for row: borrowing ReportRow, flattens: Bool) {
    kind = row.kindName()
    isText = row.isText
    by = row.bytes.span.copy(from: row.by.start, to: row.by.end)
    columns = ReportColumns(flattens: flattens)
  }

  /// Whether the records are the header of a run.
  var isRun: Bool { kind.suffix(4).elementsEqual(".run".utf8) }

  /// Takes a record, or gives `false` where its columns or its `by` do not fit.
  ///
  /// - Parameter ignoresBy: whether records of different `by` may stand together.
  mutating func admit(
    _ row: borrowing ReportRow, from start: Int, ignoresBy: Bool, _ cells: inout [Field]
  ) -> Bool {
    let isSameBy = row.bytes.span.equals(by, from: row.by.start, to: row.by.end)
    guard isSameBy || ignoresBy || hasByColumn || starts.count == 1 else { return false }
    guard isText || columns.admit(row, &cells) else { return false }
    if !isSameBy { hasByColumn = true }
    starts.append(start)
    return true
  }

  /// Hands every record to a closure, with its values by number of column.
  func forEachRow(
    of reports: Span<UInt8>, _ body: (borrowing ReportRow, [Field]) -> Void
  ) {
    var row = ReportRow()
    var cells: [Field] = []
    var columns = columns
    for start in starts {
      row.read(reports, from: start)
      columns.place(row, into: &cells)
      body(row, cells)
    }
  }

  /// The columns that people see: what the title says is left out, and what says nothing.
  func shownColumns() -> [Int] {
    columns.all[0].children.flatMap { [$0] + columns.all[$0].children }.filter { number in
      let column = columns.all[number]
      if column.isHeat { return column.isShown }
      if column.name.elementsEqual("record".utf8) { return false }
      if column.name.elementsEqual("by".utf8), !hasByColumn { return false }
      return column.isShown
    }
  }

  /// The parts of the title: the kind in words, and the value of `by` that all records share.
  func titleParts() -> [[UInt8]] {
    var words: [UInt8] = []
    words.append(wordsOfKind: kind.isEmpty ? Array("record".utf8) : kind)
    guard !hasByColumn, !by.isEmpty else { return [words] }
    return [words, byText()]
  }

  private func byText() -> [UInt8] {
    let padded = by + [UInt8](repeating: 0, count: Scanner.paddingBytes)
    let source = padded.span
    let whole = Field(start: 0, end: by.count, hasEscapes: true)
    var text = CellText()
    guard whole.kind(in: source) == .object else {
      text.append(whole, in: source)
      return text.bytes
    }
    var parts: [UInt8] = []
    try? forEachMember(of: whole, in: source) { key, value in
      let name = unescaped(source, from: key.start + 1, to: key.end - 1)
      if !parts.isEmpty { parts.append(", ") }
      parts.append(shown: name.span, from: 0, to: name.count)
      parts.append(": ")
      var text = CellText()
      text.append(value, in: source)
      parts.append(contentsOf: text.bytes)
    }
    return parts
  }
}
