/// A piece of an expression's text: a word, a number, a text or a symbol.
struct Token: Equatable, Sendable {
  /// What the piece is.
  let kind: Kind
  /// Offset of its first byte.
  let start: Int
  /// Offset of the byte behind it.
  let end: Int

  /// The kinds of piece.
  enum Kind: Equatable, Sendable {
    case identifier
    /// A field name in backticks.
    case quotedIdentifier
    case int
    case uint
    case double
    case text
    case bytes
    case symbol(Symbol)
    case end
  }

  /// Brackets, operators and marks; longer ones first, as they are looked for.
  enum Symbol: String, CaseIterable, Sendable {
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case and = "&&"
    case or = "||"
    case less = "<"
    case greater = ">"
    case not = "!"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case remainder = "%"
    case question = "?"
    case colon = ":"
    case comma = ","
    case period = "."
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
    case openBrace = "{"
    case closeBrace = "}"
  }
}
