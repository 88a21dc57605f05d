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
    guard !name.isEmpty, !source.hasPrefix("=") else {
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
  private let steps: [Step]
  private let reader: EventReader
  /// Whether each step is a name of its own, so that an event matches at most one.
  private let matchesOneAtMost: Bool
  /// The set of each step alone, by its index; behind them the empty set.
  private let alone: [Int]

  init(_ steps: [Step], _ reader: EventReader, _ sets: inout StepSets) {
    self.steps = steps
    self.reader = reader
    var names: Set<[UInt8]> = []
    for case .name(let name) in steps.lazy.map(\.condition) { names.insert(name) }
    matchesOneAtMost = names.count == steps.count
    var alone: [Int] = []
    for index in steps.indices { alone.append(sets.number([index + 1])) }
    alone.append(sets.number([]))
    self.alone = alone
  }

  /// The number of the set of an event that matches no step.
  var none: Int { alone[steps.count] }

  /// The number of the set of steps that an event matches.
  func set(
    _ event: Event, in block: Block, _ sets: inout StepSets, errors: inout Int
  ) throws(RecordError) -> Int {
    let bytes = block.bytes.span
    let name = try reader.name(block.fields, at: event.base, in: bytes)
    var only = steps.count
    var several: [Int] = []
    for index in steps.indices {
      let matches: Bool
      switch steps[index].condition {
      case .name(let wanted): matches = name.equals(wanted, in: bytes)
      case .expression(let condition):
        matches = condition.holds(
          EventPlace(event), fields: block.fields, in: bytes, failures: &errors)
      }
      guard matches else { continue }
      if matchesOneAtMost { return alone[index] }
      if only == steps.count {
        only = index
      } else {
        if several.isEmpty { several = [only + 1] }
        several.append(index + 1)
      }
    }
    return several.isEmpty ? alone[only] : sets.number(several)
  }
}
