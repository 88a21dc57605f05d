import Pipes
import Records

/// The metrics of a run: those built in and those of `--define`, as far as they are wanted.
struct MetricTable: Sendable {
  private(set) var definitions: [MetricDefinition] = []
  private(set) var plan = MetricPlan()
  /// The numbers of the metrics that are reported, in their order.
  private(set) var reported: [Int] = []

  /// Where a definition stands.
  private struct Source {
    let name: String
    let field: Field
    let file: JSONFile
  }

  private var sources: [Source] = []
  private var numbers: [String: Int] = [:]
  /// The metrics around the one that is being defined.
  private var open: [String] = []

  /// Reads the definitions that the options ask for.
  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    let builtIn = JSONFile(Array(BuiltInMetrics.text.utf8), path: "built-in metrics")
    for source in try Self.sources(builtIn) { sources.append(source) }
    var own: [String] = []
    if let path = arguments.value("define") {
      let file = JSONFile(try setup.contents(of: path), path: path)
      for source in try Self.sources(file) {
        // A metric of one's own takes the place of a built-in one.
        sources.removeAll { $0.name == source.name }
        sources.append(source)
        own.append(source.name)
      }
    }
    let wanted = try Self.wanted(arguments, among: sources.map(\.name))
    // What the user wrote is checked whether it is reported or not.
    for name in own { _ = try number(of: name, &setup) }
    for name in wanted {
      guard let number = try number(of: name, &setup) else { continue }
      if !reported.contains(number) { reported.append(number) }
    }
  }

  /// Whether a metric in a currency is reported.
  var isMoneyReported: Bool { reported.contains { definitions[$0].isMoney } }

  /// The definitions of a file, each with its name.
  private static func sources(_ file: JSONFile) throws(Failure) -> [Source] {
    var sources: [Source] = []
    for member in try file.members() {
      switch member.name {
      case "about": break
      case "metrics":
        for field in try file.elements(of: member.value, "\"metrics\"") {
          let pairs = try file.members(of: field, "a metric")
          guard let pair = pairs.first(where: { $0.name == "name" }) else {
            throw file.failure("a metric needs a text \"name\"", at: field.start)
          }
          let name = try file.string(pair.value, "a name like \"activation\"")
          guard !name.isEmpty, !name.contains(",") else {
            throw file.failure("a name is a word without a comma", at: pair.value.start)
          }
          guard !sources.contains(where: { $0.name == name }) else {
            throw file.failure("two metrics are named '\(name)'", at: pair.value.start)
          }
          sources.append(Source(name: name, field: field, file: file))
        }
      default: throw file.unknown(member, among: ["about", "metrics"])
      }
    }
    guard !sources.isEmpty else {
      throw file.failure(
        "a file of metrics is {\"metrics\":[{\"name\":…,\"numerator\":…},…]}", at: 0)
    }
    return sources
  }

  /// The names that `--metrics` asks for, all without it.
  private static func wanted(
    _ arguments: Arguments, among names: [String]
  ) throws(Failure) -> [String] {
    guard let text = arguments.value("metrics"), text != "all" else { return names }
    var wanted: [String] = []
    for part in text.split(separator: ",") {
      let name = trimmed(part)
      guard name != "all" else {
        wanted += names
        continue
      }
      guard names.contains(name) else {
        throw .usage(
          "--metrics: there is no metric '\(name)'\(suggestion(for: name, among: names));"
            + " known are \(names.joined(separator: ", "))")
      }
      wanted.append(name)
    }
    guard !wanted.isEmpty else { throw .usage("--metrics '\(text)' names no metric") }
    return wanted
  }

  /// The number of a metric, which is defined where it has not been; `nil` where there is none.
  private mutating func number(of name: String, _ setup: inout Setup) throws(Failure) -> Int? {
    if let number = numbers[name] { return number }
    guard let source = sources.first(where: { $0.name == name }) else { return nil }
    guard !open.contains(name) else {
      throw source.file.failure("'\(name)' is a product of itself", at: source.field.start)
    }
    open.append(name)
    defer { open.removeLast() }
    var factors: [String: Int] = [:]
    for field in try MetricFile.factors(of: source.field, in: source.file) {
      let factor = try source.file.string(field, "the name of a metric")
      guard let number = try number(of: factor, &setup) else {
        let hint = suggestion(for: factor, among: sources.map(\.name))
        throw source.file.failure("there is no metric '\(factor)'\(hint)", at: field.start)
      }
      factors[factor] = number
    }
    let file = MetricFile(source.file, name: name, factors: factors)
    let definition = try file.definition(source.field, &plan, &setup)
    numbers[name] = definitions.count
    definitions.append(definition)
    return definitions.count - 1
  }
}
