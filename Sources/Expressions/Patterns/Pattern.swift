/// A regular expression in the syntax of RE2, which is searched for in linear time.
///
///     let pattern = try Pattern(Array("gr(a|e)y".utf8))
///
/// It is compiled into a table with a state for each set of places in the pattern where a search
/// may be, as long as that stays small; else a ``PatternCache`` has those that texts come through.
/// Cost: a table look-up a code point, else the places in the pattern; never more, whatever the
/// text is. Source: Cox, "Regular expression matching can be simple and fast", 2007.
struct Pattern: Sendable {
  /// The most entries of a table, four bytes each.
  private static let tableEntriesMax = 1 << 18
  /// The most states that making a table may visit.
  private static let workMax = 1_000_000

  private let program: PatternProgram
  /// What stands for the table where there is none.
  private var cache: PatternCache?
  /// Where each state leads by the class of the next code point: rows of a class each, states as
  /// the offsets of their rows; empty where there is no table.
  private var table: [UInt32] = []
  /// Whether a text that ends in a state has the pattern.
  private var matchesAtEnd: [Bool] = []
  private var start: UInt32 = 0

  /// Whether a search looks up a table.
  var hasTable: Bool { !table.isEmpty }

  /// Compiles a pattern.
  ///
  /// - Parameter isForOnce: whether only one text is searched, so that a table is not worth it.
  init(_ source: [UInt8], isForOnce: Bool = false) throws(PatternError) {
    program = try PatternProgram(source)
    if !isForOnce { makeTable() }
    if !hasTable { cache = PatternCache(of: program) }
  }

  /// How many instructions the pattern comes to.
  var instructionCount: Int { program.instructions.count }

  // MARK: Search

  /// Whether the pattern stands in a stretch of text, by the table.
  @inline(__always)
  func isFoundByTable(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    let alphabet = program.alphabet
    let span = table.span
    let hit = UInt32(alphabet.count)
    var state = self.start
    var offset = start
    // Rows 0 and 1 are the states in which the answer is known: no, and yes.
    while offset < end, state > hit {
      let letter = alphabet.letter(bytes, at: &offset, to: end)
      state = span[Int(state) + letter]
    }
    return matchesAtEnd[Int(state) / alphabet.count]
  }

  /// Whether the pattern stands in a stretch of text.
  func isFound(
    in bytes: Span<UInt8>, from start: Int, to end: Int, _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    if let cache { return try cache.isFound(of: program, in: bytes, from: start, to: end, &frame) }
    try frame.spend((end - start) >> 6)
    return isFoundByTable(in: bytes, from: start, to: end)
  }

  // MARK: The table

  /// Makes the table, or leaves it empty where it would be too large.
  private mutating func makeTable() {
    let letters = program.alphabet.count
    var numbers: [Key: Int] = [:]
    // The first two states are those in which the answer is known.
    var keys = [Key(waiting: [], last: 0), Key(waiting: [], last: 0)]
    var made = [UInt32](repeating: 0, count: letters)
    made.append(contentsOf: repeatElement(UInt32(letters), count: letters))
    var ends = [false, true]
    var states = PatternStates(of: program)
    var work = 0
    func number(of states: PatternStates) -> Int {
      if states.hasMatched { return 1 }
      if states.waiting.isEmpty { return 0 }
      let last = program.hasAssertions ? states.last.rawValue : 0
      let key = Key(waiting: states.waiting.sorted(), last: last)
      if let known = numbers[key] { return known }
      numbers[key] = keys.count
      keys.append(key)
      return keys.count - 1
    }
    let first = number(of: states)
    var state = 2
    while state < keys.count {
      let key = keys[state]
      let last = PatternTree.Neighbour(rawValue: key.last) ?? .other
      for letter in 0..<letters {
        states.set(waiting: key.waiting, last: last)
        states.step(letter, program)
        made.append(UInt32(number(of: states) * letters))
      }
      states.set(waiting: key.waiting, last: last)
      states.end(program)
      ends.append(states.hasMatched)
      work += key.waiting.count * (letters + 1)
      guard work <= Pattern.workMax, keys.count * letters <= Pattern.tableEntriesMax else { return }
      state += 1
    }
    (table, matchesAtEnd, start) = (made, ends, UInt32(first * letters))
  }

  /// What tells a state of the table from others.
  private struct Key: Hashable {
    let waiting: [Int]
    let last: UInt8
  }
}
