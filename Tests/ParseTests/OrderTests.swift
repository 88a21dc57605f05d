import Foundation
import TestSupport
import Testing

/// Money of orders adds up to the cent, whatever comes twice.
@Suite struct OrderTests {
  /// An order of Shopify with line items and refunds, as text, and what it is worth in cents.
  private static func order(_ number: Int, _ randomness: inout Randomness) -> (String, Int) {
    func money(_ cents: Int) -> String {
      "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }
    var total = 0
    let items = (0..<randomness.number(1...3)).map { item in
      let (cents, quantity) = (randomness.number(1...99_999), randomness.number(1...4))
      total += cents * quantity
      return
        #"{"id":\#(item),"product_id":\#(item),"price":"\#(money(cents))","quantity":\#(quantity)}"#
    }
    var left = total
    let refunds = (0..<(randomness.happens(20) ? randomness.number(1...2) : 0)).map { refund in
      let cents = randomness.number(0...left)
      left -= cents
      return #"{"id":\#(refund),"created_at":"2026-03-14T00:00:00Z","transactions":["#
        + #"{"kind":"refund","status":"success","amount":"\#(money(cents))"},"#
        + #"{"kind":"refund","status":"failure","amount":"9.99"}]}"#
    }
    let text =
      #"{"id":\#(number),"created_at":"2026-03-13T10:21:14Z","financial_status":"paid","#
      + #""currency":"EUR","total_price":"\#(money(total))","customer":{"id":\#(number % 997)},"#
      + #""line_items":[\#(items.joined(separator: ","))],"#
      + #""refunds":[\#(refunds.joined(separator: ","))]}"#
    return (text, left)
  }

  /// The cents of a number of at most two decimals.
  private static func cents(_ text: Data) -> Int {
    var value = 0
    var decimals: Int?
    for byte in text where byte != UInt8(ascii: "-") {
      if byte == UInt8(ascii: ".") {
        decimals = 0
      } else {
        value = value * 10 + Int(byte) - 48
        decimals = decimals.map { $0 + 1 }
      }
    }
    for _ in (decimals ?? 0)..<2 { value *= 10 }
    return text.first == UInt8(ascii: "-") ? -value : value
  }

  /// Hands what stands behind each place of a text, up to a comma or brace, to a closure.
  private static func forEach(_ text: String, in output: Data, _ body: (Data) -> Void) {
    let wanted = Data(text.utf8)
    var rest = output.startIndex..<output.endIndex
    while let found = output.range(of: wanted, in: rest) {
      let value = output[found.upperBound...].prefix {
        $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}")
      }
      body(value)
      rest = value.endIndex..<output.endIndex
    }
  }

  /// The small version of `Tests/differential/orders.py`, which takes a million.
  @Test func revenueAddsUp() throws {
    var randomness = Randomness(seed: 6)
    let count = 3000
    var text = Data()
    var expected = 0
    for number in 0..<count {
      let (line, cents) = Self.order(number, &randomness)
      expected += cents
      text.append(contentsOf: (line + "\n").utf8)
      // Webhooks come again.
      if randomness.happens(10) { text.append(contentsOf: (line + "\n").utf8) }
    }
    let outcome = try Programs.run("parse", ["--from", "shopify", "--dedupe", "7d"], input: text)
    var (sum, orders) = (0, 0)
    Self.forEach("\"revenue\":", in: outcome.output) { sum += Self.cents($0) }
    Self.forEach("\"event\":\"Order Completed\"", in: outcome.output) { _ in orders += 1 }
    #expect(sum == expected)
    #expect(orders == count)
    expectBalance(outcome)
  }
}
