internal import Records

extension Compiler {
  /// Compiles a bare name: a variable of a macro, a type, or a field of the record.
  mutating func identifier(
    _ name: String, isAbsolute: Bool, at syntax: Int
  ) throws(ExpressionError) -> Lowered {
    if !isAbsolute, let local = locals.lastIndex(of: name) {
      return Lowered(node: add(.local(local)), type: .dynamic)
    }
    if outerLocals.contains(name) {
      throw error("a look-back function cannot read the variable '\(name)' of a macro", at: syntax)
    }
    if let variables = environment.variables {
      if let variable = variables.firstIndex(of: name) {
        return Lowered(node: add(.variable(variable)), type: .dynamic)
      }
      if let type = Compiler.types[name] ?? (name == "type" ? .type : nil) {
        return add(constant: .type(type))
      }
      return try unknown(.unknownName, "unknown name '\(name)'", at: syntax)
    }
    switch name {
    case "record":
      readsRecord = true
      return Lowered(node: add(.record), type: .map)
    case "now": return Lowered(node: add(.now), type: .timestamp)
    case "event":
      let eventSlot = slot("event")
      let typeSlot = slot("type", isImplied: true)
      let node = add(.eventName(slot: eventSlot, typeSlot: typeSlot))
      return Lowered(node: node, type: .dynamic)
    default: break
    }
    if let type = Compiler.types[name] { return add(constant: .type(type)) }
    noteDoubt(name, at: syntax)
    return Lowered(node: field(name, fallback: Compiler.fallbacks[name] ?? .null), type: .dynamic)
  }

  /// Adds a top-level field.
  private mutating func field(_ name: String, fallback: Node.Fallback) -> Int {
    add(.field(slot: slot(name), fallback: fallback))
  }

  /// The slot of a top-level key, which is noted as read.
  private mutating func slot(_ name: String, isImplied: Bool = false) -> Int {
    let slot = environment.selection.slot(name)
    slots.insert(slot)
    if name == "type", !isImplied { readsType = true }
    return slot
  }

  private mutating func noteDoubt(_ name: String, at syntax: Int) {
    guard !Environment.knownNames.contains(name),
      let suggestion = nearestName(to: name, among: Environment.knownNames)
    else { return }
    let column = error("", at: syntax).column
    doubtfulNames.append(
      DoubtfulName(name: name, slot: slot(name), suggestion: suggestion, column: column))
  }

  /// An error now, or where types are not checked, one of the evaluation.
  mutating func unknown(
    _ reason: EvaluationError, _ message: String, at syntax: Int, suggestion: String? = nil
  ) throws(ExpressionError) -> Lowered {
    guard !environment.checksTypes else {
      throw error(message, at: syntax, suggestion: suggestion)
    }
    return Lowered(node: add(.failure(reason)), type: .dynamic)
  }

  /// Compiles a name behind a period.
  mutating func select(_ key: String, at syntax: Int) throws(ExpressionError) -> Lowered {
    if let variable = qualifiedVariable(syntax) {
      return Lowered(node: add(.variable(variable)), type: .dynamic)
    }
    if let type = path(syntax).flatMap({ Compiler.qualifiedTypes[$0] }) {
      return add(constant: .type(type))
    }
    let child = tree.nodes[syntax].children[0]
    if environment.variables == nil, isRecord(child) {
      return Lowered(node: field(key, fallback: .null), type: .dynamic)
    }
    let object = try lower(child)
    try require(object, [.map], "only a map has fields:", at: syntax)
    return member(key, of: object.node)
  }

  private mutating func member(_ key: String, of object: Int) -> Lowered {
    program.keys.append(Array(key.utf8))
    let node = add(.member(object, key: program.keys.count - 1), of: [object])
    return Lowered(node: node, type: .dynamic)
  }

  /// Whether a node of the tree is the bare name `record`.
  private func isRecord(_ syntax: Int) -> Bool {
    guard case .identifier("record", _) = tree.nodes[syntax].kind else { return false }
    return !locals.contains("record")
  }

