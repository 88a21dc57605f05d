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

    /// What tells one condition from another: `event == "A"` is the name A.
    var source: String {
      switch self {
      case .name(let name): String(decoding: name, as: UTF8.self)
      case .expression(let expression): Step.named(expression.source) ?? expression.source
      }
    }
  }

  /// The name that an expression like `event == "A"` asks for and nothing else.
  private static func named(_ source: String) -> String? {
    let parts = source.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty, trimmed(parts[0]) == "event",
      case let text = trimmed(parts[2]), text.count >= 2, let quote = text.first,
      quote == "\"" || quote == "'", text.last == quote,
      !text.dropFirst().dropLast().contains(where: { $0 == quote || $0 == "\\" })
    else { return nil }
    return String(text.dropFirst().dropLast())
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
    try checkExpression(source, of: name)
    let condition = try setup.condition(source, of: "--step")
    return Step(name: name, condition: .expression(condition))
  }

  /// Throws where bare words stand for an expression: as one they are a field, which hardly any event
  /// has, or nothing at all, and what was meant is an event.
  private static func checkExpression(_ source: String, of name: String) throws(Failure) {
    let words = trimmed(source[...])
    guard !words.isEmpty, isName(words), !["true", "false", "bot"].contains(words) else { return }
    let isField = words.allSatisfy { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
    let field = isField ? ", for a field of that name '\(name)=\(words) == true'" : ""
    throw .usage(
      "--step '\(name)=\(source)': behind the = stands an expression; for the event of that name write"
        + " '\(name)=event == \"\(words)\"'\(field)")
  }

  /// Whether a text is the name of an event rather than an expression.
  static func isName(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      !scalar.isASCII || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || " _$-".unicodeScalars.contains(scalar)
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    let rest = text.drop { $0 == " " }
    guard let last = rest.lastIndex(where: { $0 != " " }) else { return "" }
    return String(rest[...last])
  }
}
