internal import Events
internal import Records

extension Program {
  /// Evaluates a node.
  ///
  /// The depth of the calls is at most that of the expression, ``Parser/nestingMax``.
  func evaluate(
    _ index: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    if frame.readsCaptures, captures[index] >= 0 {
      return try frame.captured(captures[index])
    }
    switch nodes[index] {
    case .constant(let constant): return constants[constant]
    case .local(let local):
      guard let store = frame.store else { throw .unknownName }
      return store.locals[local]
    case .variable(let variable): return try frame.input(variable)
    case .failure(let error): throw error
    case .now: return .timestamp(Int128(frame.place.time.milliseconds) * 1_000_000)
    case .lookBack(let call):
      guard frame.isForPerson, let store = frame.store else { throw .needsPerson }
      frame.validUntil = min(frame.validUntil, store.validUntil[call])
      return try store.inputs[call].get()
    case .field, .eventName, .record:
      return try field(index, bytes, fields, &frame)
    case .member(let object, let key):
      return try select(object, key, bytes, fields, &frame)
    case .has(let object, let key):
      return .bool(try has(object, key, bytes, fields, &frame))
    case .isPresent(let operand):
      return .bool(try located(operand, bytes, fields, &frame).isPresent)
    case .not, .and, .or, .textComparison, .numberComparison, .oneOf:
      return .bool(try truth(index, bytes, fields, &frame))
    case .conditional(let condition, let yes, let no):
      let chosen = try truth(condition, bytes, fields, &frame) ? yes : no
      return try evaluate(chosen, bytes, fields, &frame)
    case .macro(let macro):
      return try run(macros[macro], bytes, fields, &frame)
    case .list(let first, let count):
      var elements: [Value] = []
      for place in first..<first + count {
        elements.append(try evaluate(children[place], bytes, fields, &frame))
      }
      return .list(elements)
    case .map(let first, let count):
      return try map(first, count, bytes, fields, &frame)
    case .call(let function, let first, let count):
      return try call(function, first, count, bytes, fields, &frame)
    case .matches(let operand, let pattern):
      let text = try evaluate(operand, bytes, fields, &frame)
      return .bool(try isFound(patterns[pattern], in: text, bytes, &frame))
    case .zonedPart(let function, let operand, let zone):
      let time = try evaluate(operand, bytes, fields, &frame)
      guard case .timestamp = time else { throw .noSuchOverload }
      return .int(try part(function, of: time, in: zoneRules[zone]))
    case .movingPart(let call, let slope, let unit):
      return try movingPart(call, slope, unit, bytes, fields, &frame)
    default:
      return try operate(index, bytes, fields, &frame)
    }
  }

  /// Evaluates a node with operands of any type.
  private func operate(
    _ index: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    switch nodes[index] {
    case .negate(let operand):
      return try negated(evaluate(operand, bytes, fields, &frame))
    case .arithmetic(let operation, let left, let right, let mixes):
      let left = try evaluate(left, bytes, fields, &frame)
      let right = try evaluate(right, bytes, fields, &frame)
      do throws(EvaluationError) {
        return try calculate(operation, left, right, mixes: mixes, bytes, &frame)
      } catch { throw misfit([left, right], bytes, error) }
    case .comparison(let operation, let left, let right):
      let left = try evaluate(left, bytes, fields, &frame)
      let right = try evaluate(right, bytes, fields, &frame)
      do throws(EvaluationError) {
        return .bool(try compare(operation, left, right, bytes, &frame))
      } catch { throw misfit([left, right], bytes, error) }
    case .timeComparison(let operation, let left, let right, let slope):
      let left = try evaluate(left, bytes, fields, &frame)
      let right = try evaluate(right, bytes, fields, &frame)
      do throws(EvaluationError) {
        let answer = try compare(operation, left, right, bytes, &frame)
        noteFlip(operation, left, right, slope, &frame)
        return .bool(answer)
      } catch { throw misfit([left, right], bytes, error) }
    case .membership(let element, let container):
      let element = try evaluate(element, bytes, fields, &frame)
      let container = try evaluate(container, bytes, fields, &frame)
      return .bool(try contains(container, element, bytes, &frame))
    case .element(let container, let place):
      let container = try evaluate(container, bytes, fields, &frame)
      let place = try evaluate(place, bytes, fields, &frame)
      return try element(of: container, at: place, bytes, &frame)
    default:
      throw .noSuchOverload
    }
  }

  /// The error of an operation on values: where they do not go together since one is `null`, that there
  /// is no value.
  func misfit(
    _ values: [Value], _ bytes: Span<UInt8>, _ error: EvaluationError
  ) -> EvaluationError {
    guard error == .noSuchOverload else { return error }
    let isNothing = values.contains { value in
      switch value {
      case .null: true
      case .json(let field): field.kind(in: bytes) == .null
      default: false
      }
    }
    return isNothing ? .noValue : error
  }

