internal import Records

/// A step of a ``QuickProgram``, which says true or false.
enum QuickStep: Sendable, BitwiseCopyable {
  /// Only the slow way tells.
  case unknown
  case constant(Bool)
  /// Whether a field is a text, or is none.
  case text(QuickSource, text: Int, isEqual: Bool)
  /// Whether a field is one of a few texts.
  case oneOf(QuickSource, first: Int, count: Int)
  /// Whether a field begins with, ends with or contains a text.
  case part(Function, QuickSource, text: Int)
  /// Whether a pattern stands in a field.
  case matches(QuickSource, pattern: Int)
  /// A field compared with a number.
  case number(Operator, QuickSource, number: Int)
  /// Whether a field is null, true or false, or is not.
  case literal(QuickSource, QuickLiteral, isEqual: Bool)
  /// A field that is true or false.
  case truth(QuickSource)
  /// Whether a top-level field is there.
  case isPresent(slot: Int)
  /// Whether an object has the key of a place.
  case has(object: Int, place: Int)
  case not(Int)
  case and(first: Int, count: Int)
  case or(first: Int, count: Int)
  case conditional(Int, Int, Int)
  /// Whole numbers, times or lengths of time compared; the left minus the right side grows with
  /// `now` by the slope.
  case scalars(Operator, Int, Int, slope: Int)
  /// What a look-back call says that is true or false.
  case call(Int)
  /// An exact sum over a person's events compared with a number.
  case sum(Operator, call: Int, number: Int)

  /// Whether the step looks at a field of the event and at nothing else.
  @inline(__always)
  var isOfEvent: Bool {
    switch self {
    case .text, .oneOf, .part, .matches, .number, .literal, .truth, .isPresent, .has: true
    default: false
    }
  }

  /// The one step that says what this step or another one says, where both ask whether the same
  /// field is a text and the texts stand one behind the other.
  func joined(with other: QuickStep) -> QuickStep? {
    guard case .text(let source, let text, isEqual: true) = other else { return nil }
    switch self {
    case .text(source, let first, isEqual: true) where first + 1 == text:
      return .oneOf(source, first: first, count: 2)
    case .oneOf(source, let first, let count) where first + count == text:
      return .oneOf(source, first: first, count: count + 1)
    default: return nil
    }
  }
}

/// Where a step finds its field.
enum QuickSource: Sendable, BitwiseCopyable, Equatable {
  /// In a slot of the top level.
  case top(slot: Int, fallback: Node.Fallback)
  /// In the slot of `event`, as long as that names the event.
  case eventName(slot: Int)
  /// At a place in an object below the top level.
  case nested(object: Int, place: Int)
}

/// A constant that needs no value.
enum QuickLiteral: Sendable, BitwiseCopyable {
  case null
  case yes
  case no
}

/// A step of a ``QuickProgram`` that gives a ``Scalar``.
enum ScalarStep: Sendable, BitwiseCopyable {
  case constant(Scalar)
  case now
  case call(Int)
  case add(Int, Int)
  case subtract(Int, Int)
}

/// A whole number, a time or a length of time in one word; times in nanoseconds, which ends in 2262.
struct Scalar: Sendable, BitwiseCopyable {
  enum Kind: UInt8, Sendable, BitwiseCopyable {
    case unknown
    case failure
    case null
    case int
    case timestamp
    case duration
  }

  let kind: Kind
  let whole: Int64

  static let unknown = Scalar(.unknown)
  static let failure = Scalar(.failure)
  static let null = Scalar(Kind.null)

  init(_ kind: Kind, _ whole: Int64 = 0) {
    self.kind = kind
    self.whole = whole
  }

  /// A time, unknown where a word cannot hold it.
  init(milliseconds: Int64) {
    let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    self.init(overflow ? .unknown : .timestamp, nanoseconds)
  }

  /// A value that fits.
  init?(of value: Value) {
    switch value {
    case .null: self = .null
    case .int(let whole): self.init(.int, whole)
    case .duration(let length): self.init(.duration, length)
    case .timestamp(let time):
      guard let nanoseconds = Int64(exactly: time) else { return nil }
      self.init(.timestamp, nanoseconds)
    default: return nil
    }
  }

  /// The sum or the difference as the language has it.
  func combined(with other: Scalar, isSum: Bool) -> Scalar {
    if kind == .unknown || other.kind == .unknown { return .unknown }
    let resultKind: Kind
    switch (kind, other.kind) {
    case (.int, .int): resultKind = .int
    case (.duration, .duration): resultKind = .duration
    case (.timestamp, .duration): resultKind = .timestamp
    case (.duration, .timestamp) where isSum: resultKind = .timestamp
    case (.timestamp, .timestamp) where !isSum: resultKind = .duration
    default: return .failure
    }
    let (result, overflow) =
      isSum
      ? whole.addingReportingOverflow(other.whole) : whole.subtractingReportingOverflow(other.whole)
    return overflow ? .unknown : Scalar(resultKind, result)
  }
}
