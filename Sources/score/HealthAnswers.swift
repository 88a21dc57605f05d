import Events
import Pipes
import Records

/// What the latest events of each person said of the components of a health file; kept only under it.
///
/// Cost: 40 bytes a person and component that was spoken of.
struct HealthAnswers: Sendable {
  /// The latest answer, 0 to 100, and when it was given.
  struct Answer: Sendable, BitwiseCopyable {
    /// The number of the component.
    let number: UInt32
    /// The person's next row, counted from 1; 0 for none.
    var next: UInt32 = 0
    private(set) var time: Moment
    private(set) var fingerprint: UInt64
    private(set) var value: Double

    init(_ number: UInt32, _ value: Double, at time: Moment, fingerprint: UInt64) {
      (self.number, self.value) = (number, value)
      (self.time, self.fingerprint) = (time, fingerprint)
    }

    /// Keeps the later of the two; of events of a moment the one with the higher fingerprint.
    mutating func merge(_ other: Answer) {
      let isLater =
        (other.time.milliseconds, other.fingerprint, other.value)
        > (time.milliseconds, fingerprint, value)
      if isLater { (time, fingerprint, value) = (other.time, other.fingerprint, other.value) }
    }
  }

  private var firsts: [UInt32] = []
  private var rows: [Answer] = []

  /// Bytes of the largest array.
  var largestArrayBytes: Int { rows.count * MemoryLayout<Answer>.stride }

  /// Adds an answer to what is known of a person.
  mutating func add(_ answer: Answer, of person: UInt32) {
    let index = Int(person)
    while firsts.count <= index { firsts.append(0) }
    var row = firsts[index]
    while row != 0 {
      let place = Int(row) - 1
      if rows[place].number == answer.number { return rows[place].merge(answer) }
      row = rows[place].next
    }
    rows.append(answer)
    rows[rows.count - 1].next = firsts[index]
    firsts[index] = UInt32(rows.count)
  }

  /// Hands each answer of a number to a closure.
  func forEach(of person: UInt32, _ body: (Answer) -> Void) {
    guard Int(person) < firsts.count else { return }
    var row = firsts[Int(person)]
    while row != 0 {
      body(rows[Int(row) - 1])
      row = rows[Int(row) - 1].next
    }
  }

  /// The latest answer of each number that some ids of a person have, those of `count` numbers.
  func latest(_ count: Int, forEachId: ((UInt32) -> Void) -> Void) -> [Answer?] {
    var latest = [Answer?](repeating: nil, count: count)
    forEachId { id in
      forEach(of: id) { answer in
        let number = Int(answer.number)
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
      state.write(UInt64(answer.number))
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
      add(Answer(number, value, at: time, fingerprint: fingerprint), of: person)
    }
  }
}
