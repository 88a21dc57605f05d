import TestSupport
import Testing

/// What persons do, in a short form: `S 03-01T20:00, R 03-02T06:00` are the events S and R of 2026.
struct Story {
  private var lines: [String] = []

  /// Adds the events of a person.
  mutating func add(_ text: String, person: String = "u", plan: String = "free") {
    for one in text.split(separator: ",") {
      let words = one.split(separator: " ")
      let time = words[1].count == 5 ? "\(words[1])T12:00" : words[1]
      lines.append(
        "{\"event\":\"\(words[0])\",\"userId\":\"\(person)\",\"timestamp\":\"2026-\(time):00Z\""
          + ",\"properties\":{\"plan\":\"\(plan)\"}}\n")
    }
  }

  init(_ text: String = "") { add(text) }

  /// What the program says of them.
  func run(_ options: [String]) throws -> Outcome {
    let outcome = try Programs.run("cohort", options, text: lines.joined())
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return outcome
  }

  /// The cohorts, each as `2026-03-01 2: 0 1 2…`: its size, then those retained by bracket; a bracket that
  /// is not over has dots behind it.
  func retention(_ options: String...) throws -> [String] {
    try run(options).records("cohort.retention").map { record in
      let size = record["persons"] as? Int ?? 0
      let cells = Self.cells(record).map { name, rate in
        "\(rate["numerator"] ?? "-")\(rate["complete"] as? Bool == false ? "…" : "")"
      }
      return "\(record["cohort"] ?? "-") \(size): \(cells.joined(separator: " "))"
    }
  }

  /// The rates of a record by the order of their brackets.
  static func cells(_ record: [String: Any]) -> [(name: String, rate: [String: Any])] {
    func bracket(_ name: String) -> Int {
      Int(name.drop { $0.isLetter }.prefix { $0.isNumber }) ?? -1
    }
    let cells = record["retained"] as? [String: [String: Any]] ?? [:]
    return cells.sorted { bracket($0.key) < bracket($1.key) }.map { ($0.key, $0.value) }
  }
}