  /// The value of a top-level field, or what stands for it where it is missing.
  private func field(
    _ index: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    if case .eventName(let slot, let typeSlot) = nodes[index],
      let name = impliedName(fields[frame.place.base + slot], typeSlot, bytes, fields, frame)
    {
      return .text(name.nameBytes)
    }
    let field = try located(index, bytes, fields, &frame)
    if !field.isPresent, case .field(_, let fallback) = nodes[index] {
      switch fallback {
      case .null: return .null
      case .no: return .bool(false)
      case .emptyList: return .list([])
      case .emptyText: return .text([])
      }
    }
    return try value(of: field, bytes)
  }

  /// The value that a field of the record says.
  func value(of field: Field, _ bytes: Span<UInt8>) throws(EvaluationError) -> Value {
    switch field.kind(in: bytes) {
    case .absent, .null: return .null
    case .true: return .bool(true)
    case .false: return .bool(false)
    case .number: return Number.value(field, in: bytes)
    case .array, .object: return .json(field)
    case .string:
      do { try field.validateString(in: bytes) } catch { throw .invalidRecord }
      guard field.hasEscapes else { return .json(field) }
      return .text(unescaped(bytes, from: field.start + 1, to: field.end - 1))
    }
  }

  /// The value of a key that is known before the evaluation.
  private func select(
    _ object: Int, _ key: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    let container = try evaluate(object, bytes, fields, &frame)
    if case .json(let field) = container {
      guard field.kind(in: bytes) == .object else { throw .noSuchOverload }
      let found = try member(key, of: field, bytes, &frame)
      guard found.isPresent else { throw .noSuchKey }
      return try value(of: found, bytes)
    }
    guard case .map(let entries) = container else {
      if case .null = container { throw .noSuchKey }
      throw .noSuchOverload
    }
    try frame.spend(entries.count)
    for entry in entries {
      if case .text(let name) = entry.key, name == keys[key] { return entry.value }
    }
    throw .noSuchKey
  }

  /// Whether an object or map has a key; a missing object has none.
  private func has(
    _ object: Int, _ key: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    let container: Value
    do {
      container = try evaluate(object, bytes, fields, &frame)
    } catch {
      if error == .noSuchKey, allowsExtensions { return false }
      throw error
    }
    switch container {
    case .json(let field):
      guard field.kind(in: bytes) == .object else { throw .noSuchOverload }
      return try member(key, of: field, bytes, &frame).isPresent
    case .map(let entries):
      try frame.spend(entries.count)
      return entries.contains { entry in
        if case .text(let name) = entry.key { name == keys[key] } else { false }
      }
    case .null where allowsExtensions: return false
    default: throw .noSuchOverload
    }
  }

  /// Makes a map; the same key twice is an error.
  private func map(
    _ first: Int, _ count: Int,
    _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    var entries: [MapEntry] = []
    for place in stride(from: first, to: first + count, by: 2) {
      let key = try owned(evaluate(children[place], bytes, fields, &frame), bytes, &frame)
      switch key {
      case .int, .uint, .bool, .text: break
      case .number where allowsExtensions: break
      default: throw .badKey
      }
      for entry in entries where try isEqual(entry.key, key, bytes, &frame) { throw .repeatedKey }
      let value = try evaluate(children[place + 1], bytes, fields, &frame)
      entries.append(MapEntry(key: key, value: value))
    }
    return .map(entries)
  }

  /// Evaluates a macro: one element after the other, errors absorbed as `&&` and `||` do.
  private func run(
    _ macro: Macro, _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    let range = try evaluate(macro.range, bytes, fields, &frame)
    guard let elements = try loopElements(of: range, bytes, &frame) else { throw .noSuchOverload }
    if frame.store == nil { frame.store = Frame.Store() }
    defer { frame.store?.locals.removeLast() }
    frame.store?.locals.append(.null)
    var failure: EvaluationError?
    var hits = 0
    var results: [Value] = []
    for element in elements {
      try frame.spend(macro.stepsPerElement)
      frame.store?.locals[macro.local] = element
      if macro.kind == .map, macro.transform == nil {
        results.append(try evaluate(macro.condition, bytes, fields, &frame))
        continue
      }
      let isHit: Bool
      do {
        isHit = try truth(macro.condition, bytes, fields, &frame)
      } catch {
        guard macro.kind == .all || macro.kind == .exists else { throw error }
        failure = failure ?? error
        continue
      }
      if macro.kind == .all, !isHit { return .bool(false) }
      guard isHit else { continue }
      if macro.kind == .exists { return .bool(true) }
      hits += 1
      if macro.kind == .filter { results.append(element) }
      if let transform = macro.transform {
        results.append(try evaluate(transform, bytes, fields, &frame))
      }
    }
    if let failure { throw failure }
    switch macro.kind {
    case .all: return .bool(true)
    case .exists: return .bool(false)
    case .existsOne: return .bool(hits == 1)
    case .map, .filter: return .list(results)
    }
  }
}
