import Events
import Records

/// Persons who have not been seen for long leave the state: `--forget 180d`.
///
///     last seen ──────── 180 days ────────┤·· at most an eighth more ··┤ forgotten
///
/// The clock is the newest event, but one event moves it by `--max-jump` at most. Whoever is to leave
/// does so whenever the clock enters another eighth of the duration, so that the moment depends on the
/// events and their order alone. A person who comes back is a new one.
///
/// Cost: 8 bytes an id.
struct Forgetting: Sendable {
  private static let stepsPerDuration: Int64 = 8

  private let milliseconds: Int64
  private let maxJumpMilliseconds: Int64
  private var now: Int64?
  private var step: Int64?
  /// When each person was seen last, by root.
  private var lastSeen: [Int64] = []

  /// What the options say, `nil` without `--forget`.
  init?(_ arguments: Arguments) throws(Failure) {
    guard let milliseconds = try arguments.duration("forget") else { return nil }
    guard milliseconds >= Self.stepsPerDuration else {
      throw .usage("--forget takes a duration of 8ms or more")
    }
    self.milliseconds = milliseconds
    maxJumpMilliseconds = try arguments.duration("max-jump") ?? 86_400_000
    guard maxJumpMilliseconds > 0 else {
      throw .usage("--max-jump takes a duration longer than 0s")
    }
  }

  /// Notes that a person is seen.
  ///
  /// - Returns: when persons are to be forgotten now, the moment that they were last seen before.
  mutating func see(_ person: UInt32, at moment: Moment) -> Moment? {
    note(person, moment.milliseconds)
    let last = now ?? moment.milliseconds
    let next = max(last, min(moment.milliseconds, last + maxJumpMilliseconds))
    now = next
    let length = milliseconds / Self.stepsPerDuration
    let current = floorDivide(next, length)
    defer { step = current }
    guard let step, current > step else { return nil }
    return Moment(milliseconds: current * length - milliseconds)
  }

  private mutating func note(_ person: UInt32, _ time: Int64) {
    guard person != Persons.nobody else { return }
    lastSeen.extend(to: Int(person) + 1, with: .min)
    lastSeen[Int(person)] = max(lastSeen[Int(person)], time)
  }

  /// Two persons turned out to be one.
  mutating func link(_ link: Persons.Link) {
    guard Int(link.absorbed) < lastSeen.count else { return }
    note(link.kept, lastSeen[Int(link.absorbed)])
  }

  /// Which persons were last seen before a moment, by root.
  func persons(lastSeenBefore moment: Moment, _ roots: [UInt32]) -> [Bool] {
    roots.indices.map { id in
      Int(roots[id]) == id
        && (id >= lastSeen.count || lastSeen[id] < moment.milliseconds)
    }
  }

  /// Forgets when persons were seen, but not how far the clock is.
  mutating func forgetPersons() { lastSeen.removeAll(keepingCapacity: true) }
}

/// The state of what was seen.
extension Forgetting {
  func encode(into state: inout StateWriter) {
    state.write(now.map(Moment.init(milliseconds:)))
    state.write(step != nil)
    state.write(step ?? 0)
  }

  mutating func decode(_ state: inout StateReader) throws(StateError) {
    if let moment = try state.momentIfAny() {
      guard moment.isWritable else { throw StateError("a time is out of range") }
      now = max(now ?? moment.milliseconds, moment.milliseconds)
    }
    let (isKnown, other) = (try state.flag(), try state.integer())
    if isKnown { step = max(step ?? other, other) }
  }

  func encode(_ person: UInt32, into state: inout StateWriter) {
    let isKnown = Int(person) < lastSeen.count && lastSeen[Int(person)] != .min
    state.write(isKnown ? Moment(milliseconds: lastSeen[Int(person)]) : nil)
  }

  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    if let moment = try state.momentIfAny() { note(person, moment.milliseconds) }
  }
}
