@testable import Records

/// What came of a scan: the text of each wanted field, or the fault and its column.
enum Scanned: Equatable, CustomStringConvertible {
  case record([String?], isReport: Bool)
  case fault(ScanError.Reason, column: Int)

  var description: String {
    switch self {
    case .record(let fields, let isReport):
      let texts = fields.map { $0 ?? "–" }.joined(separator: " | ")
      return isReport ? "report \(texts)" : texts
    case .fault(let reason, let column): return "column \(column): \(reason.rawValue)"
    }
  }
}

/// A scanner that is given one line after the other, each in a block of its own.
struct LineScanner {
  private var scanner: Scanner
  private let count: Int

  init(_ keys: [String], check: Check) {
    var selection = Selection()
    for key in keys { _ = selection.slot(key) }
    count = selection.count
    scanner = Scanner(selection, check: check)
  }

  /// Scans a line that has no newline yet; what stands before it in its block does not matter.
  mutating func scan(_ line: [UInt8], behind before: [UInt8] = []) -> Scanned {
    let bytes = padded(before + line + [ASCII.newline])
    var fields = [Field](repeating: .absent, count: count)
    do {
      let scanned = try scanner.scan(bytes.span, from: before.count, into: &fields, at: 0)
      guard scanned.end == before.count + line.count else {
        return .fault(.trailingBytes, column: -1)
      }
      let texts = fields.map { field in
        field.isPresent ? bytes.span.text(from: field.start, to: field.end) : nil
      }
      return .record(texts, isReport: scanned.isReport)
    } catch {
      return .fault(error.reason, column: error.offset - before.count + 1)
    }
  }

  mutating func scan(_ line: String) -> Scanned { scan(Array(line.utf8)) }
}

/// The bytes with the padding that every scan needs.
func padded(_ bytes: [UInt8]) -> [UInt8] {
  bytes + [UInt8](repeating: 0, count: Scanner.paddingBytes)
}

/// The bytes of a text with the padding that every scan needs.
func padded(_ text: String) -> [UInt8] { padded(Array(text.utf8)) }
