/// What an expression is, reads, keeps and costs: what `--explain-expr` shows.
public struct ExpressionSummary: Sendable {
  /// The expression as it was written, or the name of what is no expression.
  public let source: String
  /// Where it is from: the option, the rule; `nil` where that needs no word.
  public var origin: String?
  /// The type of its value in words.
  public let type: String
  /// The fields that it reads, each by its path; `record` for a whole event.
  public let fields: [String]
  /// What each of its look-back calls keeps of every person.
  public let state: [String]
  /// How often a part of `now` that it asks for can change, in milliseconds; `nil` where it asks for
  /// none, or is not answered without an event.
  public let clockMilliseconds: Int64?
  /// What an evaluation costs; `nil` for what is no expression.
  public let cost: ExpressionCost?
  /// Top-level names in it that look like slips of a field of the contract.
  public let doubtfulNames: [DoubtfulName]

  /// The summary of what is no expression, such as a segment that needs no rule.
  public init(
    _ name: String, value: String, fields: [String], state: [String], clockMilliseconds: Int64?
  ) {
    (source, type, self.fields, self.state) = (name, value, fields, state)
    self.clockMilliseconds = clockMilliseconds
    (cost, doubtfulNames) = (nil, [])
  }

  /// The summary of an expression.
  init(
    source: String, type: String, fields: [String], state: [String], clockMilliseconds: Int64?,
    cost: ExpressionCost, doubtfulNames: [DoubtfulName]
  ) {
    (self.source, self.type, self.fields, self.state) = (source, type, fields, state)
    (self.clockMilliseconds, self.cost) = (clockMilliseconds, cost)
    self.doubtfulNames = doubtfulNames
  }

  /// The summary in lines.
  ///
  ///     properties.revenue > 50 && count(event == "Login", "7d") > 2
  ///       for     segment vip
  ///       value   true or false
  ///       reads   properties.revenue, event
  ///       keeps   count over 7d: 8 bytes a person, and 16 bytes a step with an event, at most 65 of them
  ///       costs   at most 9 steps an event
  public var text: String {
    let reads = fields.isEmpty ? "nothing of the event" : fields.joined(separator: ", ")
    var lines = source.split(separator: "\n").map(String.init)
    if let origin { lines.append("  for     \(origin)") }
    lines += ["  value   \(type)", "  reads   \(reads)"]
    lines += state.map { "  keeps   \($0)" }
    if let clockMilliseconds {
      lines.append(
        "  clock   may be another one every \(TimeText.short(milliseconds: clockMilliseconds)): where"
          + " changes are followed, answered anew at most \(PersonMemory.clockAnswersMax) times"
          + " between two events of a person")
    }
    guard let cost else { return lines.joined(separator: "\n") + "\n" }
    let steps = cost.steps == 1 ? "1 step" : "\(cost.steps) steps"
    lines.append(
      cost.loopsOverEvent
        ? "  costs   \(steps) and more for each element of a list, at most"
          + " \(ExpressionCost.limit) an event"
        : "  costs   at most \(steps) an event")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Compiler {
  /// What is to be said of the whole expression, whose type is given.
  func summary(_ type: ValueType) -> ExpressionSummary {
    var fields: [String] = []
    var locals: [String] = []
    tree.collectFields(of: tree.root, &locals, into: &fields)
    return ExpressionSummary(
      source: String(decoding: tree.source, as: UTF8.self),
      type: type == .dynamic ? "what the event has" : type.phrase, fields: fields,
      state: calls.map { environment.plan.calls[$0].stateText },
      clockMilliseconds: clockMilliseconds, cost: tree.cost(of: tree.root),
      doubtfulNames: doubtfulNames)
  }
}

extension LookBackCall {
  /// What the call keeps of a person, in words.
  fileprivate var stateText: String {
    let over = window.map { " over \(TimeText.short(milliseconds: $0.lengthMilliseconds))" } ?? ""
    return "\(kind.rawValue)\(over): \(LookBackCall.sizes[stateKind] ?? "see the program's help")"
  }

  /// The bytes that each sort of state takes, as ``PersonMemory`` has it.
  static let sizes: [LookBackPlan.StateKind: String] = [
    .count: "8 bytes a person",
    .countWindow:
      "8 bytes a person, and 16 bytes a step of the window with an event, at most 65 steps",
    .sum: "48 bytes a person",
    .sumWindow:
      "8 bytes a person, and 64 bytes a step of the window with an event, at most 65 steps",
    .moment: "8 bytes a person",
    .latest: "40 bytes a person, and each distinct text once",
    .distinct:
      "8 bytes a person, and 16 bytes a value up to 256 values, then at most about 80 KB a person",
    .days: "8 bytes a person, and 8 bytes a day of the window with an event",
    .periods: "8 bytes a person, and 16 bytes a step of 1/64 of a period with an event",
    .sequence:
      "8 bytes a person, and 56 bytes a step of the window with an event, at most 4,228 steps",
  ]
}

extension SyntaxTree {
  /// Adds the paths of the fields that a node reads, each once.
  fileprivate func collectFields(
    of node: Int, _ locals: inout [String], into fields: inout [String]
  ) {
    if let path = fieldPath(of: node, locals) {
      if !path.isEmpty, !fields.contains(path) { fields.append(path) }
      return
    }
    let children = nodes[node].children
    guard isMacro(node), case .identifier(let variable, _) = nodes[children[1]].kind else {
      for child in children { collectFields(of: child, &locals, into: &fields) }
      return
    }
    collectFields(of: children[0], &locals, into: &fields)
    locals.append(variable)
    for child in children.dropFirst(2) { collectFields(of: child, &locals, into: &fields) }
    locals.removeLast()
  }

  /// The path of a field; empty for a name that is none, `nil` for what is more than names.
  private func fieldPath(of node: Int, _ locals: [String]) -> String? {
    switch nodes[node].kind {
    case .identifier(let name, let isAbsolute):
      let isLocal = !isAbsolute && locals.contains(name)
      return isLocal || name == "now" || Compiler.types[name] != nil ? "" : name
    case .select(let key): return path(of: nodes[node].children[0], key, locals)
    case .element:
      guard case .constant(.text(let key)) = nodes[nodes[node].children[1]].kind else { return nil }
      return path(of: nodes[node].children[0], String(decoding: key, as: UTF8.self), locals)
    default: return nil
    }
  }

  private func path(of object: Int, _ key: String, _ locals: [String]) -> String? {
    guard let path = fieldPath(of: object, locals) else { return nil }
    return path.isEmpty ? "" : path == "record" ? key : "\(path).\(key)"
  }
}
