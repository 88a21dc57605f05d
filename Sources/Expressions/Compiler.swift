internal import Records

/// Turns a syntax tree into a program: resolves names, checks types, folds constants, and picks the
/// comparisons that work on the bytes of a record.
struct Compiler {
  var environment: Environment
  let tree: SyntaxTree
  var program = Program()
  /// The variables of the macros around the node that is being compiled.
  var locals: [String] = []
  /// Whether each of them goes over what an event says.
  var localsFromJSON: [Bool] = []
  /// The same of a look-back call's surroundings, which it cannot read.
  var outerLocals: [String] = []
  /// Whether the program is an argument of a look-back call.
  var isInsideCall = false
  var slots: Set<Int> = []
  var readsType = false
  var readsRecord = false
  var doubtfulNames: [DoubtfulName] = []
  var calls: [Int] = []
  /// How often a part of `now` that the program asks for can change; `nil` where it asks for none.
  var clockMilliseconds: Int64?

  /// A compiled node and what is known of its type.
  struct Lowered {
    let node: Int
    let type: ValueType
  }

  init(_ environment: Environment, tree: SyntaxTree) {
    self.environment = environment
    self.tree = tree
    program.allowsExtensions = environment.variables == nil
    program.zones = environment.zones
  }

  /// Whether time may pass without an event for the program.
  var followsTime: Bool { environment.followsTime && !isInsideCall }

  /// Compiles the whole tree.
  mutating func expression(
    as purpose: Environment.Purpose
  ) throws(ExpressionError) -> Expression {
    try checkCost()
    let root = try lower(tree.root)
    if purpose == .condition { try require(root, [.bool], "a condition is", at: tree.root) }
    if purpose == .value { try requireStill(root, at: tree.root) }
    program.root = root.node
    let points = markCaptures()
    let captures = environment.plan.capture(points, of: program)
    let traits = program.traits[root.node]
    let event = environment.selection.keys.firstIndex(of: Array("event".utf8))
    let type = environment.selection.keys.firstIndex(of: Array("type".utf8))
    let isSettled = !readsRecord && !traits.looksBack && !traits.readsNow
    let readsEventAndType = isSettled && slots.allSatisfy { $0 == event || $0 == type }
    let parts = Expression.Parts(
      source: String(decoding: tree.source, as: UTF8.self), slots: slots.sorted(),
      readsOnlyEventName: readsEventAndType && !readsType,
      readsOnlyEventAndType: readsEventAndType,
      looksBack: traits.looksBack, readsNow: traits.readsNow,
      summary: summary(purpose == .condition ? .bool : root.type),
      program: program, calls: calls, captures: captures)
    return Expression(parts)
  }

  /// Throws where loops over written lists alone cost more than one evaluation may.
  private func checkCost() throws(ExpressionError) {
    let steps = tree.cost(of: tree.root).steps
    guard steps > ExpressionCost.limit else { return }
    let total = steps == .max ? "more steps than can be counted" : "\(steps) steps"
    throw error(
      "the loops take \(total); one event may cost \(ExpressionCost.limit)", at: tree.root)
  }

  /// The error at a node of the tree.
  func error(_ message: String, at syntax: Int, suggestion: String? = nil) -> ExpressionError {
    ExpressionError(
      message, at: tree.nodes[syntax].offset, of: tree.source, suggestion: suggestion)
  }

  /// Throws where a type is known and is none of those wanted.
  func require(
    _ lowered: Lowered, _ types: [ValueType], _ subject: String, at syntax: Int
  ) throws(ExpressionError) {
    guard environment.checksTypes, lowered.type != .dynamic, !types.contains(lowered.type) else {
      return
    }
    let wanted = types.map(\.phrase).joined(separator: " or ")
    throw error("\(subject) \(wanted), this is \(lowered.type.phrase)", at: syntax)
  }

  /// Throws where a value moves with `now` and nothing says when that changes the answer.
  func requireStill(_ lowered: Lowered, at syntax: Int) throws(ExpressionError) {
    guard followsTime, program.traits[lowered.node].slope != 0 else { return }
    throw error(
      "here `now` can be shifted, compared and asked for its parts down to seconds, no more",
      at: syntax)
  }

  /// Adds a node that depends on operands.
  mutating func add(_ node: Node, of operands: [Int] = []) -> Int {
    var traits = NodeTraits()
    for operand in operands { traits.include(program.traits[operand]) }
    switch node {
    case .field, .eventName, .record:
      (traits.readsRecord, traits.isFromJSON) = (true, true)
    case .variable: traits.readsRecord = true
    case .now:
      traits.readsNow = true
      traits.slope = followsTime ? 1 : 0
    case .lookBack: (traits.looksBack, traits.isFromJSON) = (true, true)
    case .local(let local):
      (traits.lowestLocal, traits.isFromJSON) = (local, localsFromJSON[local])
    default: break
    }
    program.nodes.append(node)
    program.traits.append(traits)
    return program.nodes.count - 1
  }

  /// Adds a constant.
  mutating func add(constant value: Value) -> Lowered {
    program.constants.append(value)
    let bytes: [UInt8] = []
    return Lowered(
      node: add(.constant(program.constants.count - 1)), type: program.type(of: value, bytes.span))
  }

