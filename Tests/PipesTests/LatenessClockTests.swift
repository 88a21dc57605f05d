import Records
import Testing

@testable import Pipes

/// The clock that decides which events are late and when they are folded.
@Suite("Lateness clock") struct LatenessClockTests {
  private static func clock(_ words: [String]) throws -> LatenessClock {
    let lateness = try Lateness(Arguments(words, for: sampleProgram), of: "lateness")
    return LatenessClock(try #require(lateness))
  }

  private static func moment(_ milliseconds: Int64) -> Moment {
    Moment(milliseconds: milliseconds)
  }

  @Test("late is what is older than the newest by more than the lateness")
  func late() throws {
    var clock = try Self.clock(["--lateness", "1s"])
    var ahead = 0
    #expect(clock.excess(of: Self.moment(-5)) == nil)
    _ = clock.advance(to: Self.moment(10_000), ahead: &ahead)
    _ = clock.advance(to: Self.moment(9500), ahead: &ahead)
    #expect(clock.excess(of: Self.moment(9000)) == nil)
    #expect(clock.excess(of: Self.moment(8999)) == 1)
    #expect(ahead == 0)
    let lateness = try Lateness(
      Arguments(["--lateness", "1s"], for: sampleProgram), of: "lateness")
    #expect(lateness?.reason(excess: 1) == "later than --lateness 1s by 0.001 s")
    #expect(lateness?.reason(excess: 60_500) == "later than --lateness 1s by 60.500 s")
  }

  @Test("one event moves the clock by --max-jump at most, and is counted where it wants more")
  func jumps() throws {
    var clock = try Self.clock(["--lateness", "0s", "--max-jump", "10s"])
    var ahead = 0
    for (moment, expected) in [
      (1000, 0), (11_000, 0), (21_001, 1), (21_000, 1), (900_000, 2), (900_000, 3), (31_000, 3),
    ] as [(Int64, Int)] {
      _ = clock.advance(to: Self.moment(moment), ahead: &ahead)
      #expect(ahead == expected, "\(moment)")
    }
    #expect(clock.excess(of: Self.moment(40_999)) == 1)
    #expect(clock.excess(of: Self.moment(41_000)) == nil)
    #expect(
      try Lateness(Arguments(["--lateness", "1h"], for: sampleProgram), of: "lateness")?
        .maxJumpMilliseconds == 86_400_000)
  }

  @Test("events are folded two latenesses behind the clock, in whole steps, each step once")
  func folding() throws {
    var clock = try Self.clock(["--lateness", "10m"])
    var ahead = 0
    var foldings: [Int64] = []
    for minute in stride(from: 0, through: 100, by: 1) as StrideThrough<Int64> {
      if let moment = clock.advance(to: Self.moment(minute * 60_000), ahead: &ahead) {
        #expect(moment.milliseconds <= (minute - 20) * 60_000)
        foldings.append(moment.milliseconds / 60_000)
      }
    }
    #expect(foldings == [-20, -10, 0, 10, 20, 30, 40, 50, 60, 70, 80])
    // Steps are a minute at least, so that a small lateness does not fold at each event.
    var small = try Self.clock(["--lateness", "1ms"])
    #expect(small.advance(to: Self.moment(90_000), ahead: &ahead)?.milliseconds == 60_000)
    #expect(small.advance(to: Self.moment(120_001), ahead: &ahead) == nil)
    #expect(small.advance(to: Self.moment(120_002), ahead: &ahead)?.milliseconds == 120_000)
  }

  @Test("without --lateness there is no clock")
  func none() throws {
    #expect(try Lateness(Arguments([], for: sampleProgram), of: "lateness") == nil)
  }
}
