import Pipes
import Records
import Statistics

/// How many entered in each period, and how many of those have converted since.
///
///     period       entered   converted   open   dropped
///     2026-03-01   120       30          0      90
///     2026-03-15   80        9           31     40        complete: false
///
/// A person enters a period by a first step in it, at most once, and one conversion may serve the entries
/// of several periods; a session or try belongs to the period of its entry. Entries whose window has not
/// closed are open, never dropped. A period is complete when the window of its last moment has closed.
struct FunnelTrend: Sendable {
  private struct Count {
    var entered = 0
    var converted = 0
    var open = 0
  }

  private let definition: FunnelDefinition
  private let periods: CalendarPeriods
  private let asOf: Moment?
  private var counts: [UInt32: [Int32: Count]] = [:]
  private var first = Int32.max
  private var last = Int32.min
  /// The latest so many periods are reported.
  private static let periodsMax: Int32 = 10_000

  /// Nobody yet; `nil` where no trend is asked for.
  init?(_ definition: FunnelDefinition, asOf: Moment?) {
    guard let periods = definition.counting.periods else { return nil }
    (self.definition, self.periods, self.asOf) = (definition, periods, asOf)
  }

  /// Counts an entry of a period.
  mutating func count(_ entry: CountedPassage, in period: Int32) {
    let passage = entry.passage
    guard !passage.isExcluded else { return }
    (first, last) = (min(first, period), max(last, period))
    var count = counts[entry.group]?[period] ?? Count()
    count.entered += 1
    if passage.level == definition.steps.count {
      count.converted += 1
    } else if let asOf, passage.isOpen(at: asOf.milliseconds) {
      count.open += 1
    }
    counts[entry.group, default: [:]][period] = count
  }

  /// Writes one `funnel.trend` record a period, of groups taken together.
  ///
  /// - Parameter group: what the records say of the groups, as ``Breakdown/write(_:to:)`` takes it.
  func report(
    _ groups: [UInt32], as group: UInt32?, _ breakdown: Breakdown, into output: inout Output
  ) {
    guard first <= last else { return }
    for period in max(first, last - Self.periodsMax + 1)...last {
      var whole = Count()
      for group in groups {
        guard let count = counts[group]?[period] else { continue }
        whole.entered += count.entered
        whole.converted += count.converted
        whole.open += count.open
      }
      output.report("funnel.trend") { writer in
        writer.field("period", periods.label(of: period))
        writer.field("entered", whole.entered)
        writer.field("converted", whole.converted)
        writer.field("open", whole.open)
        writer.field("dropped", whole.entered - whole.converted - whole.open)
        writer.rate("overall", Rate(numerator: whole.converted, denominator: whole.entered))
        writer.field("complete", isComplete(period))
        breakdown.write(group, to: &writer)
      }
    }
  }

  /// Whether the windows of all entries that the period can have are closed.
  private func isComplete(_ period: Int32) -> Bool {
    guard let asOf else { return false }
    let end = periods.start(of: period + 1).milliseconds - 1
    return asOf.milliseconds - definition.windowMilliseconds > end
  }
}
