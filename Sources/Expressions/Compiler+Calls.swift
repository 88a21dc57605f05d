internal import Records

extension Compiler {
  /// Compiles a call: a macro, a function, or a look-back function.
  mutating func call(
    _ name: String, hasReceiver: Bool, at syntax: Int
  ) throws(ExpressionError) -> Lowered {
    let children = tree.nodes[syntax].children
    if name == "has", !hasReceiver { return try has(at: syntax) }
    if hasReceiver, let kind = Macro.Kind(name: name) {
      return try macro(kind, at: syntax)
    }
    if !hasReceiver, environment.variables == nil {
      if let kind = LookBackCall.Kind(rawValue: name) { return try lookBack(kind, at: syntax) }
    }
    guard let function = Function(rawValue: name) else {
      let suggestion =
        name.lowercased() == "not" ? "!" : nearestName(to: name, among: Environment.functionNames)
      return try unknown(
        .unknownFunction, "unknown function '\(name)'", at: syntax, suggestion: suggestion)
    }
    guard hasReceiver == function.isMethod || function.hasBothForms else {
      let form = function.isMethod ? "value.\(name)(…)" : "\(name)(value)"
      return try unknown(.noSuchOverload, "\(name) is written \(form)", at: syntax)
    }
    guard function.arguments.contains(children.count) else {
      return try unknown(
        .noSuchOverload, "\(name) does not take that many arguments", at: syntax)
    }
    return try call(function, at: syntax)
  }

  private mutating func call(
    _ function: Function, at syntax: Int
  ) throws(ExpressionError) -> Lowered {
    var operands: [Int] = []
    var types: [ValueType] = []
    for (position, child) in tree.nodes[syntax].children.enumerated() {
      let operand = try lower(child)
      if environment.checksTypes, !function.takes(operand.type, at: position) {
        throw error("\(function.rawValue) does not take \(operand.type.phrase)", at: syntax)
      }
      if environment.checksTypes, position > 0, types[0] == .duration {
        throw error("\(function.rawValue) of a length of time takes no time zone", at: child)
      }
      operands.append(operand.node)
      types.append(operand.type)
    }
    let node: Int
    if let prepared = try prepared(function, operands, at: syntax) {
      node = prepared
    } else {
      let first = program.children.count
      program.children.append(contentsOf: operands)
      node = add(.call(function, first: first, count: operands.count), of: operands)
    }
    let lowered = Lowered(node: node, type: function.result)
    let slope = program.traits[operands[0]].slope
    guard slope != 0 else { return try folded(lowered, of: operands, at: syntax) }
    if function == .dyn || function == .timestamp || function == .duration {
      program.traits[node].slope = slope
      return lowered
    }
    let unit = function.isTimePart || function == .int ? function.changeMilliseconds : nil
    guard let unit else {
      try requireStill(Lowered(node: operands[0], type: types[0]), at: syntax)
      return lowered
    }
    clockMilliseconds = min(clockMilliseconds ?? unit, unit)
    let moving = add(.movingPart(call: node, slope: slope, unit: Int(unit)), of: [node])
    return Lowered(node: moving, type: function.result)
  }

  private mutating func macro(
    _ kind: Macro.Kind, at syntax: Int
  ) throws(ExpressionError) -> Lowered {
    let children = tree.nodes[syntax].children
    guard children.count == 3 || kind == .map && children.count == 4 else {
      throw error(
        "\(kind.rawValue) takes a variable and what to do with it: .\(kind.rawValue)(x, …)",
        at: syntax)
    }
    guard case .identifier(let variable, _) = tree.nodes[children[1]].kind else {
      throw error(
        "the first argument of \(kind.rawValue) is a new variable's name", at: children[1])
    }
    let range = try lower(children[0])
    try require(range, [.list, .map], "\(kind.rawValue) goes over", at: syntax)
    let local = locals.count
    locals.append(variable)
    localsFromJSON.append(program.traits[range.node].isFromJSON)
    let nodesBefore = program.nodes.count
    let condition = try lower(children[2])
    if kind != .map || children.count == 4 {
      try require(condition, [.bool], "the condition of \(kind.rawValue) is", at: children[2])
    }
    try requireStill(condition, at: children[2])
    var transform: Int?
    if children.count == 4 {
      let collected = try lower(children[3])
      try requireStill(collected, at: children[3])
      transform = collected.node
    }
    locals.removeLast()
    localsFromJSON.removeLast()
    program.macros.append(
      Macro(
        kind: kind, range: range.node, condition: condition.node, transform: transform,
        local: local, stepsPerElement: 1 + (program.nodes.count - nodesBefore) / 8))
    let operands = [condition.node] + (transform.map { [$0] } ?? [])
    let node = add(.macro(program.macros.count - 1), of: operands)
    // The macro's own variable is settled here; what is left are those of macros around it.
    if program.traits[node].lowestLocal >= local { program.traits[node].lowestLocal = .max }
    program.traits[node].include(program.traits[range.node])
    return Lowered(node: node, type: kind == .map || kind == .filter ? .list : .bool)
  }
}
