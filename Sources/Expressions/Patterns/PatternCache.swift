internal import Synchronization

/// The states that searches for a pattern came through, found once and kept for those that follow.
///
///     waiting places    {1 4}  ─ a →  {2 4}  ─ b →  not known yet: the places themselves are moved on
///
/// So a pattern whose table would be too large to be made beforehand costs a look-up a code point where
/// its texts come through few of its states, as with `.{999}b` or `a{1000}b`. What is kept has at most
/// ``entriesMax`` entries: then it is forgotten, and where that does not help the places are moved on
/// until the end of the text. Source: Cox, "Regular expression matching in the wild", 2010.
final class PatternCache: Sendable {
  /// The most entries that are kept, of eight bytes at most: moves by letter, and places of states.
  static let entriesMax = 1 << 20

  private let states: Mutex<CachedStates>

  init(of program: PatternProgram) { states = Mutex(CachedStates(of: program)) }

  /// Whether the pattern stands in a stretch of text.
  func isFound(
    of program: PatternProgram, in bytes: Span<UInt8>, from start: Int, to end: Int,
    _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    try states.withLock { (states: inout CachedStates) throws(EvaluationError) -> Bool in
      try states.isFound(of: program, in: bytes, from: start, to: end, &frame)
    }
  }
}

/// States as numbers: 0 and 1 are those in which the answer is known, no and yes.
private struct CachedStates {
  /// What tells a state from others.
  private struct Key: Hashable {
    let waiting: [Int]
    let last: UInt8
  }

  private static let unknown: Int32 = -1

  private let letterCount: Int
  private var numbers: [Key: Int32] = [:]
  private var keys: [Key] = []
  /// Where each state leads by letter, unknown where no text went yet: a row a state.
  private var moves: [Int32] = []
  private var entryCount = 0
  private let begin: Key
  private let beginAnswer: Int32?
  private var places: PatternStates

  init(of program: PatternProgram) {
    letterCount = program.alphabet.count
    places = PatternStates(of: program)
    begin = Key(waiting: places.waiting.sorted(), last: places.last.rawValue)
    beginAnswer = places.hasMatched ? 1 : places.waiting.isEmpty ? 0 : nil
    forget()
  }

  mutating func isFound(
    of program: PatternProgram, in bytes: Span<UInt8>, from start: Int, to end: Int,
    _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    try frame.spend((end - start) >> 6)
    if let beginAnswer { return beginAnswer == 1 || start == end && matchesAtEnd(begin, program) }
    var state = number(of: begin)
    var offset = start
    var visits = 0
    var lastForgotten = start
    while offset < end, state > 1 {
      let letter = program.alphabet.letter(bytes, at: &offset, to: end)
      var next = moves[Int(state) * letterCount + letter]
      if next == Self.unknown {
        let key = keys[Int(state)]
        try spend(key.waiting.count, &visits, &frame)
        takeUp(key)
        places.step(letter, program)
        if entryCount > PatternCache.entriesMax {
          let stateCount = keys.count
          forget()
          // Where nearly each code point leads to a new state, nothing is gained by keeping them.
          if offset - lastForgotten < 10 * stateCount {
            return try isFoundByPlaces(program, bytes, from: offset, to: end, &visits, &frame)
          }
          lastForgotten = offset
          next = known(program)
        } else {
          next = known(program)
          moves[Int(state) * letterCount + letter] = next
        }
      }
      state = next
    }
    return state == 1 || state > 1 && matchesAtEnd(keys[Int(state)], program)
  }

  /// Moves the places on to the end of the text.
  private mutating func isFoundByPlaces(
    _ program: PatternProgram, _ bytes: Span<UInt8>, from start: Int, to end: Int,
    _ visits: inout Int, _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    var offset = start
    while offset < end, !places.hasMatched, !places.waiting.isEmpty {
      try spend(places.waiting.count, &visits, &frame)
      places.step(program.alphabet.letter(bytes, at: &offset, to: end), program)
    }
    if !places.hasMatched { places.end(program) }
    return places.hasMatched
  }

  /// Counts visits of places: 64 are a step.
  private func spend(
    _ count: Int, _ visits: inout Int, _ frame: inout Frame
  ) throws(EvaluationError) {
    visits += count
    guard visits >= 1024 else { return }
    try frame.spend(visits >> 6)
    visits &= 63
  }

  /// The number of the state that the places are in.
  private mutating func known(_ program: PatternProgram) -> Int32 {
    if places.hasMatched { return 1 }
    if places.waiting.isEmpty { return 0 }
    let last = program.hasAssertions ? places.last.rawValue : 0
    return number(of: Key(waiting: places.waiting.sorted(), last: last))
  }

  private mutating func number(of key: Key) -> Int32 {
    if let known = numbers[key] { return known }
    let number = Int32(truncatingIfNeeded: keys.count)
    numbers[key] = number
    keys.append(key)
    moves.append(contentsOf: repeatElement(Self.unknown, count: letterCount))
    entryCount += letterCount + key.waiting.count
    return number
  }

  private mutating func takeUp(_ key: Key) {
    places.set(
      waiting: key.waiting, last: PatternTree.Neighbour(rawValue: key.last) ?? .other)
  }

  private mutating func matchesAtEnd(_ key: Key, _ program: PatternProgram) -> Bool {
    takeUp(key)
    places.end(program)
    return places.hasMatched
  }

  /// Forgets all states but those in which the answer is known.
  private mutating func forget() {
    numbers.removeAll(keepingCapacity: true)
    keys = [Key(waiting: [], last: 0), Key(waiting: [], last: 0)]
    moves.removeAll(keepingCapacity: true)
    moves.append(contentsOf: repeatElement(0, count: 2 * letterCount))
    entryCount = 0
  }
}
