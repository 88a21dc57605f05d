/// An expression as it was written: nodes in one array, children by their index.
///
///     a.b > 1        0: identifier a    1: select b (0)    2: constant 1    3: > (1, 2)
struct SyntaxTree: Sendable {
  /// Children come before their parents; the last node is the whole.
  var nodes: [SyntaxNode] = []
  /// The index of the whole.
  var root = 0
  /// The text.
  let source: [UInt8]
  /// Its pieces.
  let tokens: [Token]

  /// The text of a stretch of tokens with one space between them: the same for the same meaning.
  func canonicalText(of node: Int) -> [UInt8] {
    var text: [UInt8] = []
    for token in tokens[nodes[node].firstToken...nodes[node].lastToken] {
      text.append(contentsOf: source[token.start..<token.end])
      text.append(0x20)
    }
    return text
  }
}

/// One node of a syntax tree.
struct SyntaxNode: Sendable {
  /// What stands there.
  let kind: Kind
  /// The indices of the operands; the receiver of a call first.
  var children: [Int]
  /// Offset of the byte that an error points at.
  let offset: Int
  /// The first token that belongs to the node.
  let firstToken: Int
  /// The last token that belongs to the node.
  var lastToken: Int
  /// Levels of nodes, this one included.
  var depth: Int

  /// The kinds of node.
  enum Kind: Sendable {
    case constant(Value)
    case identifier(String, isAbsolute: Bool)
    case select(String)
    case element
    case call(String, hasReceiver: Bool)
    case list
    case map
    case not
    case negate
    case conditional
    case binary(Operator)
  }
}
