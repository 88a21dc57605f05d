import Events
import Pipes
import Records

/// What each person did on each day, by kind; kept only where `--goal`, `--model`
/// or `--contract` asks.
///
///     person → day 40 · event Login × 3 → day 40 · channel web × 3 → day 12 · goal × 1
///
/// Only what the person did is here: what reached it without an act tells nothing of the person.
/// Cost: 16 bytes a person, day and kind.
struct Behaviours: Sendable {
  /// What is told apart.
  enum Kind: UInt8, Sendable {
    /// An event by its name.
    case event = 101
    /// A channel by its number.
    case channel = 99
    /// A step of a funnel that was reached, by its name.
    case stage = 115
    /// The goal.
    case goal = 103
    /// The half hours of the first or the second half of the day in which the person did anything.
    case halfHours = 104
    /// The begin of a contract.
    case contractStart = 98
    /// The end of a contract.
    case contractEnd = 120
  }

  /// How often a person did something on a day; of half hours a bit for each, the earliest lowest.
  struct Day: DayRow {
    let day: Int32
    let kind: UInt32
    var count: UInt32
    var next: UInt32 = 0

    mutating func merge(_ other: Day) {
      guard kind >= Behaviours.halves else {
        count |= other.count
        return
      }
      let (sum, overflow) = count.addingReportingOverflow(other.count)
      count = overflow ? .max : sum
    }
  }

  /// The first numbers are those of the halves of a day.
  static let halves: UInt32 = 2
  /// The half hours of half a day.
  private static let halfHours = 24

  /// The keys by number: the letter of the kind, then the name.
  private var keys = Interner(seed: fingerprintSeed)
  private(set) var days = DayLists<Day>()

  /// Nothing done yet.
  init() {
    for half in 0..<UInt8(Self.halves) { _ = number(.halfHours, [half]) }
  }

  /// Bytes of the largest array.
  var largestArrayBytes: Int { days.largestArrayBytes }

  /// How many kinds are told apart.
  var count: Int { keys.count }

  /// The number of a kind with a name.
  mutating func number(_ kind: Kind, _ name: [UInt8]) -> UInt32 {
    keys.intern([kind.rawValue] + name)
  }

  /// What a number stands for; `nil` for what another run should not have written.
  func meaning(_ number: UInt32) -> (kind: Kind, name: [UInt8])? {
    let key = keys.key(number)
    return key.first.flatMap(Kind.init).map { ($0, Array(key.dropFirst())) }
  }

  /// Counts something that a person did on a day.
  mutating func count(_ number: UInt32, on day: Int32, of person: UInt32) {
    days.add(Day(day: day, kind: number, count: 1), of: person)
  }

  /// Notes the half hour in which a person did something.
  mutating func noteHalfHour(of time: Moment, on day: Int32, of person: UInt32) {
    let millisecond = time.milliseconds - time.dayNumber * 86_400_000
    let place = Int(millisecond / 1_800_000)
    days.add(
      Day(
        day: day, kind: UInt32(place / Self.halfHours),
        count: 1 << UInt32(place % Self.halfHours)),
      of: person)
  }

  /// The half hours that a row tells of, as bits of the whole day.
  static func halfHours(_ row: Day) -> UInt64 {
    UInt64(row.count) << UInt64(Int(row.kind) * halfHours)
  }

  /// Writes what a person did, given by all its ids.
  func encode(_ ids: ArraySlice<UInt32>, into state: inout StateWriter) {
    let merged = days.merged(ids) { keys.key($0) }
    state.write(merged.count)
    for (key, day) in merged {
      state.write(Int(day.day))
      state.write(name: key)
      state.write(UInt64(day.count))
    }
  }

  /// Adds what another run wrote of a person.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    for _ in 0..<(try state.count()) {
      let day = try state.dayNumber()
      let key = try state.name()
      guard let kind = key.first.flatMap(Kind.init) else {
        throw StateError("a behaviour is none")
      }
      let number = keys.intern(key)
      let count: UInt32 = try state.short()
      guard (kind == .halfHours) == (number < Self.halves),
        kind != .halfHours || count < 1 << UInt32(Self.halfHours)
      else { throw StateError("a half hour is none") }
      days.add(Day(day: day, kind: number, count: count), of: person)
    }
  }
}
