import Records

/// A title made of parts that goes on in further lines where the terminal is too narrow.
///
///     funnel  2026-01-01 00:00 → 2026-03-31 23:59  ·  20,000 events
///             4,812 persons  ·  where event == "Order Completed"
struct TitleLines {
  private let width: Int
  private var bytes: [UInt8] = []
  private var column = 0
  private var indent = 2

  init(width: Int) { self.width = width }

  /// Lets further lines begin two blanks behind what has been written, or at 2 where that is far.
  mutating func indentToHere() { indent = column + 2 <= width / 4 ? column + 2 : 2 }

  /// Adds a part behind a separator, in a further line where it does not fit.
  ///
  /// A part that is wider than a whole line is broken between words, else where the line ends.
  mutating func append(_ part: [UInt8], separator: String) {
    let partWidth = DisplayWidth.columns(of: part)
    if column > indent, column + separator.unicodeScalars.count + partWidth > width {
      breakLine()
    } else {
      bytes.append(separator)
      column += separator.unicodeScalars.count
    }
    var start = 0
    while start < part.count {
      let piece = DisplayWidth.prefix(
        part.span, from: start, to: part.count, columnsMax: max(2, width - column))
      var end = piece.end
      if end < part.count, let blank = part[start..<end].lastIndex(of: ASCII.space) {
        end = blank + 1
      }
      bytes.append(part.span, from: start, to: end)
      column += piece.columns
      start = end
      if start < part.count { breakLine() }
    }
  }

  /// Goes on in the next line.
  mutating func breakLine() {
    while bytes.last == ASCII.space { bytes.removeLast() }
    bytes.append(ASCII.newline)
    bytes.append(contentsOf: repeatElement(ASCII.space, count: indent))
    column = indent
  }

  /// The lines, the last one ended.
  func finished() -> [UInt8] { bytes + [ASCII.newline] }
}
