import Events
import Pipes
import Records

/// What the latest events of each person said of the components of a health file; kept only under it.
///
/// They are lists of rows as those of days, all of the same day.
/// Cost: 40 bytes a person and component that was spoken of.
typealias HealthAnswers = DayLists<HealthAnswer>

/// The latest answer of a person to what a component asks, 0 to 100, and when it was given.
struct HealthAnswer: DayRow {
  /// The number of the component.
  let kind: UInt32
  var next: UInt32 = 0
  private(set) var time: Moment
  private(set) var fingerprint: UInt64
  private(set) var value: Double

  var day: Int32 { 0 }

  init(_ number: UInt32, _ value: Double, at time: Moment, fingerprint: UInt64) {
    (kind, self.value) = (number, value)
    (self.time, self.fingerprint) = (time, fingerprint)
  }

  /// Keeps the later of the two; of events of a moment the one with the higher fingerprint.
  mutating func merge(_ other: HealthAnswer) {
    let isLater =
      (other.time.milliseconds, other.fingerprint, other.value)
      > (time.milliseconds, fingerprint, value)
    if isLater { (time, fingerprint, value) = (other.time, other.fingerprint, other.value) }
  }
}

extension DayLists<HealthAnswer> {
  /// The latest answer of each number that some ids of a person have, those of `count` numbers.
  func latest(_ count: Int, forEachId: ((UInt32) -> Void) -> Void) -> [HealthAnswer?] {
    var latest = [HealthAnswer?](repeating: nil, count: count)
    forEachId { id in
      forEach(of: id) { answer in
        let number = Int(answer.kind)
        if latest[number] == nil { latest[number] = answer } else { latest[number]?.merge(answer) }
      }
    }
    return latest
  }

  /// Writes what is known of a person, given by all its ids.
  func encode(_ ids: ArraySlice<UInt32>, count: Int, into state: inout StateWriter) {
    let latest = latest(count) { body in ids.forEach(body) }.compactMap { $0 }
    state.write(latest.count)
    for answer in latest {
      state.write(UInt64(answer.kind))
      state.write(answer.time)
      state.write(word: answer.fingerprint)
      state.write(word: answer.value.bitPattern)
    }
  }

  /// Adds what another run wrote of a person.
  mutating func decode(
    _ person: UInt32, count: Int, _ state: inout StateReader
  ) throws(StateError) {
    for _ in 0..<(try state.count(upTo: count)) {
      let number: UInt32 = try state.short()
      let time = try state.moment()
      let fingerprint = try state.word()
      let value = Double(bitPattern: try state.word())
      guard number < count, time.isWritable, (0...100).contains(value) else {
        throw StateError("an answer is out of range")
      }
      add(HealthAnswer(number, value, at: time, fingerprint: fingerprint), of: person)
    }
  }
}
