internal import Records

/// Reads a regular expression in the syntax of RE2.
///
///     choice     = sequence { "|" sequence }
///     sequence   = { repetition }
///     repetition = atom [ "*" | "+" | "?" | "{" n [ "," [ m ] ] "}" ] [ "?" ]
///     atom       = literal | "." | "[" … "]" | "\" … | "(" … ")" | "^" | "$"
///
/// What a linear search cannot do, back references and looking around, is refused; so is `\C`, one
/// byte, since texts are characters here.
/// Source: RE2, doc/syntax.txt, and its parser for what that leaves open.
struct PatternParser {
  /// The deepest nesting of groups.
  static let nestingMax = 200
  /// The most repetitions of a part, those of the parts around it counted in.
  static let repetitionsMax = 1000

  let source: [UInt8]
  var offset = 0
  private(set) var tree = PatternTree()
  private(set) var flags = Flags()
  private var nesting = 0
  private var groupNames: Set<String> = []

  /// What `(?ims)` sets; `U`, which prefers short matches, changes nothing here.
  struct Flags {
    var ignoresCase = false
    var isMultiline = false
    var dotIsAll = false
  }

  /// The tree of a pattern and the index of its root.
  static func parse(_ source: [UInt8]) throws(PatternError) -> (tree: PatternTree, root: Int) {
    var parser = PatternParser(source: source)
    let root = try parser.choice()
    guard parser.offset == source.count else { throw parser.error("this ')' closes nothing") }
    return (parser.tree, root)
  }

  private init(source: [UInt8]) { self.source = source }

  /// The byte at a distance from the offset, zero behind the end.
  func peek(_ distance: Int = 0) -> UInt8 {
    offset + distance < source.count ? source[offset + distance] : 0
  }

  /// Whether the end is reached.
  var isAtEnd: Bool { offset >= source.count }

  /// Whether a text stands at the offset.
  func stands(_ text: StaticString) -> Bool {
    source[offset...].starts(with: "\(text)".utf8)
  }

  /// The error at an offset, else at the current one.
  func error(
    _ message: String, at place: Int? = nil, suggestion: String? = nil
  ) -> PatternError {
    PatternError(message: message, offset: place ?? offset, suggestion: suggestion)
  }

  private mutating func choice() throws(PatternError) -> Int {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= PatternParser.nestingMax else {
      throw error("the pattern nests deeper than \(PatternParser.nestingMax)")
    }
    var parts = [try sequence()]
    while peek() == UInt8(ascii: "|"), !isAtEnd {
      offset += 1
      parts.append(try sequence())
    }
    return parts.count == 1 ? parts[0] : tree.add(.choice(parts))
  }

  private mutating func sequence() throws(PatternError) -> Int {
    var parts: [Int] = []
    while !isAtEnd, peek() != UInt8(ascii: "|"), peek() != UInt8(ascii: ")") {
      if stands("\\Q") {
        try quotation(&parts)
        continue
      }
      if let part = try atom() {
        parts.append(try repeated(part))
      } else if let last = parts.popLast() {
        // Behind flags a repetition is that of the part before them.
        parts.append(try repeated(last))
      }
    }
    switch parts.count {
    case 0: return tree.add(.empty)
    case 1: return parts[0]
    default: return tree.add(.sequence(parts))
    }
  }

  /// Reads `\Q…\E`, whose last code point may be repeated.
  private mutating func quotation(_ parts: inout [Int]) throws(PatternError) {
    offset += 2
    while !isAtEnd, !stands("\\E") {
      if stands("\\\\") { offset += 1 }
      parts.append(add(literal: codePoint()))
    }
    if !isAtEnd { offset += 2 }
    if let last = parts.popLast() { parts.append(try repeated(last)) }
  }

  /// Reads what stands behind a part and says how often it is there.
  private mutating func repeated(_ part: Int) throws(PatternError) -> Int {
    let start = offset
    guard let bounds = try repetition() else { return part }
    if peek() == UInt8(ascii: "?") { offset += 1 }
    let node = tree.add(.repetition(part, least: bounds.least, most: bounds.most))
    guard tree.repetitions(node) <= PatternParser.repetitionsMax else {
      throw error(
        "a repetition goes to \(PatternParser.repetitionsMax), those around it counted in",
        at: start)
    }
    let next = offset
    if try repetition() != nil {
      throw error("a repetition cannot be repeated: put it in parentheses", at: next)
    }
    return node
  }

  /// Reads `*`, `+`, `?` or `{n,m}`; `nil` where none stands here, and a brace means itself.
  private mutating func repetition() throws(PatternError) -> (least: Int, most: Int?)? {
    switch peek() {
    case UInt8(ascii: "*"):
      offset += 1
      return (0, nil)
    case UInt8(ascii: "+"):
      offset += 1
      return (1, nil)
    case UInt8(ascii: "?"):
      offset += 1
      return (0, 1)
    case ASCII.openBrace: return try bounds()
    default: return nil
    }
  }

  private mutating func bounds() throws(PatternError) -> (least: Int, most: Int?)? {
    let start = offset
    offset += 1
    guard let least = number() else {
      offset = start
      return nil
    }
    var most: Int? = least
    if peek() == ASCII.comma {
      offset += 1
      most = peek() == ASCII.closeBrace ? nil : number()
      if most == nil, peek() != ASCII.closeBrace {
        offset = start
        return nil
      }
    }
    guard peek() == ASCII.closeBrace else {
      offset = start
      return nil
    }
    offset += 1
    let limit = PatternParser.repetitionsMax
    guard least <= limit, most ?? 0 <= limit else {
      throw error("a repetition goes to \(limit) at most", at: start)
    }
    if let most, most < least {
      throw error("the bounds of the repetition are the wrong way round", at: start)
    }
    return (least, most)
  }

