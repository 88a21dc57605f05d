extension Compiler {
  /// Marks the largest parts of the program that the event alone settles, so that they can be kept
  /// for the person; gives their nodes.
  ///
  ///     event == "A" && now - last(event == "B") > duration(properties.limit)
  ///     └── captured ──┘                                    └── captured ───┘
  mutating func markCaptures() -> [Int] {
    program.captures = Array(repeating: -1, count: program.nodes.count)
    guard followsTime else { return [] }
    var points: [Int] = []
    mark(program.root, &points)
    return points
  }

  private mutating func mark(_ node: Int, _ points: inout [Int]) {
    let traits = program.traits[node]
    if traits.isOfEvent {
      guard program.captures[node] < 0 else { return }
      program.captures[node] = points.count
      points.append(node)
      return
    }
    guard traits.readsRecord else { return }
    for operand in operands(of: node) { mark(operand, &points) }
  }

  /// The nodes that a node needs.
  private func operands(of node: Int) -> [Int] {
    switch program.nodes[node] {
    case .constant, .field, .eventName, .record, .now, .variable, .local, .lookBack, .failure:
      []
    case .member(let operand, _), .has(let operand, _), .isPresent(let operand),
      .not(let operand), .negate(let operand), .textComparison(_, let operand, _),
      .numberComparison(_, let operand, _), .oneOf(let operand, _, _),
      .movingPart(let operand, _, _), .matches(let operand, _), .zonedPart(_, let operand, _):
      [operand]
    case .element(let left, let right), .arithmetic(_, let left, let right, _),
      .comparison(_, let left, let right), .timeComparison(_, let left, let right, _),
      .membership(let left, let right):
      [left, right]
    case .conditional(let condition, let yes, let no): [condition, yes, no]
    case .and(let first, let count), .or(let first, let count), .list(let first, let count),
      .map(let first, let count), .call(_, let first, let count):
      Array(program.children[first..<first + count])
    case .macro(let index):
      [program.macros[index].range, program.macros[index].condition]
        + (program.macros[index].transform.map { [$0] } ?? [])
    }
  }
}
