import Foundation
import TestSupport
import Testing

/// Events of sessions in a short form: `/a 10:00:00, click 10:00:40` is a page view and an event of 2026-03-01.
struct Visits {
  private(set) var lines: [String] = []

  init() {}

  init(_ text: String) { add(text) }

  /// Adds events of a person.
  ///
  /// - Parameter more: further members, as JSON behind a comma.
  mutating func add(_ text: String, ids: String = #""userId":"u""#, _ more: String = "") {
    for one in text.split(separator: ",") {
      let words = one.split(separator: " ")
      let time = words[1].contains("T") ? "\(words[1])" : "2026-03-01T\(words[1])"
      let isPage = words[0].hasPrefix("/")
      let page = isPage ? #","context":{"page":{"path":"\#(words[0])"}}"# : ""
      let name = isPage ? "Page Viewed" : words[0].replacing("_", with: " ")
      lines.append(
        "{\"event\":\"\(name)\",\(ids),\"timestamp\":\"\(time)Z\"\(page)\(more)}\n")
    }
  }

  /// What the program says of them.
  func run(_ options: [String]) throws -> Outcome {
    let outcome = try Programs.run("session", options, text: lines.joined())
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return outcome
  }

  /// The sessions of `--report`, each by some fields: `09:00:00 75 3`.
  func sessions(_ fields: String..., by options: [String] = []) throws -> [String] {
    try run(["--report"] + options).records("session").map { record in
      fields.map { Self.text(record[$0]) }.joined(separator: " ")
    }
  }

  /// Fields of the only summary, or of that of a value of `--by`.
  func summary(_ fields: String..., by options: [String] = []) throws -> [String] {
    try summary(fields, by: options)
  }

  /// The same of fields in an array.
  func summary(_ fields: [String], by options: [String]) throws -> [String] {
    try run(["--summary"] + options).records("session.summary").map { record in
      fields.map { Self.text(record[$0]) }.joined(separator: " ")
    }
  }

  /// The place of each event in its session: `A1 A2+7.5 B1`, where letters stand for ids in their order.
  func places(_ options: String...) throws -> String {
    var letters: [String: String] = [:]
    return try run(options).lines.map { line in
      let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let id = record?["sessionId"] as? String,
        let session = record?["session"] as? [String: Any]
      else { return "–" }
      let letter = letters[id] ?? String(Character(UnicodeScalar(UInt8(65 + letters.count))))
      letters[id] = letter
      let gap = session["gapSeconds"] as? NSNumber
      return "\(letter)\(Self.text(session["number"]))" + (gap.map { "+\($0)" } ?? "")
    }.joined(separator: " ")
  }

  private static func text(_ value: Any?) -> String {
    if let rate = value as? [String: Any] {
      guard rate["numerator"] != nil else { return rate.values.map { text($0) }.joined() }
      return "\(text(rate["numerator"]))/\(text(rate["denominator"]))"
    }
    if let number = value as? NSNumber {
      return "\(number)"
    }
    guard let text = value as? String else { return "–" }
    return text.hasPrefix("2026-03-01T") ? String(text.dropFirst(11).prefix(8)) : text
  }
}
