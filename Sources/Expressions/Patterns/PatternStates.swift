/// The states that a ``PatternProgram`` is in at one place of a text, and how they move on.
///
/// Cost: of a step, the number of instructions at most.
struct PatternStates: Sendable {
  /// Passing and asking instructions that wait for the next code point, in the order they were met.
  private(set) var waiting: [Int] = []
  /// Whether the pattern has been found.
  private(set) var hasMatched = false
  /// What is before the place.
  private(set) var last = PatternTree.Neighbour.edge
  /// The round in which an instruction was met last.
  private var rounds: [Int]
  private var round = 0
  private var stack: [Int] = []
  private var previous: [Int] = []

  /// The states at the start of a text.
  init(of program: PatternProgram) {
    rounds = Array(repeating: 0, count: program.instructions.count)
    restart(program)
  }

  /// Goes back to the start of a text.
  mutating func restart(_ program: PatternProgram) {
    set(waiting: [], last: .edge)
    begin()
    follow(program.start, program)
  }

  /// Takes up the states that others left.
  mutating func set(waiting: [Int], last: PatternTree.Neighbour) {
    self.waiting = waiting
    self.last = last
    hasMatched = false
  }

  /// Passes a code point.
  mutating func step(_ letter: Int, _ program: PatternProgram) {
    let next = program.alphabet.neighbours[letter]
    if program.hasAssertions {
      settle(before: next, program)
      if hasMatched { return }
    }
    swap(&previous, &waiting)
    begin()
    last = next
    for place in previous {
      if case .set(let set, let target) = program.instructions[place],
        program.alphabet.contains(set, letter)
      {
        follow(target, program)
      }
    }
  }

  /// Reaches the end of the text.
  mutating func end(_ program: PatternProgram) { settle(before: .edge, program) }

  /// Decides what asks for the place, now that both sides are known.
  private mutating func settle(before next: PatternTree.Neighbour, _ program: PatternProgram) {
    guard program.hasAssertions else { return }
    swap(&previous, &waiting)
    begin()
    for place in previous {
      follow(place, program, before: next)
    }
  }

  private mutating func begin() {
    waiting.removeAll(keepingCapacity: true)
    round += 1
  }

  /// Enters a state and those that are reached from it without a code point.
  private mutating func follow(
    _ start: Int, _ program: PatternProgram, before next: PatternTree.Neighbour? = nil
  ) {
    stack.append(start)
    while let place = stack.popLast() {
      guard rounds[place] != round else { continue }
      rounds[place] = round
      switch program.instructions[place] {
      case .set: waiting.append(place)
      case .split(let first, let second):
        stack.append(second)
        stack.append(first)
      case .assertion(let assertion, let target):
        guard let next else {
          waiting.append(place)
          continue
        }
        if assertion.holds(after: last, before: next) { stack.append(target) }
      case .match: hasMatched = true
      }
    }
  }
}
