import Foundation
import TestSupport

/// One run of `simulate`: its lines, and what they say.
struct Simulation {
  /// What the tests need of an event.
  struct Event {
    let name: String
    let userId: String?
    let anonymousId: String?
    let timestamp: String
    let messageId: String
    let line: Substring

    /// The person, where nobody signs up.
    var visitor: String { anonymousId ?? userId ?? "" }

    /// Seconds since 1970.
    var seconds: Double { Simulation.seconds(timestamp) ?? .nan }

    /// The number behind a key.
    func number(_ key: String) -> Double? {
      guard let range = line.range(of: "\"\(key)\":") else { return nil }
      return Double(line[range.upperBound...].prefix { $0.isNumber || $0 == "." })
    }

    /// The event of a canonical line, whose first values are all texts.
    init?(_ line: Substring) {
      let parts = line.utf8.split(
        separator: UInt8(ascii: "\""), maxSplits: 24, omittingEmptySubsequences: false)
      var values: [String: String] = [:]
      for index in stride(from: 1, to: parts.count - 2, by: 4) {
        let key = String(Substring(parts[index]))
        values[key] = String(Substring(parts[index + 2]))
        if key == "messageId" { break }
      }
      guard let name = values["event"], let timestamp = values["timestamp"],
        let messageId = values["messageId"], Simulation.seconds(timestamp) != nil
      else { return nil }
      self.name = name
      userId = values["userId"]
      anonymousId = values["anonymousId"]
      self.timestamp = timestamp
      self.messageId = messageId
      self.line = line
    }
  }

  /// Options that leave nothing but the events of persons.
  static let clean = ["--bots", "0", "--duplicates", "0", "--late", "0", "--broken", "0"]

  let text: String
  let lines: [Substring]

  /// Runs the program.
  init(_ options: [String]) throws {
    let outcome = try Programs.run("simulate", options)
    guard outcome.status == 0 else { throw SimulationError(text: outcome.errorText) }
    text = outcome.text
    lines = text.split(separator: "\n")
  }

  /// The lines as events; those without a time are left out.
  var events: [Event] { lines.compactMap { Event($0) } }

  /// The seconds from 1970 to `2026-03-13T10:21:14.123Z`, or `nil` where there is no such time.
  static func seconds(_ timestamp: String) -> Double? {
    let parts = timestamp.utf8.split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      .compactMap { Int(Substring($0)) }
    guard timestamp.utf8.count == 24, parts.count == 7, (1...12).contains(parts[1]),
      (1...31).contains(parts[2]), parts[3] < 24
    else { return nil }
    // The Julian day number, as Fliegel and Van Flandern compute it; 1970 begins with 2440588.
    let early = (14 - parts[1]) / 12
    let year = parts[0] + 4800 - early
    let month = parts[1] + 12 * early - 3
    let day =
      parts[2] + (153 * month + 2) / 5 + 365 * year + year / 4 - year / 100 + year / 400
      - 32_045 - 2_440_588
    let minutes = (day * 24 + parts[3]) * 60 + parts[4]
    return Double(minutes * 60 + parts[5]) + Double(parts[6]) / 1000
  }

  /// A line as a JSON object, or `nil`.
  static func object(_ line: Substring) -> [String: Any]? {
    try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
  }

  /// The first truth record of a name that these options print.
  static func truth(_ name: String, _ options: [String]) throws -> [String: Any] {
    let outcome = try Programs.run("simulate", options + ["--print-truth"])
    guard let record = outcome.records(name).first else {
      throw SimulationError(text: outcome.errorText)
    }
    return record
  }
}

/// Why a run gave nothing to look at.
struct SimulationError: Error {
  let text: String
}

/// Whether a share was hit within four standard errors.
func isWithinFourErrors(_ count: Int, of total: Int, probability: Double) -> Bool {
  let error = (probability * (1 - probability) * Double(total)).squareRoot()
  return abs(Double(count) - probability * Double(total)) <= 4 * error
}
