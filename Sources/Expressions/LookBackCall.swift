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
  }

  /// What is asked.
  let kind: Kind
  /// Which of the plan's conditions an event must meet.
  let condition: Int
  /// Which of the plan's values is taken of it.
  let value: Int?
  /// The sliding window; `nil` for ever.
  let window: Window?
  /// The sort of state that the call keeps.
  let stateKind: LookBackPlan.StateKind
  /// The place of the call's state among those of its kind.
  var state = 0

  init(kind: Kind, condition: Int, value: Int?, window: Window?) {
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
      }
  }

  /// A sliding window that moves in steps of 1/64 of its length.
  ///
  ///     ──┬───┬───┬───┬───┬───┬──       bucket = floor(time / step)
  ///       └ moment − length     └ moment
  ///
  /// An event counts from its moment on for at least the length, and at most a step longer: as
  /// long as its bucket is not below the one that holds moment − length.
  struct Window: Sendable, Equatable {
    /// Buckets that a window can reach back from its newest one.
    static let stepCount: Int64 = 64

    /// How long the window is.
    let lengthMilliseconds: Int64

    /// How far the window moves at a time; rounded up to a millisecond.
    var stepMilliseconds: Int64 {
      (lengthMilliseconds + Window.stepCount - 1) / Window.stepCount
    }

    /// The number of the step that a moment lies in.
    func step(of milliseconds: Int64) -> Int64 { floorDivide(milliseconds, stepMilliseconds) }

    /// The first moment whose window does not hold a step any more.
    func expiry(of step: Int64?) -> Moment {
      guard let step else { return .distantFuture }
      return Moment(milliseconds: (step + 1) * stepMilliseconds + lengthMilliseconds)
    }
  }
}
