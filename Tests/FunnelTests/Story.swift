import Foundation
import TestSupport
import Testing

/// What one person does, in a short form: `A0 X1.5 B2` are the events A, X and B at seconds 0, 1.5
/// and 2; without numbers one event comes each minute.
struct Story {
  /// The first moment, a Sunday.
  static let start = 1_772_323_200_000

  let lines: [String]

  init(_ text: String, person: String = "u") {
    lines = text.split(separator: " ").enumerated().map { index, word in
      let name = word.prefix { $0.isLetter }
      let rest = word.dropFirst(name.count)
      let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
      let second = parts.first.flatMap { Double($0) } ?? Double(index * 60)
      let properties = parts.dropFirst().map { part in
        let pair = part.split(separator: "=")
        return "\"\(pair[0])\":\(pair[1])"
      }.joined(separator: ",")
      return "{\"event\":\"\(name)\",\"userId\":\"\(person)\","
        + "\"timestamp\":\(Self.start + Int((second * 1000).rounded()))"
        + ",\"messageId\":\"\(index)\",\"properties\":{\(properties)}}\n"
    }
  }

  /// What is said of the person.
  ///
  /// It is `2: 0 2` for the level and the seconds of the steps, `-` for one left out; or `removed`, or
  /// `none`. Several passages are joined by ` | `.
  func run(_ options: [String], steps: String = "A,B,C") throws -> String {
    let outcome = try Programs.run(
      "funnel", ["--steps", steps, "--persons"] + options, text: lines.joined())
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let passages = outcome.records("funnel.person").map { record -> String in
      let times = (record["times"] as? [Any] ?? []).map { Self.second($0 as? String) }
      return "\(record["level"] as? Int ?? 0): \(times.joined(separator: " "))"
    }
    let excluded = outcome.records("funnel.step").first?["excluded"] as? Int ?? 0
    if passages.isEmpty, excluded > 0 { return "removed" }
    return passages.isEmpty ? "none" : passages.joined(separator: " | ")
  }

  /// The second of a time.
  private static func second(_ text: String?) -> String {
    guard let text,
      let date = try? Date(
        text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    else { return "-" }
    let milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded()) - start
    return milliseconds % 1000 == 0
      ? "\(milliseconds / 1000)" : "\(Double(milliseconds) / 1000)"
  }
}
