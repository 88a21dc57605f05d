import Testing

@testable import Records

/// Well-formed UTF-8 by table 3-7 of the Unicode Standard, against the standard library.
@Suite("UTF-8") struct UTF8Tests {
  private static let edges: [UInt8] = [0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]

  private static func isValid(_ bytes: some Sequence<UInt8>) -> Bool {
    String(validating: Array(bytes), as: UTF8.self) != nil
  }

  /// Checks the verdict on a sequence at an offset of a longer text.
  private static func check(_ sequence: [UInt8], behind before: Int) -> Bool {
    let text = [UInt8](repeating: 0x61, count: before) + sequence + Array("tail".utf8)
    let bad = firstInvalidUTF8(padded(text).span, from: 0, to: text.count)
    guard let bad else { return isValid(text) }
    // What comes before is well formed, and nothing that begins there is.
    return isValid(text[..<bad])
      && (1...4).allSatisfy { !isValid(text[bad..<min(bad + $0, text.count)]) }
  }

  @Test("sequences of one and two bytes are judged as the standard library judges them")
  func short() {
    for first in UInt8.min...UInt8.max {
      if !Self.check([first], behind: 0) { Issue.record("\(first)") }
      for second in Self.edges where !Self.check([first, second], behind: 7) {
        Issue.record("\(first) \(second)")
      }
    }
  }

  @Test("sequences of three and four bytes are judged alike at every edge of the table")
  func long() {
    let leads: [UInt8] = [
      0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]
    for first in leads {
      for second in Self.edges {
        for third in Self.edges {
          for fourth in Self.edges
          where !Self.check([first, second, third, fourth], behind: Int(first) % 9) {
            Issue.record("\(first) \(second) \(third) \(fourth)")
          }
        }
      }
    }
  }

  @Test("a sequence that the end cuts off is refused at its first byte")
  func cut() {
    let text = Array("größe €😀".utf8)
    let bytes = padded(text)
    for end in 0...text.count {
      let bad = firstInvalidUTF8(bytes.span, from: 0, to: end)
      #expect((bad == nil) == Self.isValid(text[..<end]), "\(end)")
    }
  }
}
