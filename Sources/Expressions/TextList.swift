internal import Records

/// Constant texts that fields are compared with, one behind the other.
struct TextList: Sendable {
  private var ranges: [TextRange] = []
  /// The texts, with padding that words may be read from.
  private(set) var bytes = [UInt8](repeating: 0, count: 8)

  /// A stretch of the bytes.
  struct TextRange: Sendable, BitwiseCopyable {
    let start: Int
    let count: Int

    /// The offset behind the last byte.
    var end: Int { start + count }
  }

  /// Where a text lies.
  subscript(text: Int) -> TextRange { ranges[text] }

  /// Adds a text and gives its number.
  mutating func add(_ text: [UInt8]) -> Int {
    let start = bytes.count - 8
    bytes.insert(contentsOf: text, at: start)
    ranges.append(TextRange(start: start, count: text.count))
    return ranges.count - 1
  }

  /// The bytes of a text.
  func content(_ text: Int) -> [UInt8] { Array(bytes[ranges[text].start..<ranges[text].end]) }

  /// Whether a string without escapes is a text.
  @inline(__always)
  func equals(_ text: Int, _ field: Field, _ record: Span<UInt8>) -> Bool {
    field.count - 2 == ranges[text].count && stands(text, in: record, at: field.start + 1)
  }

  /// Whether a text stands at an offset, eight bytes at a time; padding must follow.
  @inline(__always)
  func stands(_ text: Int, in record: Span<UInt8>, at start: Int) -> Bool {
    let range = ranges[text]
    let constant = bytes.span
    var offset = 0
    while offset + 8 <= range.count {
      if record.word(at: start + offset) != constant.word(at: range.start + offset) { return false }
      offset += 8
    }
    let mask: UInt64 = (1 << UInt64((range.count - offset) * 8)) &- 1
    let difference = record.word(at: start + offset) ^ constant.word(at: range.start + offset)
    return difference & mask == 0
  }
}
