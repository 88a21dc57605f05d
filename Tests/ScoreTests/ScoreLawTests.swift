import TestSupport
import Testing

/// Any order of the lines gives the same bytes.
@Suite struct ScoreLawTests {
  private static let names = [
    "Page Viewed", "Product Viewed", "Order Completed", "Order Refunded", "Email Delivered",
    "Email Opened", "Ticket Opened", "Ticket Solved", "Survey Answered", "Payment Failed",
    "Invoice Paid", "Signed Up", "Searched", "Downloaded",
  ]

  /// A line whose time is one of ninety in half of the cases, with one id or two that are linked.
  private static func line(
    _ number: Int, _ generator: inout SystemRandomNumberGenerator
  ) -> String {
    let person = Int.random(in: 0..<40, using: &generator)
    let visitor = Int.random(in: 0..<40, using: &generator)
    let ids =
      switch Int.random(in: 0..<8, using: &generator) {
      case 0...2: #""anonymousId":"a\#(visitor)""#
      case 3: #""userId":"u\#(person)","anonymousId":"a\#(person)""#
      default: #""userId":"u\#(person)""#
      }
    let day = Int.random(in: 1...90, using: &generator)
    let isTied = Bool.random(using: &generator)
    let second = isTied ? 0 : Int.random(in: 0..<86_400, using: &generator)
    let time = 1_767_225_600 + day * 86_400 + second
    let cents = Int.random(in: -500...50_000, using: &generator)
    let currency = ["EUR", "USD", "usd"].randomElement(using: &generator) ?? ""
    let channel =
      ["web", "mobile", "email", "shop", "other"].randomElement(using: &generator) ?? ""
    let name = names.randomElement(using: &generator) ?? ""
    let properties =
      #"{"revenue":\#(Double(cents) / 100),"currency":"\#(currency)","score":\#(abs(cents) % 11)}"#
    return #"{"event":"\#(name)",\#(ids),"timestamp":\#(time),"channel":"\#(channel)","#
      + #""number":\#(number),"properties":\#(properties)}"#
  }

  @Test(
    arguments: [
      [], ["--top", "7"], ["--as-of", "2026-03-01"], ["--no-link"], ["--by", "channel"],
      ["--by", "channel", "--by-limit", "2", "--top", "3"], ["--value", "bg-nbd"],
      ["--rfm-ties", "split", "--rfm-nested"],
      ["--value", "pareto-nbd", "--by", "channel", "--horizon", "45d"],
    ])
  func shuffledInput(_ arguments: [String]) throws {
    var generator = SystemRandomNumberGenerator()
    let lines = (0..<1500).map { Self.line($0, &generator) }
    let whole = try score(arguments, over: lines)
    #expect(whole.status == 0)
    #expect(whole.records("score").count > 5)
    for _ in 0..<4 {
      #expect(try score(arguments, over: lines.shuffled(using: &generator)).text == whole.text)
    }
  }
}
