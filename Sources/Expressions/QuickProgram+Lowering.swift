internal import Records

extension QuickProgram {
  /// Adds what a node of a program asks; gives the number of its step.
  ///
  /// - Parameters:
  ///   - calls: which calls of the plan the program's look-back calls are.
  ///   - plan: `nil` where there is no person to ask.
  mutating func add(
    _ node: Int, of program: Program, calls: [Int] = [], plan: LookBackPlan? = nil
  ) -> Int {
    let step = lowered(node, Origin(program: program, calls: calls, plan: plan))
    steps.append(step)
    return steps.count - 1
  }

  /// Where the field lies that a program is as a whole, `nil` for one that is more than a field.
  mutating func addSource(of program: Program) -> QuickSource? {
    source(program.root, program)
  }

  /// What is being lowered.
  private struct Origin {
    let program: Program
    let calls: [Int]
    let plan: LookBackPlan?

    func constant(_ node: Int) -> Value? {
      guard case .constant(let index) = program.nodes[node] else { return nil }
      return program.constants[index]
    }
  }

  private mutating func lowered(_ node: Int, _ origin: Origin) -> QuickStep {
    let program = origin.program
    switch program.nodes[node] {
    case .constant:
      guard case .bool(let answer)? = origin.constant(node) else { return .unknown }
      return .constant(answer)
    case .field, .member:
      return source(node, program).map { .truth($0) } ?? .unknown
    case .lookBack(let place):
      return origin.plan == nil ? .unknown : .call(origin.calls[place])
    case .not(let operand):
      return .not(add(operand, origin))
    case .and(let first, let count):
      return .and(first: addChildren(first, count, origin), count: count)
    case .or(let first, let count):
      return either(first, count, origin)
    case .conditional(let condition, let yes, let no):
      return .conditional(add(condition, origin), add(yes, origin), add(no, origin))
    case .comparison(let operation, let left, let right):
      return comparison(operation, left, right, origin)
        ?? comparison(operation.mirrored, right, left, origin)
        ?? scalars(operation, left, right, 0, origin) ?? .unknown
    case .timeComparison(let operation, let left, let right, let slope):
      return scalars(operation, left, right, slope, origin) ?? .unknown
    default:
      return loweredField(node, origin) ?? .unknown
    }
  }

  private mutating func add(_ node: Int, _ origin: Origin) -> Int {
    add(node, of: origin.program, calls: origin.calls, plan: origin.plan)
  }

  /// Lowers `a || b || …`: neighbours that compare one field with texts become one step.
  private mutating func either(_ first: Int, _ count: Int, _ origin: Origin) -> QuickStep {
    var operands: [QuickStep] = []
    for node in origin.program.children[first..<first + count] {
      let step = lowered(node, origin)
      if let joined = operands.last?.joined(with: step) {
        operands[operands.count - 1] = joined
      } else {
        operands.append(step)
      }
    }
    guard operands.count > 1 else { return operands[0] }
    children.append(contentsOf: steps.count..<steps.count + operands.count)
    steps.append(contentsOf: operands)
    return .or(first: children.count - operands.count, count: operands.count)
  }

  private mutating func addChildren(_ first: Int, _ count: Int, _ origin: Origin) -> Int {
    let operands = origin.program.children[first..<first + count].map { add($0, origin) }
    children.append(contentsOf: operands)
    return children.count - count
  }

