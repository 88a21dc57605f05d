import Records

extension Array where Element == UInt8 {
  /// Adds text so that showing it can do nothing: what steers a terminal or turns the direction of
  /// reading is written as its escape.
  ///
  ///     ESC ]52;c;… BEL  →  \u{1B}]52;c;…\u{7}        newline  →  \n
  ///
  /// Escaped are C0, DEL, C1, the bidirectional controls U+061C, U+200E–F, U+202A–E, U+2066–9, the
  /// line separators U+2028–9, and surrogates that stand alone. The bytes are UTF-8 but for those
  /// surrogates. Source: CWE-150; Boucher and Anderson, Trojan Source, 2021.
  mutating func append(shown text: Span<UInt8>, from start: Int, to end: Int) {
    var offset = start
    var plainStart = start
    while offset < end {
      let byte = text[offset]
      if byte >= 0x20 && byte < 0x7F {
        offset += 1
        continue
      }
      let (code, count) = text.codePoint(at: offset, before: end)
      if isHarmful(code) {
        append(text, from: plainStart, to: offset)
        append(escapeOf: code)
        plainStart = offset + count
      }
      offset += count
    }
    append(text, from: plainStart, to: end)
  }

  private mutating func append(escapeOf code: UInt32) {
    switch code {
    case 0x09: append("\\t")
    case 0x0A: append("\\n")
    case 0x0D: append("\\r")
    default: append("\\u{\(String(code, radix: 16, uppercase: true))}")
    }
  }
}

/// Whether a code point does something to a terminal or to the order of the text around it.
private func isHarmful(_ code: UInt32) -> Bool {
  switch code {
  case ..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069,
    0xD800...0xDFFF:
    true
  default: false
  }
}

extension Span where Element == UInt8 {
  /// The code point that starts at an offset, surrogates too, and the number of its bytes.
  ///
  /// What is cut short by `end` is U+FFFD.
  func codePoint(at offset: Int, before end: Int) -> (code: UInt32, count: Int) {
    let lead = self[offset]
    if lead < 0x80 { return (UInt32(lead), 1) }
    let count = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard lead >= 0xC0, offset + count <= end else { return (0xFFFD, 1) }
    var code = UInt32(lead) & (0x7F >> UInt32(count))
    for index in offset + 1..<offset + count { code = code << 6 | UInt32(self[index] & 0x3F) }
    return (code, count)
  }
}
