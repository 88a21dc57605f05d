/// A pattern as the states of a nondeterministic automaton.
///
///     ab*     0 split 1, 2 (begins anywhere)   1 any → 0   2 a → 3   3 split 4, 5   4 b → 3   5 match
///
/// Source: Thompson 1968, "Regular expression search algorithm".
struct PatternProgram: Sendable {
  /// The most instructions of a program.
  static let instructionsMax = 20_000

  /// What is done in a state.
  enum Instruction: Sendable, BitwiseCopyable {
    /// Passes one code point of a set.
    case set(Int, next: Int)
    case split(Int, Int)
    case assertion(PatternTree.Assertion, next: Int)
    case match
  }

  private(set) var instructions: [Instruction] = []
  /// The state that a search begins in.
  private(set) var start = 0
  /// Whether an instruction asks for the place it is at.
  private(set) var hasAssertions = false
  let alphabet: PatternAlphabet

  /// The program of a pattern that may stand anywhere in a text.
  init(_ source: [UInt8]) throws(PatternError) {
    var (tree, root) = try PatternParser.parse(source)
    let any = tree.number(of: .all)
    for case .assertion in tree.nodes { hasAssertions = true }
    guard let alphabet = PatternAlphabet(tree.sets, hasAssertions: hasAssertions) else {
      throw PatternError(message: "the pattern tells too many characters apart", offset: 0)
    }
    self.alphabet = alphabet
    let match = try add(.match)
    let body = try add(root, of: tree, next: match)
    start = body
    guard !tree.isAnchored(root) else { return }
    start = try add(.split(body, 0))
    let skip = try add(.set(any, next: start))
    instructions[start] = .split(body, skip)
  }

  private mutating func add(_ instruction: Instruction) throws(PatternError) -> Int {
    guard instructions.count < PatternProgram.instructionsMax else {
      throw PatternError(
        message: "the pattern is too large: its repetitions come to more than"
          + " \(PatternProgram.instructionsMax) steps", offset: 0)
    }
    instructions.append(instruction)
    return instructions.count - 1
  }

  /// Adds the instructions of a node, from its end to its start; gives where they begin.
  private mutating func add(
    _ node: Int, of tree: PatternTree, next: Int
  ) throws(PatternError) -> Int {
    switch tree.nodes[node] {
    case .empty: return next
    case .set(let set): return try add(.set(set, next: next))
    case .assertion(let assertion): return try add(.assertion(assertion, next: next))
    case .sequence(let parts):
      var place = next
      for part in parts.reversed() { place = try add(part, of: tree, next: place) }
      return place
    case .choice(let parts):
      var place = try add(parts[parts.count - 1], of: tree, next: next)
      for part in parts.dropLast().reversed() {
        place = try add(.split(try add(part, of: tree, next: next), place))
      }
      return place
    case .repetition(let part, let least, let most):
      var place = next
      if let most {
        for _ in least..<max(least, most) {
          place = try add(.split(try add(part, of: tree, next: place), next))
        }
      } else {
        let loop = try add(.split(next, next))
        instructions[loop] = .split(try add(part, of: tree, next: loop), next)
        place = loop
      }
      for _ in 0..<least { place = try add(part, of: tree, next: place) }
      return place
    }
  }
}
