import Expressions
import Pipes
import Records

extension MappingCompiler {
  static let valueKeys = [
    "from", "value", "text", "cel", "each", "when", "fields", "sum", "as", "names",
  ]

  /// The value that a field of the file says.
  mutating func value(_ field: Field, _ level: Level) throws(Failure) -> MappedValue {
    switch file.kind(of: field) {
    case .string: return .path(try path(field, level), nil)
    case .array: return try alternatives(field, nil, level)
    case .object: return try writtenValue(field, level)
    default:
      let json = String(decoding: file.json(field), as: UTF8.self)
      throw file.failure(
        "a field is a path like \"user.id\", a list of paths, or an object with \"from\" or"
          + " \"value\"; a constant is {\"value\": \(json)}", at: field.start)
    }
  }

  /// The first of several values.
  private mutating func alternatives(
    _ field: Field, _ conversion: MappedValue.Conversion?, _ level: Level
  ) throws(Failure) -> MappedValue {
    var values: [MappedValue] = []
    for element in try file.elements(of: field, "a list of fields") {
      values.append(
        file.kind(of: element) == .string
          ? .path(try path(element, level), conversion) : try value(element, level))
    }
    guard !values.isEmpty else { throw file.failure("a list of paths is empty", at: field.start) }
    return .first(values)
  }

  /// A value that is written as an object.
  private mutating func writtenValue(
    _ field: Field, _ level: Level
  ) throws(Failure) -> MappedValue {
    let pairs = try file.members(of: field, "a field")
    for pair in pairs where !MappingCompiler.valueKeys.contains(pair.name) {
      throw file.unknown(pair, among: MappingCompiler.valueKeys)
    }
    func given(_ name: String) -> JSONFile.Pair? { pairs.first { $0.name == name } }
    let ways = pairs.filter { ["from", "text", "cel", "each"].contains($0.name) }
    guard ways.count == 1 || ways.isEmpty && given("value") != nil else {
      throw file.failure(
        "a field needs one of \"from\", a path, \"text\", \"cel\", an expression, and \"each\", or"
          + " \"value\", a constant", at: field.start)
    }
    var conversion: MappedValue.Conversion?
    if let pair = given("as") {
      let words = MappedValue.Conversion.allCases.map(\.rawValue)
      conversion = MappedValue.Conversion(rawValue: try file.word(pair.value, of: words, "as"))
      guard given("from") != nil || given("sum") != nil && conversion == .negative else {
        throw file.failure(
          "\"as\" goes with \"from\", and \"negative\" with \"sum\"", at: pair.key.start)
      }
    }
    for name in ["when", "fields", "sum"] {
      if let pair = given(name), given("each") == nil {
        throw file.failure("\"\(name)\" goes with \"each\"", at: pair.key.start)
      }
    }
    var value = try way(ways.first, given, conversion, level)
    if let pair = given("names") {
      var table = NameTable()
      try readNames(pair.value, nil, &table)
      value = value.map { .named($0, table) }
    }
    guard let pair = given("value") else { return value ?? .first([]) }
    let constant = MappedValue.constant(file.json(pair.value))
    return value.map { .first([$0, constant]) } ?? constant
  }

  /// The value by `from`, `text`, `cel` or `each`; `nil` where it is a constant alone.
  private mutating func way(
    _ way: JSONFile.Pair?, _ given: (String) -> JSONFile.Pair?,
    _ conversion: MappedValue.Conversion?, _ level: Level
  ) throws(Failure) -> MappedValue? {
    guard let way else { return nil }
    switch way.name {
    case "from":
      return file.kind(of: way.value) == .array
        ? try alternatives(way.value, conversion, level)
        : .path(try path(way.value, level), conversion)
    case "text": return .text(try pieces(way.value, level))
    case "cel":
      let expression = try file.expression(
        way.value, "an expression like \"price * quantity\"", as: .value, in: &draft.environment)
      readSlots.formUnion(expression.slots)
      return .expression(expression)
    default: return try each(way, given, conversion, level)
    }
  }

  /// A list or a sum over the elements of an array.
  private mutating func each(
    _ way: JSONFile.Pair, _ given: (String) -> JSONFile.Pair?,
    _ conversion: MappedValue.Conversion?, _ level: Level
  ) throws(Failure) -> MappedValue {
    var inner = level
    let scopes = try bindEach(way.value, &inner)
    guard scopes.count == 1, let scope = scopes.first else {
      throw file.failure("a list or a sum is over one array", at: way.value.start)
    }
    let condition: Expression? =
      if let when = given("when") { try condition(when.value) } else { nil }
    switch (given("fields"), given("sum")) {
    case (let fields?, nil):
      var object = ObjectTemplate()
      for pair in try file.members(of: fields.value, "\"fields\"") {
        let target = MappingCompiler.keys(pair.name)
        guard !target.contains(""), object.insert(try value(pair.value, inner), at: target[...])
        else {
          throw file.failure(
            "'\(pair.name)' is no path, or written by another field already", at: pair.key.start)
        }
      }
      return .list(ListTemplate(scope: scope, condition: condition, object: object))
    case (nil, let sum?):
      return .sum(
        SumTemplate(
          scope: scope, condition: condition, value: try path(sum.value, inner),
          isNegative: conversion == .negative))
    default:
      throw file.failure(
        "\"each\" needs \"fields\", for a list, or \"sum\", the path of a number",
        at: way.key.start)
    }
  }

  /// The pieces of a text like `order-{id}`.
  private mutating func pieces(
    _ field: Field, _ level: Level
  ) throws(Failure) -> [TextPiece] {
    let text = try file.string(field, "a text like \"order-{id}\"")
    var pieces: [TextPiece] = []
    var rest = text[...]
    while let brace = rest.firstIndex(of: "{") {
      guard let end = rest[brace...].firstIndex(of: "}") else {
        throw file.failure("a '{' is not closed in the text", at: field.start)
      }
      pieces.append(literal: rest[..<brace])
      let name = String(rest[rest.index(after: brace)..<end])
      pieces.append(.field(try path(name, at: field.start, level)))
      rest = rest[rest.index(after: end)...]
    }
    pieces.append(literal: rest)
    return pieces
  }

  /// Adds what a table of names says.
  ///
  /// - Parameter what: the text that each name needs, for the message; `nil` where any JSON will do.
  mutating func readNames(
    _ field: Field, _ what: String?, _ table: inout NameTable
  ) throws(Failure) {
    for pair in try file.members(of: field, "a table of names") {
      if file.kind(of: pair.value) == .null {
        let reason =
          pair.name == "*" ? "other events are left out" : "\(pair.name) is left out"
        table.add(Array(pair.name.utf8), .nothing(reason: draft.skipReason(reason)))
      } else if let what {
        var json: [UInt8] = []
        json.append(jsonString: try file.string(pair.value, what))
        table.add(Array(pair.name.utf8), .json(json))
      } else {
        table.add(Array(pair.name.utf8), .json(file.json(pair.value)))
      }
    }
  }
}

extension Array where Element == TextPiece {
  /// Adds a text as it stands in a JSON string.
  fileprivate mutating func append(literal text: Substring) {
    guard !text.isEmpty else { return }
    var json: [UInt8] = []
    json.append(jsonString: String(text))
    append(TextPiece.literal([UInt8](json.dropFirst().dropLast())))
  }
}
