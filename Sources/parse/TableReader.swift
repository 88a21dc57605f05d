import Events
import Pipes
import Records

/// Reads comma-separated values: a header line, then one record a line, or over several lines where
/// a quoted field holds line ends.
///
///     event,userId,note                   {"event":"Signed Up","userId":"u1","note":"a \"b\""}
///     Signed Up,u1,"a ""b"""
///
/// Each record becomes a flat JSON object of texts. An empty field without quotes is left out. The
/// header may divide its names by `;` or tabs; then the records do too. Source: RFC 4180.
struct TableReader {
  /// What a line was.
  enum Line {
    case header
    /// The record goes on in the next line.
    case incomplete
    case record
  }

  static let delimiters = [ASCII.comma, UInt8(ascii: ";"), ASCII.tab]

  private(set) var columns: [[UInt8]] = []
  private var keys: [[UInt8]] = []
  /// Which columns hold JSON text; empty where the columns are those of a header.
  private var areJSON: [Bool] = []
  var delimiter = ASCII.comma
  /// The lines of a record that is not complete yet.
  var pending: [UInt8] = []
  /// How many lines those are.
  var pendingLines = 0
  /// Number and offset of the first of them.
  var pendingNumber = 0
  var pendingOffset = 0
  private var cell: [UInt8] = []

  /// Forgets the header: a new file begins.
  mutating func begin() {
    columns = []
    areJSON = []
    clearPending()
  }

  /// Takes columns that are known without a header; then quotes mean nothing.
  mutating func begin(_ layout: TableLayout) {
    setColumns(layout.columns)
    areJSON = layout.areJSON
    delimiter = layout.delimiter
  }

  /// Forgets the record that is not complete.
  mutating func clearPending() {
    pending = []
    pendingLines = 0
  }

  /// The rejection of a record that its input ended in.
  func unfinished(file: String) -> RejectedLine {
    RejectedLine(
      file: file, number: pendingNumber, offset: pendingOffset, column: 1,
      reason: "bad CSV: the input ends within a quoted field", text: pending)
  }

  /// Takes a line; of a whole record the object, with its newline, is added to `message`.
  mutating func read(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, of lines: LineBlock,
    into message: inout [UInt8], _ origins: inout Origins
  ) throws(RecordError) -> Line {
    if let bad = firstInvalidUTF8(bytes, from: start, to: end) {
      throw RecordError("invalid UTF-8", at: bad)
    }
    guard pendingLines > 0 || areJSON.isEmpty && hasOpenQuote(bytes, from: start, to: end) else {
      if columns.isEmpty {
        try readHeader(bytes, from: start, to: end)
        return .header
      }
      try readRecord(bytes, from: start, to: end, into: &message, &origins)
      return .record
    }
    pending.append(bytes, from: start, to: end)
    if hasOpenQuote(pending.span, from: 0, to: pending.count) {
      guard pending.count <= lines.lineBytesMax else {
        throw RecordError("bad CSV: a quoted field does not end within --max-line", at: start)
      }
      if pendingLines == 0 {
        pendingNumber = lines.nextNumber
        pendingOffset = lines.fileOffset + start
      }
      pending.append(ASCII.newline)
      pendingLines += 1
      return .incomplete
    }
    let whole = pending
    do throws(RecordError) {
      if columns.isEmpty {
        try readHeader(whole.span, from: 0, to: whole.count)
        return .header
      }
      try readRecord(whole.span, from: 0, to: whole.count, into: &message, &origins)
    } catch {
      throw RecordError(error.reason, at: start)
    }
    origins.removeAll()
    return .record
  }

  /// Whether a quoted field begins in the text and does not end in it.
  private func hasOpenQuote(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    var offset = start
    while offset < end {
      if bytes[offset] != ASCII.quote {
        offset = bytes.firstOffset(of: delimiter, from: offset, to: end) + 1
        continue
      }
      // Behind the opening quote, a pair of quotes is a quote of the text.
      offset += 1
      while true {
        offset = bytes.firstOffset(of: ASCII.quote, from: offset, to: end)
        if offset == end { return true }
        offset += 1
        if offset == end || bytes[offset] != ASCII.quote { break }
        offset += 1
      }
      offset = bytes.firstOffset(of: delimiter, from: offset, to: end) + 1
    }
    return false
  }

