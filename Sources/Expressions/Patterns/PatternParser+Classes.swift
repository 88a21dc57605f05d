internal import Records

extension PatternParser {
  /// Reads `[…]`.
  mutating func bracketClass() throws(PatternError) -> CodePointSet {
    let start = offset
    offset += 1
    var isNegative = false
    if peek() == UInt8(ascii: "^") {
      isNegative = true
      offset += 1
    }
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    while isFirst || peek() != ASCII.closeBracket {
      guard !isAtEnd else { throw error("this '[' is never closed", at: start) }
      isFirst = false
      if let set = try namedClass() {
        ranges.append(contentsOf: set.ranges)
        continue
      }
      let place = offset
      let low = try classCodePoint(start)
      var high = low
      if peek() == ASCII.minus, offset + 1 < source.count, peek(1) != ASCII.closeBracket {
        offset += 1
        high = try classCodePoint(start)
        guard low <= high else { throw error("this range goes backwards", at: place) }
      }
      ranges.append(low...high)
    }
    offset += 1
    let set = folded(CodePointSet(ranges))
    return isNegative ? set.complement : set
  }

  private mutating func classCodePoint(_ start: Int) throws(PatternError) -> UInt32 {
    guard !isAtEnd else { throw error("this '[' is never closed", at: start) }
    return peek() == ASCII.backslash ? try escapedCodePoint() : codePoint()
  }

  /// Reads a class with a name; `nil` where none stands here.
  private mutating func namedClass() throws(PatternError) -> CodePointSet? {
    if let set = try posixClass() { return set }
    return try escapedClass()
  }

  /// Reads `[:alpha:]` or `[:^alpha:]`; `nil` where none stands here.
  private mutating func posixClass() throws(PatternError) -> CodePointSet? {
    guard stands("[:") else { return nil }
    var end = offset + 2
    while end + 1 < source.count,
      source[end] != ASCII.colon || source[end + 1] != ASCII.closeBracket
    {
      end += 1
    }
    guard end + 1 < source.count else { return nil }
    let isNegative = peek(2) == UInt8(ascii: "^")
    let first = offset + (isNegative ? 3 : 2)
    let name = first <= end ? String(decoding: source[first..<end], as: UTF8.self) : ""
    guard let set = NamedCodePoints.posix[name] else {
      throw error(
        "there is no class '[:\(name):]'",
        suggestion: nearestName(to: name, among: NamedCodePoints.posix.keys.sorted())
          .map { "[:\($0):]" })
    }
    offset = end + 2
    return isNegative ? folded(set).complement : folded(set)
  }

  /// Reads `\d`, `\pL`, `\p{Greek}` and their like; `nil` where none stands here.
  mutating func escapedClass() throws(PatternError) -> CodePointSet? {
    guard peek() == ASCII.backslash else { return nil }
    let letter = peek(1)
    let isUpper = letter & 0x20 == 0
    if let set = NamedCodePoints.perl(letter | 0x20), letter & 0x40 != 0 {
      offset += 2
      return isUpper ? folded(set).complement : folded(set)
    }
    guard letter | 0x20 == UInt8(ascii: "p"), letter & 0x40 != 0 else { return nil }
    let start = offset
    offset += 2
    guard !isAtEnd else { throw error("a class needs a name: \\pL, \\p{Greek}", at: start) }
    var isNegative = isUpper
    var name: String
    if peek() == ASCII.openBrace {
      offset += 1
      let first = offset
      while !isAtEnd, peek() != ASCII.closeBrace { offset += 1 }
      guard !isAtEnd else { throw error("this '{' is never closed", at: first - 1) }
      name = String(decoding: source[first..<offset], as: UTF8.self)
      offset += 1
      if name.hasPrefix("^") {
        name.removeFirst()
        isNegative.toggle()
      }
    } else {
      name = Unicode.Scalar(codePoint()).map { String(Character($0)) } ?? ""
    }
    guard let set = NamedCodePoints.unicode(name) else {
      throw error(
        "there is no class '\\p{\(name)}'", at: start,
        suggestion: nearestName(to: name, among: NamedCodePoints.unicodeNames)
          .map { "\\p{\($0)}" })
    }
    return isNegative ? folded(set).complement : folded(set)
  }

  /// Reads the code point that a backslash and what is behind it stand for.
  mutating func escapedCodePoint() throws(PatternError) -> UInt32 {
    let start = offset
    offset += 1
    guard !isAtEnd else { throw error("the pattern ends in a backslash", at: start) }
    let letter = peek()
    offset += 1
    switch letter {
    case UInt8(ascii: "a"): return 0x07
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "v"): return 0x0B
    case UInt8(ascii: "x"): return try hexadecimal(start)
    case UInt8(ascii: "0"): return octal(UInt32(letter - ASCII.zero))
    case UInt8(ascii: "1")...UInt8(ascii: "7") where isOctal(peek()):
      return octal(UInt32(letter - ASCII.zero))
    case UInt8(ascii: "1")...UInt8(ascii: "9"):
      throw error(
        "a pattern here cannot refer back to a group: it is searched in linear time", at: start)
    case 0x80...: break
    default:
      let isAlphanumeric =
        letter != UInt8(ascii: "_") && NamedCodePoints.word.contains(UInt32(letter))
      if !isAlphanumeric { return UInt32(letter) }
    }
    offset -= 1
    let character = Unicode.Scalar(codePoint()).map { String(Character($0)) } ?? ""
    throw error("a pattern has no escape '\\\(character)'", at: start)
  }

  private func isOctal(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "7")
  }

  /// Reads up to two more octal digits.
  private mutating func octal(_ first: UInt32) -> UInt32 {
    var value = first
    for _ in 0..<2 where isOctal(peek()) {
      value = value * 8 + UInt32(peek() - ASCII.zero)
      offset += 1
    }
    return value
  }

  /// Reads `7F` or `{10FFFF}`.
  private mutating func hexadecimal(_ start: Int) throws(PatternError) -> UInt32 {
    var digits = source[offset...].prefix(2)
    var end = offset + digits.count
    if digits.first == ASCII.openBrace {
      digits = source[(offset + 1)...].prefix { $0 != ASCII.closeBrace }
      end = digits.endIndex + 1
    }
    let text = String(decoding: digits, as: UTF8.self)
    guard end <= source.count, digits.count >= 1, digits.count <= 8,
      digits.count == 2 || digits.startIndex > offset, text.allSatisfy(\.isHexDigit),
      let value = UInt32(text, radix: 16), value <= CodePointSet.last
    else {
      throw error("a code point in hexadecimal is \\x7F or \\x{10FFFF}", at: start)
    }
    offset = end
    return value
  }
}