  /// A node that asks of one field.
  private mutating func loweredField(_ node: Int, _ origin: Origin) -> QuickStep? {
    let program = origin.program
    switch program.nodes[node] {
    case .textComparison(let operation, let operand, let text):
      guard operation == .equal || operation == .notEqual, let source = source(operand, program)
      else { return nil }
      let number = texts.add(program.texts.content(text))
      return .text(source, text: number, isEqual: operation == .equal)
    case .numberComparison(let operation, let operand, let number):
      guard let plain = program.numbers[number].plain, let source = source(operand, program)
      else { return nil }
      numbers.append(plain)
      return .number(operation, source, number: numbers.count - 1)
    case .oneOf(let operand, let first, let count):
      guard count <= QuickProgram.choicesMax, let source = source(operand, program) else {
        return nil
      }
      let numbers = (first..<first + count).map { texts.add(program.texts.content($0)) }
      return .oneOf(source, first: numbers[0], count: count)
    case .call(let function, let first, _)
    where function == .startsWith || function == .endsWith || function == .contains:
      guard let source = source(program.children[first], program),
        case .text(let text)? = origin.constant(program.children[first + 1])
      else { return nil }
      return .part(function, source, text: texts.add(text))
    case .matches(let operand, let pattern):
      guard program.patterns[pattern].hasTable, let source = source(operand, program) else {
        return nil
      }
      patterns.append(program.patterns[pattern])
      return .matches(source, pattern: patterns.count - 1)
    case .isPresent(let operand):
      guard case .field(let slot, _) = program.nodes[operand] else { return nil }
      return .isPresent(slot: slot)
    case .has(let operand, let key):
      guard let object = object(operand, program),
        let place = nested.place(of: program.keys[key], in: object)
      else { return nil }
      return .has(object: object, place: place)
    default: return nil
    }
  }

  /// A longer list is searched by halves, not one after the other.
  private static let choicesMax = 8

  /// A comparison with a constant on the right.
  private mutating func comparison(
    _ operation: Operator, _ left: Int, _ right: Int, _ origin: Origin
  ) -> QuickStep? {
    guard let constant = origin.constant(right) else { return nil }
    if case .lookBack(let place) = origin.program.nodes[left], let plan = origin.plan,
      plan.calls[origin.calls[place]].kind == .sum, let number = Number.decimal(constant)
    {
      var limit = DecimalSum()
      guard limit.add(number) else { return nil }
      sums.append(limit)
      return .sum(operation, call: origin.calls[place], number: sums.count - 1)
    }
    guard operation == .equal || operation == .notEqual,
      let source = source(left, origin.program)
    else { return nil }
    switch constant {
    case .null: return .literal(source, .null, isEqual: operation == .equal)
    case .bool(let answer):
      return .literal(source, answer ? .yes : .no, isEqual: operation == .equal)
    default: return nil
    }
  }

  private mutating func scalars(
    _ operation: Operator, _ left: Int, _ right: Int, _ slope: Int, _ origin: Origin
  ) -> QuickStep? {
    guard let left = addScalar(left, origin), let right = addScalar(right, origin) else {
      return nil
    }
    return .scalars(operation, left, right, slope: slope)
  }

  private mutating func addScalar(_ node: Int, _ origin: Origin) -> Int? {
    let step: ScalarStep
    switch origin.program.nodes[node] {
    case .constant:
      guard let scalar = origin.constant(node).flatMap({ Scalar(of: $0) }) else { return nil }
      step = .constant(scalar)
    case .now: step = .now
    case .lookBack(let place):
      guard origin.plan != nil else { return nil }
      step = .call(origin.calls[place])
    case .arithmetic(let operation, let left, let right, _):
      guard operation == .add || operation == .subtract, let left = addScalar(left, origin),
        let right = addScalar(right, origin)
      else { return nil }
      step = operation == .add ? .add(left, right) : .subtract(left, right)
    default: return nil
    }
    scalars.append(step)
    return scalars.count - 1
  }

  /// Where the field lies that a node is, `nil` for any other node.
  private mutating func source(_ node: Int, _ program: Program) -> QuickSource? {
    switch program.nodes[node] {
    case .field(let slot, let fallback): return .top(slot: slot, fallback: fallback)
    case .eventName(let slot, _): return .eventName(slot: slot)
    case .member(let operand, let key):
      guard let object = object(operand, program),
        let place = nested.place(of: program.keys[key], in: object)
      else { return nil }
      return .nested(object: object, place: place)
    default: return nil
    }
  }

  /// The object that a node is.
  private mutating func object(_ node: Int, _ program: Program) -> Int? {
    switch program.nodes[node] {
    case .field(let slot, .null): return nested.object(slot: slot)
    case .member:
      guard case .nested(_, let place)? = source(node, program) else { return nil }
      return nested.object(place: place)
    default: return nil
    }
  }
}
