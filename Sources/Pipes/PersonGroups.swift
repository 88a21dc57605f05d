public import Events
public import Records

/// The value of `--by` that counts for each person: that of one of the person's events.
///
/// Which event is the first or the latest is decided by its time, then by its fingerprint, so that
/// the order of arrival never shows. Cost: 20 bytes a person, only under `--by`.
public struct PersonGroups: Sendable {
  /// Whose value counts.
  public enum Choice: Sendable {
    /// The first event's; PostHog's "first touchpoint".
    case first
    /// The latest event's.
    case latest
  }

  private static let unknown = Int64.min

  private let choice: Choice
  private let skipsMissing: Bool
  private var times: [Int64] = []
  private var fingerprints: [UInt64] = []
  private var groups: [UInt32] = []

  /// Nobody's value.
  ///
  /// - Parameter skipsMissing: whether an event without a value counts only where no other one has any.
  public init(_ choice: Choice, skipsMissing: Bool = false) {
    (self.choice, self.skipsMissing) = (choice, skipsMissing)
  }

  /// Notes the value of an event.
  public mutating func note(_ event: Event, fingerprint: UInt64) {
    let person = Int(event.person)
    reserve(person)
    put(person, event.time.milliseconds, fingerprint, event.group)
  }

  /// Makes room for a person.
  @inline(__always)
  private mutating func reserve(_ person: Int) {
    times.extend(to: person + 1, with: Self.unknown)
    fingerprints.extend(to: person + 1, with: 0)
    groups.extend(to: person + 1, with: 0)
  }

  /// The value of each person by root number, those of linked ids brought together.
  public func resolved(_ roots: [UInt32]) -> [UInt32] {
    var resolved = self
    for id in roots.indices.prefix(times.count)
    where Int(roots[id]) != id && times[id] != Self.unknown {
      resolved.put(Int(roots[id]), times[id], fingerprints[id], groups[id])
    }
    let missing = max(0, roots.count - resolved.groups.count)
    return resolved.groups + repeatElement(0, count: missing)
  }

  private mutating func put(_ person: Int, _ time: Int64, _ fingerprint: UInt64, _ group: UInt32) {
    guard replaces(person, time, fingerprint, group) else { return }
    times[person] = time
    fingerprints[person] = fingerprint
    groups[person] = group
  }

  /// Whether a value counts for a person rather than the known one.
  @inline(__always)
  private func replaces(
    _ person: Int, _ time: Int64, _ fingerprint: UInt64, _ group: UInt32
  ) -> Bool {
    let known = (times[person], fingerprints[person])
    if known.0 == Self.unknown { return true }
    let (hasValue, knowsValue) = (group != Breakdown.missing, groups[person] != Breakdown.missing)
    if skipsMissing, hasValue != knowsValue { return hasValue }
    return choice == .first ? (time, fingerprint) < known : (time, fingerprint) > known
  }

  /// Writes the value of a person, given by all its ids.
  public func encode(
    _ ids: ArraySlice<UInt32>, _ breakdown: Breakdown, into state: inout StateWriter
  ) {
    var whole = PersonGroups(choice, skipsMissing: skipsMissing)
    whole.reserve(0)
    for id in ids where Int(id) < times.count && times[Int(id)] != Self.unknown {
      whole.put(0, times[Int(id)], fingerprints[Int(id)], groups[Int(id)])
    }
    let isKnown = whole.times[0] != Self.unknown
    state.write(isKnown)
    guard isKnown else { return }
    state.write(Moment(milliseconds: whole.times[0]))
    state.write(word: whole.fingerprints[0])
    state.write(name: breakdown.text(of: whole.groups[0]))
  }

  /// Adds the value that another run knew of a person.
  ///
  /// - Returns: whether it knew one.
  @discardableResult
  public mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) -> Bool {
    guard try state.flag() else { return false }
    let (time, fingerprint) = (try state.moment().milliseconds, try state.word())
    let group = breakdown.number(try state.name())
    reserve(Int(person))
    put(Int(person), time, fingerprint, group)
    return true
  }
}
