/// How far one person came, and when.
struct Passage: Sendable {
  /// The furthest step reached.
  let level: Int
  /// When each step up to ``level`` was reached, in milliseconds.
  let times: [Int64]

  /// The passage that is reported of tries.
  init(_ tries: Tries) {
    level = tries.level
    times = Array(tries.furthest[..<level])
  }
}
