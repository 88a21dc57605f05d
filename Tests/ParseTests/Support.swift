import Foundation
import TestSupport
import Testing

/// Runs parse on a text; standard error is that of the program, the balance among it.
func parse(_ arguments: [String], _ text: String) throws -> Outcome {
  try Programs.run("parse", arguments, text: text)
}

/// The records of `--rejects` for a text: reason and column of each.
func rejections(_ arguments: [String], _ text: String) throws -> [String] {
  try rejections(arguments, Data(text.utf8))
}

/// The records of `--rejects` for some bytes: line, column and reason of each.
func rejections(_ arguments: [String], _ input: Data) throws -> [String] {
  let file = FileManager.default.temporaryDirectory
    .appendingPathComponent("parse-rejects-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: file) }
  _ = try Programs.run("parse", arguments + ["--rejects", file.path], input: input)
  return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
    let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    return "\(record["line"] ?? 0):\(record["column"] ?? 0): \(record["reason"] ?? "")"
  }
}

/// The object of a line of JSON.
func object(_ line: String) throws -> [String: Any] {
  try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
}

/// What traffic of no source looks like.
let direct =
  "{\"channel\":\"Direct\",\"source\":\"(direct)\",\"medium\":\"(none)\",\"rule\":1,"
  + "\"ruleSet\":\"2026-07-01\"}"

/// Expects that the lines read are those used, rejected, duplicates, filtered, skipped and blank.
func expectBalance(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
  let pattern =
    /(\d+) lines read = (\d+) used \+ (\d+) rejected \+ (\d+) duplicates \+ (\d+) filtered \+ (\d+) skipped \+ (\d+) blank/
  guard let match = outcome.errorText.firstMatch(of: pattern) else {
    Issue.record("no balance in \(outcome.errorText)", sourceLocation: sourceLocation)
    return
  }
  let numbers = [match.2, match.3, match.4, match.5, match.6, match.7].compactMap { Int($0) }
  #expect(Int(match.1) == numbers.reduce(0, +), sourceLocation: sourceLocation)
}

/// Lends a file with a content for the time of a closure.
func withFile(_ content: String, _ body: (_ path: String) throws -> Void) throws {
  let file = FileManager.default.temporaryDirectory
    .appendingPathComponent("parse-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: file) }
  try Data(content.utf8).write(to: file)
  try body(file.path)
}
