internal import Records

extension Program {
  /// Whether a pattern stands in a text.
  func isFound(
    _ pattern: Pattern, in value: Value, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    switch value {
    case .text(let text):
      return try pattern.isFound(in: text.span, from: 0, to: text.count, &frame)
    case .json(let field) where field.kind(in: bytes) == .string:
      return try pattern.isFound(in: bytes, from: field.start + 1, to: field.end - 1, &frame)
    default: throw misfit([value], bytes, .noSuchOverload)
    }
  }

  /// Whether a pattern that the event itself gives stands in a text.
  ///
  /// It is compiled for this one search, at the cost of its length and of its size.
  func matches(
    _ text: Value, writtenPattern: Value, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    guard isText(text, bytes), case .text(let source) = try owned(writtenPattern, bytes, &frame)
    else { throw .noSuchOverload }
    try frame.spend(100 + source.count * 16)
    let pattern: Pattern
    do { pattern = try Pattern(source, isForOnce: true) } catch { throw .badPattern }
    try frame.spend(pattern.instructionCount)
    return try isFound(pattern, in: text, bytes, &frame)
  }
}
