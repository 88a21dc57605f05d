import Records

/// Stretches of output that never change, one behind the other in one array.
///
///     var phrases = Phrases()
///     let plan = phrases.add("\"plan\":\"pro\",")
///     phrases.append(plan, to: &output.bytes)       one copy, no text is made
struct Phrases: Sendable {
  /// Where a stretch lies.
  struct Phrase: Sendable {
    let start: Int32
    let end: Int32
  }

  private var bytes: [UInt8] = []

  /// Adds a stretch at the end.
  mutating func add(_ text: String) -> Phrase {
    let start = Int32(bytes.count)
    bytes.append(text)
    return Phrase(start: start, end: Int32(bytes.count))
  }

  /// Writes a stretch.
  @inline(__always)
  func append(_ phrase: Phrase, to target: inout [UInt8]) {
    target.append(bytes.span, from: Int(phrase.start), to: Int(phrase.end))
  }
}
