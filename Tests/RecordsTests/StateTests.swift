import Foundation
import Records
import TestSupport
import Testing

/// What a state is written with.
@Suite("State bytes") struct StateTests {
  private static func sample() -> StateWriter {
    var state = StateWriter()
    for number: UInt64 in [0, 1, 127, 128, 300, .max] { state.write(number) }
    for number in [0, -1, 1, -2, .min, .max] as [Int64] { state.write(number) }
    state.write(true)
    state.write(Moment.distantPast)
    state.write(Moment.distantFuture)
    state.write(Moment(milliseconds: -1))
    state.write(nil as Moment?)
    state.write(Moment(milliseconds: 1_767_225_600_000) as Moment?)
    state.write(word: 0x0123_4567_89AB_CDEF)
    state.write(Array("é".utf8))
    for name in ["a", "b", "a", "", "b"] { state.write(name: Array(name.utf8)) }
    return state
  }

  private static func read(_ bytes: [UInt8]) throws(StateError) {
    var state = StateReader(bytes)
    for number: UInt64 in [0, 1, 127, 128, 300, .max] { #expect(try state.number() == number) }
    for number in [0, -1, 1, -2, .min, .max] as [Int64] { #expect(try state.integer() == number) }
    #expect(try state.flag())
    #expect(try state.moment() == .distantPast)
    #expect(try state.moment() == .distantFuture)
    #expect(try state.moment() == Moment(milliseconds: -1))
    #expect(try state.momentIfAny() == nil)
    #expect(try state.momentIfAny() == Moment(milliseconds: 1_767_225_600_000))
    #expect(try state.word() == 0x0123_4567_89AB_CDEF)
    #expect(try state.text() == Array("é".utf8))
    for name in ["a", "b", "a", "", "b"] { #expect(try state.name() == Array(name.utf8)) }
    try state.finish()
  }

  @Test("numbers take seven bits a byte, signs are folded, names come once")
  func form() {
    var state = StateWriter()
    state.write(300 as UInt64)
    state.write(-2)
    state.write(name: [65])
    state.write(name: [65])
    #expect(state.bytes == [0xAC, 0x02, 0x03, 0, 1, 65, 0])
  }

  @Test("what was written is read back")
  func roundTrip() throws { try Self.read(Self.sample().bytes) }

  @Test("a state that is cut anywhere is an error, and so is one that goes on")
  func torn() {
    let bytes = Self.sample().bytes
    for count in bytes.indices {
      var state = StateReader(Array(bytes.prefix(count)))
      #expect(throws: StateError.self) { try Self.skip(&state) }
    }
    var state = StateReader(bytes + [0])
    #expect(throws: StateError("more is there than belongs there")) {
      try Self.skip(&state)
    }
  }

  /// Reads the sample without looking at the values.
  private static func skip(_ state: inout StateReader) throws(StateError) {
    for _ in 0..<6 { _ = try state.number() }
    for _ in 0..<6 { _ = try state.integer() }
    _ = try state.flag()
    for _ in 0..<3 { _ = try state.moment() }
    for _ in 0..<2 { _ = try state.momentIfAny() }
    _ = try state.word()
    _ = try state.text()
    for _ in 0..<5 { _ = try state.name() }
    try state.finish()
  }

  @Test("numbers out of range are errors, and a count takes no memory by itself")
  func ranges() {
    var long = StateReader([UInt8](repeating: 0xFF, count: 10))
    #expect(throws: StateError("a number is too long")) { try long.number() }
    var text = StateReader([0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 65])
    #expect(throws: StateError("a text ends early")) { try text.text() }
    var name = StateReader([7])
    #expect(throws: StateError("a name is not known")) { try name.name() }
    var flag = StateReader([2])
    #expect(throws: StateError("neither yes nor no")) { try flag.flag() }
    var count = StateReader([0x01])
    #expect(throws: StateError("a count is out of range")) { try count.count() }
    var state = StateWriter()
    state.write(UInt64.max)
    var time = StateReader(state.bytes)
    #expect(throws: StateError("a time is out of range")) { try time.moment() }
  }

  @Test("base64 is that of RFC 4648")
  func base64Text() {
    // RFC 4648 §10.
    for (text, expected) in [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ] {
      #expect(base64(Array(text.utf8)) == Array(expected.utf8))
      #expect(bytes(base64: Array(expected.utf8)[...]) == Array(text.utf8))
    }
    var randomness = Randomness(seed: 1)
    for count in 0..<200 {
      let some = (0..<count).map { _ in UInt8(truncatingIfNeeded: randomness.next()) }
      let text = base64(some)
      #expect(text == Array(Data(some).base64EncodedString().utf8))
      #expect(bytes(base64: text[...]) == some)
    }
  }

  @Test(
    "what base64 did not write is none",
    arguments: ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "=Zg=", "Zg==Zg==", "Zm 8", "Zm8-", "Z==="])
  func noBase64(_ text: String) { #expect(bytes(base64: Array(text.utf8)[...]) == nil) }
}
