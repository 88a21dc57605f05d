import Expressions
import Pipes
import Records

/// The segments of a rules file, each a name and the condition that its persons fulfil.
///
///     {"segments":[{"name":"vip","when":"sum(event == \"Order Completed\", properties.revenue, \"90d\") > 500"}]}
struct Rules: Sendable {
  struct Rule: Sendable {
    let name: String
    /// The name as a JSON string.
    let json: [UInt8]
    let condition: Expression
  }

  let rules: [Rule]

  /// Whether a condition asks for earlier events.
  var looksBack: Bool { rules.contains { $0.condition.looksBack } }

  /// Reads the file of `--rules`.
  init(_ path: String, _ setup: inout Setup) throws(Failure) {
    let content = try setup.contents(of: path)
    var reader = RulesReader(path: path, content: content)
    rules = try reader.rules(&setup)
  }
}

/// Reads a rules file; every error says the line and column at fault.
private struct RulesReader {
  private let path: String
  private let bytes: [UInt8]

  init(path: String, content: [UInt8]) {
    self.path = path
    // Line ends mean a space here, and the end needs the padding that every scan does.
    var bytes = content.map { $0 == ASCII.newline ? ASCII.space : $0 }
    lineStarts = [0] + content.indices.filter { content[$0] == ASCII.newline }.map { $0 + 1 }
    bytes.append(ASCII.newline)
    bytes.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
    self.bytes = bytes
  }

  private let lineStarts: [Int]

  mutating func rules(_ setup: inout Setup) throws(Failure) -> [Rules.Rule] {
    var rules: [Rules.Rule] = []
    for field in try segments() {
      let rule = try self.rule(field, &setup)
      guard !rules.contains(where: { $0.name == rule.name }) else {
        throw error("two segments are named '\(rule.name)'", at: field.start)
      }
      rules.append(rule)
    }
    guard !rules.isEmpty else { throw error("there are no segments", at: 0) }
    return rules
  }

  /// The objects of the array `segments`.
  private func segments() throws(Failure) -> [Field] {
    var selection = Selection()
    let slot = selection.slot("segments")
    var fields = [Field.absent]
    var scanner = Scanner(selection, check: .full)
    do {
      _ = try scanner.scan(bytes.span, from: 0, into: &fields, at: 0)
      try checkKeys(Field(start: firstByte, end: bytes.count), known: ["segments"])
      guard fields[slot].kind(in: bytes.span) == .array else {
        throw error("a rules file is {\"segments\":[…]}", at: 0)
      }
      var segments: [Field] = []
      try forEachElement(of: fields[slot], in: bytes.span) { segments.append($0) }
      return segments
    } catch let error as ScanError {
      throw self.error(error.reason.rawValue, at: error.offset)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw self.error("cannot be read", at: 0)
    }
  }

  private var firstByte: Int { bytes.firstIndex { $0 > ASCII.space } ?? 0 }

  private func rule(_ field: Field, _ setup: inout Setup) throws(Failure) -> Rules.Rule {
    guard field.kind(in: bytes.span) == .object else {
      throw error("a segment is {\"name\":…,\"when\":…}", at: field.start)
    }
    try checkKeys(field, known: ["name", "when"])
    let name = try text("name", of: field)
    let when = try text("when", of: field)
    let condition: Expression
    do { condition = try setup.environment.compile(when.text) } catch {
      // The quote of the string comes before the first letter of the expression.
      throw self.error(error.rendering, at: when.offset + error.column)
    }
    var json: [UInt8] = []
    json.append(jsonString: name.text)
    return Rules.Rule(name: name.text, json: json, condition: condition)
  }

  /// A text that must be there and not be empty.
  private func text(_ key: String, of object: Field) throws(Failure) -> (text: String, offset: Int)
  {
    do {
      let field = try member(Array(key.utf8), of: object, in: bytes.span)
      guard field.kind(in: bytes.span) == .string, field.count > 2 else {
        throw error("a segment needs a text \"\(key)\"", at: object.start)
      }
      return (String(decoding: try field.decodedString(in: bytes.span), as: UTF8.self), field.start)
    } catch let error as ScanError {
      throw self.error(error.reason.rawValue, at: error.offset)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw self.error("cannot be read", at: object.start)
    }
  }

  private func checkKeys(_ object: Field, known: [String]) throws(Failure) {
    var unknown: (name: String, offset: Int)?
    try? forEachMember(of: object, in: bytes.span) { key, _ in
      let name = bytes.span.text(from: key.start + 1, to: key.end - 1)
      if unknown == nil, !known.contains(name) { unknown = (name, key.start) }
    }
    if let unknown {
      let hint = suggestion(for: unknown.name, among: known)
      throw error("unknown key '\(unknown.name)'\(hint)", at: unknown.offset)
    }
  }

  private func error(_ message: String, at offset: Int) -> Failure {
    let line = lineStarts.lastIndex { $0 <= offset } ?? 0
    return .usage("\(path):\(line + 1):\(offset - lineStarts[line] + 1): \(message)")
  }
}
