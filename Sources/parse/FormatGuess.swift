import Expressions
import Pipes
import Records

/// What a first line was taken for, and how sure that is.
struct FormatGuess {
  let format: SourceFormat
  let isSure: Bool

  /// Decides by the first line that is not blank.
  init(_ bytes: Span<UInt8>, from start: Int, to end: Int, hasMapping: Bool) {
    var first = start
    while first < end, bytes[first] <= ASCII.space { first += 1 }
    let isJSON = bytes[first] == ASCII.openBrace || bytes[first] == ASCII.openBracket
    if isJSON, hasMapping {
      self.init(format: .json, isSure: true)
    } else if isJSON {
      self.init(json: bytes, from: first, to: end)
    } else if let entry = try? AccessLogEntry(bytes, from: start, to: end, isCombined: true) {
      self.init(format: .combined, isSure: entry.status >= 100)
    } else if let entry = try? AccessLogEntry(bytes, from: start, to: end, isCombined: false) {
      self.init(format: .common, isSure: entry.status >= 100)
    } else if let map = FormatGuess.map(dividing: bytes, from: start, to: end) {
      self.init(format: hasMapping ? .json : .mapped(map), isSure: true)
    } else if bytes.firstOffset(of: ASCII.comma, from: first, to: end) < end {
      self.init(format: .csv, isSure: !hasDigits(bytes, from: first, to: end))
    } else {
      self.init(format: .segment, isSure: false)
    }
  }

  private init(format: SourceFormat, isSure: Bool) {
    self.format = format
    self.isSure = isSure
  }

  // MARK: JSON

  /// The keys of which a message of the Segment spec has at least one.
  private static let keys = ["type", "event", "anonymousId", "userId", "messageId", "batch"]
  /// The types that such a message may have.
  private static let types = ["track", "page", "screen", "identify", "group", "alias"]

  /// Decides by a line that is JSON: a message of the Segment spec, else what a mapping says it
  /// detects; of a list the first element counts.
  private init(json bytes: Span<UInt8>, from start: Int, to end: Int) {
    var line = bytes.copy(from: start, to: end)
    line.append(ASCII.newline)
    line.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
    if line[0] == ASCII.openBracket, let array = try? arrayLine(line.span, from: 0) {
      var elements: [Field] = []
      try? forEachElement(of: array, in: line.span) { elements.append($0) }
      if let element = elements.first {
        let text = line.span.copy(from: element.start, to: element.end)
        line = text + [ASCII.newline] + [UInt8](repeating: 0, count: Scanner.paddingBytes)
      }
    }
    if FormatGuess.isMessage(line) {
      self.init(format: .segment, isSure: true)
      return
    }
    let maps = BuiltInMap.detected(by: line)
    if let map = maps.first {
      self.init(format: .mapped(map), isSure: maps.count == 1)
    } else {
      let isMessage = FormatGuess.keys.contains { line.contains("\"\($0)\"") }
      self.init(format: .segment, isSure: isMessage || line.contains("\"record\""))
    }
  }

  /// Whether a line is a message of the Segment spec by its type or its ids, or a report.
  private static func isMessage(_ line: [UInt8]) -> Bool {
    var wanted = WantedMembers()
    let (type, event) = (wanted.slot("type"), wanted.slot("event"))
    let ids = ["userId", "anonymousId", "messageId"].map { wanted.slot($0) }
    var reader = RecordReader(wanted, check: .structure)
    guard let scanned = try? reader.read(line.span, from: 0) else { return false }
    if scanned.isReport { return true }
    let word = reader.field(type)
    if word.kind(in: line.span) == .string,
      types.contains(line.span.text(from: word.start + 1, to: word.end - 1))
    {
      return true
    }
    return reader.field(event).kind(in: line.span) == .string
      && ids.contains { reader.field($0).isPresent }
  }

  // MARK: Lines divided without a header

  /// The format whose columns are as many as a line has.
  private static func map(
    dividing bytes: Span<UInt8>, from start: Int, to end: Int
  ) -> BuiltInMap? {
    guard bytes.firstOffset(of: ASCII.tab, from: start, to: end) < end else { return nil }
    return BuiltInMap.formats.first { map in
      guard let layout = map.layout else { return false }
      let count = (start..<end).count { bytes[$0] == layout.delimiter }
      return count == layout.columns.count - 1
    }
  }
}

/// Whether a digit is in it: names of columns seldom have one, values often do.
private func hasDigits(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
  (start..<end).contains { ASCII.isDigit(bytes[$0]) }
}
