import TestSupport
import Testing

@testable import Records

/// The scan of 64 bytes at a time says what the scan of every byte says.
@Suite("The end of nested values") struct NestedScanTests {
  private static let whole = [
    "{}", "[]", ",", ":", "|", "a", "\"plain text of some length\"", "\"ä€😀\"", "\"} ]\"",
    "\"\\\"}\\\\\"", "1.5e-7", " ", "\t",
  ]
  private static let damaging = [
    "{", "[", "}", "]", "\"", "\\\"", "\\", "\u{1}", "\r", "\"\\\u{1}\"", "\"\\\n\"",
  ]

  /// A value that is often balanced, with padding that has brackets of its own.
  private static func value(_ randomness: inout Randomness) -> [UInt8] {
    var text = randomness.happens(50) ? "{" : "["
    var open = text == "{" ? ["}"] : ["]"]
    for _ in 0..<randomness.number(0...60) {
      switch randomness.number(0...9) {
      case 0 where open.count > 1: text += open.removeLast()
      case 1, 2:
        let isObject = randomness.happens(50)
        text += isObject ? "{\"k\":" : "["
        open.append(isObject ? "}" : "]")
      case 3 where randomness.happens(10): text += randomness.one(of: damaging)
      default: text += randomness.one(of: whole)
      }
    }
    text += open.reversed().joined()
    return Array(text.utf8)
  }

  @Test("a backslash hides neither the end of the line nor a control byte", arguments: 40...140)
  func backslashBeforeControl(_ length: Int) {
    for control in ["\n", "\u{1}", "\t"] {
      let value = "[\"" + String(repeating: "a", count: length) + "\\" + control + "\"]"
      let bytes = Array(value.utf8) + [UInt8](repeating: 0, count: Scanner.paddingBytes)
      let end = Self.outcome { () throws(ScanError) in try nestedEnd(bytes.span, from: 0) }
      let exact = Self.outcome { () throws(ScanError) in try balancedEnd(bytes.span, from: 0) }
      #expect(end == exact && !end.hasPrefix("ends"), "\(end), not \(exact)")
    }
  }

  private static func outcome(_ body: () throws(ScanError) -> Int) -> String {
    do throws(ScanError) { return "ends at \(try body())" } catch {
      return "\(error.reason.rawValue) at \(error.offset)"
    }
  }

  @Test("both scans agree at every offset in a block", arguments: [1, 2, 3])
  func agree(_ seed: UInt64) {
    var randomness = Randomness(seed: seed)
    var ends = 0
    for round in 0..<4000 {
      let start = round % 70
      let value = Self.value(&randomness)
      let bytes =
        [UInt8](repeating: UInt8(ascii: "\""), count: start) + value + Array(",\"x\":\"}\"}\n".utf8)
        + [UInt8](repeating: round % 2 == 0 ? 0 : UInt8(ascii: "}"), count: Scanner.paddingBytes)
      let fast = Self.outcome { () throws(ScanError) in try nestedEnd(bytes.span, from: start) }
      let exact = Self.outcome { () throws(ScanError) in try balancedEnd(bytes.span, from: start) }
      if fast != exact {
        Issue.record("\(String(decoding: value, as: UTF8.self)) at \(start): \(fast), not \(exact)")
      }
      if fast == "ends at \(start + value.count)" { ends += 1 }
    }
    #expect(ends > 2000, "most of the values are whole")
  }

  @Test("escapes at the border of two blocks", arguments: 50...140)
  func escapesAtBorders(_ length: Int) {
    for escape in [#"\""#, #"\\"#, #"\\\""#, #"\"}\""#] {
      let text = String(repeating: "a", count: length) + escape
      let value = Array("{\"k\":\"\(text)]}\",\"n\":{}}".utf8)
      let bytes = value + [ASCII.newline] + [UInt8](repeating: 0, count: Scanner.paddingBytes)
      let end = Self.outcome { () throws(ScanError) in try nestedEnd(bytes.span, from: 0) }
      #expect(end == "ends at \(value.count)", "\(escape) behind \(length)")
    }
  }
}
