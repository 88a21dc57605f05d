import Events
import Expressions
import Pipes
import Records

/// One step of a funnel: its name, and the condition that an event of it fulfils.
struct Step: Sendable {
  let name: String
  let condition: EventCondition

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
    try checkExpression(source, of: name)
    let condition = try setup.condition(source, of: "--step")
    return Step(name: name, condition: .expression(condition))
  }

  /// Throws where bare words stand for an expression: as one they are a field, which hardly any event
  /// has, or nothing at all, and what was meant is an event.
  private static func checkExpression(_ source: String, of name: String) throws(Failure) {
    let words = trimmed(source[...])
    guard !words.isEmpty, EventCondition.isName(words), !["true", "false", "bot"].contains(words)
    else { return }
    let isField = words.allSatisfy { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
    let field = isField ? ", for a field of that name '\(name)=\(words) == true'" : ""
    throw .usage(
      "--step '\(name)=\(source)': behind the = stands an expression; for the event of that name write"
        + " '\(name)=event == \"\(words)\"'\(field)")
  }
}
