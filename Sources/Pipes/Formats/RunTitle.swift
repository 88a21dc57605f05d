import Records

/// The header of a run in words.
///
///     funnel  2026-01-01 00:00 → 2026-03-31 23:59  ·  20,000 events  ·  4,812 persons
///             12 rejected  ·  3 bots  ·  snapshot
///
/// The second line says only what is not zero or null.
struct RunTitle {
  /// The program in words.
  private(set) var program: [UInt8] = []
  /// What the figures are about: the time, the events, the persons, the condition.
  private(set) var scope: [[UInt8]] = []
  /// What was left out or is unusual.
  private(set) var remarks: [[UInt8]] = []

  /// The title of a run whose header is this record.
  init(_ row: borrowing ReportRow) {
    program.append(wordsOfKind: row.kindName().dropLast(4))
    let source = row.bytes.span
    var from = Field.absent
    var to = Field.absent
    var counts: [[UInt8]] = []
    var condition: [UInt8] = []
    var newest: [UInt8] = []
    var isSnapshot = false
    try? forEachMember(of: row.object, in: source) { key, field in
      let name = unescaped(source, from: key.start + 1, to: key.end - 1)
      switch String(decoding: name, as: UTF8.self) {
      case "record": break
      case "from": from = field
      case "to": to = field
      case "events", "persons": counts.append(RunTitle.count(field, of: name, in: source))
      case "where": condition = RunTitle.remark("where", field, in: source)
      case "asOf": newest = RunTitle.minute(field, in: source)
      case "final": isSnapshot = field.kind(in: source) == .false
      case "rejected", "late", "ahead", "anonymous", "bots", "filtered":
        if RunTitle.saysSomething(field, in: source) {
          remarks.append(RunTitle.count(field, of: name, in: source))
        }
      default:
        if RunTitle.saysSomething(field, in: source) {
          var words: [UInt8] = []
          words.append(wordsOf: name)
          remarks.append(
            RunTitle.remark(
              String(decoding: words, as: UTF8.self), field, in: source,
              isDuration: isDuration(key: name)))
        }
      }
    }
    let last = RunTitle.minute(to, in: source)
    if !last.isEmpty { scope.append(RunTitle.minute(from, in: source) + Array(" → ".utf8) + last) }
    scope += counts
    if !condition.isEmpty { scope.append(condition) }
    if !newest.isEmpty, newest != last { remarks.append(Array("as of ".utf8) + newest) }
    if isSnapshot { remarks.append(Array("snapshot".utf8)) }
  }

  /// Whether a value is worth a remark: not null, false, zero or empty.
  private static func saysSomething(_ field: Field, in source: Span<UInt8>) -> Bool {
    switch field.kind(in: source) {
    case .absent, .null, .false: false
    case .number: field.double(in: source) != 0
    case .string, .array, .object: field.count > 2
    case .true: true
    }
  }

  private static func remark(
    _ name: String, _ field: Field, in source: Span<UInt8>, isDuration: Bool = false
  ) -> [UInt8] {
    guard saysSomething(field, in: source) else { return [] }
    guard field.kind(in: source) != .true else { return Array(name.utf8) }
    var text = CellText()
    text.append(field, in: source, isDuration: isDuration)
    return Array("\(name) ".utf8) + text.bytes
  }

  /// A number and what it counts, `1 event`, `12 rejected`.
  private static func count(_ field: Field, of name: [UInt8], in source: Span<UInt8>) -> [UInt8] {
    var text = CellText()
    text.append(field, in: source)
    let isOne = text.bytes == [ASCII.zero + 1]
    let isPlural = name.last == UInt8(ascii: "s") && !name.elementsEqual("anonymous".utf8)
    return text.bytes + [ASCII.space] + (isOne && isPlural ? name.dropLast() : name[...])
  }

  /// A time without its seconds, or what else stands there.
  private static func minute(_ field: Field, in source: Span<UInt8>) -> [UInt8] {
    if field.kind(in: source) == .null { return [] }
    var time: [UInt8] = []
    let isTime =
      field.kind(in: source) == .string
      && time.append(timeIn: source, from: field.start + 1, to: field.end - 1, count: 16)
    if isTime { return time }
    var text = CellText()
    text.append(field, in: source)
    return text.bytes
  }
}
