import Events
import Pipes
import Records

extension Annotator {
  /// Persons leave by `--forget`: each leaves its segments first, so that changes replayed stay true.
  ///
  /// Whoever comes back enters them again, as a new person.
  mutating func forget(
    _ isLeaving: [Bool], at moment: Moment, _ persons: Persons, into output: inout Output
  ) {
    guard tracking.isChanges else { return }
    for person in isLeaving.indices where isLeaving[person] && person < newest.count {
      let person = UInt32(truncatingIfNeeded: person)
      let now = max(newest[Int(person)], moment)
      reportLeaving(person, name(person), at: now, persons, into: &output)
    }
  }
}
