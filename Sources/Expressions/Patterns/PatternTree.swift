/// A regular expression as it was written: nodes in one array, children by their index.
///
///     a(b|c)*    0: set a    1: set b    2: set c    3: choice 1, 2    4: repeat 3    5: sequence 0, 4
struct PatternTree: Sendable {
  /// Children come before their parents.
  private(set) var nodes: [Node] = []
  /// The sets of code points that the nodes name.
  private(set) var sets: [CodePointSet] = []
  private var setNumbers: [CodePointSet: Int] = [:]

  /// A part of the expression.
  ///
  /// Groups are their content: nobody asks what they captured.
  enum Node: Sendable {
    /// The empty text.
    case empty
    /// One code point of a set.
    case set(Int)
    case sequence([Int])
    case choice([Int])
    /// A part so many times; without an upper bound where `most` is `nil`.
    case repetition(Int, least: Int, most: Int?)
    /// Nothing, at certain places.
    case assertion(Assertion)
  }

  /// The places between two code points that a pattern can ask for.
  enum Assertion: Sendable {
    case textStart
    case textEnd
    case lineStart
    case lineEnd
    case wordBoundary
    case noWordBoundary

    /// Whether the place between two neighbours is such a one.
    func holds(after last: Neighbour, before next: Neighbour) -> Bool {
      switch self {
      case .textStart: last == .edge
      case .textEnd: next == .edge
      case .lineStart: last == .edge || last == .newline
      case .lineEnd: next == .edge || next == .newline
      case .wordBoundary: (last == .word) != (next == .word)
      case .noWordBoundary: (last == .word) == (next == .word)
      }
    }
  }

  /// What an assertion must know of the code point on one side.
  enum Neighbour: UInt8, Sendable {
    /// There is none: the text begins or ends.
    case edge
    case newline
    case word
    case other

    /// What a code point is.
    init(_ codePoint: UInt32) {
      self =
        codePoint == 0x0A ? .newline : NamedCodePoints.word.contains(codePoint) ? .word : .other
    }
  }

  /// Adds a node and gives its index.
  mutating func add(_ node: Node) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  /// Adds one code point of a set.
  mutating func add(_ set: CodePointSet) -> Int { add(.set(number(of: set))) }

  /// The number of a set, a new one where none is equal.
  mutating func number(of set: CodePointSet) -> Int {
    if let number = setNumbers[set] { return number }
    sets.append(set)
    setNumbers[set] = sets.count - 1
    return sets.count - 1
  }

  /// Whether a part can stand at the start of the text alone.
  func isAnchored(_ node: Int) -> Bool {
    switch nodes[node] {
    case .assertion(.textStart): true
    case .sequence(let parts): parts.first.map(isAnchored) ?? false
    case .choice(let parts): parts.allSatisfy(isAnchored)
    case .repetition(let part, let least, _): least > 0 && isAnchored(part)
    case .empty, .set, .assertion: false
    }
  }

  /// How many times its innermost parts can stand in a part one behind the other, as far as bounds
  /// say: `(a{10}){20}` 200.
  func repetitions(_ node: Int) -> Int {
    switch nodes[node] {
    case .empty, .set, .assertion: return 1
    case .sequence(let parts), .choice(let parts): return parts.map(repetitions).max() ?? 1
    case .repetition(let part, let least, let most):
      let count = max(1, most ?? least)
      return min(repetitions(part) * count, 1 << 30)
    }
  }
}
