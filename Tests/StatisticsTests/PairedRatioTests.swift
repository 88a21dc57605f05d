import Statistics
import Testing

/// Growth between two counts of the same persons.
@Suite struct PairedRatioTests {
  /// The worked example of net growth: 10,000 at the start, 12,000 at the end.
  @Test func growthByHand() throws {
    let change = PairedRatio(stayed: 7000, came: 5000, left: 3000)
    #expect(change.growth == 0.2)
    let interval = try #require(change.interval())
    // ln 1.2 ± 1.959964 × √(8000 ÷ 120,000,000)
    #expect(abs(interval.low - 0.1809497) < 1e-6)
    #expect(abs(interval.high - 0.2193578) < 1e-6)
  }

  @Test func nothingAtOneEnd() {
    #expect(PairedRatio(stayed: 0, came: 3, left: 0).growth == nil)
    #expect(PairedRatio(stayed: 0, came: 3, left: 0).interval() == nil)
    #expect(PairedRatio(stayed: 0, came: 0, left: 4).growth == -1)
    #expect(PairedRatio(stayed: 0, came: 0, left: 4).interval() == nil)
    #expect(PairedRatio(stayed: 9, came: 0, left: 0).interval() == Interval(low: 0, high: 0))
  }

  /// Of persons who come and go by chance the interval holds the true growth in 95 of 100 runs.
  @Test func coverage() throws {
    var random = Randomness(seed: 11)
    var held = 0
    for _ in 0..<2000 {
      var change = PairedRatio(stayed: 0, came: 0, left: 0)
      for _ in 0..<400 {
        let isBefore = random.next() % 10 < 5
        let isNow = random.next() % 10 < (isBefore ? 7 : 3)
        if isBefore, isNow { change.stayed += 1 }
        if !isBefore, isNow { change.came += 1 }
        if isBefore, !isNow { change.left += 1 }
      }
      // 0.5 × 0.7 + 0.5 × 0.3 = 0.5: no growth.
      if try #require(change.interval()).contains(0) { held += 1 }
    }
    #expect((1870...1930).contains(held), "\(held)")
  }
}
