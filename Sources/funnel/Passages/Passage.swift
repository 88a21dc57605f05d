import Pipes
import Records

/// How far one person came in one try, and when.
///
///     steps A, B (optional), C      A at 10, C at 25      level 3, times [10, skipped, 25]
struct Passage: Sendable, Equatable {
  /// The time of an optional step that was left out.
  static let skipped = Int64.min

  /// The furthest step reached, counted from 1.
  var level = 0
  /// When each step up to ``level`` was reached, in milliseconds; behind them nothing that counts.
  var times: [Int64]
  /// The last moment at which a later event could carry the person on, `nil` where none can.
  var openUntil: Int64?
  /// Whether an excluded event took the person out of the funnel.
  var isExcluded = false

  /// Nothing done.
  init(stepCount: Int) { times = Array(repeating: Passage.skipped, count: stepCount) }

  /// A passage by its parts.
  init(times: [Int64], openUntil: Int64?) {
    (level, self.times, self.openUntil) = (times.count, times, openUntil)
  }

  /// The passage that tries report.
  init(_ tries: Tries, openUntil: Int64?) {
    self.init(stepCount: tries.stepCount)
    take(tries, openUntil: openUntil)
  }

  /// Becomes the passage that tries report.
  mutating func take(_ tries: Tries, openUntil: Int64?) {
    level = tries.level
    for step in 0..<tries.level { times[step] = tries.furthest[step] }
    (self.openUntil, isExcluded) = (openUntil, tries.isExcluded)
  }

  /// When it began.
  var entry: Int64 { times[0] }

  /// Whether it comes further than another one of the same person, or as far and earlier.
  func isBetter(than other: Passage) -> Bool {
    if level != other.level { return level > other.level }
    if isExcluded != other.isExcluded { return other.isExcluded }
    return times[..<level].lexicographicallyPrecedes(other.times[..<level])
  }

  /// Whether one that may still go on is on its way at a moment: the last one of the window
  /// included.
  func isOpen(at moment: Int64) -> Bool { openUntil.map { moment <= $0 } ?? false }

  /// Writes how far it came and when.
  func write(to writer: inout RecordWriter) {
    writer.field("level", level)
    writer.field("entered", Moment(milliseconds: entry))
    writer.array("times") { writer in
      for time in times[..<level] {
        writer.element(time == Passage.skipped ? nil : Moment(milliseconds: time))
      }
    }
  }
}
