internal import Records

/// Turns the tokens of an expression into a syntax tree.
///
///     expression = binary [ "?" binary ":" expression ]
///     binary     = unary { operator unary }            by precedence
///     unary      = { "!" | "-" } postfix
///     postfix    = primary { "." name [ arguments ] | "[" expression "]" }
///
/// Nothing nests deeper than ``nestingMax``, so that neither the parser nor what walks its tree
/// can use up the stack. Source: the CEL language definition, "Syntax".
struct Parser {
  /// The most bytes an expression may have.
  static let sourceBytesMax = 65_536
  /// The deepest nesting of an expression.
  static let nestingMax = 250

  private var tree: SyntaxTree
  private var position = 0
  private var nesting = 0

  /// The syntax tree of an expression.
  static func parse(_ text: String) throws(ExpressionError) -> SyntaxTree {
    let source = Array(text.utf8)
    guard source.count <= sourceBytesMax else {
      throw ExpressionError(
        "an expression has at most \(sourceBytesMax) bytes", at: sourceBytesMax, of: source)
    }
    let tokens = try Lexer.tokens(of: source)
    var parser = Parser(tree: SyntaxTree(source: source, tokens: tokens))
    guard tokens.count > 1 else { throw parser.error("the expression is empty") }
    parser.tree.root = try parser.expression()
    guard parser.token.kind == .end else { throw parser.unexpected() }
    return parser.tree
  }

  private init(tree: SyntaxTree) { self.tree = tree }

  private var token: Token { tree.tokens[position] }

  private func text(_ token: Token) -> String {
    String(decoding: tree.source[token.start..<token.end], as: UTF8.self)
  }

  private func error(_ message: String, suggestion: String? = nil) -> ExpressionError {
    ExpressionError(message, at: token.start, of: tree.source, suggestion: suggestion)
  }

  /// The error for a token that cannot stand where it stands.
  private func unexpected() -> ExpressionError {
    guard token.kind != .end else { return error("the expression ends too early") }
    let word = text(token)
    let last = position > 0 ? tree.tokens[position - 1] : token
    if text(last).lowercased() == "not" {
      return ExpressionError(
        "'\(text(last))' is no operator", at: last.start, of: tree.source, suggestion: "!")
    }
    if let suggestion = operatorMeant {
      return error("'\(word)' is no operator", suggestion: suggestion)
    }
    return error("'\(word)' cannot stand here")
  }

  /// What other languages write where this one has an operator or a function.
  private var operatorMeant: String? {
    switch text(token).lowercased() {
    case "and": "&&"
    case "or": "||"
    case "not":
      tree.tokens[position + 1].kind == .identifier
        && text(tree.tokens[position + 1]).lowercased() == "in"
        ? "!(… in …)" : "!"
    case "is": text(tree.tokens[position + 1]).lowercased() == "not" ? "!=" : "=="
    case "like", "ilike": "….contains(\"…\")' or '….matches(\"…\")"
    case "between": "… >= … && … <= …"
    default: nil
    }
  }

  /// The error for a list in parentheses: `(a, b)` is `[a, b]`.
  private func listInParentheses(from open: Token) -> ExpressionError {
    var close = position
    while tree.tokens[close].kind != .end, tree.tokens[close].kind != .symbol(.closeParenthesis) {
      close += 1
    }
    let content = String(decoding: tree.source[open.end..<tree.tokens[close].start], as: UTF8.self)
    let isShort = tree.tokens[close].kind != .end && content.utf8.count <= 60
    return ExpressionError(
      "a list is written in brackets", at: open.start, of: tree.source,
      suggestion: isShort ? "[\(content)]" : "[…]")
  }

