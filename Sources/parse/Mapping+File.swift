import Expressions
import Pipes
import Records

extension Mapping {
  /// Reads a mapping file.
  ///
  /// - Throws: what is wrong, with file, line and column, and what may stand there.
  init(_ content: [UInt8], file: String) throws(Failure) {
    self.init()
    var reader = MappingFileReader(content, file: file)
    try reader.read(into: &self)
    finish()
  }
}

/// Reads the JSON of a mapping file and says where it is wrong.
struct MappingFileReader {
  private static let keys = ["about", "when", "fields", "events", "time", "rest"]
  private static let valueKeys = ["from", "value", "cel", "as"]
  private static let timeKeys = ["zone", "unit"]

  private let file: String
  /// The content as one line: newlines are spaces, so that the scanner of records reads it.
  private var text: [UInt8]
  private let content: [UInt8]

  init(_ content: [UInt8], file: String) {
    self.content = content
    self.file = file
    text = content.map { $0 == ASCII.newline ? ASCII.space : $0 }
    text.append(ASCII.newline)
    text.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
  }

  mutating func read(into mapping: inout Mapping) throws(Failure) {
    var reader = RecordReader(WantedMembers(), check: .full)
    do { _ = try reader.read(text.span, from: 0) } catch {
      throw failure(error.reason.rawValue, at: error.offset)
    }
    var hasFields = false
    for member in reader.members {
      let name = try string(at: member.start)
      switch name {
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
        let word = try word(member.value, of: words, what: "rest")
        mapping.rest = Mapping.Rest(rawValue: word) ?? .properties
      default:
        throw unknown(name, at: member.start, among: MappingFileReader.keys)
      }
    }
    guard hasFields else {
      throw failure(
        "no \"fields\": {\"event\": \"…\", \"userId\": \"…\", \"timestamp\": \"…\"} says where they come from",
        at: 0)
    }
  }

  // MARK: The parts

  private func readFields(_ field: Field, into mapping: inout Mapping) throws(Failure) {
    for (key, value) in try pairs(field, "\"fields\"") {
      let name = try string(at: key.start)
      let target = name.split(separator: ".", omittingEmptySubsequences: false)
      guard !target.contains("") else {
        throw failure("'\(name)' is no path: write names with dots between them", at: key.start)
      }
      let mapped = try mappedValue(value, &mapping)
      guard mapping.insert(mapped, at: target.map { Array($0.utf8) }) else {
        throw failure("'\(name)' is written by another field already", at: key.start)
      }
    }
  }

  private func mappedValue(
    _ field: Field, _ mapping: inout Mapping
  ) throws(Failure) -> MappedValue {
    var value = MappedValue()
    switch field.kind(in: text.span) {
    case .string: value.alternatives = [try path(field, &mapping)]
    case .array: value.alternatives = try paths(field, &mapping)
    case .object:
      for (key, content) in try pairs(field, "a field") {
        let name = try string(at: key.start)
        switch name {
        case "from":
          value.alternatives =
            content.kind(in: text.span) == .array
            ? try paths(content, &mapping) : [try path(content, &mapping)]
        case "value": value.constant = text.span.copy(from: content.start, to: content.end)
        case "cel": value.expression = try expression(content, as: .value, &mapping)
        case "as":
          let words = MappedValue.Conversion.allCases.map(\.rawValue)
          value.conversion = MappedValue.Conversion(
            rawValue: try word(content, of: words, what: "as"))
        default: throw unknown(name, at: key.start, among: MappingFileReader.valueKeys)
        }
      }
      let ways = [!value.alternatives.isEmpty, value.constant != nil, value.expression != nil]
      guard ways.contains(true), value.expression == nil || !ways.dropLast().contains(true) else {
        throw failure(
          "a field needs \"from\", a path, or \"value\", a constant, or alone \"cel\", an"
            + " expression", at: field.start)
      }
    default:
      throw failure(
        "a field is a path like \"user.id\", a list of paths, or an object with \"from\" or"
          + " \"value\"; a constant is {\"value\": \(text.span.text(from: field.start, to: field.end))}",
        at: field.start)
    }
    return value
  }

