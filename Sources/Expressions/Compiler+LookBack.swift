internal import Records

/// Look-back calls: their arguments, checked.
extension Compiler {
  /// Compiles a look-back call.
  mutating func lookBack(
    _ kind: LookBackCall.Kind, at syntax: Int
  ) throws(ExpressionError) -> Lowered {
    let name = kind.rawValue
    guard !isInsideCall else {
      throw error("\(name)() cannot stand inside another look-back function", at: syntax)
    }
    guard environment.allowsLookBack else {
      throw error(
        "\(name)() looks back over a person's events, which is not possible here", at: syntax)
    }
    let arguments = tree.nodes[syntax].children
    guard kind.arguments.contains(arguments.count) else {
      throw error("\(name)() is written \(kind.form)", at: syntax)
    }
    let condition = try condition(arguments[0], of: kind)
    var call: LookBackCall
    switch kind {
    case .first, .last: call = LookBackCall(kind: kind, condition: condition)
    case .count:
      let window = arguments.count > 1 ? try window(arguments[1]) : nil
      call = LookBackCall(kind: kind, condition: condition, window: window)
    case .sum, .latest, .distinct:
      let value = try value(arguments[1], of: kind)
      let window = arguments.count > 2 ? try window(arguments[2]) : nil
      call = LookBackCall(kind: kind, condition: condition, value: value, window: window)
    case .days:
      call = LookBackCall(kind: kind, condition: condition)
      call.length = try wholeDays(arguments[1])
    case .periods:
      let length = try milliseconds(arguments[1])
      let count = try number(arguments[2], in: 1...100, "the number of periods")
      call = LookBackCall(
        kind: kind, condition: condition, window: .init(periods: count, of: length))
      call.length = count
      call.least = try number(
        arguments[3], in: 1...Int64.max, "how many events make a period count")
    case .sequence: call = try sequence(arguments, condition)
    }
    let number = environment.plan.call(call)
    let place = calls.firstIndex(of: number) ?? calls.count
    if place == calls.count { calls.append(number) }
    return Lowered(node: add(.lookBack(place)), type: kind.result)
  }

  private mutating func sequence(
    _ arguments: [Int], _ condition: Int
  ) throws(ExpressionError) -> LookBackCall {
    let later = try self.condition(arguments[1], of: .sequence)
    let between = try milliseconds(arguments[2])
    let length = try milliseconds(arguments[3])
    guard
      length / between < Compiler.sequenceRatioMax || length == between * Compiler.sequenceRatioMax
    else {
      throw error(
        "sequence() looks back at most \(Compiler.sequenceRatioMax) times the time between the two",
        at: arguments[3])
    }
    var call = LookBackCall(
      kind: .sequence, condition: condition,
      window: .init(lengthMilliseconds: length, between: between))
    call.laterCondition = later
    call.betweenMilliseconds = between
    return call
  }

  /// So that a person needs at most so many buckets and some.
  private static let sequenceRatioMax: Int64 = 4096

  /// The number of a condition on the person's events.
  private mutating func condition(
    _ syntax: Int, of kind: LookBackCall.Kind
  ) throws(ExpressionError) -> Int {
    let (condition, type) = try inner(syntax)
    try require(type, [.bool], "the condition of \(kind.rawValue)() is", at: syntax)
    return environment.plan.condition(condition, text: tree.canonicalText(of: syntax))
  }

  /// The number of a value of the person's events.
  private mutating func value(
    _ syntax: Int, of kind: LookBackCall.Kind
  ) throws(ExpressionError) -> Int {
    let (value, type) = try inner(syntax)
    if kind == .sum {
      try require(type, [.number, .int, .uint, .double], "sum() adds", at: syntax)
    }
    return environment.plan.value(value, text: tree.canonicalText(of: syntax))
  }

  /// Compiles an argument of a look-back call as a program of its own.
  private mutating func inner(
    _ syntax: Int
  ) throws(ExpressionError) -> (Program, Lowered) {
    var compiler = Compiler(environment, tree: tree)
    compiler.isInsideCall = true
    compiler.outerLocals = locals + outerLocals
    let root = try compiler.lower(syntax)
    compiler.program.root = root.node
    environment = compiler.environment
    slots.formUnion(compiler.slots)
    doubtfulNames.append(contentsOf: compiler.doubtfulNames)
    return (compiler.program, root)
  }

  private func window(_ syntax: Int) throws(ExpressionError) -> LookBackCall.Window {
    LookBackCall.Window(lengthMilliseconds: try milliseconds(syntax))
  }

  /// A length of time in quotes.
  private func milliseconds(_ syntax: Int) throws(ExpressionError) -> Int64 {
    guard case .constant(.text(let text)) = tree.nodes[syntax].kind,
      let nanoseconds = TimeText.duration(text, allowsDays: true), nanoseconds >= 1_000_000
    else {
      throw error("a window is a length of time in quotes: \"30m\", \"7d\", \"4w\"", at: syntax)
    }
    return nanoseconds / 1_000_000
  }

  /// A length of time that is a number of whole days.
  private func wholeDays(_ syntax: Int) throws(ExpressionError) -> Int64 {
    let milliseconds = try milliseconds(syntax)
    let days = milliseconds / 86_400_000
    guard milliseconds % 86_400_000 == 0, days <= 4096 else {
      throw error("days() counts whole calendar days, from \"1d\" to \"4096d\"", at: syntax)
    }
    return days
  }

  /// A whole number that is written as it is.
  private func number(
    _ syntax: Int, in range: ClosedRange<Int64>, _ subject: String
  ) throws(ExpressionError) -> Int64 {
    if case .constant(.int(let number)) = tree.nodes[syntax].kind, range.contains(number) {
      return number
    }
    let limit = range.upperBound == .max ? "from 1 on" : "from 1 to \(range.upperBound)"
    throw error("\(subject) is a number \(limit)", at: syntax)
  }
}
