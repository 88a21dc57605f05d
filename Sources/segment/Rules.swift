import Expressions
import Pipes
import Records

/// The segments of a rules file, each a name and the condition that its persons fulfil.
///
///     {"segments":[{"name":"vip","when":"sum(event == \"Order Completed\", properties.revenue, \"90d\") > 500"}]}
struct Rules: Sendable {
  struct Rule: Sendable {
    let name: String
    let condition: Expression
  }

  let rules: [Rule]

  /// Whether a condition asks for earlier events.
  var looksBack: Bool { rules.contains { $0.condition.looksBack } }

  /// No rules.
  init() { rules = [] }

  /// Reads the file of `--rules`.
  init(_ path: String, _ setup: inout Setup) throws(Failure) {
    try self.init(try setup.contents(of: path), file: path, &setup.environment)
  }

  /// Reads the content of a rules file.
  ///
  /// - Throws: what is wrong, with file, line and column, and what may stand there.
  init(_ content: [UInt8], file path: String, _ environment: inout Environment) throws(Failure) {
    let file = JSONFile(content, path: path)
    var rules: [Rule] = []
    var hasSegments = false
    for member in try file.members() {
      switch member.name {
      case "about": break
      case "segments":
        hasSegments = true
        for field in try file.elements(of: member.value, "\"segments\"") {
          rules.append(try Rule(field, in: file, after: rules, &environment))
        }
      default: throw file.unknown(member, among: ["about", "segments"])
      }
    }
    guard hasSegments else {
      throw file.failure("a rules file is {\"segments\":[{\"name\":…,\"when\":…},…]}", at: 0)
    }
    guard !rules.isEmpty else { throw file.failure("there are no segments", at: 0) }
    self.rules = rules
  }
}

extension Rules.Rule {
  /// Reads one segment.
  ///
  /// - Parameter others: those before it, whose names it cannot have.
  fileprivate init(
    _ field: Field, in file: JSONFile, after others: [Rules.Rule],
    _ environment: inout Environment
  ) throws(Failure) {
    var name: String?
    var condition: Expression?
    let pairs = try file.members(of: field, "a segment")
    let label = pairs.first { $0.name == "name" }.flatMap { try? file.string($0.value, "") }
    for pair in pairs {
      switch pair.name {
      case "about": break
      case "name":
        let text = try file.string(pair.value, "a name like \"vip\"")
        guard !text.isEmpty else { throw file.failure("a name is empty", at: pair.value.start) }
        guard !others.contains(where: { $0.name == text }) else {
          throw file.failure("two segments are named '\(text)'", at: pair.value.start)
        }
        name = text
      case "when":
        condition = try file.expression(
          pair.value, "a condition like \"event == \\\"Login\\\"\"", as: .condition,
          from: label.map { "segment \($0)" }, in: &environment)
      default: throw file.unknown(pair, among: ["about", "name", "when"])
      }
    }
    guard let name else {
      throw file.failure("a segment needs a text \"name\"", at: field.start)
    }
    guard let condition else {
      throw file.failure("a segment needs a text \"when\", its condition", at: field.start)
    }
    self.init(name: name, condition: condition)
  }
}
