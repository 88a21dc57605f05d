internal import Records

extension Compiler {
  /// Compiles an operator between two operands.
  mutating func binary(
    _ operation: Operator, at syntax: Int
  ) throws(ExpressionError) -> Lowered {
    let children = tree.nodes[syntax].children
    let left = try lower(children[0])
    let right = try lower(children[1])
    if operation == .membership { return try membership(left, right, at: syntax) }
    if operation.isComparison { return try comparison(operation, left, right, at: syntax) }
    let mixes =
      program.allowsExtensions
      && (program.traits[left.node].isFromJSON || program.traits[right.node].isFromJSON)
    let type = try resultType(operation, left, right, mixes: mixes, at: syntax)
    let node = add(
      .arithmetic(operation, left.node, right.node, mixes: mixes), of: [left.node, right.node])
    let leftSlope = program.traits[left.node].slope
    let rightSlope = program.traits[right.node].slope
    if leftSlope != 0 || rightSlope != 0 {
      guard operation == .add || operation == .subtract else {
        try requireStill(left, at: children[0])
        try requireStill(right, at: children[1])
        return Lowered(node: node, type: type)
      }
      let slope = leftSlope + (operation == .add ? rightSlope : -rightSlope)
      program.traits[node].slope = slope
      if abs(slope) > 1 { try requireStill(Lowered(node: node, type: type), at: syntax) }
    }
    return try folded(
      Lowered(node: node, type: type), of: [left.node, right.node], at: syntax)
  }

  private mutating func comparison(
    _ operation: Operator, _ left: Lowered, _ right: Lowered, at syntax: Int
  ) throws(ExpressionError) -> Lowered {
    let isOrder = operation != .equal && operation != .notEqual
    let fits =
      left.type == .dynamic || right.type == .dynamic || left.type == right.type
      || left.type.isNumeric && right.type.isNumeric
      || !isOrder && (left.type == .null || right.type == .null)
    let hasOrder = ![left.type, right.type].contains { [.list, .map, .null, .type].contains($0) }
    if environment.checksTypes, !fits || isOrder && !hasOrder {
      throw mismatch(operation, left, right, at: syntax)
    }
    if let node = fieldComparison(operation, left.node, right.node)
      ?? fieldComparison(operation.mirrored, right.node, left.node)
    {
      return Lowered(node: node, type: .bool)
    }
    let slope = program.traits[left.node].slope - program.traits[right.node].slope
    guard slope.magnitude <= 1 else {
      throw error("`now` stands on both sides against itself; bring it to one side", at: syntax)
    }
    let node: Node =
      slope == 0
      ? .comparison(operation, left.node, right.node)
      : .timeComparison(operation, left.node, right.node, slope: slope)
    return Lowered(node: add(node, of: [left.node, right.node]), type: .bool)
  }

  /// A comparison of a field with a constant text or number on the bytes of the record, or `nil`.
  private mutating func fieldComparison(
    _ operation: Operator, _ operand: Int, _ other: Int
  ) -> Int? {
    guard isFieldChain(operand), let value = constant(other) else { return nil }
    if case .text(let text) = value {
      let number = program.texts.add(text)
      return add(.textComparison(operation, operand: operand, text: number), of: [operand])
    }
    guard let number = Number.decimal(value) else { return nil }
    program.numbers.append(ComparedNumber(number))
    let index = program.numbers.count - 1
    return add(.numberComparison(operation, operand: operand, number: index), of: [operand])
  }

  /// Whether a node is a field of the record, or a field of such a field.
  private func isFieldChain(_ node: Int) -> Bool {
    switch program.nodes[node] {
    case .field, .eventName: true
    case .member(let object, _): isFieldChain(object)
    default: false
    }
  }

