internal import Records

/// Conditions in a form that answers most of them in some tens of instructions.
///
///     event == "A" && properties.n > 1  ┐    steps   0 text(event, "A")   1 number(>, place 0, 1)
///     event == "A"                      ┘            2 and(0, 1)          3 text(event, "A")
///                                            nested  properties: n → place 0
///
/// Comparisons of fields with constants, what the person's earlier events say, and `!`, `&&`, `||`
/// over such. All else is unknown here: then the ``Program`` is asked, which says the same of what is
/// answered here, only later. Several programs share one of these, so that nothing is copied or
/// counted to come from one to the next, and an object below the top level is searched once for all.
struct QuickProgram: Sendable {
  var steps: [QuickStep] = []
  var scalars: [ScalarStep] = []
  /// Operands of steps that have many.
  var children: [Int] = []
  var texts = TextList()
  var numbers: [PlainNumber] = []
  /// Patterns that are searched for by a table.
  var patterns: [Pattern] = []
  var sums: [DecimalSum] = []
  var nested = NestedSelection()

  /// Answers a step.
  ///
  /// - Parameter calls: what the look-back calls say at the frame's moment.
  @inline(__always)
  func answer(
    _ index: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ calls: [CallAnswer],
    _ frame: inout QuickFrame
  ) -> QuickAnswer {
    steps[index].isOfEvent
      ? ofEvent(index, bytes, fields, &frame) : ofSteps(index, bytes, fields, calls, &frame)
  }

  /// Answers a step that asks other steps or the person's earlier events.
  private func ofSteps(
    _ index: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ calls: [CallAnswer],
    _ frame: inout QuickFrame
  ) -> QuickAnswer {
    switch steps[index] {
    case .unknown: return .unknown
    case .constant(let answer): return QuickAnswer(answer)
    case .not(let operand): return answer(operand, bytes, fields, calls, &frame).negated
    case .and(let first, let count):
      return logic(first, count, .no, bytes, fields, calls, &frame)
    case .or(let first, let count):
      return logic(first, count, .yes, bytes, fields, calls, &frame)
    case .conditional(let condition, let yes, let no):
      switch answer(condition, bytes, fields, calls, &frame) {
      case .yes: return answer(yes, bytes, fields, calls, &frame)
      case .no: return answer(no, bytes, fields, calls, &frame)
      case .failure: return .failure
      case .unknown: return .unknown
      }
    case .call(let call):
      frame.validUntil = min(frame.validUntil, calls[call].validUntil)
      guard case .truth(let answer) = calls[call].content else { return .unknown }
      return QuickAnswer(answer)
    case .scalars(let operation, let left, let right, let slope):
      return compare(operation, left, right, slope, calls, &frame)
    case .sum(let operation, let call, let number):
      guard case .sum(let sum) = calls[call].content else { return .unknown }
      frame.validUntil = min(frame.validUntil, calls[call].validUntil)
      guard !sum.hasOverflowed else { return .failure }
      return QuickAnswer(operation.accepts(order(sum.sum, sums[number])))
    default: return .unknown
    }
  }

  /// Answers `&&` (decided by no) or `||` (decided by yes) up to the first operand that is unknown.
  private func logic(
    _ first: Int, _ count: Int, _ decisive: QuickAnswer,
    _ bytes: Span<UInt8>, _ fields: [Field], _ calls: [CallAnswer], _ frame: inout QuickFrame
  ) -> QuickAnswer {
    var result = decisive.negated
    for place in first..<first + count {
      let answer = answer(children[place], bytes, fields, calls, &frame)
      if answer == decisive || answer == .unknown { return answer }
      if answer == .failure { result = .failure }
    }
    return result
  }

