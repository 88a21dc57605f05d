internal import Events
internal import Records

extension Program {
  /// Evaluates a node that must be true or false.
  ///
  /// The comparisons of a field with constants are done here, on the bytes of the record: no
  /// allocation, no value in between.
  func truth(
    _ index: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    if frame.readsCaptures, captures[index] >= 0 {
      return try bool(evaluate(index, bytes, fields, &frame))
    }
    switch nodes[index] {
    case .textComparison(let operation, let operand, let text):
      return try compare(operand, operation, text: text, bytes, fields, &frame)
    case .numberComparison(let operation, let operand, let number):
      return try compare(operand, operation, number: number, bytes, fields, &frame)
    case .oneOf(let operand, let first, let count):
      return try isOneOf(operand, first, count, bytes, fields, &frame)
    case .and(let first, let count):
      return try logic(first, count, decisive: false, bytes, fields, &frame)
    case .or(let first, let count):
      return try logic(first, count, decisive: true, bytes, fields, &frame)
    case .not(let operand):
      return try !truth(operand, bytes, fields, &frame)
    case .field(let slot, let fallback):
      let field = fields[frame.place.base + slot]
      switch field.kind(in: bytes) {
      case .true: return true
      case .false: return false
      case .absent where fallback == .no: return false
      default: throw .noSuchOverload
      }
    default:
      return try bool(evaluate(index, bytes, fields, &frame))
    }
  }

  private func bool(_ value: Value) throws(EvaluationError) -> Bool {
    guard case .bool(let answer) = value else { throw .noSuchOverload }
    return answer
  }

  /// Evaluates `&&` (decided by false) or `||` (decided by true).
  ///
  /// An operand that decides makes errors of the others, before or behind it, void.
  private func logic(
    _ first: Int, _ count: Int, decisive: Bool,
    _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    var failure: EvaluationError?
    for place in first..<first + count {
      do {
        if try truth(children[place], bytes, fields, &frame) == decisive { return decisive }
      } catch {
        if failure == nil { failure = error }
      }
    }
    if let failure { throw failure }
    return !decisive
  }

