import Events
import Pipes

/// How many persons did what in each period, by value of `--by`.
///
///     a person's periods   01  02  ·  04      02: here and in 01, so kept      04: returning, not kept
///     those of 01 who are not in 02 are lost; they are known by those of 01 and those kept
struct PersonTally: Sendable {
  /// Persons of one mark in one period.
  struct Count: Sendable, BitwiseCopyable {
    /// Who has it.
    var now = 0
    /// Who has it in this period and the one before.
    var kept = 0
    /// Who has it in this period and any earlier one.
    var returning = 0
  }

  private let markCount: Int
  private var cells = PairTable()
  private var counts: [Count] = []

  /// Counts all persons.
  ///
  /// - Parameter places: where each value of `--by` goes, `nil` for nowhere.
  init(_ periods: PersonPeriods, _ persons: Persons, markCount: Int, places: [UInt32?]) {
    self.markCount = markCount
    let roots = persons.roots()
    let ids = PersonIds(roots)
    var rows: [PersonPeriods.Row] = []
    for person in roots.indices where Int(roots[person]) == person {
      periods.collect(ids[roots[person]], places, into: &rows)
      add(rows)
    }
  }

  /// Adds a person by the rows, ordered by place and period.
  private mutating func add(_ rows: [PersonPeriods.Row]) {
    var seen: UInt32 = 0
    for (index, row) in rows.enumerated() {
      let hasBefore = index > 0 && rows[index - 1].group == row.group
      if !hasBefore { seen = 0 }
      let isNext = hasBefore && rows[index - 1].period == row.period - 1
      let before = isNext ? rows[index - 1].marks : 0
      let cell = cells.number(row.period, row.group)
      if cell * markCount == counts.count {
        counts.append(contentsOf: repeatElement(Count(), count: markCount))
      }
      var rest = row.marks
      while rest != 0 {
        let mark = rest.trailingZeroBitCount
        let bit = UInt32(1) << UInt32(mark)
        rest &= rest - 1
        let place = cell * markCount + mark
        counts[place].now += 1
        if before & bit != 0 { counts[place].kept += 1 }
        if seen & bit != 0 { counts[place].returning += 1 }
      }
      seen |= row.marks
    }
  }

  /// The persons of a mark in a period.
  private func count(_ mark: Int, _ period: Int32, _ place: UInt32) -> Count {
    cells.known(period, place).map { counts[$0 * markCount + mark] } ?? Count()
  }

  /// How many persons a side of a metric counts.
  func count(
    _ mark: Int, _ span: MetricDefinition.PersonSpan, _ period: Int32, _ place: UInt32
  ) -> Int {
    let count = count(mark, period, place)
    switch span {
    case .now: return count.now
    case .kept: return count.kept
    case .returning: return count.returning
    case .before: return before(mark, period, place)
    case .lost: return before(mark, period, place) - count.kept
    }
  }

  /// Who had it in the period before.
  private func before(_ mark: Int, _ period: Int32, _ place: UInt32) -> Int {
    period == .min ? 0 : count(mark, period - 1, place).now
  }
}
