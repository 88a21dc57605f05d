import TestSupport

/// Events for the promises, the same in each run.
enum Stream {
  /// One event.
  static func event(_ number: Int = 0) -> String {
    #"{"event":"Product Viewed","userId":"u\#(number)","timestamp":"2026-03-01T00:00:00.\#(100 + number % 900)Z","extra":{"kept": [1,"é"]}}"#
      + "\n"
  }

  /// Many events of some persons, with ids that link, equal times, and a few bots and bad lines.
  static func mixed(_ count: Int, seed: UInt64) -> [String] {
    var randomness = Randomness(seed: seed)
    return (0..<count).map { number in
      let person = randomness.number(0...count / 12)
      var ids = ""
      switch randomness.number(0...9) {
      case 0...4: ids = "\"userId\":\"u\(person)\""
      case 5...7: ids = "\"anonymousId\":\"a\(randomness.number(0...count / 12))\""
      case 8: ids = "\"userId\":\"u\(person)\",\"anonymousId\":\"a\(person)\""
      default: ids = "\"traits\":{}"
      }
      let name = randomness.one(of: ["A", "B", "C", "X"])
      // Half of the times are one of 20 moments: many are equal.
      let second =
        randomness.happens(50) ? randomness.number(0...19) * 600 : randomness.number(0...14_399)
      let time = "2026-03-01T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
      let plan = randomness.one(of: ["\"pro\"", "\"free\"", "null", "\"größe\"", "7"])
      let bot = randomness.happens(3) ? ",\"bot\":true" : ""
      let message = randomness.happens(50) ? ",\"messageId\":\"m\(number)\"" : ""
      let channel = randomness.one(of: ["web", "email"])
      return "{\"event\":\"\(name)\",\(ids),\"timestamp\":\"\(time)\",\"channel\":\"\(channel)\""
        + ",\"properties\":{\"plan\":\(plan),\"n\":\(number % 7)}\(bot)\(message)}\n"
    }
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