  /// The constant at a node, or `nil`.
  func constant(_ node: Int) -> Value? {
    guard case .constant(let index) = program.nodes[node] else { return nil }
    return program.constants[index]
  }

  /// Evaluates a node whose operands are constants now, not for each event.
  mutating func folded(
    _ lowered: Lowered, of operands: [Int], at syntax: Int
  ) throws(ExpressionError) -> Lowered {
    guard operands.allSatisfy({ constant($0) != nil }) else { return lowered }
    var frame = Frame(EventPlace(start: 0, end: 0, base: 0, time: Moment(milliseconds: 0)))
    let bytes: [UInt8] = []
    do {
      let value = try program.evaluate(lowered.node, bytes.span, [], &frame)
      return Lowered(node: add(constant: value).node, type: lowered.type)
    } catch {
      // An error may still be absorbed; but what no event can mend is told at once.
      guard environment.variables == nil, error == .badConversion || error == .outOfRange else {
        return lowered
      }
      throw self.error(error.message, at: syntax, suggestion: writtenTime(operands, at: syntax))
    }
  }

  /// How the text of `timestamp("2026-03-14")` was to be written; `nil` for any other call.
  private func writtenTime(_ operands: [Int], at syntax: Int) -> String? {
    guard case .call("timestamp", _) = tree.nodes[syntax].kind,
      case .text(let text)? = constant(operands[0])
    else { return nil }
    return TimeText.written(text).map { "timestamp(\"\($0)\")" }
  }

  mutating func lower(_ syntax: Int) throws(ExpressionError) -> Lowered {
    let node = tree.nodes[syntax]
    switch node.kind {
    case .constant(let value): return add(constant: value)
    case .identifier(let name, let isAbsolute):
      return try identifier(name, isAbsolute: isAbsolute, at: syntax)
    case .select(let key): return try select(key, at: syntax)
    case .element: return try element(at: syntax)
    case .call(let name, let hasReceiver):
      return try call(name, hasReceiver: hasReceiver, at: syntax)
    case .list, .map: return try container(at: syntax)
    case .not:
      let operand = try lower(node.children[0])
      try require(operand, [.bool], "'!' takes", at: syntax)
      return Lowered(node: add(.not(operand.node), of: [operand.node]), type: .bool)
    case .negate:
      let operand = try lower(node.children[0])
      try require(operand, [.int, .double, .number, .duration], "'-' takes", at: syntax)
      try requireStill(operand, at: syntax)
      let lowered = Lowered(
        node: add(.negate(operand.node), of: [operand.node]), type: operand.type)
      return try folded(lowered, of: [operand.node], at: syntax)
    case .conditional: return try conditional(at: syntax)
    case .binary(let operation):
      if operation == .and || operation == .or { return try logic(operation, at: syntax) }
      return try binary(operation, at: syntax)
    }
  }

  private mutating func logic(
    _ operation: Operator, at syntax: Int
  ) throws(ExpressionError) -> Lowered {
    var operands: [Int] = []
    for child in tree.nodes[syntax].children {
      let operand = try lower(child)
      try require(operand, [.bool], "'\(operation.symbol)' takes", at: child)
      operands.append(operand.node)
    }
    let first = program.children.count
    program.children.append(contentsOf: operands)
    let node: Node =
      operation == .and
      ? .and(first: first, count: operands.count) : .or(first: first, count: operands.count)
    return Lowered(node: add(node, of: operands), type: .bool)
  }

  private mutating func conditional(at syntax: Int) throws(ExpressionError) -> Lowered {
    let children = tree.nodes[syntax].children
    let condition = try lower(children[0])
    try require(condition, [.bool], "the question before '?' is", at: children[0])
    let yes = try lower(children[1])
    let no = try lower(children[2])
    try requireStill(yes, at: children[1])
    try requireStill(no, at: children[2])
    guard !environment.checksTypes || agree(yes.type, no.type) else {
      throw error(
        "the answers of '? :' are of one type, these are \(yes.type.phrase) and \(no.type.phrase);"
          + " dyn(…) around one lets them differ", at: syntax)
    }
    let node = add(
      .conditional(condition.node, yes.node, no.node), of: [condition.node, yes.node, no.node])
    return Lowered(node: node, type: yes.type == no.type ? yes.type : .dynamic)
  }

  /// Whether two types may be those of one value.
  private func agree(_ one: ValueType, _ other: ValueType) -> Bool {
    one == other || [one, other].contains { $0 == .dynamic || $0 == .null }
      || program.allowsExtensions && one.isNumeric && other.isNumeric
  }

  private mutating func container(at syntax: Int) throws(ExpressionError) -> Lowered {
    var operands: [Int] = []
    for child in tree.nodes[syntax].children {
      let operand = try lower(child)
      try requireStill(operand, at: child)
      operands.append(operand.node)
    }
    let first = program.children.count
    program.children.append(contentsOf: operands)
    var isMap = false
    if case .map = tree.nodes[syntax].kind { isMap = true }
    let node: Node =
      isMap
      ? .map(first: first, count: operands.count) : .list(first: first, count: operands.count)
    let lowered = Lowered(node: add(node, of: operands), type: isMap ? .map : .list)
    return try folded(lowered, of: operands, at: syntax)
  }
}
