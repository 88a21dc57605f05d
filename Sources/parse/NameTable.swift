import Records

/// What the names of a source stand for.
///
///     "events": {"purchase": "Order Completed", "ping": null, "*": "Other"}
///
/// A name that the table has not, stays as it is, where there is no `*`.
struct NameTable: Sendable {
  /// What a name becomes.
  enum Meaning: Sendable {
    /// It stays.
    case same
    /// Other JSON, a text mostly.
    case json([UInt8])
    /// Nothing: the value is missing, the event is left out, for the reason with this number.
    case nothing(reason: Int)
  }

  private var names: [[UInt8]] = []
  private var meanings: [Meaning] = []
  private var other = Meaning.same

  /// Adds a name, or `*` for all others; of two equal ones the first stays.
  mutating func add(_ name: [UInt8], _ meaning: Meaning) {
    if name == [UInt8(ascii: "*")] {
      if case .same = other { other = meaning }
    } else if !names.contains(name) {
      names.append(name)
      meanings.append(meaning)
    }
  }

  /// Adds what another table says of names that this one does not.
  mutating func add(_ table: NameTable) {
    for (name, meaning) in zip(table.names, table.meanings) { add(name, meaning) }
    if case .same = other { other = table.other }
  }

  /// The meaning of a JSON value: of a text, or of a number or truth value by its text.
  func meaning(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Meaning {
    guard bytes[start] == ASCII.quote else { return find(bytes, from: start, to: end) }
    if bytes.firstOffset(of: ASCII.backslash, from: start, to: end) < end {
      let decoded = unescaped(bytes, from: start + 1, to: end - 1)
      return find(decoded.span, from: 0, to: decoded.count)
    }
    return find(bytes, from: start + 1, to: end - 1)
  }

  private func find(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Meaning {
    for index in names.indices where bytes.equals(names[index], from: start, to: end) {
      return meanings[index]
    }
    return other
  }
}
