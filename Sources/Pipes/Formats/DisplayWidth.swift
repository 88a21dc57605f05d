import Records

/// How many columns of a terminal text takes: two for wide East Asian characters and emoji, none
/// for marks that combine.
///
/// It is what `wcwidth` says on most systems, a scalar at a time: sequences of emoji that a terminal
/// draws as one are counted wider than they are. Source: Unicode Standard Annex 11.
enum DisplayWidth {
  /// The columns that the UTF-8 bytes from `start` up to `end` take.
  static func columns(_ text: Span<UInt8>, from start: Int, to end: Int) -> Int {
    prefix(text, from: start, to: end, columnsMax: .max).columns
  }

  /// The columns that a whole text takes.
  static func columns(of text: [UInt8]) -> Int { columns(text.span, from: 0, to: text.count) }

  /// The end of the longest beginning that takes at most so many columns, and how many it takes.
  static func prefix(
    _ text: Span<UInt8>, from start: Int, to end: Int, columnsMax: Int
  ) -> (end: Int, columns: Int) {
    var offset = start
    var columns = 0
    while offset < end {
      let (code, count) = text.codePoint(at: offset, before: end)
      let width = code < 0x80 ? 1 : columnsOf(code)
      if columns + width > columnsMax { break }
      columns += width
      offset += count
    }
    return (offset, columns)
  }

  private static func columnsOf(_ code: UInt32) -> Int {
    if code < 0x300 { return code == 0xAD ? 0 : 1 }
    if isWide(code) { return 2 }
    guard let scalar = Unicode.Scalar(code) else { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The two halves of a flag make one wide character.
    if 0x1F1E6...0x1F1FF ~= code { return 1 }
    return scalar.properties.isEmojiPresentation ? 2 : 1
  }

  private static func isWide(_ code: UInt32) -> Bool {
    switch code {
    case 0x1100...0x115F, 0x2E80...0x3029, 0x302E...0x303E, 0x3041...0x3098, 0x309B...0x4DBF,
      0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18CFF, 0x1B000...0x1B2FF,
      0x1F200...0x1F265, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