  /// The field that a chain of names leads to; absent only where a top-level field is missing.
  func located(
    _ index: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Field {
    switch nodes[index] {
    case .field(let slot, _), .eventName(let slot, _):
      return fields[frame.place.base + slot]
    case .record:
      return Field(start: frame.place.start, end: frame.place.end)
    case .member(let object, let key):
      let parent = try located(object, bytes, fields, &frame)
      guard parent.kind(in: bytes) == .object else { throw .noSuchKey }
      let field = try member(key, of: parent, bytes, &frame)
      guard field.isPresent else { throw .noSuchKey }
      return field
    default:
      throw .noSuchOverload
    }
  }

  /// The value of a key in an object, absent where it has none.
  func member(
    _ key: Int, of object: Field, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Field {
    try frame.spend(1 + object.count >> 6)
    do {
      return try Records.member(keys[key], of: object, in: bytes)
    } catch {
      throw .invalidRecord
    }
  }

  /// Compares a field with a constant text.
  @inline(__always)
  private func compare(
    _ operand: Int, _ operation: Operator, text: Int,
    _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    let field: Field
    switch nodes[operand] {
    case .field(let slot, let fallback):
      field = fields[frame.place.base + slot]
      if !field.isPresent, fallback == .emptyText {
        return operation.accepts(texts[text].count == 0 ? 0 : -1)
      }
    case .eventName(let slot, let typeSlot):
      field = fields[frame.place.base + slot]
      if let name = impliedName(field, typeSlot, bytes, fields, frame) {
        return operation.accepts(order(name.nameBytes, text))
      }
    default:
      field = try located(operand, bytes, fields, &frame)
    }
    guard field.isPresent, bytes[field.start] == ASCII.quote else {
      return try unlike(operation, field, bytes)
    }
    if operation == .equal, !field.hasEscapes { return texts.equals(text, field, bytes) }
    if operation == .notEqual, !field.hasEscapes { return !texts.equals(text, field, bytes) }
    return operation.accepts(try order(field, text, bytes))
  }

  /// The name that the message's type implies where the field `event` is no text or an empty one.
  @inline(__always)
  func impliedName(
    _ event: Field, _ typeSlot: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ frame: Frame
  ) -> ImplicitEventName? {
    if event.isPresent, bytes[event.start] == ASCII.quote, event.count > 2 { return nil }
    let type = fields[frame.place.base + typeSlot]
    guard type.kind(in: bytes) == .string else { return nil }
    return ImplicitEventName(type: bytes, from: type.start + 1, to: type.end - 1)
  }

  /// What the comparison of a field with a constant of another type says: they are not equal, and have no
  /// order.
  private func unlike(
    _ operation: Operator, _ field: Field, _ bytes: Span<UInt8>
  ) throws(EvaluationError) -> Bool {
    switch operation {
    case .equal: return false
    case .notEqual: return true
    default:
      let kind = field.kind(in: bytes)
      throw kind == .absent || kind == .null ? .noValue : .noSuchOverload
    }
  }

  /// Compares a string with a constant text, its escapes decoded.
  private func order(
    _ field: Field, _ text: Int, _ bytes: Span<UInt8>
  ) throws(EvaluationError) -> Int {
    let range = texts[text]
    do { try field.validateString(in: bytes) } catch { throw .invalidRecord }
    if field.hasEscapes {
      return order(unescaped(bytes, from: field.start + 1, to: field.end - 1), text)
    }
    return orderOfBytes(
      bytes, field.start + 1, field.end - 1,
      texts.bytes.span, range.start, range.end)
  }

  private func order(_ name: [UInt8], _ text: Int) -> Int {
    let range = texts[text]
    return orderOfBytes(
      name.span, 0, name.count, texts.bytes.span, range.start, range.end)
  }

  /// Compares a field with a constant number, exactly.
  @inline(__always)
  private func compare(
    _ operand: Int, _ operation: Operator, number: Int,
    _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    let field: Field
    if case .field(let slot, _) = nodes[operand] {
      field = fields[frame.place.base + slot]
    } else {
      field = try located(operand, bytes, fields, &frame)
    }
    guard field.isPresent else { return try unlike(operation, field, bytes) }
    let first = bytes[field.start]
    guard ASCII.isDigit(first) || first == ASCII.minus else {
      return try unlike(operation, field, bytes)
    }
    if let constant = numbers[number].plain,
      let plain = PlainNumber(bytes, from: field.start, to: field.end),
      let order = plain.order(against: constant)
    {
      return operation.accepts(order)
    }
    return try compareLong(field, operation, numbers[number].number, bytes)
  }

  /// Compares a number of many digits or with an exponent.
  private func compareLong(
    _ field: Field, _ operation: Operator, _ number: DecimalNumber, _ bytes: Span<UInt8>
  ) throws(EvaluationError) -> Bool {
    let value = Number.value(field, in: bytes)
    guard let order = Number.order(value, .number(number), isExact: true) else {
      return try unlike(operation, field, bytes)
    }
    return operation.accepts(order)
  }

  /// Whether a field is one of the constant texts of a list, which are sorted by length, then bytes.
  private func isOneOf(
    _ operand: Int, _ first: Int, _ count: Int,
    _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    var field: Field
    switch nodes[operand] {
    case .field(let slot, let fallback):
      field = fields[frame.place.base + slot]
      if !field.isPresent { return fallback == .emptyText && texts[first].count == 0 }
    case .eventName(let slot, let typeSlot):
      field = fields[frame.place.base + slot]
      if let name = impliedName(field, typeSlot, bytes, fields, frame) {
        return (first..<first + count).contains { order(name.nameBytes, $0) == 0 }
      }
    default:
      field = try located(operand, bytes, fields, &frame)
    }
    guard field.kind(in: bytes) == .string else { return false }
    if field.hasEscapes {
      do { try field.validateString(in: bytes) } catch { throw .invalidRecord }
      let decoded = unescaped(bytes, from: field.start + 1, to: field.end - 1)
      return (first..<first + count).contains { order(decoded, $0) == 0 }
    }
    let length = field.count - 2
    var low = first
    var high = first + count
    while high - low > 8 {
      let middle = low + (high - low) >> 1
      var middleOrder = Expressions.order(texts[middle].count, length)
      if middleOrder == 0 {
        let range = texts[middle]
        middleOrder = orderOfBytes(
          texts.bytes.span, range.start, range.end,
          bytes, field.start + 1, field.end - 1)
      }
      if middleOrder == 0 { return true }
      if middleOrder < 0 { low = middle + 1 } else { high = middle }
    }
    for place in low..<high where texts[place].count == length {
      if texts.equals(place, field, bytes) { return true }
    }
    return false
  }
}
