import Pipes
import Records
import Statistics

/// The size of each segment at the end of each period, and how it grew.
///
///     persons(p)   those in the segment at the end of period p
///     entered(p)   those of them who were not in it at the end of the period before
///     left(p)      those who were in it then and are not now
///     growth(p)    against the end of the latest period that ended 90 days or more before p did
///
/// So persons(p) = persons(p − 1) + entered(p) − left(p): who comes and goes within one period is in
/// neither, nor is who came before the first one that is shown. Growth is the net growth rate with the
/// interval of ``PairedRatio``; it is null where there was nobody, and absent where the events do not
/// reach back so far. The last period is not complete unless the moment of the report is its last one;
/// then its growth is null.
struct PopulationTrend: Sendable {
  /// How far growth reaches back.
  static let growthDays: Int64 = 90
  /// The latest so many periods are reported.
  static let periodsMax = 10_000

  private struct Count: BitwiseCopyable {
    var entered = 0
    var left = 0
    var stayed = 0
  }

  private let history: PopulationHistory
  private let names: [String]
  private let first: Int32
  private let last: Int32
  /// How many periods were left out at the beginning.
  let omittedCount: Int
  private let isComplete: Bool
  /// By period, then by segment.
  private var counts: [Count]
  /// Who was in each segment before the first period.
  private var sizesBefore: [Int]
  /// The period that each one's growth is against, where the events reach back so far.
  private var bases: [Int32?] = []

  /// The trend of persons from the first moment that counts to that of the report.
  init(
    _ history: PopulationHistory, _ names: [String], _ persons: [UInt32], from: Moment,
    asOf: Moment
  ) {
    self.history = history
    self.names = names
    let periods = history.periods
    last = periods.index(of: max(from, asOf))
    let start = periods.index(of: from)
    first = max(start, last - Int32(PopulationTrend.periodsMax) + 1)
    omittedCount = Int(first) - Int(start)
    let end = periods.start(of: last + 1)
    isComplete = asOf.milliseconds >= end.milliseconds - 1
    sizesBefore = Array(repeating: 0, count: names.count)
    counts = Array(repeating: Count(), count: (Int(last) - Int(first) + 1) * names.count)
    for period in first...last {
      let reach = PopulationTrend.growthDays * 86_400_000
      let moment = Moment(milliseconds: periods.start(of: period + 1).milliseconds - reach)
      let base = periods.index(of: moment) - 1
      bases.append(base >= start ? base : nil)
    }
    for person in persons { count(person) }
  }

  private mutating func count(_ person: UInt32) {
    let changes = history.changes(of: person)
    guard !changes.isEmpty else { return }
    if let start = changes.last(where: { $0.period < first }) {
      forEachBit(of: start.segments) { sizesBefore[$0] += 1 }
    }
    for (place, change) in changes.enumerated() where (first...last).contains(change.period) {
      let before = place > 0 ? changes[place - 1].segments : []
      forEach(change.segments, without: before) {
        counts[self.place(change.period, $0)].entered += 1
      }
      forEach(before, without: change.segments) { counts[self.place(change.period, $0)].left += 1 }
    }
    // Two places walk over the changes: one at each period, one at that period's base.
    var (now, then) = (-1, -1)
    for period in first...last {
      while now + 1 < changes.count, changes[now + 1].period <= period { now += 1 }
      guard let base = bases[Int(period - first)] else { continue }
      while then + 1 < changes.count, changes[then + 1].period <= base { then += 1 }
      guard then >= 0 else { continue }
      forEachBoth(changes[now].segments, changes[then].segments) {
        counts[place(period, $0)].stayed += 1
      }
    }
  }

  /// The place of a period and segment.
  private func place(_ period: Int32, _ segment: Int) -> Int {
    Int(period - first) * names.count + segment
  }

  private func forEach(
    _ segments: ArraySlice<UInt64>, without others: ArraySlice<UInt64>, _ body: (Int) -> Void
  ) {
    for (word, bits) in segments.enumerated() {
      let other = others.isEmpty ? 0 : others[others.startIndex + word]
      forEachBit(of: bits & ~other, in: word, body)
    }
  }

  private func forEachBoth(
    _ segments: ArraySlice<UInt64>, _ others: ArraySlice<UInt64>, _ body: (Int) -> Void
  ) {
    for (word, (bits, other)) in zip(segments, others).enumerated() {
      forEachBit(of: bits & other, in: word, body)
    }
  }

  private func forEachBit(of segments: ArraySlice<UInt64>, _ body: (Int) -> Void) {
    for (word, bits) in segments.enumerated() { forEachBit(of: bits, in: word, body) }
  }

  private func forEachBit(of bits: UInt64, in word: Int, _ body: (Int) -> Void) {
    var bits = bits
    while bits != 0 {
      let segment = word * 64 + bits.trailingZeroBitCount
      if segment < names.count { body(segment) }
      bits &= bits - 1
    }
  }

  /// Writes one `segment.population` record a segment and period, by period.
  func write(into output: inout Output) {
    let periods = history.periods
    let periodCount = Int(last) - Int(first) + 1
    // The sizes at the end of each period.
    var sizes = [Int](repeating: 0, count: periodCount * names.count)
    for place in counts.indices {
      let before = place >= names.count ? sizes[place - names.count] : sizesBefore[place]
      sizes[place] = before + counts[place].entered - counts[place].left
    }
    for period in first...last {
      for (segment, name) in names.enumerated() {
        let place = place(period, segment)
        let size = sizes[place]
        output.report("segment.population") { writer in
          writer.field("period", periods.label(of: period))
          writer.field("segment", name)
          writer.field("persons", size)
          writer.field("entered", counts[place].entered)
          writer.field("left", counts[place].left)
          let isComplete = period < last || isComplete
          if let base = bases[Int(period - first)] {
            let before = isComplete && base >= first ? sizes[self.place(base, segment)] : nil
            writeGrowth(size, before, counts[place].stayed, since: base, &writer)
          }
          writer.field("complete", isComplete)
        }
      }
    }
  }

  private func writeGrowth(
    _ size: Int, _ before: Int?, _ stayed: Int, since base: Int32, _ writer: inout RecordWriter
  ) {
    guard let before, before > 0 else { return writer.null("growth") }
    let ratio = PairedRatio(stayed: stayed, came: size - stayed, left: before - stayed)
    writer.object("growth") { writer in
      writer.field("since", history.periods.label(of: base))
      writer.field("before", before)
      writer.field("value", ratio.growth)
      writer.field("low", ratio.interval()?.low)
      writer.field("high", ratio.interval()?.high)
    }
  }
}
