import Foundation
import TestSupport
import Testing

/// Events of a test, and what `kpi` says of them.
struct Stream {
  private var lines: [String] = []

  /// Adds events of a name, each of a person of its own where none is given.
  mutating func add(
    _ event: String, _ time: String, person: String? = nil, count: Int = 1,
    _ properties: String = ""
  ) {
    for number in 0..<count {
      let person = person ?? "\(event)-\(time)-\(lines.count)-\(number)"
      let moment = time.count == 5 ? "\(time)T12:00:00" : time
      lines.append(
        "{\"event\":\"\(event)\",\"userId\":\"\(person)\",\"timestamp\":\"2026-\(moment)Z\","
          + "\"properties\":{\(properties)}}\n")
    }
  }

  /// The events as lines.
  var text: String { lines.joined() }

  /// The records of a run.
  func run(_ options: [String] = []) throws -> Outcome {
    let outcome = try Programs.run("kpi", options, text: text)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return outcome
  }

  /// The values of a metric by period: `2026-01 3/4 0.75`, `–` where there is nothing.
  func values(_ metric: String, _ options: [String] = []) throws -> [String] {
    try run(["--metrics", metric] + options).records("kpi").map { record in
      let result = record["result"] as? [String: Any]
      let fraction = ["numerator", "denominator"].compactMap { key in
        (result?[key] as? NSNumber).map { "\($0)" }
      }
      let value = (result?["value"] as? NSNumber).map { "\($0)" } ?? "–"
      let by = (record["by"] as? [String: Any])?.values.first.map { " \($0)" } ?? ""
      return
        "\(record["period"] ?? "-") \(fraction.joined(separator: "/")) \(value)\(by)"
    }
  }

  /// The result of a metric in the last period.
  func result(_ metric: String, _ options: [String] = []) throws -> [String: Any] {
    let record = try #require(
      try run(["--metrics", metric] + options).records("kpi").last)
    return try #require(record["result"] as? [String: Any])
  }
}

/// Whether a field of a result is a number, as far as its digits go.
func isNear(_ result: [String: Any], _ key: String, _ value: Double, _ error: Double) -> Bool {
  ((result[key] as? NSNumber)?.doubleValue).map { abs($0 - value) <= error } ?? false
}
