import Events
import Expressions
import Pipes
import Records

/// One step of a funnel: its name, and the condition that an event of it fulfils.
struct Step: Sendable {
  enum Condition: Sendable {
    /// The event has this name.
    case name([UInt8])
    /// The expression is true for the event.
    case expression(Expression)
  }

  let name: String
  let condition: Condition

  /// Reads `--steps 'A,B'` or `--step NAME=EXPR --step NAME …`.
  static func steps(
    _ arguments: Arguments, _ setup: inout Setup
  ) throws(Failure) -> [Step] {
    let names = arguments.value("steps")
    let single = arguments.values("step")
    guard (names == nil) != single.isEmpty else {
      throw .usage("a funnel needs its steps: --steps 'A,B,C', or --step NAME=EXPR for each")
    }
    var steps: [Step] = []
    if let names {
      for part in names.split(separator: ",", omittingEmptySubsequences: false) {
        let name = trimmed(part)
        guard !name.isEmpty else {
          throw .usage("--steps '\(names)' has an empty name between its commas")
        }
        steps.append(Step(name: name, condition: .name(Array(name.utf8))))
      }
    }
    for text in single { steps.append(try step(text, &setup)) }
    return steps
  }

  private static func step(_ text: String, _ setup: inout Setup) throws(Failure) -> Step {
    guard let equals = text.firstIndex(of: "=") else {
      return Step(name: text, condition: .name(Array(text.utf8)))
    }
    let name = trimmed(text[..<equals])
    let source = String(text[text.index(after: equals)...])
    let isComparison = source.hasPrefix("=") || ["!", "<", ">"].contains { name.hasSuffix($0) }
    guard !name.isEmpty, !isComparison else {
      throw .usage("--step takes NAME or NAME=EXPR, not '\(text)': give the step a name first")
    }
    let condition = try setup.condition(source, of: "--step")
    return Step(name: name, condition: .expression(condition))
  }

  private static func trimmed(_ text: Substring) -> String {
    let rest = text.drop { $0 == " " }
    guard let last = rest.lastIndex(where: { $0 != " " }) else { return "" }
    return String(rest[...last])
  }
}

/// Tells which steps an event matches.
struct StepConditions: Sendable {
  private enum Test: Sendable {
    case name(NameWords)
    case expression(Expression)
  }

  private let tests: [Test]
  /// The names of the steps where all are names, each another one: an event matches at most one.
  private let names: [NameWords]
  private let reader: EventReader
  /// The set of each step alone, by its index; behind them the empty set.
  private let alone: [Int]

  init(_ steps: [Step], _ reader: EventReader, _ sets: inout StepSets) {
    self.reader = reader
    var tests: [Test] = []
    var names: [NameWords] = []
    var distinct: Set<[UInt8]> = []
    var alone: [Int] = []
    for (index, step) in steps.enumerated() {
      switch step.condition {
      case .name(let name):
        tests.append(.name(NameWords(name)))
        names.append(NameWords(name))
        distinct.insert(name)
      case .expression(let expression):
        tests.append(.expression(expression))
      }
      alone.append(sets.number([index + 1]))
    }
    alone.append(sets.number([]))
    self.tests = tests
    self.names = distinct.count == steps.count ? names : []
    self.alone = alone
  }

  /// The number of the set of an event that matches no step.
  var none: Int { alone[tests.count] }

  /// The number of the set of steps that an event matches.
  func set(
    _ event: Event, in block: Block, _ sets: inout StepSets, errors: inout Int
  ) throws(RecordError) -> Int {
    let bytes = block.bytes.span
    let name = try reader.name(block.fields, at: event.base, in: bytes)
    if !names.isEmpty {
      for index in names.indices where names[index].equals(name, in: bytes) { return alone[index] }
      return none
    }
    var matched: [Int] = []
    for index in tests.indices {
      let matches: Bool
      switch tests[index] {
      case .name(let wanted): matches = wanted.equals(name, in: bytes)
      case .expression(let condition):
        matches = condition.holds(
          EventPlace(event), fields: block.fields, in: bytes, failures: &errors)
      }
      if matches { matched.append(index + 1) }
    }
    switch matched.count {
    case 0: return none
    case 1: return alone[matched[0] - 1]
    default: return sets.number(matched)
    }
  }
}

/// The name of an event, its first sixteen bytes as two words: most names differ there.
struct NameWords: Sendable {
  private let bytes: [UInt8]
  private let count: Int
  private let low: UInt64
  private let high: UInt64
  private let lowMask: UInt64
  private let highMask: UInt64

  init(_ name: [UInt8]) {
    bytes = name
    count = name.count
    let padded = name + [UInt8](repeating: 0, count: 16)
    low = padded.span.word(at: 0)
    high = padded.span.word(at: 8)
    lowMask = count >= 8 ? .max : (1 << UInt64(count * 8)) &- 1
    highMask = count >= 16 ? .max : count <= 8 ? 0 : (1 << UInt64((count - 8) * 8)) &- 1
  }

  /// Whether the name of an event of a block is this one.
  @inline(__always)
  func equals(_ name: EventName, in block: Span<UInt8>) -> Bool {
    guard case .field(let field) = name else { return name.equals(bytes, in: block) }
    guard field.count == count, (block.word(at: field.start) ^ low) & lowMask == 0,
      (block.word(at: field.start + 8) ^ high) & highMask == 0
    else { return false }
    return count <= 16 || block.equals(bytes, from: field.start, to: field.end)
  }
}
