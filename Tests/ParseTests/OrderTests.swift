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
  private static func cents(_ text: Substring) -> Int {
    let digits = text.drop { $0 == "-" }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let decimals =
      parts.count > 1 ? parts[1].padding(toLength: 2, withPad: "0", startingAt: 0) : "00"
    let value = (Int(parts[0]) ?? 0) * 100 + (Int(decimals) ?? 0)
    return text.hasPrefix("-") ? -value : value
  }

  /// A million orders, and fewer where the long tests are not asked for.
  @Test func revenueAddsUp() throws {
    var randomness = Randomness(seed: 6)
    let count = isTorture ? 1_000_000 : 20_000
    var text = ""
    var expected = 0
    for number in 0..<count {
      let (line, cents) = Self.order(number, &randomness)
      expected += cents
      text += line + "\n"
      // Webhooks come again.
      if randomness.happens(10) { text += line + "\n" }
    }
    let outcome = try parse(["--from", "shopify", "--dedupe", "7d"], text)
    let sum = outcome.text.matches(of: /"revenue":(-?[0-9.]+)/).reduce(0) { $0 + Self.cents($1.1) }
    #expect(sum == expected)
    let orders = outcome.text.matches(of: /"event":"Order Completed"/).count
    #expect(orders == count)
    expectBalance(outcome)
  }
}
