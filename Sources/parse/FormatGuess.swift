import Expressions
import Pipes
import Records

/// What a first line was taken for, and how sure that is.
struct FormatGuess {
  let format: SourceFormat
  let isSure: Bool
  /// Whether the line is JSON that goes on in the next one.
  private var isCut = false
  /// The member that holds records of a format that is known.
  private var wrapper: (name: String, format: SourceFormat)?

  /// What people are told of a doubtful one.
  var remark: String {
    if isCut {
      return "; but its first line is no whole JSON value: a record stands on one line, as jq -c ."
        + " writes them"
    }
    if let wrapper {
      return "; but its '\(wrapper.name)' looks like \(wrapper.format.explanation), and"
        + " jq -c '.[\"\(wrapper.name)\"]' takes it out (--from \(wrapper.format.name))"
    }
    return isSure ? "" : "; that is a guess, --from says what it is, or --map what it means"
  }

  /// Decides by the first line that is not blank.
  init(_ bytes: Span<UInt8>, from start: Int, to end: Int, hasMapping: Bool) {
    let first = bytes.textStart(from: start, to: end)
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
    } else if isHeader(bytes, from: first, to: end) {
      let isSure = hasMapping || namesTime(bytes, from: first, to: end)
      self.init(format: .csv, isSure: isSure && !hasDigits(bytes, from: first, to: end))
    } else {
      self.init(format: .segment, isSure: false)
    }
  }

  private init(format: SourceFormat, isSure: Bool) {
    self.format = format
    self.isSure = isSure
  }

  // MARK: JSON

  /// The keys of which a message of the Segment spec has at least one; the ids are the third to fifth.
  private static let keys = ["type", "event", "anonymousId", "userId", "messageId", "batch"]
  /// The types that such a message may have.
  private static let types = ["track", "page", "screen", "identify", "group", "alias"]

  /// Decides by a line that is JSON: a message of the Segment spec, else what a mapping says it
  /// detects; of a list the first element counts.
  private init(json bytes: Span<UInt8>, from start: Int, to end: Int) {
    let line = FormatGuess.line(bytes, from: start, to: end)
    var record = line
    if line[0] == ASCII.openBracket, let array = try? arrayLine(line.span, from: 0) {
      var elements: [Field] = []
      try? forEachElement(of: array, in: line.span) { elements.append($0) }
      if let element = elements.first {
        record = FormatGuess.line(line.span, from: element.start, to: element.end)
      }
    }
    if let guess = FormatGuess(record: record) {
      self = guess
    } else {
      self.init(format: .segment, isSure: false)
      wrapper = FormatGuess.wrapper(in: record)
    }
    do { _ = try nestedField(line.span, from: 0) } catch { isCut = error.reason == .endsEarly }
  }

  /// Decides by a record alone; `nil` where nothing is known of it.
  private init?(record: [UInt8]) {
    var wanted = WantedMembers()
    let slots = FormatGuess.keys.map { wanted.slot($0) }
    var reader = RecordReader(wanted, check: .structure)
    let isReport = (try? reader.read(record.span, from: 0).isReport) ?? false
    let fields = slots.map { reader.field($0) }
    if isReport || FormatGuess.isMessage(fields, in: record.span) {
      self.init(format: .segment, isSure: true)
      return
    }
    let maps = BuiltInMap.detected(by: record)
    if let map = maps.first {
      self.init(format: .mapped(map), isSure: maps.count == 1)
    } else if fields.contains(where: \.isPresent) {
      self.init(format: .segment, isSure: true)
    } else {
      return nil
    }
  }

  /// The member of a record whose object is of a format that is known, and that format.
  private static func wrapper(in record: [UInt8]) -> (name: String, format: SourceFormat)? {
    var members: [(key: Field, value: Field)] = []
    guard let object = try? nestedField(record.span, from: 0),
      object.kind(in: record.span) == .object,
      (try? forEachMember(of: object, in: record.span, { members.append(($0, $1)) })) != nil
    else { return nil }
    for (key, value) in members where value.kind(in: record.span) == .object {
      let inner = line(record.span, from: value.start, to: value.end)
      guard let guess = FormatGuess(record: inner) else { continue }
      return (record.span.text(from: key.start + 1, to: key.end - 1), guess.format)
    }
    return nil
  }

  /// A stretch as a line of its own, with its newline and the padding that readers need.
  private static func line(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> [UInt8] {
    bytes.copy(from: start, to: end) + [ASCII.newline]
      + [UInt8](repeating: 0, count: Scanner.paddingBytes)
  }

  /// Whether the fields of ``keys`` make a message of the Segment spec by its type or its ids.
  private static func isMessage(_ fields: [Field], in bytes: Span<UInt8>) -> Bool {
    let (type, event) = (fields[0], fields[1])
    if type.kind(in: bytes) == .string,
      types.contains(bytes.text(from: type.start + 1, to: type.end - 1))
    {
      return true
    }
    return event.kind(in: bytes) == .string && fields[2...4].contains(where: \.isPresent)
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

/// Whether it may be the names of columns: text with one of the signs that divide it.
private func isHeader(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
  let isText = (start..<end).allSatisfy { bytes[$0] >= ASCII.space || bytes[$0] == ASCII.tab }
  return isText && firstInvalidUTF8(bytes, from: start, to: end) == nil
    && TableReader.delimiters.contains { bytes.firstOffset(of: $0, from: start, to: end) < end }
}

/// Whether the name of an event's time is in it, without which no line of a table is an event.
private func namesTime(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
  let text = bytes.copy(from: start, to: end)
  return ["timestamp", "originalTimestamp", "sentAt", "receivedAt"].contains { text.contains($0) }
}

/// Whether a digit is in it: names of columns seldom have one, values often do.
private func hasDigits(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
  (start..<end).contains { ASCII.isDigit(bytes[$0]) }
}
