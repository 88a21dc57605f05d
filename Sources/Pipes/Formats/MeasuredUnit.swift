import Records

/// What a value is measured in, as people read it.
///
///     points    30.0 (14.1–44.2)          seconds    2 m 5 s (1 m 40 s–2 m 30 s)
///     EUR       30.16 EUR (27.74–32.58)   count      4,231
struct MeasuredUnit {
  private let name: [UInt8]

  /// The unit of differences of shares.
  static let percentPoints = MeasuredUnit(name: Array("percentPoints".utf8))

  private init(name: [UInt8]) { self.name = name }

  /// The unit that a text names, `nil` for anything else.
  init?(_ field: Field, in source: Span<UInt8>) {
    guard field.kind(in: source) == .string else { return nil }
    name = unescaped(source, from: field.start + 1, to: field.end - 1)
  }

  private func isNamed(_ other: String) -> Bool { name.elementsEqual(other.utf8) }

  /// Whether values are amounts of money, whose name stands behind them.
  private var isMoney: Bool {
    !["points", "percentPoints", "seconds", "count", "number"].contains(where: isNamed)
  }

  /// Adds a value.
  func append(_ value: Double, to text: inout [UInt8]) {
    appendNumber(value, to: &text)
    guard isMoney, !isNamed("money") else { return }
    text.append(ASCII.space)
    text.append(shown: name.span, from: 0, to: name.count)
  }

  /// Adds an interval, if there is one.
  func append(low: Double?, high: Double?, to text: inout [UInt8]) {
    guard let low, let high else { return }
    text.append(" (")
    appendNumber(low, to: &text)
    text.append(low < 0 ? " to " : "–")
    appendNumber(high, to: &text)
    text.append(")")
  }

  private func appendNumber(_ value: Double, to text: inout [UInt8]) {
    if isNamed("seconds") { return text.append(durationSeconds: value) }
    if isNamed("percentPoints") { return text.append(value * 100, decimals: 1) }
    text.append(value, decimals: isNamed("count") ? 0 : isNamed("points") ? 1 : 2)
  }
}