  private mutating func takes(_ symbol: Token.Symbol) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ symbol: Token.Symbol) throws(ExpressionError) {
    guard takes(symbol) else {
      if token.kind == .end { throw error("the expression ends where '\(symbol.rawValue)' is due") }
      throw unexpected()
    }
  }

  private mutating func add(
    _ kind: SyntaxNode.Kind, _ children: [Int], at offset: Int, from firstToken: Int
  ) throws(ExpressionError) -> Int {
    var depth = 1
    for child in children { depth = max(depth, tree.nodes[child].depth + 1) }
    guard depth <= Parser.nestingMax else { throw tooDeep(at: offset) }
    tree.nodes.append(
      SyntaxNode(
        kind: kind, children: children, offset: offset, firstToken: firstToken,
        lastToken: position - 1, depth: depth))
    return tree.nodes.count - 1
  }

  private func tooDeep(at offset: Int) -> ExpressionError {
    ExpressionError(
      "the expression nests deeper than \(Parser.nestingMax)", at: offset, of: tree.source)
  }

  private mutating func expression() throws(ExpressionError) -> Int {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Parser.nestingMax else { throw tooDeep(at: token.start) }
    let first = position
    let condition = try binary(1)
    let question = token
    guard takes(.question) else { return condition }
    let yes = try binary(1)
    try expect(.colon)
    let no = try expression()
    return try add(.conditional, [condition, yes, no], at: question.start, from: first)
  }

  /// Reads operands joined by operators that bind at least as closely as `minimum`.
  ///
  /// Chains of `&&` and of `||` become one node, however long they are.
  private mutating func binary(_ minimum: Int) throws(ExpressionError) -> Int {
    let first = position
    var left = try unary()
    var chained = -1
    while true {
      let mark = token
      let isIn = mark.kind == .identifier && text(mark) == "in"
      guard let found = isIn ? .membership : Operator(mark.kind), found.precedence >= minimum
      else { return left }
      position += 1
      let right = try binary(found.precedence + 1)
      if found == .and || found == .or, chained == left,
        case .binary(found) = tree.nodes[left].kind
      {
        tree.nodes[left].children.append(right)
        tree.nodes[left].lastToken = position - 1
        tree.nodes[left].depth = max(tree.nodes[left].depth, tree.nodes[right].depth + 1)
        guard tree.nodes[left].depth <= Parser.nestingMax else { throw tooDeep(at: mark.start) }
      } else {
        left = try add(.binary(found), [left, right], at: mark.start, from: first)
      }
      chained = left
    }
  }

  private mutating func unary() throws(ExpressionError) -> Int {
    let first = position
    var marks: [Token] = []
    while token.kind == .symbol(.not) || token.kind == .symbol(.minus) {
      marks.append(token)
      position += 1
    }
    var operand: Int
    if marks.last?.kind == .symbol(.minus), token.kind == .int || token.kind == .double {
      let value = try Literal.number(token, of: tree.source, isNegative: true)
      marks.removeLast()
      position += 1
      let start = position - 2
      operand = try add(.constant(value), [], at: tree.tokens[start].start, from: start)
      operand = try postfix(operand, from: start)
    } else {
      let start = position
      operand = try postfix(primary(), from: start)
    }
    // A pair of the same mark says nothing but that the operand has the type.
    while marks.count > 2, marks[marks.count - 1].kind == marks[marks.count - 2].kind,
      marks[marks.count - 3].kind == marks[marks.count - 1].kind
    {
      marks.removeLast(2)
    }
    for mark in marks.reversed() {
      let kind: SyntaxNode.Kind = mark.kind == .symbol(.not) ? .not : .negate
      operand = try add(kind, [operand], at: mark.start, from: first)
    }
    return operand
  }

  private mutating func postfix(_ start: Int, from first: Int) throws(ExpressionError) -> Int {
    var operand = start
    while true {
      let mark = token
      if takes(.period) {
        let name = token
        if name.kind == .quotedIdentifier {
          position += 1
          let key = String(text(name).dropFirst().dropLast())
          operand = try add(.select(key), [operand], at: name.start, from: first)
          continue
        }
        guard name.kind == .identifier else { throw unexpected() }
        position += 1
        if takes(.openParenthesis) {
          let arguments = try [operand] + list(until: .closeParenthesis)
          operand = try add(
            .call(text(name), hasReceiver: true), arguments, at: name.start, from: first)
        } else {
          operand = try add(.select(text(name)), [operand], at: name.start, from: first)
        }
      } else if takes(.openBracket) {
        let index = try expression()
        try expect(.closeBracket)
        operand = try add(.element, [operand, index], at: mark.start, from: first)
      } else {
        return operand
      }
    }
  }

  private mutating func primary() throws(ExpressionError) -> Int {
    let first = position
    let mark = token
    switch mark.kind {
    case .int, .uint, .double:
      position += 1
      let value = try Literal.number(mark, of: tree.source, isNegative: false)
      return try add(.constant(value), [], at: mark.start, from: first)
    case .text, .bytes:
      position += 1
      let content = try Literal.text(mark, of: tree.source)
      let value: Value = mark.kind == .text ? .text(content) : .bytes(content)
      return try add(.constant(value), [], at: mark.start, from: first)
    case .identifier:
      return try name(isAbsolute: false, from: first)
    case .symbol(.period):
      position += 1
      guard token.kind == .identifier else { throw unexpected() }
      return try name(isAbsolute: true, from: first)
    case .symbol(.openParenthesis):
      position += 1
      let inner = try expression()
      if token.kind == .symbol(.comma) { throw listInParentheses(from: mark) }
      try expect(.closeParenthesis)
      return inner
    case .symbol(.openBracket):
      position += 1
      return try add(.list, try list(until: .closeBracket), at: mark.start, from: first)
    case .symbol(.openBrace):
      position += 1
      return try add(.map, try entries(), at: mark.start, from: first)
    case .quotedIdentifier:
      throw error("a name in backticks stands behind a period: record.\(text(mark))")
    default:
      throw unexpected()
    }
  }

  /// Reads a bare name: a literal, a call or an identifier.
  private mutating func name(isAbsolute: Bool, from first: Int) throws(ExpressionError) -> Int {
    let mark = token
    let word = text(mark)
    if !isAbsolute {
      let literal: Value? =
        switch word {
        case "true": .bool(true)
        case "false": .bool(false)
        case "null": .null
        default: nil
        }
      if let literal {
        position += 1
        return try add(.constant(literal), [], at: mark.start, from: first)
      }
    }
    if word == "in" { throw unexpected() }
    if Parser.reservedWords.contains(word) {
      throw error("'\(word)' is reserved; the field is record.\(word)")
    }
    position += 1
    if takes(.openParenthesis) {
      let arguments = try list(until: .closeParenthesis)
      return try add(.call(word, hasReceiver: false), arguments, at: mark.start, from: first)
    }
    if token.kind == .symbol(.openBrace) {
      throw error("messages are not part of these expressions; a map is {\"key\": value}")
    }
    return try add(
      .identifier(word, isAbsolute: isAbsolute), [], at: mark.start, from: first)
  }

  /// Reads expressions with commas between them; one may follow the last.
  private mutating func list(until close: Token.Symbol) throws(ExpressionError) -> [Int] {
    var elements: [Int] = []
    while !takes(close) {
      elements.append(try expression())
      if takes(.comma) {
        guard close != .closeParenthesis || token.kind != .symbol(close) else {
          throw unexpected()
        }
      } else {
        try expect(close)
        break
      }
    }
    return elements
  }

  /// Reads the entries of a map: keys and values in turn.
  private mutating func entries() throws(ExpressionError) -> [Int] {
    var parts: [Int] = []
    while !takes(.closeBrace) {
      parts.append(try expression())
      try expect(.colon)
      parts.append(try expression())
      if !takes(.comma) {
        try expect(.closeBrace)
        break
      }
    }
    return parts
  }

  /// Words that the standard keeps for the languages around it.
  private static let reservedWords: Set<String> = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
  ]
}