  private mutating func membership(
    _ element: Lowered, _ container: Lowered, at syntax: Int
  ) throws(ExpressionError) -> Lowered {
    let children = tree.nodes[syntax].children
    try require(container, [.list, .map], "'in' looks in", at: children[1])
    try requireStill(element, at: children[0])
    try requireStill(container, at: children[1])
    if isFieldChain(element.node), case .list(let elements)? = constant(container.node) {
      var texts: [[UInt8]] = []
      for case .text(let text) in elements { texts.append(text) }
      if texts.count == elements.count, !texts.isEmpty {
        texts.sort { left, right in
          left.count != right.count ? left.count < right.count : orderOfBytes(left, right) < 0
        }
        let numbers = texts.map { program.texts.add($0) }
        let node = Node.oneOf(operand: element.node, first: numbers[0], count: texts.count)
        return Lowered(node: add(node, of: [element.node]), type: .bool)
      }
    }
    let node = add(
      .membership(element.node, container.node), of: [element.node, container.node])
    return Lowered(node: node, type: .bool)
  }

  /// The type of a sum, product and so on, where it is known.
  private func resultType(
    _ operation: Operator, _ leftOperand: Lowered, _ rightOperand: Lowered, mixes: Bool,
    at syntax: Int
  ) throws(ExpressionError) -> ValueType {
    let (left, right) = (leftOperand.type, rightOperand.type)
    if left == .dynamic || right == .dynamic { return .dynamic }
    switch (operation, left, right) {
    case (_, .int, .int), (_, .uint, .uint): return left
    case (.remainder, .double, .double) where !mixes: break
    case (_, .double, .double): return .double
    case (.add, .string, .string), (.add, .bytes, .bytes), (.add, .list, .list): return left
    case (.add, .timestamp, .duration), (.add, .duration, .timestamp),
      (.subtract, .timestamp, .duration):
      return .timestamp
    case (.subtract, .timestamp, .timestamp), (.add, .duration, .duration),
      (.subtract, .duration, .duration):
      return .duration
    default:
      if left.isNumeric, right.isNumeric, mixes || left == .number || right == .number {
        return .dynamic
      }
    }
    guard environment.checksTypes else { return .dynamic }
    throw mismatch(operation, leftOperand, rightOperand, at: syntax)
  }

  /// The error of an operator between types that do not go together.
  private func mismatch(
    _ operation: Operator, _ left: Lowered, _ right: Lowered, at syntax: Int
  ) -> ExpressionError {
    error(
      "'\(operation.symbol)' does not take \(left.type.phrase) and \(right.type.phrase)",
      at: syntax,
      suggestion: conversion(of: right, beside: left, operation, at: syntax)
        ?? conversion(of: left, beside: right, operation, at: syntax))
  }

  /// What an operand was perhaps meant to be beside the other one; `nil` where nothing is near.
  ///
  ///     now - last(…) > "7d"   duration("7d")        last(…) > 7   now - last(…) > duration("7d")
  private func conversion(
    of operand: Lowered, beside other: Lowered, _ operation: Operator, at syntax: Int
  ) -> String? {
    let children = tree.nodes[syntax].children
    let isLeft = operand.node < other.node
    let written = text(of: isLeft ? children[0] : children[1])
    switch (operand.type, other.type) {
    case (.string, .duration):
      guard case .text(let text)? = constant(operand.node),
        TimeText.duration(text, allowsDays: true) != nil
      else { return nil }
      return "duration(\(written))"
    case (.string, .timestamp):
      guard case .text(let text)? = constant(operand.node) else { return nil }
      return TimeText.written(text).map { "timestamp(\"\($0)\")" }
    case (.int, .duration): return constant(operand.node) == nil ? nil : "duration(\"\(written)d\")"
    case (.int, .timestamp):
      guard !isLeft, operation.isComparison, constant(operand.node) != nil else { return nil }
      return "now - \(text(of: children[0])) \(operation.symbol) duration(\"\(written)d\")"
    case (.int, .double), (.uint, .double): return "double(\(written))"
    default: return nil
    }
  }

  /// A part of the expression as it was written.
  private func text(of syntax: Int) -> String {
    let node = tree.nodes[syntax]
    let (start, end) = (tree.tokens[node.firstToken].start, tree.tokens[node.lastToken].end)
    return String(decoding: tree.source[start..<end], as: UTF8.self)
  }
}