  /// Reads a decimal number, cut where it is past every bound.
  private mutating func number() -> Int? {
    let start = offset
    var value = 0
    while ASCII.isDigit(peek()) {
      value = min(value * 10 + Int(peek() - ASCII.zero), 1_000_000)
      offset += 1
    }
    return offset > start ? value : nil
  }

  /// Reads one part; `nil` for flags, which are none.
  private mutating func atom() throws(PatternError) -> Int? {
    switch peek() {
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
      throw error("there is nothing for this to repeat")
    case UInt8(ascii: "("): return try group()
    case ASCII.openBracket: return tree.add(try bracketClass())
    case ASCII.backslash: return try escaped()
    case UInt8(ascii: "^"):
      offset += 1
      return tree.add(.assertion(flags.isMultiline ? .lineStart : .textStart))
    case UInt8(ascii: "$"):
      offset += 1
      return tree.add(.assertion(flags.isMultiline ? .lineEnd : .textEnd))
    case ASCII.period:
      offset += 1
      return tree.add(flags.dotIsAll ? .all : CodePointSet([0x0A...0x0A]).complement)
    case ASCII.openBrace:
      let start = offset
      if try repetition() != nil {
        throw error("there is nothing for this to repeat", at: start)
      }
      return add(literal: codePoint())
    default: return add(literal: codePoint())
    }
  }

  /// Adds one code point, or its letter in either case.
  private mutating func add(literal codePoint: UInt32) -> Int {
    tree.add(folded(CodePointSet([codePoint...codePoint])))
  }

  /// A set as the flag for case has it.
  func folded(_ set: CodePointSet) -> CodePointSet { flags.ignoresCase ? set.caseFolded : set }

  /// Reads one code point, a byte that is no UTF-8 as U+FFFD.
  mutating func codePoint() -> UInt32 {
    let decoded = decodeCodePoint(source.span, at: offset, to: source.count)
    offset = decoded.end
    return decoded.codePoint
  }

  /// Reads a part that begins with a backslash.
  private mutating func escaped() throws(PatternError) -> Int {
    let assertion: PatternTree.Assertion? =
      switch peek(1) {
      case UInt8(ascii: "A"): .textStart
      case UInt8(ascii: "z"): .textEnd
      case UInt8(ascii: "b"): .wordBoundary
      case UInt8(ascii: "B"): .noWordBoundary
      default: nil
      }
    if let assertion {
      offset += 2
      return tree.add(.assertion(assertion))
    }
    if let set = try escapedClass() { return tree.add(set) }
    return add(literal: try escapedCodePoint())
  }

  // MARK: Groups and flags

  private mutating func group() throws(PatternError) -> Int? {
    let start = offset
    let outer = flags
    offset += 1
    if stands("?") {
      for mark: StaticString in ["?=", "?!", "?<=", "?<!"] where stands(mark) {
        throw error("a pattern here cannot look ahead or behind: it is searched in linear time")
      }
      if stands("?P=") {
        throw error("a pattern here cannot refer back to a group: it is searched in linear time")
      }
      if stands("?P<") || stands("?<") {
        try groupName()
      } else if try !groupFlags(start) {
        return nil
      }
    }
    let content = try choice()
    guard peek() == UInt8(ascii: ")"), !isAtEnd else {
      throw error("this '(' is never closed", at: start)
    }
    offset += 1
    flags = outer
    return content
  }

  private mutating func groupName() throws(PatternError) {
    let start = offset
    offset += stands("?P<") ? 3 : 2
    let first = offset
    while !isAtEnd, peek() != UInt8(ascii: ">") { offset += 1 }
    let name = String(decoding: source[first..<offset], as: UTF8.self)
    let isWord = name.unicodeScalars.allSatisfy { scalar in
      scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
    guard !isAtEnd, !name.isEmpty, isWord else {
      throw error("the name of a group is a word: (?P<name>…)", at: start)
    }
    guard groupNames.insert(name).inserted else {
      throw error("two groups are named '\(name)'", at: start)
    }
    offset += 1
  }

  /// Reads `?ims-U:` or `?ims-U)`; false where the flags hold for the rest of the group around.
  private mutating func groupFlags(_ start: Int) throws(PatternError) -> Bool {
    offset += 1
    var isNegative = false
    var hasFlag = false
    while true {
      let letter = peek()
      switch letter {
      case UInt8(ascii: "i"): flags.ignoresCase = !isNegative
      case UInt8(ascii: "m"): flags.isMultiline = !isNegative
      case UInt8(ascii: "s"): flags.dotIsAll = !isNegative
      case UInt8(ascii: "U"): break
      case ASCII.minus where !isNegative:
        isNegative = true
        hasFlag = false
        offset += 1
        continue
      case ASCII.colon, UInt8(ascii: ")"):
        guard hasFlag || !isNegative else {
          throw error("a '-' without a flag behind it", at: offset - 1)
        }
        offset += 1
        return letter == ASCII.colon
      default:
        guard !isAtEnd else { throw error("this '(' is never closed", at: start) }
        throw error("a group begins with (, (?:, (?P<name> or flags of i, m, s, U: (?i)")
      }
      hasFlag = true
      offset += 1
    }
  }
}