  private mutating func readHeader(
    _ bytes: Span<UInt8>, from start: Int, to end: Int
  ) throws(RecordError) {
    delimiter =
      TableReader.delimiters.first {
        bytes.firstOffset(of: $0, from: start, to: end) < end
      } ?? ASCII.comma
    var names: [[UInt8]] = []
    var offset = start
    repeat {
      _ = try readCell(bytes, from: &offset, to: end)
      let name = cell
      guard !name.isEmpty else {
        throw RecordError("bad CSV header: a column has no name", at: offset)
      }
      guard !names.contains(name) else {
        throw RecordError("bad CSV header: two columns have the same name", at: offset)
      }
      names.append(name)
    } while nextCell(bytes, at: &offset, end)
    setColumns(names)
  }

  /// The names of the header, in their order.
  mutating func setColumns(_ names: [[UInt8]]) {
    columns = names
    keys = names.map { name in
      var key: [UInt8] = []
      key.append(jsonString: name.span, from: 0, to: name.count)
      key.append(ASCII.colon)
      return key
    }
  }

  private mutating func readRecord(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, into message: inout [UInt8],
    _ origins: inout Origins
  ) throws(RecordError) {
    message.append(ASCII.openBrace)
    var offset = start
    var column = 0
    var needsComma = false
    repeat {
      let cellStart = offset
      let isQuoted = try readCell(bytes, from: &offset, to: end)
      guard column < columns.count else {
        throw RecordError("bad CSV: more fields than the header has columns", at: cellStart)
      }
      if isQuoted || !cell.isEmpty {
        if needsComma { message.append(ASCII.comma) }
        needsComma = true
        origins.note(made: message.count, source: cellStart)
        message.append(contentsOf: keys[column])
        if !areJSON.isEmpty, areJSON[column] {
          try appendJSON(bytes, from: cellStart, to: offset, to: &message)
        } else {
          message.append(jsonString: cell.span, from: 0, to: cell.count)
        }
      }
      column += 1
    } while nextCell(bytes, at: &offset, end)
    guard column == columns.count else {
      throw RecordError("bad CSV: fewer fields than the header has columns", at: end)
    }
    message.append(ASCII.closeBrace)
    message.append(ASCII.newline)
  }

  /// Adds a field that holds JSON: an object or an array.
  private func appendJSON(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, to message: inout [UInt8]
  ) throws(RecordError) {
    let isWhole: Bool
    do { isWhole = try nestedField(bytes, from: start).end == end } catch {
      throw RecordError(error)
    }
    guard isWhole else { throw RecordError("bad JSON in a field of the line", at: start) }
    message.append(bytes, from: start, to: end)
  }

  /// Moves behind a delimiter.
  private func nextCell(_ bytes: Span<UInt8>, at offset: inout Int, _ end: Int) -> Bool {
    guard offset < end else { return false }
    offset += 1
    return true
  }

  /// Reads a field into ``cell`` and stops at the delimiter behind it, or at the end.
  ///
  /// - Returns: whether it was quoted.
  private mutating func readCell(
    _ bytes: Span<UInt8>, from offset: inout Int, to end: Int
  ) throws(RecordError) -> Bool {
    cell.removeAll(keepingCapacity: true)
    guard areJSON.isEmpty, offset < end, bytes[offset] == ASCII.quote else {
      let cellEnd = bytes.firstOffset(of: delimiter, from: offset, to: end)
      let quote = bytes.firstOffset(of: ASCII.quote, from: offset, to: cellEnd)
      guard quote == cellEnd || !areJSON.isEmpty else {
        throw RecordError("bad CSV: a quote within a field that is not quoted", at: quote)
      }
      cell.append(bytes, from: offset, to: cellEnd)
      offset = cellEnd
      return false
    }
    let start = offset
    offset += 1
    while true {
      let quote = bytes.firstOffset(of: ASCII.quote, from: offset, to: end)
      guard quote < end else { throw RecordError("bad CSV: the quote is not closed", at: start) }
      cell.append(bytes, from: offset, to: quote)
      offset = quote + 1
      guard offset < end, bytes[offset] == ASCII.quote else { break }
      cell.append(ASCII.quote)
      offset += 1
    }
    guard offset == end || bytes[offset] == delimiter else {
      throw RecordError("bad CSV: text behind the closing quote of a field", at: offset)
    }
    return true
  }
}
