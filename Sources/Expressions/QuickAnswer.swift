/// An answer that costs a few nanoseconds, or none.
enum QuickAnswer: UInt8, Sendable {
  case no
  case yes
  /// There is an error; which one, the slow way tells.
  case failure
  /// Only the slow way tells.
  case unknown

  @inline(__always)
  init(_ answer: Bool) { self = answer ? .yes : .no }

  /// The answer to the opposite question.
  var negated: QuickAnswer {
    switch self {
    case .no: .yes
    case .yes: .no
    default: self
    }
  }
}