  /// Answers a step that looks at a field of the event.
  private func ofEvent(
    _ index: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout QuickFrame
  ) -> QuickAnswer {
    switch steps[index] {
    case .text(let source, let text, let isEqual):
      switch find(source, bytes, fields, &frame) {
      case .absent(let fallback):
        return QuickAnswer((fallback == .emptyText && texts[text].count == 0) == isEqual)
      case .field(let field):
        guard bytes[field.start] == ASCII.quote else { return QuickAnswer(!isEqual) }
        if field.hasEscapes { return .unknown }
        return QuickAnswer(texts.equals(text, field, bytes) == isEqual)
      case .none(let answer): return answer
      }
    case .oneOf(let source, let first, let count):
      switch find(source, bytes, fields, &frame) {
      case .absent(let fallback):
        let isEmpty = (first..<first + count).contains { texts[$0].count == 0 }
        return QuickAnswer(fallback == .emptyText && isEmpty)
      case .field(let field):
        guard bytes[field.start] == ASCII.quote else { return .no }
        if field.hasEscapes { return .unknown }
        for text in first..<first + count where texts.equals(text, field, bytes) { return .yes }
        return .no
      case .none(let answer): return answer
      }
    case .number(let operation, let source, let number):
      return compare(find(source, bytes, fields, &frame), operation, numbers[number], bytes)
    case .literal(let source, let literal, let isEqual):
      return find(source, bytes, fields, &frame).isLiteral(literal, bytes, isEqual: isEqual)
    case .truth(let source):
      return find(source, bytes, fields, &frame).truth(bytes)
    case .part(let function, let source, let text):
      return has(function, find(source, bytes, fields, &frame), text, bytes)
    case .matches(let source, let pattern):
      return isFound(pattern, find(source, bytes, fields, &frame), bytes)
    case .isPresent(let slot):
      return QuickAnswer(fields[frame.place.base + slot].isPresent)
    case .has(let object, let place):
      switch nested.search(object, fields, at: frame.place.base, in: bytes, &frame.nested) {
      case .searched: return QuickAnswer(frame.nested[place].isPresent)
      case .missing: return .no
      default: return .failure
      }
    default: return .unknown
    }
  }

  /// Finds the field of a step.
  @inline(__always)
  func find(
    _ source: QuickSource, _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout QuickFrame
  ) -> QuickField {
    switch source {
    case .top(let slot, let fallback):
      let field = fields[frame.place.base + slot]
      return field.isPresent ? .field(field) : .absent(fallback)
    case .eventName(let slot):
      let field = fields[frame.place.base + slot]
      guard field.count > 2, bytes[field.start] == ASCII.quote else { return .none(.unknown) }
      return .field(field)
    case .nested(let object, let place):
      let state = nested.search(object, fields, at: frame.place.base, in: bytes, &frame.nested)
      guard state == .searched, case let field = frame.nested[place], field.isPresent else {
        return .none(.failure)
      }
      return .field(field)
    }
  }

  /// Compares a field with a number.
  @inline(__always)
  private func compare(
    _ found: QuickField, _ operation: Operator, _ number: PlainNumber, _ bytes: Span<UInt8>
  ) -> QuickAnswer {
    if case .none(let answer) = found { return answer }
    if case .field(let field) = found,
      ASCII.isDigit(bytes[field.start]) || bytes[field.start] == ASCII.minus
    {
      guard let plain = PlainNumber(bytes, from: field.start, to: field.end),
        let order = plain.order(against: number)
      else { return .unknown }
      return QuickAnswer(operation.accepts(order))
    }
    switch operation {
    case .equal: return .no
    case .notEqual: return .yes
    default: return .failure
    }
  }

  /// Whether a string begins with a text, ends with it or contains it.
  private func has(
    _ function: Function, _ found: QuickField, _ text: Int, _ bytes: Span<UInt8>
  ) -> QuickAnswer {
    guard case .field(let field) = found else {
      if case .none(let answer) = found { return answer }
      return .unknown
    }
    guard bytes[field.start] == ASCII.quote else { return .failure }
    if field.hasEscapes || field.hasNonASCII { return .unknown }
    let last = field.end - 1 - texts[text].count
    guard last > field.start else { return .no }
    switch function {
    case .startsWith: return QuickAnswer(texts.stands(text, in: bytes, at: field.start + 1))
    case .endsWith: return QuickAnswer(texts.stands(text, in: bytes, at: last))
    default:
      guard field.count <= QuickProgram.searchedBytesMax else { return .unknown }
      for offset in field.start + 1...last where texts.stands(text, in: bytes, at: offset) {
        return .yes
      }
      return .no
    }
  }

  /// Whether a pattern stands in a string.
  private func isFound(_ pattern: Int, _ found: QuickField, _ bytes: Span<UInt8>) -> QuickAnswer {
    guard case .field(let field) = found else {
      if case .none(let answer) = found { return answer }
      return .unknown
    }
    guard bytes[field.start] == ASCII.quote else { return .failure }
    guard !field.hasEscapes, !field.hasNonASCII, field.count <= QuickProgram.searchedBytesMax else {
      return .unknown
    }
    return QuickAnswer(
      patterns[pattern].isFoundByTable(in: bytes, from: field.start + 1, to: field.end - 1))
  }

