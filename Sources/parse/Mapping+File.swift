import Expressions
import Pipes
import Records

extension Mapping {
  /// Reads a mapping file.
  ///
  /// - Throws: what is wrong, with file, line and column, and what may stand there.
  init(_ content: [UInt8], file: String) throws(Failure) {
    var compiler = MappingCompiler(JSONFile(content, path: file))
    self = try compiler.mapping()
  }
}

/// Compiles a mapping file; what its keys mean stands in `examples/maps/README.md`.
///
///     the file        fields, events, rest, lists ─┐ what an outer level says
///       a shape       fields, events, rest, lists ─┤ holds for the inner ones,
///         an event    fields, events, rest         ┘ which may say otherwise
struct MappingCompiler {
  /// What holds at a place of the file: its own lines first, then those of the levels around it.
  struct Level {
    /// Targets with their values.
    var fields: [(pair: JSONFile.Pair, target: [String], isOwn: Bool)] = []
    var names = NameTable()
    var rest: Mapping.Rest?
    /// Names that paths may begin with.
    var bindings: [(name: String, place: Place)] = []
  }

  /// What a path begins at.
  enum Place: Equatable {
    case line
    case element(Int)
    case pairs(Int)
  }

  /// An `each` on its way to an ``ElementScope``.
  struct ScopeDraft {
    let source: SourcePath
    let nameSlot: Int
    var wanted = WantedMembers()
  }

  /// One of the `lists` on its way to a ``PairList``.
  struct ListDraft {
    let source: SourcePath
    let key: [String]
    let values: [[String]]
    var wanted: [[UInt8]] = []
  }

  static let fileKeys = [
    "about", "detect", "when", "fields", "events", "rest", "lists", "time", "table", "hash",
    "shapes", "emit", "skip",
  ]
  static let shapeKeys = ["about", "when", "fields", "events", "rest", "lists", "emit", "skip"]
  static let eventKeys = ["about", "each", "when", "fields", "events", "rest"]

  let file: JSONFile
  var draft = Mapping()
  var scopes: [ScopeDraft] = []
  var lists: [ListDraft] = []
  /// The top-level slots that the shape at hand reads.
  var readSlots: Set<Int> = []
  /// The paths of the event at hand.
  var eventPaths: [(place: Place, keys: [String], path: SourcePath)] = []

  init(_ file: JSONFile) { self.file = file }

  /// The mapping that the file says.
  mutating func mapping() throws(Failure) -> Mapping {
    let members = try file.members()
    let shapes = members.first { $0.name == "shapes" }
    for pair in members {
      switch pair.name {
      case "detect":
        _ = try Mapping.detection(in: file, pair.value)
      case "time": try readTime(pair.value)
      case "table": try readTable(pair.value)
      case "hash": try readHashedPaths(pair.value)
      case let name where !MappingCompiler.fileKeys.contains(name):
        throw file.unknown(pair, among: MappingCompiler.fileKeys)
      default: break
      }
    }
    var reads: [Set<Int>] = []
    if let shapes {
      for name in ["when", "emit", "skip"] {
        if let pair = members.first(where: { $0.name == name }) {
          throw file.failure("\"\(name)\" stands in each of the \"shapes\"", at: pair.key.start)
        }
      }
      let outer = try level(members, in: Level())
      let outerReads = readSlots
      for element in try file.elements(of: shapes.value, "\"shapes\"") {
        let pairs = try file.members(of: element, "a shape")
        readSlots = outerReads
        draft.shapes.append(try shape(pairs, MappingCompiler.shapeKeys, in: outer, element))
        reads.append(readSlots)
      }
      guard !draft.shapes.isEmpty else {
        throw file.failure("\"shapes\" is empty", at: shapes.value.start)
      }
    } else {
      draft.shapes = [try shape(members, MappingCompiler.fileKeys, in: Level(), .absent)]
      reads = [readSlots]
    }
    for index in draft.shapes.indices {
      draft.shapes[index].readSlots = (0..<draft.environment.selection.count).map {
        reads[index].contains($0)
      }
    }
    draft.elements = scopes.map {
      ElementScope(source: $0.source, nameSlot: $0.nameSlot, $0.wanted)
    }
    draft.pairLists = lists.map {
      PairList(source: $0.source, key: $0.key, values: $0.values, wanted: $0.wanted)
    }
    draft.finish()
    return draft
  }

  // MARK: Levels

