/// A column of a table at a terminal, measured in columns of characters.
///
///     from previous           heading: 13, its longest word 8
///     80.3 % (76.9–83.3)      a cell: 6 before the point of alignment, 12 behind it
struct TableColumn {
  /// Its number in ``ReportColumns``.
  let number: Int
  /// How wide it is written.
  var width: Int
  /// What its widest cell takes.
  private(set) var cellWidth: Int
  /// What the cells take behind the point at which they are aligned.
  private(set) var rightWidth: Int
  /// What the heading takes in one line.
  let headingWidth: Int
  /// What the longest word of the heading takes.
  let wordWidth: Int
  /// Whether its cells are aligned at the right.
  let isNumeric: Bool
  /// Whether it holds text that may be cut.
  let isText: Bool
  /// Whether it holds lists or objects.
  let isComposite: Bool
  /// Whether it holds nothing but marks; it has no heading then.
  let isMark: Bool
  /// Whether rates are written without their intervals.
  private(set) var hidesInterval = false
  private let hasRate: Bool
  private let hasSmall: Bool

  init(_ number: Int, _ column: ReportColumn, _ size: CellSize) {
    self.number = number
    isNumeric = column.isNumeric
    isText = column.hasText
    isComposite = column.isComposite
    isMark = column.isMark
    hasRate = column.hasRate
    hasSmall = size.hasSmall
    cellWidth = isNumeric ? size.left + size.right : size.whole
    rightWidth = size.right
    let words = column.heading.split(separator: UInt8(ascii: " "))
    headingWidth = isMark ? 0 : DisplayWidth.columns(of: column.heading)
    wordWidth = isMark ? 0 : words.map { DisplayWidth.columns(of: Array($0)) }.max() ?? 0
    width = max(cellWidth, headingWidth)
  }

  /// The width at which nothing is cut.
  var naturalWidth: Int { max(cellWidth, headingWidth) }

  /// Leaves the intervals of rates out; the mark of small ones stays.
  mutating func hideInterval() {
    guard isNumeric, hasRate, !hidesInterval else { return }
    hidesInterval = true
    cellWidth -= rightWidth
    rightWidth = hasSmall ? 1 : 0
    cellWidth += rightWidth
    width = max(cellWidth, wordWidth)
  }

  /// The lines of a heading, three at most, broken between words where it is too wide.
  func headingLines(_ heading: [UInt8]) -> [[UInt8]] {
    guard !isMark else { return [] }
    guard headingWidth > width else { return [heading] }
    var lines: [[UInt8]] = []
    for word in heading.split(separator: UInt8(ascii: " ")) {
      let longer = (lines.last.map { $0 + [UInt8(ascii: " ")] } ?? []) + word
      if lines.isEmpty {
        lines.append(Array(word))
      } else if lines.count == 3 || DisplayWidth.columns(of: longer) <= width {
        lines[lines.count - 1] = longer
      } else {
        lines.append(Array(word))
      }
    }
    return lines
  }
}
