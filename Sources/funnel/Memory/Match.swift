import Records

/// One event of a person that a funnel looks at, in eight bytes: when it was, and which steps it
/// matches.
///
///     [ milliseconds since the year 0, 49 bits │ number of the set of steps, 15 bits ]
struct Match: Sendable, BitwiseCopyable {
  private static let setBits: UInt64 = 15
  /// Most sets of steps that can be told apart.
  static let setsMax = 1 << 15
  private static let timeOffset = -Moment.writableStart.milliseconds

  private let bits: UInt64

  /// A match of a moment, by the number that ``StepSets`` gave its set.
  init(time: Int64, set: Int) {
    bits = UInt64(bitPattern: time &+ Self.timeOffset) << Self.setBits | UInt64(set)
  }

  /// Milliseconds since the epoch.
  var time: Int64 { Int64(bitPattern: bits >> Self.setBits) &- Self.timeOffset }

  /// Number of the set of steps, by ``StepSets``.
  var set: Int { Int(bits & (UInt64(Self.setsMax) - 1)) }
}

extension ArraySlice<Match> {
  /// Where the events of the moment end that begins at an index, in the order of time.
  @inline(__always)
  func momentEnd(from start: Int) -> Int {
    let time = self[start].time
    var end = start + 1
    while end < endIndex, self[end].time == time { end += 1 }
    return end
  }
}
