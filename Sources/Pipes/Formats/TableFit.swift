/// A table made to fit the terminal: which columns are shown, and how wide.
///
/// What gives way, in this order, until the table fits: the bar to 8 columns, texts to 24, headings
/// by going on in further lines, texts but the first one to 12, lists and objects altogether, the
/// intervals of the rates beside the main one, the bar, columns from the right but for three, the
/// first text to 12, more columns from the right, the interval of the main rate. The first
/// column, the first text, the main rate and marks go last. What is free in the end is given back.
struct TableFit {
  /// The columns that are shown.
  private(set) var columns: [TableColumn]
  /// The width of the bar behind the main rate, 0 for none.
  private(set) var barWidth: Int
  /// The numbers of the columns that are left out.
  private(set) var omitted: [Int] = []
  /// The number of the column of the main rate.
  let main: Int?

  /// Blanks between two columns.
  static let gap = 2
  private static let barWidths = 8...20
  private static let compositeWidthMin = 20

  private let widthMax: Int
  private var isTooWide: Bool { width > widthMax }

  init(_ columns: [TableColumn], main: Int?, widthMax: Int) {
    self.columns = columns
    self.main = main
    self.widthMax = widthMax
    barWidth = main == nil ? 0 : TableFit.barWidths.upperBound
    if barWidth > 0 {
      barWidth -= min(max(0, width - widthMax), TableFit.barWidths.count - 1)
    }
    let firstText = columns.first(where: \.isText)?.number
    cutTexts(to: 24) { _ in true }
    if isTooWide { wrapHeadings() }
    cutTexts(to: 12) { $0.number != firstText }
    omitWhileTooWide { $0.filter(\.isComposite).max { $0.width < $1.width } }
    hideIntervals { $0.number != main }
    let spare = self.columns.dropFirst().map(\.number).filter { number in
      number != main && number != firstText
        && !columns.contains { $0.number == number && $0.isMark }
    }
    if isTooWide { barWidth = 0 }
    omitWhileTooWide(spare.dropFirst(3))
    cutTexts(to: 12) { _ in true }
    omitWhileTooWide(spare.prefix(3).dropFirst())
    hideIntervals { $0.number == main }
    omitWhileTooWide(spare.prefix(1))
    omitWhileTooWide { $0.last }
    if isTooWide { self.columns[0].width = widthMax }
    omitted.sort()
    giveBack()
  }

  /// The width of the whole table.
  private var width: Int {
    let bar = barWidth > 0 ? barWidth + TableFit.gap : 0
    return columns.reduce(bar - TableFit.gap) { $0 + $1.width + TableFit.gap }
  }

  private mutating func wrapHeadings() {
    for index in columns.indices where columns[index].width >= columns[index].headingWidth {
      let wrapped = max(columns[index].cellWidth, columns[index].wordWidth)
      columns[index].width = min(columns[index].width, wrapped)
    }
  }

  /// Cuts the widest text again and again, lists and objects to 20 columns at least.
  private mutating func cutTexts(to widthMin: Int, _ isMeant: (TableColumn) -> Bool) {
    let texts = columns.indices.filter { columns[$0].isText && isMeant(columns[$0]) }
    // What is far too wide is first cut to what can be seen, so that the loop is short.
    for index in texts { columns[index].width = min(columns[index].width, widthMax) }
    while isTooWide {
      let widest = texts.filter {
        let least = columns[$0].isComposite ? TableFit.compositeWidthMin : 0
        return columns[$0].width > max(widthMin, least)
      }.max { columns[$0].width < columns[$1].width }
      guard let widest else { return }
      columns[widest].width -= 1
    }
  }

  /// Leaves out columns other than the first one.
  private mutating func omitWhileTooWide(
    _ choice: (ArraySlice<TableColumn>) -> TableColumn?
  ) {
    while isTooWide, let column = choice(columns.dropFirst()) {
      columns.removeAll { $0.number == column.number }
      omitted.append(column.number)
    }
  }

  /// Leaves out columns by their numbers, the last one first.
  private mutating func omitWhileTooWide(_ numbers: ArraySlice<Int>) {
    for number in numbers.reversed() {
      omitWhileTooWide { others in others.first { $0.number == number } }
    }
  }

  private mutating func hideIntervals(_ isMeant: (TableColumn) -> Bool) {
    for index in columns.indices.reversed() where isTooWide && isMeant(columns[index]) {
      columns[index].hideInterval()
    }
  }

  private mutating func giveBack() {
    for index in columns.indices {
      let free = widthMax - width
      guard free > 0 else { return }
      columns[index].width = min(columns[index].naturalWidth, columns[index].width + free)
    }
    guard let main, columns.contains(where: { $0.number == main }) else { return }
    let free = widthMax - width - (barWidth > 0 ? 0 : TableFit.gap)
    let wished = min(barWidth + free, TableFit.barWidths.upperBound)
    if wished >= TableFit.barWidths.lowerBound { barWidth = max(barWidth, wished) }
  }
}
