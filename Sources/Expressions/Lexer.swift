internal import Records

/// Cuts the text of an expression into tokens.
///
/// Source: the CEL language definition, "Syntax".
struct Lexer {
  private let source: [UInt8]
  private var offset = 0
  private var tokens: [Token] = []

  /// The tokens of an expression, the last of them the end.
  static func tokens(of source: [UInt8]) throws(ExpressionError) -> [Token] {
    var lexer = Lexer(source: source)
    while try lexer.next() {}
    return lexer.tokens
  }

  private init(source: [UInt8]) { self.source = source }

  /// The byte at a distance from the offset, zero behind the end.
  private func peek(_ distance: Int = 0) -> UInt8 {
    offset + distance < source.count ? source[offset + distance] : 0
  }

  private mutating func next() throws(ExpressionError) -> Bool {
    skipBlanksAndComments()
    let start = offset
    guard start < source.count else {
      tokens.append(Token(kind: .end, start: start, end: start))
      return false
    }
    let byte = source[start]
    let kind: Token.Kind
    if let textKind = try text() {
      kind = textKind
    } else if isLetter(byte) {
      while isLetter(peek()) || ASCII.isDigit(peek()) { offset += 1 }
      kind = .identifier
    } else if ASCII.isDigit(byte) || byte == ASCII.period && ASCII.isDigit(peek(1)) {
      kind = try number()
    } else if byte == UInt8(ascii: "`") {
      kind = try quotedIdentifier()
    } else {
      kind = try symbol()
    }
    tokens.append(Token(kind: kind, start: start, end: offset))
    return true
  }

  private mutating func skipBlanksAndComments() {
    while offset < source.count {
      switch source[offset] {
      case ASCII.space, ASCII.tab, ASCII.newline, ASCII.carriageReturn, 0x0C:
        offset += 1
      case ASCII.slash where peek(1) == ASCII.slash:
        while offset < source.count, source[offset] != ASCII.newline { offset += 1 }
      default:
        return
      }
    }
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
      || byte == UInt8(ascii: "_")
  }

  private func isHexadecimal(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f")
  }

  private mutating func number() throws(ExpressionError) -> Token.Kind {
    let start = offset
    var kind = Token.Kind.int
    if peek() == ASCII.zero, peek(1) | 0x20 == UInt8(ascii: "x"), isHexadecimal(peek(2)) {
      offset += 2
      while isHexadecimal(peek()) { offset += 1 }
    } else {
      while ASCII.isDigit(peek()) { offset += 1 }
      if peek() == ASCII.period, ASCII.isDigit(peek(1)) {
        kind = .double
        offset += 1
        while ASCII.isDigit(peek()) { offset += 1 }
      }
      if peek() | 0x20 == UInt8(ascii: "e") {
        kind = .double
        offset += 1
        if peek() == ASCII.minus || peek() == UInt8(ascii: "+") { offset += 1 }
        guard ASCII.isDigit(peek()) else { throw error("an exponent needs digits", at: start) }
        while ASCII.isDigit(peek()) { offset += 1 }
      }
    }
    if kind == .int, peek() | 0x20 == UInt8(ascii: "u") {
      offset += 1
      kind = .uint
    }
    if isLetter(peek()) || ASCII.isDigit(peek()) {
      throw error("a number ends in letters; put a string in quotes", at: offset)
    }
    return kind
  }

  /// Reads a string or bytes literal with its prefix, or gives `nil` where none stands here.
  private mutating func text() throws(ExpressionError) -> Token.Kind? {
    let start = offset
    var isRaw = false
    var isBytes = false
    var length = 0
    while length < 2 {
      let letter = peek(length) | 0x20
      if letter == UInt8(ascii: "r"), !isRaw {
        isRaw = true
      } else if letter == UInt8(ascii: "b"), !isBytes {
        isBytes = true
      } else {
        break
      }
      length += 1
    }
    let quote = peek(length)
    guard quote == ASCII.quote || quote == UInt8(ascii: "'") else { return nil }
    offset += length
    let isTriple = peek(1) == quote && peek(2) == quote
    offset += isTriple ? 3 : 1
    while true {
      let endsLine = peek() == ASCII.newline || peek() == ASCII.carriageReturn
      guard offset < source.count, isTriple || !endsLine else {
        throw error("this string has no closing quote", at: start)
      }
      if peek() == ASCII.backslash, !isRaw {
        offset += 2
      } else if peek() == quote, !isTriple || peek(1) == quote && peek(2) == quote {
        offset += isTriple ? 3 : 1
        return isBytes ? .bytes : .text
      } else {
        offset += 1
      }
    }
  }

  private mutating func quotedIdentifier() throws(ExpressionError) -> Token.Kind {
    let start = offset
    offset += 1
    while offset < source.count, peek() != UInt8(ascii: "`"), peek() != ASCII.newline {
      offset += 1
    }
    guard peek() == UInt8(ascii: "`"), offset > start + 1 else {
      throw error("a field name in backticks needs a closing backtick", at: start)
    }
    offset += 1
    return .quotedIdentifier
  }

  private mutating func symbol() throws(ExpressionError) -> Token.Kind {
    for symbol in Token.Symbol.allCases {
      let bytes = symbol.rawValue.utf8
      guard peek() == bytes.first, bytes.count == 1 || peek(1) == bytes.last else { continue }
      offset += bytes.count
      return .symbol(symbol)
    }
    switch peek() {
    case UInt8(ascii: "="): throw error("'=' does not compare", at: offset, suggestion: "==")
    case UInt8(ascii: "&"): throw error("'&' is no operator", at: offset, suggestion: "&&")
    case UInt8(ascii: "|"): throw error("'|' is no operator", at: offset, suggestion: "||")
    case 0x80...:
      throw error(
        "names have letters, digits and _; put others in quotes: record[\"…\"]", at: offset)
    default:
      let character = String(decoding: [peek()], as: UTF8.self)
      throw error("'\(character)' has no meaning here", at: offset)
    }
  }

  private func error(
    _ message: String, at offset: Int, suggestion: String? = nil
  ) -> ExpressionError {
    ExpressionError(message, at: offset, of: source, suggestion: suggestion)
  }
}
