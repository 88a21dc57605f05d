import Pipes

/// How the times to convert are put into bins of equal width, as PostHog does.
///
///     width   ⌈(⌈longest⌉ − ⌊shortest⌋) ÷ bins⌉ seconds, 60 where that is 0
///     bin     ⌊(time − ⌊shortest⌋) ÷ width⌋, so that the longest may need one bin more
///
/// Source: PostHog, time to convert of funnels: `--bins` from 1 to 90, or the cube root of the number
/// of persons, rounded up and at most 60.
enum HistogramBins: Sendable {
  /// So many.
  case count(Int)
  /// As many as the number of persons asks for.
  case automatic

  /// A bin: times from its first second on and below its last one.
  struct Bin {
    let from: Double
    let to: Double
    var count = 0
  }

  /// Reads `--bins`; `nil` where it is not given.
  static func read(_ arguments: Arguments) throws(Failure) -> HistogramBins? {
    if arguments.value("bins") == "auto" { return .automatic }
    return try arguments.count("bins", in: 1...90).map { .count($0) }
  }

  /// The bins of times given with the number of persons of each, in ascending order.
  func histogram(_ times: [(duration: Double, count: Int)]) -> [Bin] {
    guard let first = times.first, let last = times.last else { return [] }
    let start = first.duration.rounded(.down)
    let range = last.duration.rounded(.up) - start
    let count = binCount(persons: times.reduce(0) { $0 + $1.count })
    let width = range == 0 ? 60 : (range / Double(count)).rounded(.up)
    var bins = (0...count).map { index in
      Bin(from: start + Double(index) * width, to: start + Double(index + 1) * width)
    }
    for time in times {
      bins[min(Int((time.duration - start) / width), count)].count += time.count
    }
    return bins
  }

  private func binCount(persons: Int) -> Int {
    switch self {
    case .count(let count): return count
    case .automatic: return (1...60).first { $0 * $0 * $0 >= persons } ?? 60
    }
  }
}
