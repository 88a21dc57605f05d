import Records

/// A value as people read it, for one cell of a table or of Markdown.
///
/// It is meant to be used again for the next cell, so that a cell costs no allocation.
struct CellText {
  /// The text, harmless to a terminal.
  private(set) var bytes: [UInt8] = []
  /// The bytes before the point at which the cells of a column are aligned.
  private(set) var anchor = 0
  /// The rate, where the value is one.
  private(set) var rate: RateValue?

  /// Levels of objects and arrays that are taken apart; what lies deeper stands as JSON.
  ///
  /// Each level is looked through once for every level around it.
  static let nestingShownMax = 8

  /// Takes the text of a value in place of the one before.
  mutating func write(_ field: Field, of column: ReportColumn, in source: Span<UInt8>) {
    bytes.removeAll(keepingCapacity: true)
    rate = nil
    anchor = 0
    switch field.kind(in: source) {
    case .absent, .false: return
    case .true:
      bytes.append("◀ ")
      bytes.append(contentsOf: column.heading)
      return
    case .object where column.isHeat:
      rate = RateValue(field, in: source)
      rate?.appendHeat(to: &bytes)
      anchor = bytes.count
    case .object where column.isChange && ChangeValue(field, in: source) != nil:
      anchor = ChangeValue(field, in: source)?.append(to: &bytes) ?? 0
      return
    default: append(field, in: source, isDuration: column.isDuration)
    }
    if rate == nil { anchor = bytes.count }
  }

  /// Adds a value of any kind to the text.
  mutating func append(
    _ field: Field, in source: Span<UInt8>, isDuration: Bool = false, depth: Int = 1
  ) {
    switch field.kind(in: source) {
    case .absent: return
    case .null: bytes.append("–")
    case .true: bytes.append("true")
    case .false: bytes.append("false")
    case .string: append(string: field, in: source)
    case .number:
      if isDuration, let seconds = field.double(in: source) {
        bytes.append(durationSeconds: seconds)
      } else {
        bytes.append(number: source, from: field.start, to: field.end)
      }
    case .array, .object:
      guard depth <= CellText.nestingShownMax else {
        return bytes.append(shown: source, from: field.start, to: field.end)
      }
      if field.kind(in: source) == .array {
        append(array: field, in: source, isDuration: isDuration, depth: depth)
      } else {
        append(object: field, in: source, isDuration: isDuration, depth: depth)
      }
    }
  }

  private mutating func append(string field: Field, in source: Span<UInt8>) {
    if field.hasEscapes {
      let decoded = unescaped(source, from: field.start + 1, to: field.end - 1)
      bytes.append(shown: decoded.span, from: 0, to: decoded.count)
    } else if !bytes.append(timeIn: source, from: field.start + 1, to: field.end - 1) {
      bytes.append(shown: source, from: field.start + 1, to: field.end - 1)
    }
  }

  /// Adds the elements, `a, b`; those that are objects themselves are parted by semicolons.
  private mutating func append(
    array field: Field, in source: Span<UInt8>, isDuration: Bool, depth: Int
  ) {
    var isFirst = true
    try? forEachElement(of: field, in: source) { element in
      let kind = element.kind(in: source)
      if !isFirst { bytes.append(kind == .object || kind == .array ? "; " : ", ") }
      isFirst = false
      if kind == .array { bytes.append("(") }
      append(element, in: source, isDuration: isDuration, depth: depth + 1)
      if kind == .array { bytes.append(")") }
    }
  }

  /// Adds the rate that the object is, or its members: `plan pro, open tickets 2`.
  ///
  /// A member that is true is its name alone; those that are false or null are left out.
  private mutating func append(
    object field: Field, in source: Span<UInt8>, isDuration: Bool, depth: Int
  ) {
    if let rate = RateValue(field, in: source) {
      let anchor = rate.append(to: &bytes)
      if depth == 1 { (self.rate, self.anchor) = (rate, anchor) }
      return
    }
    var isFirst = true
    try? forEachMember(of: field, in: source) { key, value in
      let kind = value.kind(in: source)
      if kind == .null || kind == .false { return }
      if !isFirst { bytes.append(", ") }
      isFirst = false
      let name = unescaped(source, from: key.start + 1, to: key.end - 1)
      bytes.append(wordsOf: name)
      if kind == .true { return }
      bytes.append(ASCII.space)
      let isNested = kind == .array || kind == .object && RateValue(value, in: source) == nil
      if isNested { bytes.append("(") }
      append(
        value, in: source, isDuration: isDuration || Pipes.isDuration(key: name),
        depth: depth + 1)
      if isNested { bytes.append(")") }
    }
  }
}

extension Array where Element == UInt8 {
  /// Adds a time of RFC 3339 as `2026-03-01 12:00:05`, in UTC, or nothing where it is none.
  ///
  /// - Parameter count: characters to show; 16 leave the seconds out.
  mutating func append(
    timeIn source: Span<UInt8>, from start: Int, to end: Int, count: Int = 19
  ) -> Bool {
    guard end - start >= 20, ASCII.isDigit(source[start]),
      let moment = Moment(rfc3339: source, from: start, to: end)
    else { return false }
    var text: [UInt8] = []
    moment.append(to: &text)
    text[10] = ASCII.space
    append(contentsOf: text[..<count])
    return true
  }
}
