import Records

/// The shapes of line that parse reads.
enum SourceFormat: String, CaseIterable {
  case segment
  case json
  case combined
  case common
  case csv

  /// What it is, for people.
  var explanation: String {
    switch self {
    case .segment: "messages of the Segment spec"
    case .json: "JSON lines"
    case .combined: "an access log in combined format"
    case .common: "an access log in common format"
    case .csv: "comma-separated values with a header line"
    }
  }
}

/// What a first line was taken for, and how sure that is.
struct FormatGuess {
  let format: SourceFormat
  let isSure: Bool

  /// The keys of which a message of the Segment spec has at least one.
  private static let keys = ["type", "event", "anonymousId", "userId", "messageId", "batch"]

  /// Decides by the first line that is not blank.
  init(_ bytes: Span<UInt8>, from start: Int, to end: Int, hasMapping: Bool) {
    var first = start
    while first < end, bytes[first] <= ASCII.space { first += 1 }
    if bytes[first] == ASCII.openBrace {
      if hasMapping {
        self.init(format: .json, isSure: true)
        return
      }
      let line = bytes.copy(from: first, to: end)
      let isMessage = FormatGuess.keys.contains { line.contains("\"\($0)\"") }
      self.init(format: .segment, isSure: isMessage || line.contains("\"record\""))
    } else if let entry = try? AccessLogEntry(bytes, from: start, to: end, isCombined: true) {
      self.init(format: .combined, isSure: entry.status >= 100)
    } else if let entry = try? AccessLogEntry(bytes, from: start, to: end, isCombined: false) {
      self.init(format: .common, isSure: entry.status >= 100)
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
}

/// Whether a digit is in it: names of columns seldom have one, values often do.
private func hasDigits(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
  (start..<end).contains { ASCII.isDigit(bytes[$0]) }
}
