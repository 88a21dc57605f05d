import Expressions
import Pipes
import Records

/// How a source divides lines that are no JSON, where no header line tells: the names of its columns.
struct TableLayout: Sendable {
  let delimiter: UInt8
  let columns: [[UInt8]]
  /// Which columns hold JSON text.
  let areJSON: [Bool]
}

extension MappingCompiler {
  private static let listKeys = ["from", "key", "value"]
  private static let timeKeys = ["zone", "unit"]
  private static let tableKeys = ["delimiter", "columns", "json"]

  /// Reads lists of keys and values: `{"params": {"from": "event_params", "key": "key", "value": […]}}`.
  mutating func readLists(_ field: Field, _ level: inout Level) throws(Failure) {
    for list in try file.members(of: field, "\"lists\"") {
      var source: SourcePath?
      var key = ["key"]
      var values = [["value"]]
      for pair in try file.members(of: list.value, "a list") {
        switch pair.name {
        case "from": source = try path(pair.value, level)
        case "key": key = try names(pair.value)
        case "value":
          values = []
          if file.kind(of: pair.value) == .array {
            for element in try file.elements(of: pair.value, "\"value\"") {
              values.append(try names(element))
            }
          } else {
            values = [try names(pair.value)]
          }
        default: throw file.unknown(pair, among: MappingCompiler.listKeys)
        }
      }
      guard let source else {
        throw file.failure("a list needs \"from\", the path of an array", at: list.key.start)
      }
      lists.append(ListDraft(source: source, key: key, values: values))
      level.bindings.insert((list.name, .pairs(lists.count - 1)), at: 0)
    }
  }

  /// The names of a path within an element.
  private func names(_ field: Field) throws(Failure) -> [String] {
    let path = try file.string(field, "a path like \"value.string_value\"")
    let keys = MappingCompiler.keys(path)
    guard !keys.contains("") else {
      throw file.failure(
        "'\(path)' is no path: write names with dots between them", at: field.start)
    }
    return keys
  }

  /// Reads which targets `--hash-ids` hashes: `["properties.customer_email"]`.
  mutating func readHashedPaths(_ field: Field) throws(Failure) {
    for element in try file.elements(of: field, "\"hash\"") {
      draft.hashedPaths.append(try names(element))
    }
  }

  mutating func readTime(_ field: Field) throws(Failure) {
    for pair in try file.members(of: field, "\"time\"") {
      switch pair.name {
      case "zone":
        let zone = try file.string(pair.value, "the name of a time zone")
        do { draft.zone = try timeZone(named: zone) } catch {
          throw file.failure(error.message, at: pair.value.start)
        }
      case "unit":
        let words = TimeReader.EpochUnit.allCases.map(\.rawValue)
        draft.unit = TimeReader.EpochUnit(rawValue: try file.word(pair.value, of: words, "unit"))
      default: throw file.unknown(pair, among: MappingCompiler.timeKeys)
      }
    }
  }

  mutating func readTable(_ field: Field) throws(Failure) {
    var delimiter = ASCII.tab
    var columns: [[UInt8]] = []
    var json: [(name: [UInt8], place: Int)] = []
    for pair in try file.members(of: field, "\"table\"") {
      switch pair.name {
      case "delimiter":
        let text = Array(try file.string(pair.value, "one character").utf8)
        guard text.count == 1, TableReader.delimiters.contains(text[0]) else {
          throw file.failure(
            "\"delimiter\" is a comma, a semicolon or a tab", at: pair.value.start)
        }
        delimiter = text[0]
      case "columns":
        for element in try file.elements(of: pair.value, "\"columns\"") {
          let name = Array(try file.string(element, "the name of a column").utf8)
          guard !name.isEmpty, !columns.contains(name) else {
            throw file.failure("a column needs a name of its own", at: element.start)
          }
          columns.append(name)
        }
      case "json":
        for element in try file.elements(of: pair.value, "\"json\"") {
          json.append(
            (Array(try file.string(element, "the name of a column").utf8), element.start))
        }
      default: throw file.unknown(pair, among: MappingCompiler.tableKeys)
      }
    }
    guard !columns.isEmpty else {
      throw file.failure("\"table\" needs \"columns\", their names in order", at: field.start)
    }
    for (name, place) in json where !columns.contains(name) {
      throw file.failure(
        "no column is named '\(String(decoding: name, as: UTF8.self))'", at: place)
    }
    let names = json.map(\.name)
    draft.layout = TableLayout(
      delimiter: delimiter, columns: columns, areJSON: columns.map { names.contains($0) })
  }
}

extension Mapping {
  /// The condition under which a first line is of this source, with the fields that it reads.
  struct Detection: Sendable {
    let condition: Expression
    let environment: Environment
  }

  /// Compiles the condition of `detect`.
  static func detection(
    in file: JSONFile, _ field: Field
  ) throws(Failure) -> Detection {
    var environment = Environment(zones: .system)
    let condition = try file.expression(
      field, "a condition like \"has(record.event_params)\"", as: .condition, in: &environment)
    return Detection(condition: condition, environment: environment)
  }
}
