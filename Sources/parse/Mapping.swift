import Events
import Expressions
import Pipes
import Records

/// What makes a message of a line of another shape: the content of a mapping file.
///
///     "properties.price": "price"      target path ← source path
///     "userId": ["user_id", "uid"]     the first that is there
///     "channel": {"value": "shop"}     a constant
///     "properties.total": {"cel": "price * quantity"}      a CEL expression over the source fields
///     "when": "kind == \"click\""      other lines are left out
///     "events": {"home": "Page Viewed", "ping": null}      names; null leaves the line out
///
/// The targets are kept as the tree that is written, so that a line costs one scan and one pass.
struct Mapping: Sendable {
  /// One target, or an object of targets.
  indirect enum Node: Sendable {
    case value(MappedValue)
    case object([Branch])
  }

  /// A key of the message with what stands there.
  struct Branch: Sendable {
    let key: [UInt8]
    var node: Node
  }

  /// What becomes of source fields that no target takes.
  enum Rest: String, CaseIterable, Sendable {
    case properties
    case top
    case drop
  }

  private(set) var branches: [Branch] = []
  private(set) var names: [[UInt8]: [UInt8]?] = [:]
  var rest = Rest.properties
  /// The zone of times that name none.
  var zone: TimeZoneRules?
  /// The unit of epoch numbers.
  var unit: TimeReader.EpochUnit?
  /// Which lines count; all by default.
  var condition: Expression?
  /// The expressions, and the keys that they and the paths read.
  var environment = Environment(zones: .system)
  private var reader: RecordReader
  /// Expressions that could not be evaluated, and so gave nothing.
  private(set) var failures = 0

  static let properties = Array("properties".utf8)
  private static let event = Array("event".utf8)
  private static let otherNames = Array("*".utf8)

  /// A mapping without any target.
  init() { reader = RecordReader(WantedMembers(environment.selection), check: .full) }

  /// The mapping of a table without a mapping file: each column is a target of its own name.
  init(columns: [[UInt8]]) {
    self.init()
    rest = .drop
    for column in columns {
      let name = String(decoding: column, as: UTF8.self)
      let target = name.split(separator: ".").map { Array($0.utf8) }
      guard !target.isEmpty else { continue }
      let path = FieldPath([name], in: &environment.selection)
      _ = insert(MappedValue(alternatives: [path]), at: target)
    }
    finish()
  }

  /// Adds a target.
  ///
  /// - Returns: false where it is there already, or lies in or above another one.
  mutating func insert(_ value: MappedValue, at target: [[UInt8]]) -> Bool {
    Mapping.insert(value, at: target[...], into: &branches)
  }

  private static func insert(
    _ value: MappedValue, at target: ArraySlice<[UInt8]>, into branches: inout [Branch]
  ) -> Bool {
    guard let key = target.first else { return false }
    guard let index = branches.firstIndex(where: { $0.key == key }) else {
      var node = Node.value(value)
      for key in target.dropFirst().reversed() { node = .object([Branch(key: key, node: node)]) }
      branches.append(Branch(key: key, node: node))
      return true
    }
    guard case .object(var children) = branches[index].node,
      insert(value, at: target.dropFirst(), into: &children)
    else { return false }
    branches[index].node = .object(children)
    return true
  }

  /// A source path whose first key is entered into the selection.
  mutating func path(_ keys: [String]) -> FieldPath {
    FieldPath(keys, in: &environment.selection)
  }

  /// Adds a name of the source with the event that it stands for, `nil` to leave such lines out.
  mutating func insert(name: [UInt8], event: [UInt8]?) { names[name] = .some(event) }

  /// Makes the mapping ready: all paths are known.
  mutating func finish() {
    if rest == .properties, !branches.contains(where: { $0.key == Mapping.properties }) {
      branches.append(Branch(key: Mapping.properties, node: .object([])))
    }
    reader = RecordReader(WantedMembers(environment.selection), check: .full)
  }

