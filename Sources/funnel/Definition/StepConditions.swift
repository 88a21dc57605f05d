import Events
import Expressions
import Pipes
import Records

/// Tells which steps an event matches, and which exclusions: those are numbered behind the steps.
struct StepConditions: Sendable {
  private let tests: [EventCondition]
  /// The number of conditions.
  var count: Int { tests.count }
  /// Whether all steps are names, each another one: an event matches at most one.
  private let areNames: Bool
  private let names: StepNames
  private let reader: EventReader
  /// The sets of steps that events have matched.
  var sets = StepSets()
  /// The set of each step alone, by its index; behind them the empty set.
  private let alone: [Int]

  init(_ conditions: [EventCondition], _ reader: EventReader) {
    self.reader = reader
    var names: [[UInt8]] = []
    var alone: [Int] = []
    for (index, condition) in conditions.enumerated() {
      if case .name(let name) = condition { names.append(name) }
      alone.append(sets.number([index + 1]))
    }
    alone.append(sets.number([]))
    tests = conditions
    areNames = Set(names).count == conditions.count
    self.names = StepNames(names)
    self.alone = alone
  }

  /// The number of the set of an event that matches no step.
  var none: Int { alone[tests.count] }

  /// The number of the set of steps that an event matches.
  mutating func set(
    of event: Event, in block: Block, errors: inout Int
  ) throws(RecordError) -> Int {
    let bytes = block.bytes.span
    if areNames, let name = reader.plainName(block.fields, at: event.base, in: bytes) {
      return alone[names.index(of: name, in: bytes) ?? tests.count]
    }
    return try anySet(of: event, in: block, errors: &errors)
  }

  private mutating func anySet(
    of event: Event, in block: Block, errors: inout Int
  ) throws(RecordError) -> Int {
    let bytes = block.bytes.span
    let name = try reader.name(block.fields, at: event.base, in: bytes)
    if areNames { return alone[names.index(of: name, in: bytes) ?? tests.count] }
    var matched: [Int] = []
    for index in tests.indices {
      let matches: Bool
      switch tests[index] {
      case .name(let wanted): matches = name.equals(wanted, in: bytes)
      case .expression(let condition):
        matches = condition.holds(event, in: block, failures: &errors)
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

/// The names of steps, each another one.
///
///     length of the event's name ─ one of theirs? ─ its first 16 bytes ─ those of one? ─ the rest
///
/// Most events are told apart from all steps by the length of their names, nearly all by that and
/// two words.
struct StepNames: Sendable {
  /// What is compared first of a name: its length and its first sixteen bytes.
  private struct Head: BitwiseCopyable {
    let count: Int
    let low: UInt64
    let high: UInt64
    let lowMask: UInt64
    let highMask: UInt64

    init(_ name: [UInt8]) {
      count = name.count
      let padded = name + [UInt8](repeating: 0, count: 16)
      low = padded.span.word(at: 0)
      high = padded.span.word(at: 8)
      lowMask = count >= 8 ? .max : (1 << UInt64(count * 8)) &- 1
      highMask = count >= 16 ? .max : count <= 8 ? 0 : (1 << UInt64((count - 8) * 8)) &- 1
    }
  }

  private let names: [[UInt8]]
  private let heads: [Head]
  /// Bit i: a name has i bytes, or i more than a multiple of 64.
  private let lengths: UInt64

  init(_ names: [[UInt8]]) {
    self.names = names
    heads = names.map(Head.init)
    lengths = names.reduce(0) { $0 | 1 << UInt64($1.count & 63) }
  }

  /// The index of the name that an event has, `nil` for none.
  func index(of name: EventName, in block: Span<UInt8>) -> Int? {
    if case .field(let field) = name { return index(of: field, in: block) }
    return names.firstIndex { name.equals($0, in: block) }
  }

  /// The index of the name that stands in a block, `nil` for none.
  @inline(__always)
  func index(of field: Field, in block: Span<UInt8>) -> Int? {
    let count = field.count
    guard lengths >> UInt64(count & 63) & 1 == 1 else { return nil }
    let (low, high) = block.twoWords(at: field.start)
    for index in heads.indices where heads[index].count == count {
      let head = heads[index]
      guard (low ^ head.low) & head.lowMask == 0, (high ^ head.high) & head.highMask == 0
      else { continue }
      if count <= 16 || block.equals(names[index], from: field.start, to: field.end) {
        return index
      }
    }
    return nil
  }
}
