internal import Records

/// A question about the person's earlier events and this one.
struct LookBackCall: Sendable, Equatable {
  /// The questions by the names of their functions.
  enum Kind: String, Sendable, CaseIterable {
    case count
    case sum
    case first
    case last
    case latest
    case distinct
    case days
    case periods
    case sequence

    /// How it is written, for messages.
    var form: String {
      switch self {
      case .count: "count(condition) or count(condition, \"7d\")"
      case .sum: "sum(condition, value) or sum(condition, value, \"7d\")"
      case .first: "first(condition)"
      case .last: "last(condition)"
      case .latest: "latest(condition, value)"
      case .distinct: "distinct(condition, value) or distinct(condition, value, \"7d\")"
      case .days: "days(condition, \"28d\")"
      case .periods: "periods(condition, \"7d\", 4, 1)"
      case .sequence: "sequence(condition, condition, \"1d\", \"30d\")"
      }
    }

    /// How many arguments it takes.
    var arguments: ClosedRange<Int> {
      switch self {
      case .first, .last: 1...1
      case .count: 1...2
      case .latest, .days: 2...2
      case .sum, .distinct: 2...3
      case .periods, .sequence: 4...4
      }
    }

    /// Whether the second argument is a value of the events.
    var takesValue: Bool { self == .sum || self == .latest || self == .distinct }

    /// The type of the answer.
    var result: ValueType {
      switch self {
      case .count, .distinct, .days, .periods: .int
      case .sum: .number
      // Without such an event they are null, which every type can be compared with.
      case .first, .last: .timestamp
      case .latest: .dynamic
      case .sequence: .bool
      }
    }
  }

  /// What is asked.
  let kind: Kind
  /// Which of the plan's conditions an event must meet.
  let condition: Int
  /// Which of them the second event of a sequence must meet.
  var laterCondition: Int?
  /// Which of the plan's values is taken of it.
  var value: Int?
  /// The sliding window; `nil` for ever, and for calendar days.
  var window: Window?
  /// How many calendar days or periods are looked at.
  var length: Int64 = 0
  /// How many events a period must have.
  var least: Int64 = 0
  /// The longest time between the two events of a sequence.
  var betweenMilliseconds: Int64 = 0
  /// The place of the call's state among those of its kind.
  var state = 0

  /// The sort of state that the call keeps.
  let stateKind: LookBackPlan.StateKind

  init(kind: Kind, condition: Int, value: Int? = nil, window: Window? = nil) {
    self.kind = kind
    self.condition = condition
    self.value = value
    self.window = window
    stateKind =
      switch kind {
      case .count: window == nil ? .count : .countWindow
      case .sum: window == nil ? .sum : .sumWindow
      case .first, .last: .moment
      case .latest: .latest
      case .distinct: .distinct
      case .days: .days
      case .periods: .periods
      case .sequence: .sequence
      }
  }

  /// How many steps behind the newest one the call's state reaches.
  var reach: Int64 { kind == .days ? length - 1 : window?.reach ?? 0 }

  /// A sliding window that moves in steps.
  ///
  ///     ──┬───┬───┬───┬───┬───┬──       bucket = floor(time / step)
  ///       └ moment − length     └ moment
  ///
  /// An event counts from its moment on for at least the length, and at most a step longer: as
  /// long as its bucket is not below the one that holds moment − length.
  struct Window: Sendable, Equatable {
    /// A window moves in steps of one part of so many, rounded up to a millisecond.
    static let stepCount: Int64 = 64

    /// How long the window is.
    let lengthMilliseconds: Int64
    /// How far the window moves at a time.
    let stepMilliseconds: Int64
    /// Buckets that can still matter behind the newest one.
    let reach: Int64

    /// A window of 64 steps.
    init(lengthMilliseconds: Int64) { self.init(periods: 1, of: lengthMilliseconds) }

    /// Windows of 64 steps one behind the other; the length is that of one.
    init(periods: Int64, of lengthMilliseconds: Int64) {
      self.lengthMilliseconds = lengthMilliseconds
      stepMilliseconds = ceilDivide(lengthMilliseconds, Window.stepCount)
      reach = Window.stepCount * periods
    }

    /// The window of a sequence's second event, where the first may come so long before it: in 64
    /// steps, or in more where those would be longer than the time between the two.
    init(lengthMilliseconds: Int64, between: Int64) {
      self.lengthMilliseconds = lengthMilliseconds
      stepMilliseconds = min(between, ceilDivide(lengthMilliseconds, Window.stepCount))
      reach =
        ceilDivide(lengthMilliseconds, stepMilliseconds) + ceilDivide(between, stepMilliseconds)
    }

    /// The number of the step that a moment lies in.
    func step(of milliseconds: Int64) -> Int64 { floorDivide(milliseconds, stepMilliseconds) }

    /// The first step that the window of a moment holds, or that of so many such windows.
    func firstStep(at milliseconds: Int64, periods: Int64 = 1) -> Int64 {
      step(of: milliseconds - periods * lengthMilliseconds)
    }

    /// The first moment whose window, or so many such windows, does not hold a step any more.
    func expiry(of step: Int64?, periods: Int64 = 1) -> Moment {
      guard let step else { return .distantFuture }
      return Moment(milliseconds: (step + 1) * stepMilliseconds + periods * lengthMilliseconds)
    }
  }
}

/// Quotient of two positive numbers, rounded up.
private func ceilDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
  (dividend + divisor - 1) / divisor
}