  /// What holds at a level.
  private mutating func level(
    _ members: [JSONFile.Pair], in outer: Level
  ) throws(Failure) -> Level {
    var level = Level()
    level.bindings = outer.bindings
    level.rest = outer.rest
    for pair in members {
      switch pair.name {
      case "lists": try readLists(pair.value, &level)
      case "fields":
        for field in try file.members(of: pair.value, "\"fields\"") {
          level.fields.append((field, try target(field), true))
        }
      case "events":
        try readNames(
          pair.value, "the name of an event, or null to leave such lines out", &level.names)
      case "rest":
        let words = Mapping.Rest.allCases.map(\.rawValue)
        level.rest = Mapping.Rest(rawValue: try file.word(pair.value, of: words, "rest"))
      default: break
      }
    }
    let own = level.fields.map(\.target)
    for field in outer.fields where !own.contains(field.target) {
      level.fields.append((field.pair, field.target, false))
    }
    level.names.add(outer.names)
    return level
  }

  private func target(_ pair: JSONFile.Pair) throws(Failure) -> [String] {
    let target = MappingCompiler.keys(pair.name)
    guard !target.contains("") else {
      throw file.failure(
        "'\(pair.name)' is no path: write names with dots between them", at: pair.key.start)
    }
    return target
  }

  private mutating func shape(
    _ members: [JSONFile.Pair], _ known: [String], in outer: Level, _ place: Field
  ) throws(Failure) -> Mapping.Shape {
    for pair in members where !known.contains(pair.name) {
      throw file.unknown(pair, among: known)
    }
    var shape = Mapping.Shape()
    let level = try level(members, in: outer)
    var emitted: JSONFile.Pair?
    for pair in members {
      switch pair.name {
      case "when": shape.condition = draft.program.add(try condition(pair.value))
      case "skip":
        let text = try file.string(pair.value, "why such lines are left out")
        shape.skipReason = draft.skipReason(text)
      case "emit": emitted = pair
      default: break
      }
    }
    for (_, place) in level.bindings {
      if case .pairs(let list) = place { shape.pairLists.append(list) }
    }
    if shape.skipReason != nil { return shape }
    let first = draft.events.count
    if let emitted {
      for element in try file.elements(of: emitted.value, "\"emit\"") {
        let pairs = try file.members(of: element, "an event of \"emit\"")
        for pair in pairs where !MappingCompiler.eventKeys.contains(pair.name) {
          throw file.unknown(pair, among: MappingCompiler.eventKeys)
        }
        draft.events.append(try event(pairs, in: level))
      }
      shape.events = MappingProgram.Stretch(start: first, end: draft.events.count)
      return shape
    }
    guard !level.fields.isEmpty else {
      throw file.failure(
        "no \"fields\": {\"event\": \"…\", \"userId\": \"…\", \"timestamp\": \"…\"} says where they"
          + " come from", at: place.start)
    }
    draft.events.append(try event(level, rest: level.rest ?? .properties))
    shape.events = MappingProgram.Stretch(start: first, end: first + 1)
    return shape
  }

  private mutating func event(
    _ members: [JSONFile.Pair], in outer: Level
  ) throws(Failure) -> Mapping.EventTemplate {
    var around = outer
    var scopes: [Int] = []
    if let each = members.first(where: { $0.name == "each" }) {
      scopes = try bindEach(each.value, &around)
    }
    let level = try level(members, in: around)
    var event = try event(level, rest: level.rest ?? .drop)
    event.scopes = scopes
    if let when = members.first(where: { $0.name == "when" }) {
      event.condition = draft.program.add(try condition(when.value))
    }
    return event
  }

  /// The event whose fields a level says.
  private mutating func event(
    _ level: Level, rest: Mapping.Rest
  ) throws(Failure) -> Mapping.EventTemplate {
    var event = Mapping.EventTemplate()
    event.names = level.names
    var object = ObjectTemplate()
    eventPaths = []
    for (pair, target, isOwn) in level.fields where target.last != "*" {
      if file.kind(of: pair.value) == .null { continue }
      let value = try value(pair.value, level)
      if target == ["event"] {
        event.name = draft.program.add(value)
      } else if !object.insert(value, at: target[...]), isOwn {
        throw file.failure(
          "'\(pair.name)' is written by another field already", at: pair.key.start)
      }
    }
    for (pair, target, _) in level.fields where target.last == "*" {
      let spread = try spread(pair.value, level)
      guard object.insert(spread, at: target.dropLast()) else {
        throw file.failure(
          "'\(pair.name)' is written by another field already", at: pair.key.start)
      }
    }
    switch rest {
    case .drop: break
    case .top: object.spreads.append(.rest)
    case .properties:
      // Where a field writes all properties, there is no room for more.
      _ = object.insert(.rest, at: ["properties"])
    }
    event.object = draft.program.add(object)
    return event
  }

