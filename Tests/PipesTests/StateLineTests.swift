import Records
import Testing

@testable import Pipes

/// The lines that checkpoints and partial results are made of.
@Suite("State lines") struct StateLineTests {
  private static func line() -> [UInt8] {
    var text: [UInt8] = []
    _ = StateLine.write(
      .persons, persons: 2, of: "funnel", options: "00000000000000aa", [1, 2, 3, 250], to: &text)
    return Array(text.dropLast())
  }

  @Test("a line is one record of JSON that says what it is")
  func form() throws {
    let text = String(decoding: Self.line(), as: UTF8.self)
    #expect(
      text.hasPrefix(
        #"{"record":"funnel.partial","version":3,"options":"00000000000000aa","part":"persons","#
          + #""persons":2,"state":"AQID+g==","check":""#))
    let read = try StateLine(Self.line(), of: "funnel")
    #expect(read.part == .persons)
    #expect(read.persons == 2)
    #expect(read.state == [1, 2, 3, 250])
  }

  @Test("a line that is cut, or of which one byte is another, is refused")
  func damaged() {
    let line = Self.line()
    for count in line.indices {
      #expect(throws: StateError.self) { try StateLine(Array(line[..<count]), of: "funnel") }
    }
    for index in line.indices {
      for bit in 0..<8 {
        var changed = line
        changed[index] ^= 1 << UInt8(bit)
        #expect(throws: StateError.self) { try StateLine(changed, of: "funnel") }
      }
    }
    #expect(throws: StateError.self) { try StateLine(line + [32], of: "funnel") }
  }

  @Test("a line of another program or version is refused with the reason")
  func foreign() {
    #expect(throws: StateError("it is no state of score")) {
      try StateLine(Self.line(), of: "score")
    }
    let old = String(decoding: Self.line(), as: UTF8.self)
      .replacing("\"version\":3", with: "\"version\":0")
    #expect(throws: StateError("it has version 0 of the form, this program version 3")) {
      try StateLine(Array(old.utf8), of: "funnel")
    }
  }
}