  /// Adds the message of the line at an offset, with its newline, to `message`.
  ///
  /// - Returns: false where the mapping leaves the line out.
  mutating func map(
    _ bytes: Span<UInt8>, from start: Int, into message: inout [UInt8], _ origins: inout Origins
  ) throws(RecordError) -> Bool {
    do {
      let line = try reader.read(bytes, from: start)
      if line.isReport {
        message.append(bytes, from: start, to: line.end)
        message.append(ASCII.newline)
        return true
      }
      let place = EventPlace(start: start, end: line.end, base: 0, time: .distantPast)
      if let condition,
        !condition.holds(place, fields: reader.fields, in: bytes, failures: &failures)
      {
        return false
      }
      message.append(ASCII.openBrace)
      var isFirst = true
      for branch in branches {
        let isWanted = try write(branch, bytes, place, into: &message, &origins, &isFirst)
        if !isWanted { return false }
      }
      if rest == .top { writeRest(bytes, beside: branches, into: &message, &isFirst) }
      message.append(ASCII.closeBrace)
      message.append(ASCII.newline)
      return true
    } catch { throw RecordError(error) }
  }

  /// Writes a branch where the line has something for it.
  ///
  /// - Returns: false where the event's name says that the line is left out.
  private mutating func write(
    _ branch: Branch, _ bytes: Span<UInt8>, _ place: EventPlace, into message: inout [UInt8],
    _ origins: inout Origins, _ isFirst: inout Bool, isTop: Bool = true
  ) throws(ScanError) -> Bool {
    let begin = message.count
    if !isFirst { message.append(ASCII.comma) }
    message.append(jsonString: branch.key.span, from: 0, to: branch.key.count)
    message.append(ASCII.colon)
    switch branch.node {
    case .value(let value):
      let field = try value.field(reader.fields, in: bytes)
      if let field { origins.note(made: begin, source: field.start) }
      if isTop, branch.key == Mapping.event, !names.isEmpty {
        switch name(field, bytes) {
        case .some(.some(let name)):
          message.append(jsonString: name.span, from: 0, to: name.count)
          isFirst = false
          return true
        case .some(.none): return false
        case .none: break
        }
      }
      if value.append(field, reader.fields, bytes, place, to: &message, failures: &failures) {
        isFirst = false
      } else {
        message.removeSubrange(begin...)
      }
    case .object(let children):
      message.append(ASCII.openBrace)
      var isEmpty = true
      for child in children {
        _ = try write(child, bytes, place, into: &message, &origins, &isEmpty, isTop: false)
      }
      if isTop, rest == .properties, branch.key == Mapping.properties {
        writeRest(bytes, beside: children, into: &message, &isEmpty)
      }
      if isEmpty {
        message.removeSubrange(begin...)
      } else {
        message.append(ASCII.closeBrace)
        isFirst = false
      }
    }
    return true
  }

  /// The event that a name of the source stands for: `nil` where the table does not say, a `nil`
  /// within where the line is left out.
  private func name(_ field: Field?, _ bytes: Span<UInt8>) -> [UInt8]?? {
    guard let field, field.kind(in: bytes) == .string else { return nil }
    let text =
      field.hasEscapes
      ? unescaped(bytes, from: field.start + 1, to: field.end - 1)
      : bytes.copy(from: field.start + 1, to: field.end - 1)
    return names[text] ?? names[Mapping.otherNames]
  }

  /// Writes the members that no path reads, but those whose key the branches have.
  private func writeRest(
    _ bytes: Span<UInt8>, beside branches: [Branch], into message: inout [UInt8],
    _ isFirst: inout Bool
  ) {
    for member in reader.members where member.slot < 0 {
      var keyEnd = member.start + 1
      while bytes[keyEnd] != ASCII.quote {
        keyEnd += bytes[keyEnd] == ASCII.backslash ? 2 : 1
      }
      let isTaken = branches.contains {
        bytes.equals($0.key, from: member.start + 1, to: keyEnd)
      }
      if isTaken { continue }
      if !isFirst { message.append(ASCII.comma) }
      isFirst = false
      message.append(bytes, from: member.start, to: member.value.end)
    }
  }
}
