import Records

/// One line of a table on its way: cells side by side, no blanks at its end.
struct TableLine {
  private var bytes: [UInt8] = []
  /// Blanks that are written when something follows.
  private var pendingBlanks = 0
  private var isEmpty = true

  /// Adds a value, aligned as its column is and cut where it is wider.
  mutating func append(_ text: CellText, in column: TableColumn) {
    guard column.isNumeric else { return append(text.bytes, isRight: false, in: column) }
    let span = text.bytes.span
    let before = DisplayWidth.columns(span, from: 0, to: text.anchor)
    let behind =
      column.hidesInterval
      ? text.rate?.isSmall == true ? 1 : 0
      : DisplayWidth.columns(span, from: text.anchor, to: span.count)
    let blanks = column.width - before - max(behind, column.rightWidth)
    guard blanks >= 0 else { return append(text.bytes, isRight: true, in: column) }
    beginCell()
    pendingBlanks += blanks
    write(text.bytes, to: column.hidesInterval ? text.anchor : span.count)
    if column.hidesInterval, behind > 0 { write([UInt8(ascii: "*")], to: 1) }
    pendingBlanks += column.width - blanks - before - behind
  }

  /// Adds a heading, aligned as its column is.
  mutating func append(_ text: [UInt8], in column: TableColumn) {
    append(text, isRight: column.isNumeric, in: column)
  }

  private mutating func append(_ text: [UInt8], isRight: Bool, in column: TableColumn) {
    beginCell()
    let span = text.span
    let whole = DisplayWidth.prefix(span, from: 0, to: text.count, columnsMax: column.width)
    if whole.end == text.count {
      if isRight { pendingBlanks += column.width - whole.columns }
      write(text, to: text.count)
      if !isRight { pendingBlanks += column.width - whole.columns }
    } else {
      let kept = DisplayWidth.prefix(
        span, from: 0, to: text.count, columnsMax: max(0, column.width - 1))
      write(text, to: kept.end)
      write(Array("…".utf8), to: 3)
      pendingBlanks += column.width - kept.columns - 1
    }
  }

  /// Adds the rule under a heading.
  mutating func append(ruleIn column: TableColumn) {
    beginCell()
    let rule = Array("─".utf8)
    for _ in 0..<column.width { write(rule, to: rule.count) }
  }

  /// Adds the place of a bar or a mark, nothing where it is not shown.
  mutating func append(blankOf width: Int) {
    guard width > 0 else { return }
    beginCell()
    pendingBlanks += width
  }

  /// Adds a bar that is full at 1; what is not nothing shows at least a sliver.
  mutating func append(barOf share: Double, width: Int) {
    beginCell()
    let size = Double(width * 8) * min(max(share, 0), 1)
    let eighths = share > 0 ? max(1, Int(size.rounded())) : 0
    let block = Array("█".utf8)
    for _ in 0..<eighths / 8 { write(block, to: block.count) }
    if eighths % 8 > 0 {
      // U+2588 is the full block, U+258F the eighth.
      var part: [UInt8] = []
      part.append(codePoint: 0x2590 - UInt32(eighths % 8))
      write(part, to: part.count)
    }
    pendingBlanks += width - (eighths + 7) / 8
  }

  /// Writes the line and begins the next one.
  mutating func finish(into output: inout [UInt8]) {
    output.append(contentsOf: bytes)
    output.append(ASCII.newline)
    bytes.removeAll(keepingCapacity: true)
    pendingBlanks = 0
    isEmpty = true
  }

  private mutating func beginCell() {
    if !isEmpty { pendingBlanks += TableFit.gap }
    isEmpty = false
  }

  private mutating func write(_ text: [UInt8], to end: Int) {
    guard end > 0 else { return }
    bytes.append(contentsOf: repeatElement(ASCII.space, count: pendingBlanks))
    pendingBlanks = 0
    bytes.append(text.span, from: 0, to: end)
  }
}
