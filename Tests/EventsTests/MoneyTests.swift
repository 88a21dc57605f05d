import Events
import Records
import Testing

/// Where the money of an event stands.
@Suite("MoneyReader") struct MoneyTests {
  private static func money(_ line: String) throws -> String {
    var selection = Selection()
    let reader = MoneyReader(&selection)
    var scanner = Scanner(selection, check: .structure)
    let bytes = Array(line.utf8) + [ASCII.newline] + [UInt8](repeating: 0, count: 64)
    var fields = [Field](repeating: .absent, count: selection.count)
    _ = try scanner.scan(bytes.span, from: 0, into: &fields, at: 0)
    do {
      guard let money = try reader.money(fields, at: 0, in: bytes.span) else { return "none" }
      var text: [UInt8] = []
      money.amount.append(to: &text)
      return String(decoding: text + [ASCII.space] + money.currency, as: UTF8.self)
    } catch { return "\(error.reason) \(error.offset + 1)" }
  }

  @Test(
    "money is the revenue, else the total, else the value, with its currency",
    arguments: [
      (#"{"properties":{"value":3,"total":2,"revenue":1.50,"currency":"EUR"}}"#, "1.5 EUR"),
      (#"{"properties":{"value":3,"total":2,"currency":"EUR"}}"#, "2 EUR"),
      (#"{"properties":{"value":3}}"#, "3 "),
      (#"{"properties":{"revenue":null,"total":2}}"#, "2 "),
      (#"{"properties":{"revenue":"13.49","currency":"\u20ac"}}"#, "13.49 €"),
      (#"{"properties":{"revenue":-5,"currency":7}}"#, "-5 "),
      (#"{"properties":{"revenue":"five","value":3}}"#, "3 "),
      (#"{"properties":{"revenue":[1]}}"#, "none"),
      (#"{"properties":{}}"#, "none"), (#"{"properties":null}"#, "none"), ("{}", "none"),
      (#"{"revenue":5}"#, "none"), (#"{"context":{"revenue":5}}"#, "none"),
      (#"{"properties":{"a" 1,"revenue":5}}"#, "invalid JSON: expected ':' after the key 20"),
    ])
  func read(_ line: String, _ expected: String) throws {
    #expect(try Self.money(line) == expected)
  }
}
