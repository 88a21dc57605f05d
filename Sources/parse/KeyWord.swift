import Records

/// A short key as one word and its length, for comparison in one step.
///
///     "campaign"   8 bytes, all in the word       "userAgent"   the ninth in the rest
///
/// Keys of up to 16 bytes; longer ones are no key that anybody asks for here.
struct KeyWord: Equatable {
  private let low: UInt64
  private let high: UInt64
  private let count: Int

  init(_ text: String) {
    let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 16)
    self.init(bytes.span, from: 0, to: text.utf8.count)
  }

  /// The key whose field, quotes included, lies in a block.
  @inline(__always)
  init(_ bytes: Span<UInt8>, key: Field) {
    guard !key.hasEscapes else {
      let decoded = unescaped(bytes, from: key.start + 1, to: key.end - 1)
      let padded = decoded + [UInt8](repeating: 0, count: 16)
      self.init(padded.span, from: 0, to: decoded.count)
      return
    }
    self.init(bytes, from: key.start + 1, to: key.end - 1)
  }

  @inline(__always)
  private init(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
    let length = end - start
    count = length
    low = length == 0 ? 0 : bytes.word(at: start) & KeyWord.mask(length)
    high = length <= 8 ? 0 : bytes.word(at: start + 8) & KeyWord.mask(length - 8)
  }

  @inline(__always)
  private static func mask(_ length: Int) -> UInt64 {
    length >= 8 ? .max : (1 << UInt64(length * 8)) &- 1
  }
}
