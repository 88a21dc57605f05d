import Events
import Pipes
import Records

extension PersonDays {
  /// Counts all persons by value of `--by`, and hands the counts over, the largest value first.
  ///
  /// - Parameters:
  ///   - groups: the value of each person; `nil` without `--by`.
  ///   - empty: the counts of nobody.
  ///   - mark: what a person has done who is among those whose number decides which values are large.
  ///   - count: adds a person to counts.
  func tallied<Counts>(
    _ groups: PersonGroups?, _ run: Run, from empty: Counts,
    having mark: PersonDay.Marks, into output: inout Output,
    _ count: (inout Counts, [PersonDay]) -> Void
  ) -> [(group: UInt32?, counts: Counts)] {
    let roots = run.persons.roots()
    let groupOf = groups?.resolved(roots)
    var sizes = [Int](repeating: 0, count: run.breakdown.count)
    if let groupOf {
      forEachPerson(roots) { person, days in
        if days.contains(where: { $0.marks.contains(mark) }) {
          sizes[Int(groupOf[Int(person)])] += 1
        }
      }
    }
    let reported = run.breakdown.reported(sizes, into: &output)
    var places = [Int?](repeating: nil, count: run.breakdown.count)
    for (place, one) in reported.enumerated() {
      for member in one.members { places[Int(member)] = place }
    }
    var tallies = reported.map { (group: $0.group, counts: empty) }
    forEachPerson(roots) { person, days in
      guard let place = groupOf.map({ places[Int($0[Int(person)])] }) ?? 0 else { return }
      count(&tallies[place].counts, days)
    }
    return tallies
  }
}

extension CalendarPeriods {
  /// The latest so many periods are reported.
  private static let reportedMax: Int32 = 10_000

  /// The periods that are reported: from the first one with a person on, all that have begun.
  ///
  /// - Parameter ranges: the first and last period with a person, of each value of `--by`.
  func reported(
    _ ranges: [ClosedRange<Int32>], asOf: Moment, into output: inout Output
  ) -> ClosedRange<Int32>? {
    guard let first = ranges.map(\.lowerBound).min(), let last = ranges.map(\.upperBound).max()
    else { return nil }
    let shownFirst = max(first, last - Self.reportedMax + 1)
    if shownFirst > first {
      output.notice(
        "\(shownFirst - first) periods before \(label(of: shownFirst)) are left out: the latest"
          + " \(Self.reportedMax) are reported")
    }
    return shownFirst...min(max(last, index(of: asOf)), shownFirst + Self.reportedMax - 1)
  }

  /// Whether a period is over.
  func isComplete(_ period: Int32, at moment: Moment) -> Bool {
    moment.milliseconds >= start(of: period + 1).milliseconds - 1
  }
}
