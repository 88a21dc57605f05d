/// What an evaluation costs at most, as far as the expression itself says.
///
/// A step is a node: an operator, a function, a field or a constant; a loop takes those of its body
/// for each element. Searching in texts takes a step for each 64 bytes besides.
public struct ExpressionCost: Sendable, Equatable {
  /// The steps of one evaluation; of loops over what an event has, those of one element.
  public var steps = 0
  /// Whether a loop goes over what an event has, so that only the limit bounds it.
  public var loopsOverEvent = false

  /// The steps that one evaluation may take; past them it ends in an error, which is counted.
  public static var limit: Int { Frame.fuelMax }

  /// Adds the steps of a part that is evaluated so many times.
  fileprivate mutating func add(_ part: ExpressionCost, times: Int = 1) {
    let (product, isPast) = part.steps.multipliedReportingOverflow(by: times)
    steps = isPast ? .max : steps.addingReportingOverflow(product).overflow ? .max : steps + product
    loopsOverEvent = loopsOverEvent || part.loopsOverEvent
  }
}

extension SyntaxTree {
  /// What evaluating a node costs.
  func cost(of node: Int) -> ExpressionCost {
    let children = nodes[node].children
    var cost = ExpressionCost(steps: 1)
    guard isMacro(node) else {
      for child in children { cost.add(self.cost(of: child)) }
      return cost
    }
    cost.add(self.cost(of: children[0]))
    var body = ExpressionCost()
    for child in children.dropFirst(2) { body.add(self.cost(of: child)) }
    let count = elementCount(of: children[0])
    cost.loopsOverEvent = cost.loopsOverEvent || count == nil
    cost.add(body, times: count ?? 1)
    return cost
  }

  /// Whether a node is a loop over a list or map.
  func isMacro(_ node: Int) -> Bool {
    guard case .call(let name, hasReceiver: true) = nodes[node].kind else { return false }
    return Macro.Kind(name: name) != nil && nodes[node].children.count > 2
  }

  /// How many elements a written list or map has, `nil` for any other node.
  private func elementCount(of node: Int) -> Int? {
    switch nodes[node].kind {
    case .list: nodes[node].children.count
    case .map: nodes[node].children.count / 2
    default: nil
    }
  }
}