  /// The variable that a chain `a.b.c` names as a whole, or `nil`.
  private func qualifiedVariable(_ syntax: Int) -> Int? {
    guard let variables = environment.variables, let path = path(syntax) else { return nil }
    return variables.firstIndex(of: path)
  }

  /// The names of a chain `a.b.c` whose first is no variable of a macro, or `nil`.
  private func path(_ syntax: Int) -> String? {
    var names: [String] = []
    var place = syntax
    while case .select(let name) = tree.nodes[place].kind {
      names.append(name)
      place = tree.nodes[place].children[0]
    }
    guard case .identifier(let name, let isAbsolute) = tree.nodes[place].kind else { return nil }
    if !isAbsolute, locals.contains(name) { return nil }
    names.append(name)
    return names.reversed().joined(separator: ".")
  }

  /// Compiles an index.
  mutating func element(at syntax: Int) throws(ExpressionError) -> Lowered {
    let children = tree.nodes[syntax].children
    if case .constant(.text(let key)) = tree.nodes[children[1]].kind {
      let name = String(decoding: key, as: UTF8.self)
      if environment.variables == nil, isRecord(children[0]) {
        return Lowered(node: field(name, fallback: .null), type: .dynamic)
      }
      let object = try lower(children[0])
      try require(object, [.map], "a string is the key of a map:", at: children[1])
      return member(name, of: object.node)
    }
    let container = try lower(children[0])
    let index = try lower(children[1])
    try require(container, [.list, .map], "'[…]' takes", at: syntax)
    try requireStill(container, at: children[0])
    try requireStill(index, at: children[1])
    if container.type == .list {
      try require(
        index, [.int, .uint, .double, .number], "the index of a list is", at: children[1])
    }
    let node = add(.element(container.node, index.node), of: [container.node, index.node])
    return Lowered(node: node, type: .dynamic)
  }

  /// Compiles `has(a.b)`: whether the object has the key.
  mutating func has(at syntax: Int) throws(ExpressionError) -> Lowered {
    let children = tree.nodes[syntax].children
    guard children.count == 1 else { throw error("has() takes one field: has(a.b)", at: syntax) }
    var key: String?
    if case .select(let name) = tree.nodes[children[0]].kind { key = name }
    if case .element = tree.nodes[children[0]].kind, environment.variables == nil,
      case .constant(.text(let name)) = tree.nodes[tree.nodes[children[0]].children[1]].kind
    {
      key = String(decoding: name, as: UTF8.self)
    }
    guard let key else {
      throw error(
        "has() takes a field of something: has(properties.plan), has(record.bot)", at: syntax)
    }
    let child = tree.nodes[children[0]].children[0]
    if environment.variables == nil, isRecord(child) {
      let field = field(key, fallback: .null)
      return Lowered(node: add(.isPresent(field), of: [field]), type: .bool)
    }
    let object = try lower(child)
    try require(object, [.map], "only a map has fields:", at: syntax)
    program.keys.append(Array(key.utf8))
    let node = add(.has(object.node, key: program.keys.count - 1), of: [object.node])
    return Lowered(node: node, type: .bool)
  }

  /// What the fields that the family's filters add stand for where they are missing.
  private static let fallbacks: [String: Node.Fallback] = [
    "bot": .no, "segments": .emptyList, "stage": .emptyText,
  ]

  /// Types by the names that stand for them in an expression; `type` is a field of the contract.
  static let types: [String: ValueType] = [
    "bool": .bool, "int": .int, "uint": .uint, "double": .double, "number": .number,
    "string": .string, "bytes": .bytes, "list": .list, "map": .map, "null_type": .null,
  ]

  /// Types whose names have periods.
  private static let qualifiedTypes: [String: ValueType] = [
    ValueType.timestamp.rawValue: .timestamp, ValueType.duration.rawValue: .duration,
  ]
}
