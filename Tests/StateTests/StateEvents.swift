import TestSupport

/// Events for the laws of states: few persons with many links, equal times, money and signals.
enum StateEvents {
  private static let names = [
    "A", "B", "C", "Page Viewed", "Order Completed", "Order Refunded", "Email Delivered",
    "Ticket Opened", "Ticket Solved", "Survey Answered", "Payment Failed", "Invoice Paid", "Login",
  ]
  private static let values = [
    #""pro""#, #""free""#, "null", #""größe""#, "7", "7.25", "true", #"{"a":[1,2.5,"x"]}"#,
    #"["p","q"]"#, "123456789012345678901234567890123456789012345", "1e20",
  ]

  /// Lines with their newline.
  static func lines(
    _ count: Int, seed: UInt64, persons: Int = 40, isSorted: Bool = false
  ) -> [String] {
    var randomness = Randomness(seed: seed)
    var events = (0..<count).map { number in
      let second =
        randomness.happens(40)
        ? randomness.number(0...60) * 86_400 : randomness.number(0...5_200_000)
      return (second, line(number, second, persons, &randomness))
    }
    // With a little disorder, as streams have.
    if isSorted { events.sort { $0.0 / 7200 < $1.0 / 7200 } }
    return events.map(\.1)
  }

  private static func line(
    _ number: Int, _ second: Int, _ persons: Int, _ randomness: inout Randomness
  ) -> String {
    if randomness.happens(2) { return randomness.one(of: ["nonsense\n", "\n", "{}\n"]) }
    let person = randomness.number(0...persons - 1)
    let other = randomness.number(0...persons - 1)
    let ids =
      switch randomness.number(0...19) {
      case 0...9: #""userId":"u\#(person)""#
      case 10...14: #""anonymousId":"a\#(other)""#
      case 15: #""userId":"u\#(person)","anonymousId":"a\#(person)""#
      case 16: #""userId":"u\#(person)","anonymousId":"z\#(other % 7)\#(number % 3)""#
      case 17: #""type":"alias","userId":"u\#(person)","previousId":"p\#(other)""#
      case 18: #""anonymousId":"p\#(other)""#
      default: #""traits":{}"#
      }
    let bot = randomness.happens(3) ? #","bot":true"# : ""
    let message = randomness.happens(50) ? #","messageId":"m\#(number)""# : ""
    let channel = randomness.one(of: ["web", "email", "shop", "fax"])
    let currency = randomness.one(of: ["EUR", "usd", ""])
    let cents = randomness.number(-500...50_000)
    let properties =
      #""plan":\#(randomness.one(of: values)),"n":\#(number % 7),"revenue":\#(Double(cents) / 100)"#
      + #","currency":"\#(currency)","score":\#(abs(cents) % 11)"#
    return
      #"{"event":"\#(randomness.one(of: names))",\#(ids),"timestamp":\#(1_767_225_600 + second)"#
      + #","channel":"\#(channel)","properties":{\#(properties)}\#(bot)\#(message)}"# + "\n"
  }

  /// Lines divided into parts, those of one person all in one part.
  static func parts(_ lines: [String], _ count: Int) -> [[String]] {
    // Ids are joined by a pass over all lines, until nothing changes any more.
    var parts: [String: Int] = [:]
    let ids = lines.map { line in
      line.matches(of: /"(?:userId|anonymousId|previousId)":"([^"]*)"/).map { String($0.1) }
    }
    for id in ids.joined() where parts[id] == nil { parts[id] = parts.count }
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for group in ids where group.count > 1 {
        let least = group.compactMap { parts[$0] }.min()
        for id in group where parts[id] != least {
          parts[id] = least
          hasChanged = true
        }
      }
    }
    var divided = [[String]](repeating: [], count: count)
    for (number, line) in lines.enumerated() {
      divided[(ids[number].first.flatMap { parts[$0] } ?? number) % count].append(line)
    }
    return divided
  }
}
