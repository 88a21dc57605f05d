import Statistics
import Testing

/// Ranks among numbers that come and go equal those of a sorted list.
@Suite struct RankedCountsTests {
  @Test func equalsASortedList() {
    var random = Randomness(seed: 5)
    for span in [3, 50, 5000, 1 << 21] {
      var ranks = RankedCounts()
      var numbers: [Int] = []
      for _ in 0..<400 {
        if random.next() % 3 == 0, let gone = numbers.indices.randomElement(using: &random) {
          ranks.remove(numbers.remove(at: gone))
        } else {
          numbers.append(Int(random.next() % UInt64(2 * span)) - span)
          ranks.add(numbers[numbers.count - 1])
        }
        let asked = Int(random.next() % UInt64(2 * span)) - span
        for number in [asked, numbers.first ?? 0] {
          #expect(ranks.below(number) == numbers.count { $0 < number })
          #expect(ranks.equal(number) == numbers.count { $0 == number })
        }
        #expect(ranks.count == numbers.count)
      }
    }
  }

  @Test func whatIsNotThereIsNotTakenAway() {
    var ranks = RankedCounts()
    ranks.remove(7)
    ranks.add(7)
    ranks.remove(8)
    #expect(ranks.count == 1)
    #expect(ranks.below(8) == 1)
    ranks.add(.max)
    ranks.add(.min)
    #expect(ranks.below(.max) == 2)
  }

  @Test func binsKeepTheOrder() {
    var last = RankedCounts.bin(of: -5)
    #expect(RankedCounts.bin(of: 0) == last)
    for value in [1e-30, 0.01, 0.5, 1, 1.5, 100, 1e30, .infinity] {
      #expect(RankedCounts.bin(of: value) > last)
      last = RankedCounts.bin(of: value)
    }
  }
}
