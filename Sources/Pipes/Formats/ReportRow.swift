import Records

/// One line of the reports, copied to where it can be scanned: with padding behind it.
///
/// It is meant to be used again for the next line. Reports may be larger than a ``Field`` can
/// address, a line may not.
struct ReportRow {
  /// The line, a newline and the padding.
  private(set) var bytes: [UInt8] = []
  /// The line as a JSON object, or the absent field where it is none.
  private(set) var object = Field.absent
  /// The name of the record, with its quotes.
  private(set) var kind = Field.absent
  /// The value of `by`, that of the records that belong together.
  private(set) var by = Field.absent
  private var scanner: Scanner
  private var fields = [Field](repeating: .absent, count: 2)

  private static let padding = [ASCII.newline] + [UInt8](repeating: 0, count: Scanner.paddingBytes)

  init() {
    var selection = Selection()
    _ = selection.slot("record")
    _ = selection.slot("by")
    scanner = Scanner(selection, check: .full)
  }

  /// Takes the line that starts at an offset in place of the one before.
  mutating func read(_ reports: Span<UInt8>, from start: Int) {
    let end = reports.firstOffset(of: ASCII.newline, from: start, to: reports.count)
    bytes.removeAll(keepingCapacity: true)
    bytes.append(reports, from: start, to: end)
    bytes.append(contentsOf: ReportRow.padding)
    // A second reference, not a copy: the scanner is changed while the bytes are read.
    let source = bytes
    let line = try? scanner.scan(source.span, from: 0, into: &fields, at: 0)
    guard let line else { return readText() }
    let brace = source.span.firstOffset(of: ASCII.openBrace, from: 0, to: line.end)
    object = Field(start: brace, end: line.end)
    kind = line.isReport ? fields[0] : .absent
    by = fields[1].kind(in: source.span) == .null ? .absent : fields[1]
  }

  /// The number of bytes of the line.
  var count: Int { bytes.count - ReportRow.padding.count }

  /// Whether the line is no JSON object but text.
  var isText: Bool { !object.isPresent }

  /// A line that is no record: its bytes are made UTF-8 for showing.
  private mutating func readText() {
    object = .absent
    kind = .absent
    by = .absent
    let text = bytes.span.text(from: 0, to: count)
    bytes = Array(text.utf8) + ReportRow.padding
  }

  /// The name of the record as bytes; empty where it has none.
  func kindName() -> [UInt8] {
    guard kind.isPresent else { return [] }
    let isString = kind.kind(in: bytes.span) == .string
    guard isString, let decoded = try? kind.decodedString(in: bytes.span) else {
      return bytes.span.copy(from: kind.start, to: kind.end)
    }
    return decoded
  }
}
