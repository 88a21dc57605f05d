import Events
import Expressions
import Pipes
import Records

/// What is asked of each event, and what the latest one that has an answer says.
struct Question: Sendable {
  /// Which events are asked; `nil` for all.
  let condition: Expression?
  let value: Expression
  /// Whether only a number is an answer; else all is but `null`.
  let wantsNumber: Bool

  /// Longer answers are none: they are no figure or name, and each takes memory.
  private static let bytesMax = 1024

  /// What an event answers, as JSON; `nil` for nothing.
  func answer(_ event: Event, in block: Block, failures: inout Int) -> [UInt8]? {
    let (place, bytes) = (EventPlace(event), block.bytes.span)
    if let condition,
      !condition.holds(place, fields: block.fields, in: bytes, failures: &failures)
    {
      return nil
    }
    var text: [UInt8] = []
    value.appendJSON(place, fields: block.fields, in: bytes, to: &text, failures: &failures)
    guard text.count <= Self.bytesMax, text != Array("null".utf8) else { return nil }
    guard wantsNumber else {
      text.writeNumberShort(from: 0)
      return text
    }
    return Self.number(text) == nil ? nil : text
  }

  /// The number that an answer is; `nil` for none that is finite.
  static func number(_ text: [UInt8]) -> Double? {
    Double(String(decoding: text, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
  }
}

/// What the latest events of each person answered to questions; kept only where something is asked.
///
/// They are lists of rows as those of days, all of the same day.
/// Cost: 40 bytes a person and question that was answered, and each different answer once.
struct LatestAnswers: Sendable {
  /// The answer to a question, and when it was given.
  private struct Answer: DayRow {
    /// The number of the question.
    let kind: UInt32
    var next: UInt32 = 0
    var time: Moment
    var fingerprint: UInt64
    /// Of equal times and fingerprints the higher one counts: it is a hash of the text.
    var textHash: UInt64
    var text: UInt32

    var day: Int32 { 0 }

    mutating func merge(_ other: Answer) {
      let isLater =
        (other.time.milliseconds, other.fingerprint, other.textHash)
        > (time.milliseconds, fingerprint, textHash)
      guard isLater else { return }
      (time, fingerprint) = (other.time, other.fingerprint)
      (textHash, text) = (other.textHash, other.text)
    }
  }

  private var texts = Interner(seed: fingerprintSeed)
  private var answers = DayLists<Answer>()

  /// Nothing answered yet.
  init() {}

  /// Bytes of the largest array.
  var largestArrayBytes: Int { answers.largestArrayBytes }

  /// Adds an answer to what is known of a person.
  mutating func add(
    _ text: [UInt8], to question: Int, of person: UInt32, at time: Moment, fingerprint: UInt64
  ) {
    let padded = text + [UInt8](repeating: 0, count: 8)
    let hash = byteHash(padded.span, from: 0, to: text.count, seed: fingerprintSeed)
    answers.add(
      Answer(
        kind: UInt32(question), time: time, fingerprint: fingerprint, textHash: hash,
        text: texts.intern(text)),
      of: person)
  }

  /// The latest answer to each of some questions that some ids of a person gave.
  private func latest(_ count: Int, _ forEachId: ((UInt32) -> Void) -> Void) -> [Answer?] {
    var latest = [Answer?](repeating: nil, count: count)
    forEachId { id in
      answers.forEach(of: id) { answer in
        let number = Int(answer.kind)
        if latest[number] == nil { latest[number] = answer } else { latest[number]?.merge(answer) }
      }
    }
    return latest
  }

  /// The latest answer of a person to each of some questions, as JSON.
  func texts(_ count: Int, forEachId: ((UInt32) -> Void) -> Void) -> [[UInt8]?] {
    latest(count, forEachId).map { $0.map { texts.key($0.text) } }
  }

  /// Writes what is known of a person, given by all its ids.
  func encode(_ ids: ArraySlice<UInt32>, count: Int, into state: inout StateWriter) {
    let latest = latest(count) { body in ids.forEach(body) }.compactMap { $0 }
    state.write(latest.count)
    for answer in latest {
      state.write(UInt64(answer.kind))
      state.write(answer.time)
      state.write(word: answer.fingerprint)
      state.write(texts.key(answer.text))
    }
  }

  /// Adds what another run wrote of a person.
  mutating func decode(
    _ person: UInt32, _ questions: [Question], _ state: inout StateReader
  ) throws(StateError) {
    for _ in 0..<(try state.count(upTo: questions.count)) {
      let number = Int(try state.short())
      let time = try state.moment()
      let fingerprint = try state.word()
      let text = try state.text()
      guard number < questions.count, time.isWritable, isOneValue(text),
        !questions[number].wantsNumber || Question.number(text) != nil
      else { throw StateError("an answer is out of range") }
      add(text, to: number, of: person, at: time, fingerprint: fingerprint)
    }
  }

  /// Whether bytes are one JSON value on one line, as is written into reports as it stands.
  private func isOneValue(_ text: [UInt8]) -> Bool {
    let record = Array(#"{"v":"#.utf8) + text + Array("}\n".utf8)
    let padded = record + [UInt8](repeating: 0, count: Scanner.paddingBytes)
    var reader = RecordReader(WantedMembers(), check: .full)
    guard let line = try? reader.read(padded.span, from: 0) else { return false }
    return line.end == record.count - 1
  }
}