  /// Longer texts are searched where steps are counted.
  private static let searchedBytesMax = 4096

  /// Compares two scalars, and notes when time alone gives another answer.
  private func compare(
    _ operation: Operator, _ left: Int, _ right: Int, _ slope: Int,
    _ calls: [CallAnswer], _ frame: inout QuickFrame
  ) -> QuickAnswer {
    let left = scalar(left, calls, &frame)
    let right = scalar(right, calls, &frame)
    if left.kind == .unknown || right.kind == .unknown { return .unknown }
    if left.kind == .failure || right.kind == .failure { return .failure }
    guard left.kind == right.kind else {
      guard operation == .equal || operation == .notEqual else { return .failure }
      return QuickAnswer(operation == .notEqual)
    }
    if left.kind == .null, operation != .equal, operation != .notEqual { return .failure }
    if slope != 0, frame.followsTime, left.kind != .null {
      let difference = Int128(left.whole) - Int128(right.whole)
      if let wait = waitForFlip(operation, difference, slope) { frame.note(wait) }
    }
    return QuickAnswer(operation.accepts(order(left.whole, right.whole)))
  }

  private func scalar(
    _ index: Int, _ calls: [CallAnswer], _ frame: inout QuickFrame
  ) -> Scalar {
    switch scalars[index] {
    case .constant(let scalar): return scalar
    case .now: return Scalar(milliseconds: frame.place.time.milliseconds)
    case .call(let call):
      frame.validUntil = min(frame.validUntil, calls[call].validUntil)
      switch calls[call].content {
      case .count(let count): return Scalar(.int, count)
      case .moment(let moment): return moment.map { Scalar(milliseconds: $0) } ?? .null
      default: return .unknown
      }
    case .add(let left, let right):
      return scalar(left, calls, &frame).combined(with: scalar(right, calls, &frame), isSum: true)
    case .subtract(let left, let right):
      return scalar(left, calls, &frame).combined(with: scalar(right, calls, &frame), isSum: false)
    }
  }
}

/// What a ``QuickProgram`` has at hand and finds out about one record.
struct QuickFrame {
  /// Where the record lies; its time is `now`.
  var place: EventPlace
  /// Whether somebody wants to know until when answers hold.
  var followsTime = false
  /// The first moment at which an answer could be another one.
  var validUntil = Moment.distantFuture
  var nested = NestedRow()

  init(_ place: EventPlace) { self.place = place }

  /// Begins with another record.
  mutating func begin(_ place: EventPlace) {
    self.place = place
    followsTime = false
    validUntil = .distantFuture
    nested.clear()
  }

  /// Notes that an answer may change after a number of milliseconds.
  mutating func note(_ wait: Int128) {
    let moment = Int128(place.time.milliseconds) + wait
    guard let milliseconds = Int64(exactly: moment) else { return }
    validUntil = min(validUntil, Moment(milliseconds: milliseconds))
  }
}

/// What stands at a ``QuickSource``.
enum QuickField {
  case field(Field)
  /// A top-level field that is not there.
  case absent(Node.Fallback)
  /// No field, but already the answer: unknown or a failure.
  case none(QuickAnswer)

  /// Whether the value is null, true or false, or is not.
  @inline(__always)
  func isLiteral(_ literal: QuickLiteral, _ bytes: Span<UInt8>, isEqual: Bool) -> QuickAnswer {
    switch self {
    case .none(let answer): return answer
    case .absent(let fallback):
      let stands = literal == .null && fallback == .null || literal == .no && fallback == .no
      return QuickAnswer(stands == isEqual)
    case .field(let field):
      switch field.kind(in: bytes) {
      case .null: return QuickAnswer((literal == .null) == isEqual)
      case .true: return QuickAnswer((literal == .yes) == isEqual)
      case .false: return QuickAnswer((literal == .no) == isEqual)
      case .number: return QuickAnswer(!isEqual)
      case .string where !field.hasEscapes && !field.hasNonASCII: return QuickAnswer(!isEqual)
      default: return .unknown
      }
    }
  }

  /// The value as an answer.
  @inline(__always)
  func truth(_ bytes: Span<UInt8>) -> QuickAnswer {
    switch self {
    case .none(let answer): return answer
    case .absent(let fallback): return fallback == .no ? .no : .failure
    case .field(let field):
      switch bytes[field.start] {
      case UInt8(ascii: "t"): return .yes
      case UInt8(ascii: "f"): return .no
      default: return .failure
      }
    }
  }
}
