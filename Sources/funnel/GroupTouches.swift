import Events
import Records

/// The value of `--by` that counts for each person: that of the first event in any step.
///
/// Source: PostHog's "first touchpoint". Of two events at the same time the one whose fingerprint
/// is smaller comes first, so that arrival never decides.
struct GroupTouches: Sendable {
  private static let untouched = Int64.max

  private var times: [Int64] = []
  private var fingerprints: [UInt64] = []
  private var groups: [UInt32] = []

  /// Notes the value of an event that matches a step.
  mutating func note(_ event: Event, fingerprint: UInt64) {
    let person = Int(event.person)
    if person >= times.count {
      let missing = max(person + 1, times.count * 3 / 2) - times.count
      times.append(contentsOf: repeatElement(Self.untouched, count: missing))
      fingerprints.append(contentsOf: repeatElement(0, count: missing))
      groups.append(contentsOf: repeatElement(0, count: missing))
    }
    put(person, event.time.milliseconds, fingerprint, event.group)
  }

  /// The value of each person, those of linked ids brought together.
  func resolved(_ roots: [UInt32]) -> [UInt32] {
    var resolved = self
    for id in roots.indices.prefix(times.count)
    where Int(roots[id]) != id && times[id] != Self.untouched {
      resolved.put(Int(roots[id]), times[id], fingerprints[id], groups[id])
    }
    let missing = max(0, roots.count - resolved.groups.count)
    return resolved.groups + repeatElement(0, count: missing)
  }

  private mutating func put(_ person: Int, _ time: Int64, _ fingerprint: UInt64, _ group: UInt32) {
    guard time < times[person] || time == times[person] && fingerprint < fingerprints[person]
    else { return }
    times[person] = time
    fingerprints[person] = fingerprint
    groups[person] = group
  }
}
