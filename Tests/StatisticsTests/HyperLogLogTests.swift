import Statistics
import Testing

/// An estimate of how many different hashes there were.
@Suite("HyperLogLog") struct HyperLogLogTests {
  /// The registers' ranks, counted, after so many random hashes.
  private static func counts(_ hashes: Int, seed: UInt64) -> [Int] {
    var random = Randomness(seed: seed)
    var ranks = [Int](repeating: 0, count: HyperLogLog.registerCount)
    for _ in 0..<hashes {
      let hash = random.next()
      let register = HyperLogLog.register(of: hash)
      ranks[register] = max(ranks[register], HyperLogLog.rank(of: hash))
    }
    var counts = [Int](repeating: 0, count: HyperLogLog.rankMax + 1)
    for rank in ranks { counts[rank] += 1 }
    return counts
  }

  @Test(
    "is unbiased, with the standard error of the theory",
    arguments: [300, 1000, 3000, 5000, 10_000, 100_000])
  func error(_ hashes: Int) {
    let runs = 60
    let errors = (0..<runs).map { run in
      HyperLogLog.estimate(Self.counts(hashes, seed: UInt64(run) << 32)) / Double(hashes) - 1
    }
    let mean = errors.reduce(0, +) / Double(runs)
    let deviation = (errors.map { $0 * $0 }.reduce(0, +) / Double(runs)).squareRoot()
    // 1.04 / √2048 = 0.023; of the mean √60 times less.
    #expect(abs(mean) < 0.023 / 60.0.squareRoot() * 4, "\(hashes): \(mean)")
    #expect(deviation < 0.023 * 1.35, "\(hashes): \(deviation)")
  }

  @Test("knows the ends: no hash, and every register at its highest rank")
  func ends() {
    #expect(HyperLogLog.estimate(Self.counts(0, seed: 0)) == 0)
    #expect(HyperLogLog.rank(of: 0) == HyperLogLog.rankMax)
    #expect(HyperLogLog.rank(of: .max) == 1)
    #expect(HyperLogLog.register(of: .max) == HyperLogLog.registerCount - 1)
    var counts = [Int](repeating: 0, count: HyperLogLog.rankMax + 1)
    counts[HyperLogLog.rankMax] = HyperLogLog.registerCount
    #expect(HyperLogLog.estimate(counts) > 1e18)
  }
}