  private func expression(
    _ field: Field, as purpose: Environment.Purpose, _ mapping: inout Mapping
  ) throws(Failure) -> Expression {
    let source = try string(field, "an expression like \"kind == \\\"click\\\"\"")
    do { return try mapping.environment.compile(source, as: purpose) } catch {
      throw failure(error.rendering, at: field.start)
    }
  }

  private func paths(_ field: Field, _ mapping: inout Mapping) throws(Failure) -> [FieldPath] {
    var elements: [Field] = []
    do { try forEachElement(of: field, in: text.span) { elements.append($0) } } catch {
      throw failure(error.reason.rawValue, at: error.offset)
    }
    guard !elements.isEmpty else { throw failure("a list of paths is empty", at: field.start) }
    var paths: [FieldPath] = []
    for element in elements { paths.append(try path(element, &mapping)) }
    return paths
  }

  private func path(_ field: Field, _ mapping: inout Mapping) throws(Failure) -> FieldPath {
    let path = try string(field, "a path like \"user.id\"")
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !keys.contains("") else {
      throw failure("'\(path)' is no path: write names with dots between them", at: field.start)
    }
    return mapping.path(keys)
  }

  private func readEvents(_ field: Field, into mapping: inout Mapping) throws(Failure) {
    for (key, value) in try pairs(field, "\"events\"") {
      let name = Array(try string(at: key.start).utf8)
      if value.kind(in: text.span) == .null {
        mapping.insert(name: name, event: nil)
      } else {
        let event = try string(value, "the name of an event, or null to leave such lines out")
        mapping.insert(name: name, event: Array(event.utf8))
      }
    }
  }

  private func readTime(_ field: Field, into mapping: inout Mapping) throws(Failure) {
    for (key, value) in try pairs(field, "\"time\"") {
      let name = try string(at: key.start)
      switch name {
      case "zone":
        let zone = try string(value, "the name of a time zone")
        do { mapping.zone = try timeZone(named: zone) } catch {
          throw failure(error.message, at: value.start)
        }
      case "unit":
        let words = TimeReader.EpochUnit.allCases.map(\.rawValue)
        mapping.unit = TimeReader.EpochUnit(rawValue: try word(value, of: words, what: "unit"))
      default: throw unknown(name, at: key.start, among: MappingFileReader.timeKeys)
      }
    }
  }

  // MARK: Values

  private func pairs(_ field: Field, _ what: String) throws(Failure) -> [(Field, Field)] {
    guard field.kind(in: text.span) == .object else {
      throw failure("\(what) must be an object, {…}", at: field.start)
    }
    var pairs: [(Field, Field)] = []
    do { try forEachMember(of: field, in: text.span) { pairs.append(($0, $1)) } } catch {
      throw failure(error.reason.rawValue, at: error.offset)
    }
    return pairs
  }

  private func string(_ field: Field, _ what: String) throws(Failure) -> String {
    guard field.kind(in: text.span) == .string else {
      throw failure("expected \(what)", at: field.start)
    }
    return String(
      decoding: unescaped(text.span, from: field.start + 1, to: field.end - 1), as: UTF8.self)
  }

  /// The key whose quote stands at an offset.
  private func string(at start: Int) throws(Failure) -> String {
    var end = start + 1
    while text[end] != ASCII.quote { end += text[end] == ASCII.backslash ? 2 : 1 }
    return try string(Field(start: start, end: end + 1), "a key")
  }

  private func word(_ field: Field, of words: [String], what: String) throws(Failure) -> String {
    let word = try string(field, "one of \(words.joined(separator: ", "))")
    guard words.contains(word) else {
      let hint = suggestion(for: word, among: words)
      throw failure(
        "\"\(what)\" is one of \(words.joined(separator: ", ")), not '\(word)'\(hint)",
        at: field.start)
    }
    return word
  }

  private func unknown(_ name: String, at offset: Int, among known: [String]) -> Failure {
    let hint = suggestion(for: name, among: known)
    return failure(
      "unknown key '\(name)'; known are \(known.joined(separator: ", "))\(hint)", at: offset)
  }

  private func failure(_ message: String, at offset: Int) -> Failure {
    let before = content.prefix(offset)
    let line = before.count { $0 == ASCII.newline } + 1
    let lineStart = before.lastIndex(of: ASCII.newline).map { $0 + 1 } ?? 0
    return .usage("\(file):\(line):\(offset - lineStart + 1): \(message)")
  }
}
