import Records
import TestSupport
import Testing

@testable import Pipes

/// Events that wait until no earlier one can come.
@Suite("Reordering") struct ReorderTests {
  private static let program = Program(
    name: "test", summary: "", discussion: "", family: .annotate, options: [], examples: [])

  private static func buffer(_ words: String...) throws -> ReorderBuffer {
    try #require(try ReorderBuffer(Arguments(words, for: program)))
  }

  private static func event(
    _ second: Int, _ messageId: Int? = 0, _ line: String = ""
  ) -> ReorderBuffer.Held {
    let id = messageId.map { "\($0)" } ?? ""
    return ReorderBuffer.Held(
      time: Moment(milliseconds: Int64(second) * 1000), line: Array((id + line).utf8),
      messageId: 0..<id.count, file: "-", number: second, offset: second)
  }

  /// Passes events through; the ones that are late are left out.
  private static func pass(
    _ events: [ReorderBuffer.Held], _ buffer: ReorderBuffer
  ) -> (passed: [ReorderBuffer.Held], late: Int, ahead: Int) {
    var (buffer, passed, late, ahead) = (buffer, [ReorderBuffer.Held](), 0, 0)
    for event in events {
      if buffer.refusal(of: event.time) != nil {
        late += 1
        continue
      }
      buffer.hold(event, ahead: &ahead)
      while let next = buffer.next() { passed.append(next) }
    }
    while let next = buffer.nextOfRest() { passed.append(next) }
    return (passed, late, ahead)
  }

  @Test("any order of arrival within the duration leaves in the order of time and messageId")
  func sorts() throws {
    var randomness = Randomness(seed: 1)
    let sorted = (0..<500).map { Self.event($0 / 2, $0 % 2) }
    let buffer = try Self.buffer("--reorder", "20s")
    for _ in 0..<20 {
      // Each event is at most 10 s from its place, so none is later than 20 s.
      let delayed = sorted.map { (at: $0.number + randomness.number(0...10), event: $0) }
        .sorted { $0.at < $1.at }
      let result = Self.pass(delayed.map(\.event), buffer)
      #expect(result.passed == sorted)
      #expect(result.late == 0)
    }
  }

  @Test("of one time those without a messageId leave first, then by messageId, then by the line")
  func ties() throws {
    let sorted = [
      Self.event(1, nil, "a"), Self.event(1, nil, "ab"), Self.event(1, nil, "b"),
      Self.event(1, 1, "z"), Self.event(1, 10, "a"), Self.event(1, 2, "a"), Self.event(1, 2, "b"),
    ]
    var randomness = Randomness(seed: 2)
    for _ in 0..<20 {
      let result = Self.pass(sorted.shuffled(using: &randomness), ReorderBuffer(nil))
      #expect(result.passed == sorted)
    }
  }

  @Test("an event leaves as soon as no earlier one can come, not before")
  func leaves() throws {
    var buffer = try Self.buffer("--reorder", "10s")
    var ahead = 0
    buffer.hold(Self.event(100), ahead: &ahead)
    buffer.hold(Self.event(110), ahead: &ahead)
    #expect(buffer.next() == nil)
    #expect(buffer.refusal(of: Moment(milliseconds: 100_000)) == nil)
    #expect(
      buffer.refusal(of: Moment(milliseconds: 99_999)) == "later than --reorder 10s by 0.001 s")
    buffer.hold(Self.event(111), ahead: &ahead)
    #expect(buffer.next()?.number == 100)
    #expect(buffer.next() == nil)
  }

  @Test("an event of the year 2099 makes no other late")
  func ahead() throws {
    let buffer = try Self.buffer("--reorder", "1h", "--max-jump", "10s")
    let far = Self.event(4_070_908_800)
    let result = Self.pass([Self.event(0), far, Self.event(5), Self.event(8)], buffer)
    #expect(result.passed.map(\.number) == [0, 5, 8, far.number])
    #expect(result.late == 0)
    #expect(result.ahead == 1)
  }

  @Test("what waits is in the state")
  func state() throws {
    let buffer = try Self.buffer("--reorder", "20s")
    let events = [5, 3, 9, 4, 40, 21, 33].map { Self.event($0, $0) }
    let whole = Self.pass(events, buffer)
    for cut in events.indices {
      var (first, passed, ahead) = (buffer, [ReorderBuffer.Held](), 0)
      for event in events[..<cut] where first.refusal(of: event.time) == nil {
        first.hold(event, ahead: &ahead)
        while let next = first.next() { passed.append(next) }
      }
      var second = buffer
      var lines: [[UInt8]] = []
      first.encode { lines.append($0.bytes) }
      for line in lines {
        var state = StateReader(line)
        try second.decode(&state)
        try state.finish()
      }
      #expect(passed + Self.pass(Array(events[cut...]), second).passed == whole.passed)
    }
  }
}
