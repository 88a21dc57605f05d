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
