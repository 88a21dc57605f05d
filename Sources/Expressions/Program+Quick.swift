internal import Records

/// An answer that costs a few nanoseconds, or none.
enum QuickAnswer: UInt8, Sendable {
  case no
  case yes
  case unknown

  @inline(__always)
  init(_ answer: Bool) { self = answer ? .yes : .no }
}

extension Program {
  /// Answers a condition over top-level fields, where the record makes that easy.
  ///
  /// Comparisons of strings without escapes and of plain numbers with constants, and `!`, `&&`,
  /// `||` over such, as far as they are decided so. All else is unknown here, errors too:
  /// ``truth(_:_:_:_:)`` says the same of what is answered here, only later, since it needs a
  /// ``Frame``.
  func quickAnswer(
    _ index: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ base: Int
  ) -> QuickAnswer {
    switch nodes[index] {
    case .textComparison(let operation, let operand, let text):
      guard operation == .equal || operation == .notEqual else { return .unknown }
      guard let field = quickField(operand, bytes, fields, base), field.isPresent else {
        return .unknown
      }
      guard bytes[field.start] == ASCII.quote else { return QuickAnswer(operation == .notEqual) }
      if field.hasEscapes { return .unknown }
      return QuickAnswer(equals(field, texts[text], bytes) == (operation == .equal))
    case .numberComparison(let operation, let operand, let number):
      guard let field = quickField(operand, bytes, fields, base), field.isPresent,
        let constant = numbers[number].plain,
        ASCII.isDigit(bytes[field.start]) || bytes[field.start] == ASCII.minus,
        let plain = PlainNumber(bytes, from: field.start, to: field.end),
        let order = plain.order(against: constant)
      else { return .unknown }
      return QuickAnswer(operation.accepts(order))
    case .oneOf(let operand, let first, let count):
      guard count <= 8, let field = quickField(operand, bytes, fields, base), field.isPresent,
        bytes[field.start] == ASCII.quote, !field.hasEscapes
      else { return .unknown }
      for place in first..<first + count where equals(field, texts[place], bytes) { return .yes }
      return .no
    case .field(let slot, let fallback):
      let field = fields[base + slot]
      guard field.isPresent else { return fallback == .no ? .no : .unknown }
      switch bytes[field.start] {
      case UInt8(ascii: "t"): return .yes
      case UInt8(ascii: "f"): return .no
      default: return .unknown
      }
    case .not(let operand):
      switch quickAnswer(operand, bytes, fields, base) {
      case .no: return .yes
      case .yes: return .no
      case .unknown: return .unknown
      }
    case .and(let first, let count): return quickLogic(first, count, .no, bytes, fields, base)
    case .or(let first, let count): return quickLogic(first, count, .yes, bytes, fields, base)
    default: return .unknown
    }
  }

  /// Answers `&&` (decided by no) or `||` (decided by yes) up to the first operand that is unknown.
  private func quickLogic(
    _ first: Int, _ count: Int, _ decisive: QuickAnswer,
    _ bytes: Span<UInt8>, _ fields: [Field], _ base: Int
  ) -> QuickAnswer {
    for place in first..<first + count {
      let answer = quickAnswer(children[place], bytes, fields, base)
      if answer == decisive || answer == .unknown { return answer }
    }
    return decisive == .no ? .yes : .no
  }

  /// The top-level field that a node is, or `nil`; `event` only where it names the event itself.
  @inline(__always)
  private func quickField(
    _ node: Int, _ bytes: Span<UInt8>, _ fields: [Field], _ base: Int
  ) -> Field? {
    switch nodes[node] {
    case .field(let slot, _): return fields[base + slot]
    case .eventName(let slot, _):
      let field = fields[base + slot]
      return field.count > 2 && bytes[field.start] == ASCII.quote ? field : nil
    default: return nil
    }
  }
}
