import Expressions
import Foundation
import Pipes
import Testing

/// One test of the standard's suite, as ../shared/conformance/cel.jsonl has it.
struct ConformanceCase {
  let name: String
  let source: String
  let variables: [(name: String, value: Value)]
  /// The value; `nil` where an error is wanted.
  let expected: Value?
  let checksTypes: Bool

  /// The suite beside the repository.
  static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/conformance/cel.jsonl").path

  static var isThere: Bool { FileManager.default.fileExists(atPath: path) }

  /// All cases of the suite.
  static func all() throws -> [ConformanceCase] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try text.split(separator: "\n").map { try ConformanceCase(line: Data($0.utf8)) }
  }

  private init(line: Data) throws {
    let object = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    let parts = ["file", "section", "name"].compactMap { object[$0] as? String }
    name = parts.joined(separator: "/")
    source = try #require(object["expr"] as? String)
    let bindings = object["bindings"] as? [String: [String: Any]] ?? [:]
    variables = try bindings.sorted { $0.key < $1.key }
      .map { (name: $0.key, value: try ConformanceCase.value($0.value)) }
    expected = try (object["value"] as? [String: Any]).map(ConformanceCase.value)
    checksTypes = object["disable_check"] == nil
  }

  /// What is wrong with the outcome, or `nil` where the case passes.
  var failure: String? {
    var outcome: Value?
    var complaint = ""
    do {
      var environment = Environment(
        standardWith: variables.map(\.name), checksTypes: checksTypes, zones: .system)
      let expression = try environment.compile(source, as: .value)
      outcome = try expression.value(variables: variables.map(\.value))
    } catch let error as ExpressionError {
      complaint = error.headline
    } catch {
      complaint = "\(error)"
    }
    guard let expected else {
      return outcome.map { "wanted an error, got \(describe($0))" }
    }
    guard let outcome else { return complaint }
    if describe(outcome) == describe(expected) { return nil }
    return "wanted \(describe(expected)), got \(describe(outcome))"
  }

  private static func value(_ object: [String: Any]) throws -> Value {
    let (kind, content) = try #require(object.first)
    func text() throws -> String { try #require(content as? String) }
    switch kind {
    case "null": return .null
    case "bool": return .bool(try #require(content as? Bool))
    case "int": return .int(try #require(Int64(try text())))
    case "uint": return .uint(try #require(UInt64(try text())))
    case "double": return .double(try #require(Double(try text())))
    case "string": return .text(Array(try text().utf8))
    case "bytes": return .bytes(Array(try #require(Data(base64Encoded: try text()))))
    case "list":
      return .list(try #require(content as? [[String: Any]]).map(value))
    case "map":
      return .map(
        try #require(content as? [[[String: Any]]]).map {
          MapEntry(key: try value($0[0]), value: try value($0[1]))
        })
    case "type":
      return .type(try #require(ValueType(rawValue: try text())))
    default:
      var environment = Environment(standardWith: [])
      return try environment.compile("\(kind)('\(try text())')", as: .value).value(variables: [])
    }
  }
}
