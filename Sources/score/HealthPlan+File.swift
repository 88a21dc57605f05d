import Expressions
import Pipes
import Records

extension HealthPlan {
  private static let weightMax = 999_999.0
  private static let depthMax = 8

  /// Reads the file of `--health`.
  init(_ path: String, _ setup: inout Setup) throws(Failure) {
    let file = JSONFile(try setup.contents(of: path), path: path)
    var reader = Reader(file)
    var parts: [Part]?
    var bands = Health.Bands()
    for member in try file.members() {
      switch member.name {
      case "about": break
      case "components": parts = try reader.parts(member.value, depth: 1, &setup.environment)
      case "bands": bands = try Health.Bands(member.value, in: file)
      default: throw file.unknown(member, among: ["about", "bands", "components"])
      }
    }
    guard let parts else {
      throw file.failure(
        "a health file is {\"components\":[{\"name\":…,\"weight\":…},…]}", at: 0)
    }
    (self.parts, answers, self.bands) = (parts, reader.answers, bands)
  }

  /// Reads components, and numbers the answers that they want.
  private struct Reader {
    let file: JSONFile
    var answers: [Answer] = []
    private var names: Set<String> = []

    init(_ file: JSONFile) { self.file = file }

    /// The components of a list.
    mutating func parts(
      _ field: Field, depth: Int, _ environment: inout Environment
    ) throws(Failure) -> [Part] {
      guard depth <= depthMax else {
        throw file.failure("components nest \(depthMax) deep at most", at: field.start)
      }
      var parts: [Part] = []
      for element in try file.elements(of: field, "\"components\"") {
        parts.append(try part(element, depth: depth, &environment))
      }
      guard parts.contains(where: { $0.weight > 0 }) else {
        throw file.failure("there is no component with a weight", at: field.start)
      }
      return parts
    }

    private mutating func part(
      _ field: Field, depth: Int, _ environment: inout Environment
    ) throws(Failure) -> Part {
      let pairs = try file.members(of: field, "a component")
      let known = ["about", "best", "components", "name", "value", "weight", "when", "worst"]
      for pair in pairs where !known.contains(pair.name) {
        throw file.unknown(pair, among: known)
      }
      func given(_ name: String) -> Field? { pairs.first { $0.name == name }?.value }
      guard let place = given("name") else {
        throw file.failure("a component needs a text \"name\"", at: field.start)
      }
      let name = try file.string(place, "a name like \"usage\"")
      guard !name.isEmpty, names.insert(name).inserted else {
        throw file.failure("a component's name is empty, or another's too", at: place.start)
      }
      guard let weight = given("weight") else {
        throw file.failure("'\(name)' needs a number \"weight\"", at: field.start)
      }
      let share = try file.number(weight, "a number as \"weight\"")
      guard (0...weightMax).contains(share) else {
        throw file.failure("a weight is 0 to 999999", at: weight.start)
      }
      return Part(
        name: name, weight: share,
        source: try source(name, field, given, depth: depth, &environment))
    }

    /// Where the value of a component comes from: others, an expression, or what its name says.
    private mutating func source(
      _ name: String, _ field: Field, _ given: (String) -> Field?, depth: Int,
      _ environment: inout Environment
    ) throws(Failure) -> Source {
      let ofValue = ["when", "worst", "best"].compactMap(given)
      if let components = given("components") {
        guard ofValue.isEmpty, given("value") == nil else {
          throw file.failure(
            "'\(name)' has \"components\", and so no value of its own", at: field.start)
        }
        return .group(try parts(components, depth: depth + 1, &environment))
      }
      guard let value = given("value") else {
        guard let kind = Component.Kind.ofHealth.first(where: { $0.name.description == name })
        else {
          let known = Component.Kind.ofHealth.map(\.name.description)
          throw file.failure(
            "'\(name)' needs a \"value\" or \"components\": without are known"
              + " \(known.joined(separator: ", "))", at: field.start)
        }
        guard ofValue.isEmpty else {
          throw file.failure(
            "\"when\", \"worst\" and \"best\" go with a \"value\"", at: field.start)
        }
        return .builtIn(kind)
      }
      let condition = try given("when").map { place throws(Failure) in
        try expression(place, "a condition as \"when\"", .condition, &environment)
      }
      let (worst, best) = (
        try given("worst").map { place throws(Failure) in
          try file.number(place, "a number as \"worst\"")
        } ?? 0,
        try given("best").map { place throws(Failure) in
          try file.number(place, "a number as \"best\"")
        } ?? 100
      )
      guard worst != best, worst.magnitude < 1e100, best.magnitude < 1e100 else {
        throw file.failure("\"worst\" and \"best\" are two different numbers", at: field.start)
      }
      answers.append(
        Answer(
          question: Question(
            condition: condition,
            value: try expression(value, "an expression as \"value\"", .value, &environment),
            wantsNumber: true),
          worst: worst, best: best))
      return .answer(answers.count - 1)
    }

    private func expression(
      _ field: Field, _ what: String, _ purpose: Environment.Purpose,
      _ environment: inout Environment
    ) throws(Failure) -> Expression {
      let expression = try file.expression(field, what, as: purpose, in: &environment)
      guard !expression.looksBack else {
        throw file.failure(
          "this looks back at earlier events; a component takes what the latest event says",
          at: field.start)
      }
      return expression
    }
  }
}

extension Health.Bands {
  /// Reads `{"yellow":50,"green":75}`.
  fileprivate init(_ field: Field, in file: JSONFile) throws(Failure) {
    self.init()
    for pair in try file.members(of: field, "\"bands\"") {
      let bound = Tenths(try file.number(pair.value, "a number"))
      switch pair.name {
      case "yellow": yellow = bound
      case "green": green = bound
      default: throw file.unknown(pair, among: ["green", "yellow"])
      }
    }
    guard yellow <= green else {
      throw file.failure("green begins where yellow ends or higher", at: field.start)
    }
  }
}
