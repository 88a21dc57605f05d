import TestSupport

/// Runs `score` over lines.
func score(_ arguments: [String] = [], over lines: [String]) throws -> Outcome {
  try Programs.run("score", arguments, text: lines.map { $0 + "\n" }.joined())
}

extension Outcome {
  /// The one record of a person.
  func person(_ id: String) -> [String: Any]? {
    records("score").first { $0["userId"] as? String == id || $0["anonymousId"] as? String == id }
  }
}

/// An event as a line; `rest` is more JSON fields.
func event(_ name: String, _ user: String, _ day: String, _ rest: String = "") -> String {
  #"{"event":"\#(name)","userId":"\#(user)","timestamp":"\#(day)T12:00:00.000Z"\#(rest)}"#
}

/// A purchase as a line.
func order(_ user: String, _ day: String, _ amount: String, _ currency: String = "EUR") -> String {
  event(
    "Order Completed", user, day,
    #","properties":{"revenue":\#(amount),"currency":"\#(currency)"}"#)
}
