/// One event of a person that a funnel looks at: when it was, and which steps it matches.
struct Match: Sendable {
  /// Milliseconds since the epoch.
  var time: Int64
  /// Number of the set of steps, by ``StepSets``.
  var set: Int
}
