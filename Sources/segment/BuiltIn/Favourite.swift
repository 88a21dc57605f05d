import Events
import Records

/// Which of a few kinds most of a person's interactions are of.
///
///     kinds      web  mobile  email
///     person u1   12      30      2     →  mobile
///
/// Of kinds with equally many the first in their list. State: 4 bytes a person and kind. It depends on
/// the set of events alone.
struct Favourite: Sendable {
  private let kindCount: Int
  private var counts: [UInt32] = []

  /// Nobody's favourite among so many kinds.
  init(kindCount: Int) { self.kindCount = kindCount }

  /// Bytes of the largest array.
  var largestArrayBytes: Int { counts.count * 4 }

  /// Counts an interaction of a kind.
  mutating func take(_ person: UInt32, kind: Int) { add(1, to: person, kind) }

  /// The kind of most of a person's interactions, `nil` without one.
  func kind(of person: UInt32) -> Int? {
    let first = Int(person) * kindCount
    guard first + kindCount <= counts.count else { return nil }
    var best: Int?
    var most: UInt32 = 0
    for kind in 0..<kindCount where counts[first + kind] > most {
      (best, most) = (kind, counts[first + kind])
    }
    return best
  }

  /// Two persons turned out to be one.
  mutating func link(absorbed: UInt32, into kept: UInt32) {
    let first = Int(absorbed) * kindCount
    guard first + kindCount <= counts.count else { return }
    for kind in 0..<kindCount {
      add(counts[first + kind], to: kept, kind)
      counts[first + kind] = 0
    }
  }

  private mutating func add(_ count: UInt32, to person: UInt32, _ kind: Int) {
    guard count > 0 else { return }
    let place = Int(person) * kindCount + kind
    counts.extend(to: (Int(person) + 1) * kindCount, with: 0)
    let (sum, overflow) = counts[place].addingReportingOverflow(count)
    counts[place] = overflow ? .max : sum
  }

  /// Writes the counts of a person.
  func encode(_ person: UInt32, into state: inout StateWriter) {
    let first = Int(person) * kindCount
    for kind in 0..<kindCount {
      state.write(UInt64(first + kind < counts.count ? counts[first + kind] : 0))
    }
  }

  /// Adds the counts of another run.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    for kind in 0..<kindCount { add(try state.short(), to: person, kind) }
  }
}
