/// One event of a person that a funnel looks at: when it was, and which steps it matches.
struct Match: Sendable {
  /// Milliseconds since the epoch.
  var time: Int64
  /// Number of the set of steps, by ``StepSets``.
  var set: Int
}

/// How far one person came, by which events, and whether they may still go on.
struct Passage: Equatable, Sendable {
  /// The furthest step reached, 0 for none.
  var level = 0
  /// When each step up to ``level`` was reached, in milliseconds.
  var times: [Int64] = []
  /// When the latest try began that later events could still carry on, `nil` where none can.
  var liveEntry: Int64?
}

/// What a person's events are run through, in the order of time.
///
/// A matcher is used for one person after the other; ``run(_:_:)`` begins anew.
protocol Matcher: Sendable {
  /// The passage of one person whose matches are sorted by time, then by set.
  mutating func run(_ matches: ArraySlice<Match>, _ sets: StepSets) -> Passage
}
