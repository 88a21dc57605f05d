import Expressions
import Pipes
import Records

extension Mapping {
  /// Reads a mapping file.
  ///
  /// - Throws: what is wrong, with file, line and column, and what may stand there.
  init(_ content: [UInt8], file: String) throws(Failure) {
    self.init()
    try MappingFileReader(file: JSONFile(content, path: file)).read(into: &self)
    finish()
  }
}

/// Reads the JSON of a mapping file and says where it is wrong.
struct MappingFileReader {
  private static let keys = ["about", "when", "fields", "events", "time", "rest"]
  private static let valueKeys = ["from", "value", "cel", "as"]
  private static let timeKeys = ["zone", "unit"]

  let file: JSONFile

  func read(into mapping: inout Mapping) throws(Failure) {
    var hasFields = false
    for member in try file.members() {
      switch member.name {
      case "about": break
      case "when":
        mapping.condition = try expression(member.value, as: .condition, &mapping)
      case "fields":
        hasFields = true
        try readFields(member.value, into: &mapping)
      case "events": try readEvents(member.value, into: &mapping)
      case "time": try readTime(member.value, into: &mapping)
      case "rest":
        let words = Mapping.Rest.allCases.map(\.rawValue)
        let word = try file.word(member.value, of: words, "rest")
        mapping.rest = Mapping.Rest(rawValue: word) ?? .properties
      default:
        throw file.unknown(member, among: MappingFileReader.keys)
      }
    }
    guard hasFields else {
      throw file.failure(
        "no \"fields\": {\"event\": \"…\", \"userId\": \"…\", \"timestamp\": \"…\"} says where they come from",
        at: 0)
    }
  }

  // MARK: The parts

  private func readFields(_ field: Field, into mapping: inout Mapping) throws(Failure) {
    for pair in try file.members(of: field, "\"fields\"") {
      let target = pair.name.split(separator: ".", omittingEmptySubsequences: false)
      guard !target.contains("") else {
        throw file.failure(
          "'\(pair.name)' is no path: write names with dots between them", at: pair.key.start)
      }
      let mapped = try mappedValue(pair.value, &mapping)
      guard mapping.insert(mapped, at: target.map { Array($0.utf8) }) else {
        throw file.failure(
          "'\(pair.name)' is written by another field already", at: pair.key.start)
      }
    }
  }

  private func mappedValue(
    _ field: Field, _ mapping: inout Mapping
  ) throws(Failure) -> MappedValue {
    var value = MappedValue()
    switch file.kind(of: field) {
    case .string: value.alternatives = [try path(field, &mapping)]
    case .array: value.alternatives = try paths(field, &mapping)
    case .object:
      for pair in try file.members(of: field, "a field") {
        let content = pair.value
        switch pair.name {
        case "from":
          value.alternatives =
            file.kind(of: content) == .array
            ? try paths(content, &mapping) : [try path(content, &mapping)]
        case "value": value.constant = file.json(content)
        case "cel": value.expression = try expression(content, as: .value, &mapping)
        case "as":
          let words = MappedValue.Conversion.allCases.map(\.rawValue)
          value.conversion = MappedValue.Conversion(
            rawValue: try file.word(content, of: words, "as"))
        default: throw file.unknown(pair, among: MappingFileReader.valueKeys)
        }
      }
      let ways = [!value.alternatives.isEmpty, value.constant != nil, value.expression != nil]
      guard ways.contains(true), value.expression == nil || !ways.dropLast().contains(true) else {
        throw file.failure(
          "a field needs \"from\", a path, or \"value\", a constant, or alone \"cel\", an"
            + " expression", at: field.start)
      }
    default:
      let constant = String(decoding: file.json(field), as: UTF8.self)
      throw file.failure(
        "a field is a path like \"user.id\", a list of paths, or an object with \"from\" or"
          + " \"value\"; a constant is {\"value\": \(constant)}",
        at: field.start)
    }
    return value
  }

  private func expression(
    _ field: Field, as purpose: Environment.Purpose, _ mapping: inout Mapping
  ) throws(Failure) -> Expression {
    try file.expression(
      field, "an expression like \"kind == \\\"click\\\"\"", as: purpose,
      in: &mapping.environment)
  }

  private func paths(_ field: Field, _ mapping: inout Mapping) throws(Failure) -> [FieldPath] {
    let elements = try file.elements(of: field, "paths")
    guard !elements.isEmpty else { throw file.failure("a list of paths is empty", at: field.start) }
    var paths: [FieldPath] = []
    for element in elements { paths.append(try path(element, &mapping)) }
    return paths
  }

  private func path(_ field: Field, _ mapping: inout Mapping) throws(Failure) -> FieldPath {
    let path = try file.string(field, "a path like \"user.id\"")
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !keys.contains("") else {
      throw file.failure(
        "'\(path)' is no path: write names with dots between them", at: field.start)
    }
    return mapping.path(keys)
  }

  private func readEvents(_ field: Field, into mapping: inout Mapping) throws(Failure) {
    for pair in try file.members(of: field, "\"events\"") {
      let name = Array(pair.name.utf8)
      if file.kind(of: pair.value) == .null {
        mapping.insert(name: name, event: nil)
      } else {
        let event = try file.string(
          pair.value, "the name of an event, or null to leave such lines out")
        mapping.insert(name: name, event: Array(event.utf8))
      }
    }
  }

  private func readTime(_ field: Field, into mapping: inout Mapping) throws(Failure) {
    for pair in try file.members(of: field, "\"time\"") {
      switch pair.name {
      case "zone":
        let zone = try file.string(pair.value, "the name of a time zone")
        do { mapping.zone = try timeZone(named: zone) } catch {
          throw file.failure(error.message, at: pair.value.start)
        }
      case "unit":
        let words = TimeReader.EpochUnit.allCases.map(\.rawValue)
        mapping.unit = TimeReader.EpochUnit(rawValue: try file.word(pair.value, of: words, "unit"))
      default: throw file.unknown(pair, among: MappingFileReader.timeKeys)
      }
    }
  }
}
