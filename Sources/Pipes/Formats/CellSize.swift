/// What the cells of a column take in columns of characters.
struct CellSize {
  /// Before the point of alignment.
  private(set) var left = 0
  /// Behind the point of alignment.
  private(set) var right = 0
  /// In all.
  private(set) var whole = 0
  /// Whether a cell is a rate of small numbers.
  private(set) var hasSmall = false

  /// Takes one more cell in.
  mutating func include(_ text: CellText) {
    let span = text.bytes.span
    let before = DisplayWidth.columns(span, from: 0, to: text.anchor)
    let behind = DisplayWidth.columns(span, from: text.anchor, to: span.count)
    left = max(left, before)
    right = max(right, behind)
    whole = max(whole, before + behind)
    if let rate = text.rate, rate.isSmall { hasSmall = true }
  }
}
