internal import Records

/// What a look-back call says of a person at a moment.
struct CallAnswer: Sendable, BitwiseCopyable {
  /// The answers by the state that they come from.
  enum Content: Sendable, BitwiseCopyable {
    case count(Int64)
    case sum(NumberSum)
    /// In milliseconds; `nil` for no event.
    case moment(Int64?)
    case latest(CapturedValue)
    case truth(Bool)
  }

  var content: Content
  /// The first moment at which it could be another one.
  var validUntil = Moment.distantFuture

  /// The answer as a value of the language.
  func result(in texts: TextTable) -> Result<Value, EvaluationError> {
    switch content {
    case .count(let count): return .success(.int(count))
    case .truth(let answer): return .success(.bool(answer))
    case .sum(let sum): return sum.value.map { .success($0) } ?? .failure(.overflow)
    case .moment(let moment):
      return .success(moment.map { .timestamp(Int128($0) * 1_000_000) } ?? .null)
    case .latest(let value):
      return value.kind == .nothing ? .success(.null) : value.result(in: texts)
    }
  }
}
