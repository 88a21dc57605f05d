import Records

/// Makes other lines of a line: what programs get wrong, and what nobody would write.
///
///     {"id":1,"at":"2026-03-13T10:21:14Z","n":"2.50"}
///     {"id":1,"at":null,"n":"2.50"}                   a value becomes a word
///     {"id":1,"at":"2.50","n":"2.50"}                 or another value of the line
///     {"id":1,"at":"2026-03-13T10:21:14Z","n":"2.50"  an end is missing
///
/// libFuzzer changes a line a few times at a great cost each; most of what a reader costs is saved by
/// giving it many changed lines at once. The same bytes always give the same lines.
struct LineMutations {
  private var randomness: Randomness
  /// What takes the place of a value: JSON that is seldom right, and texts of the format.
  private let words: [[UInt8]]
  private static let separators = Array(",\t;: \"|&=".utf8)
  private static let structure =
    Array("{}[]\",:\\-+.eE09 \t\r\0\u{1}\u{7F}/".utf8) + [0x80, 0xC3, 0xFF]
  private static let editsMax = 3

  /// Changes that depend on a seed alone.
  ///
  /// - Parameter texts: names and values that the format knows.
  init(seed: UInt64, texts: [[UInt8]]) {
    randomness = Randomness(seed: seed)
    words =
      LineMutations.commonWords
      + texts.map { [ASCII.quote] + $0 + [ASCII.quote] }
  }

  /// The same changes with other random numbers.
  mutating func begin(seed: UInt64) { randomness = Randomness(seed: seed) }

  private static let commonWords = [
    "null", "true", "false", "0", "-0", "-1", "1e999", "1E-400", "0.1e1", "12345678901234567890123",
    "1773397274", "1773397274123", "1773397274123456", "-62135596801", "9223372036854775807",
    "\"\"", "\" \"", "\"0\"", "\"-1.50\"", "\"1e5\"", "\"2026-03-13T10:21:14Z\"",
    "\"2026-03-13 10:21:14.5 UTC\"", "\"2026-02-30T25:61:61+99:99\"", "\"1773397274\"",
    "\"17/May/2015:10:05:03 +0200\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\u00e9\\\"\\\\\"",
    "\"https://u:p@www.google.com:80/?utm_source=a&utm_medium=cpc&gclid=%ff+%2\"", "\"é\u{202E}😀\"",
    "{}", "[]", "[[]]", "{\"\":{}}", "[{}]", "[null,1,\"a\"]",
    "{\"a\":[{\"key\":\"b\",\"value\":1}]}",
    "\"track\"", "\"page\"", "\"alias\"", "\"Googlebot/2.1 (+http://www.google.com/bot.html)\"",
  ].map { Array($0.utf8) }

  /// Adds a changed line, with its newline, to a block.
  ///
  /// - Parameters:
  ///   - line: where the line stands in `bytes`, without its newline.
  ///   - lineBytesMax: how long the new one may be.
  mutating func append(
    changing line: Range<Int>, of bytes: [UInt8], lineBytesMax: Int, to block: inout [UInt8]
  ) {
    let start = block.count
    block.append(bytes.span, from: line.lowerBound, to: line.upperBound)
    for _ in 0...randomness.number(0...LineMutations.editsMax - 1) { edit(&block, from: start) }
    if block.count - start > lineBytesMax { block.removeSubrange((start + lineBytesMax)...) }
    block.append(ASCII.newline)
  }

  private mutating func edit(_ block: inout [UInt8], from start: Int) {
    guard block.count > start else { return block.append(contentsOf: randomness.one(of: words)) }
    let place = randomness.number(start...block.count - 1)
    switch randomness.number(0...15) {
    case 0: block[place] ^= 1 << UInt8(randomness.number(0...7))
    case 1: block[place] = UInt8(truncatingIfNeeded: randomness.next())
    case 2: block[place] = randomness.one(of: LineMutations.structure)
    case 3: block.insert(randomness.one(of: LineMutations.structure), at: place)
    case 4: block.remove(at: place)
    case 5: block.removeSubrange(place..<min(block.count, place + randomness.number(1...8)))
    case 6: block.insert(contentsOf: randomness.one(of: words), at: place)
    case 7: block.removeSubrange(place...)
    case 8: escape(&block, at: place)
    case 9, 10: dropOrRepeat(&block, near: place)
    default: replaceValue(&block, from: start, near: place)
    }
  }

  /// Writes a byte as JSON may write it too.
  private mutating func escape(_ block: inout [UInt8], at place: Int) {
    let digits = Array("0123456789abcdef".utf8)
    let byte = Int(block[place])
    let escaped = Array("\\u00".utf8) + [digits[byte >> 4], digits[byte & 15]]
    block.replaceSubrange(place...place, with: escaped)
  }

  /// Leaves out, or writes twice, what stands from one separator to the next of its kind.
  private mutating func dropOrRepeat(_ block: inout [UInt8], near place: Int) {
    guard let first = block[place...].firstIndex(where: LineMutations.separators.contains) else {
      return
    }
    let next = block[(first + 1)...].firstIndex(of: block[first]) ?? block.count
    if randomness.happens(50) {
      block.removeSubrange(first..<next)
    } else {
      block.insert(contentsOf: Array(block[first..<next]), at: first)
    }
  }

  /// Puts a word, or another value of the line, in the place of the value behind a separator.
  private mutating func replaceValue(_ block: inout [UInt8], from start: Int, near place: Int) {
    guard let target = value(in: block, near: place) else { return }
    if randomness.happens(75) {
      block.replaceSubrange(target, with: randomness.one(of: words))
    } else if let source = value(in: block, near: randomness.number(start...place)) {
      block.replaceSubrange(target, with: Array(block[source]))
    }
  }

  /// The value behind the next separator: a text with its quotes, an object or list up to its bracket,
  /// or what stands up to the next separator.
  private func value(in block: [UInt8], near place: Int) -> Range<Int>? {
    let separator =
      block[place...].firstIndex { $0 == ASCII.colon || $0 == ASCII.comma }
      ?? block[place...].firstIndex(where: LineMutations.separators.contains)
    guard let separator, separator + 1 < block.count else { return nil }
    let first = separator + 1
    var depth = 0
    var isText = false
    var offset = first
    while offset < block.count {
      let byte = block[offset]
      offset += 1
      if isText {
        if byte == ASCII.backslash { offset += 1 }
        if byte == ASCII.quote { isText = false } else { continue }
      } else if byte == ASCII.quote {
        isText = true
        continue
      } else if byte == ASCII.openBrace || byte == ASCII.openBracket {
        depth += 1
      } else if byte == ASCII.closeBrace || byte == ASCII.closeBracket {
        depth -= 1
        if depth < 0 { return first..<offset - 1 }
      } else if depth == 0, LineMutations.separators.contains(byte) {
        return first..<offset - 1
      } else {
        continue
      }
      if depth == 0 { return first..<min(offset, block.count) }
    }
    return first..<block.count
  }
}