  // MARK: Expressions and paths

  mutating func condition(_ field: Field) throws(Failure) -> Expression {
    let expression = try file.expression(
      field, "a condition like \"kind == \\\"click\\\"\"", as: .condition, in: &draft.environment)
    readSlots.formUnion(expression.slots)
    return expression
  }

  /// Binds the names of an `each` to the elements of arrays, an inner one behind those around it.
  mutating func bindEach(_ field: Field, _ level: inout Level) throws(Failure) -> [Int] {
    let first = scopes.count
    for pair in try file.members(of: field, "\"each\"") {
      let source = try path(pair.value, level)
      let nameSlot = draft.environment.selection.slot(pair.name)
      scopes.append(ScopeDraft(source: source, nameSlot: nameSlot))
      level.bindings.insert((pair.name, .element(scopes.count - 1)), at: 0)
    }
    guard scopes.count > first else {
      throw file.failure(
        "\"each\" names an element and where its array is: {\"item\": \"line_items\"}",
        at: field.start)
    }
    return Array(first..<scopes.count)
  }

  /// The names of a path, divided by dots; a dot behind a backslash belongs to its name.
  static func keys(_ path: String) -> [String] {
    var keys = [""]
    var isEscaped = false
    for character in path {
      if !isEscaped, character == "." {
        keys.append("")
      } else if !isEscaped, character == "\\" {
        isEscaped = true
        continue
      } else {
        keys[keys.count - 1].append(character)
      }
      isEscaped = false
    }
    return keys
  }

  /// The path that a text of the file names.
  mutating func path(_ field: Field, _ level: Level) throws(Failure) -> SourcePath {
    try path(try file.string(field, "a path like \"user.id\""), at: field.start, level)
  }

  mutating func path(
    _ text: String, at offset: Int, _ level: Level
  ) throws(Failure) -> SourcePath {
    let keys = MappingCompiler.keys(text)
    guard !keys.contains("") else {
      throw file.failure("'\(text)' is no path: write names with dots between them", at: offset)
    }
    let place = level.bindings.first { $0.name == keys[0] }?.place ?? .line
    let inner = Array(keys.dropFirst())
    let path: SourcePath
    switch place {
    case .line:
      path = .line(draft.linePath(keys))
      readSlots.insert(draft.environment.selection.slot(keys[0]))
    case .element(let scope):
      path = .element(scope: scope, slot: inner.isEmpty ? -1 : scopes[scope].wanted.slot(of: inner))
    case .pairs(let list):
      guard !inner.isEmpty else {
        throw file.failure(
          "'\(text)' is a list of keys and values: '\(text).KEY' is the value of one, and"
            + " \"properties.*\": \"\(text)\" takes all of them over", at: offset)
      }
      let key = Array(inner.joined(separator: ".").utf8)
      if !lists[list].wanted.contains(key) { lists[list].wanted.append(key) }
      path = .pair(list: list, key: lists[list].wanted.firstIndex(of: key) ?? 0)
    }
    eventPaths.append((place, keys, path))
    return path
  }

  /// The members that a target like `properties.*` takes over.
  private mutating func spread(
    _ field: Field, _ level: Level
  ) throws(Failure) -> ObjectTemplate.Spread {
    let text = try file.string(field, "the path of an object whose members are taken over")
    let keys = MappingCompiler.keys(text)
    if keys.count == 1,
      case .pairs(let list)? = level.bindings.first(where: { $0.name == text })?.place
    {
      return .pairs(list, besides: eventPaths.filter { $0.place == .pairs(list) }.map(\.path))
    }
    let path = try path(text, at: field.start, level)
    let place = level.bindings.first { $0.name == keys[0] }?.place ?? .line
    let besides = eventPaths.filter {
      $0.place == place && $0.keys.count == keys.count + 1 && $0.keys.starts(with: keys)
    }
    return .object(path, besides: besides.map(\.path))
  }
}
