import Statistics
import Testing

/// Groups of points, scales and the index that compares groups.
@Suite struct KMeansTests {
  @Test func groupsByHand() {
    let found = KMeans([[0, 0], [0, 1], [9, 9], [9, 8], [0, 0.5]], groups: 2)
    #expect(found.members == [0, 0, 1, 1, 0])
    #expect(found.centres == [[0, 0.5], [9, 8.5]])
    #expect(found.inertia == 1)
  }

  @Test func edges() {
    #expect(KMeans([], groups: 3).members.isEmpty)
    #expect(KMeans([[1], [1], [1]], groups: 3).members == [0, 0, 0])
    #expect(KMeans([[5]], groups: 4).centres == [[5]])
    #expect(KMeans([[1], [2], [3]], groups: 3).inertia == 0)
  }

  /// Of few points the best division is known by trying all of them.
  @Test func findsTheBestDivision() {
    var random = Randomness(seed: 9)
    var best = 0
    for _ in 0..<100 {
      let points = (0..<8).map { _ in
        [Double(random.next() % 100), Double(random.next() % 100)]
      }
      let found = KMeans(points, groups: 2)
      var least = Double.infinity
      for bits in 1..<255 {
        var sum = 0.0
        for side in 0...1 {
          let group = points.indices.filter { bits >> $0 & 1 == side }.map { points[$0] }
          for dimension in 0..<2 {
            let mean = group.map { $0[dimension] }.reduce(0, +) / Double(group.count)
            sum += group.map { ($0[dimension] - mean) * ($0[dimension] - mean) }.reduce(0, +)
          }
        }
        least = min(least, sum)
      }
      #expect(found.inertia >= least - 1e-6)
      if found.inertia <= least + 1e-6 { best += 1 }
    }
    // Lloyd ends where no single move helps; ten beginnings miss the best end seldom.
    #expect(best >= 90, "\(best)")
  }

  @Test func scalesByHand() {
    let scale = Standardization([[1, 100, 7], [3, 300, 7]])
    #expect(scale.means == [2, 200, 7])
    let point = scale.apply([3, 100, 7])
    #expect(abs(point[0] - 0.5.squareRoot()) < 1e-15 && abs(point[1] + 0.5.squareRoot()) < 1e-15)
    #expect(point[2] == 0)
    #expect(Standardization([]).apply([]).isEmpty)
  }

  /// Values of scikit-learn's adjusted_rand_score.
  @Test func randIndex() {
    #expect(adjustedRandIndex([0, 0, 1, 1], [5, 5, 7, 7]) == 1)
    #expect(abs(adjustedRandIndex([0, 0, 1, 1], [0, 1, 0, 1]) + 0.5) < 1e-12)
    #expect(abs(adjustedRandIndex([0, 0, 1, 2], [0, 0, 1, 1]) - 0.571_428_571_428_571_5) < 1e-12)
    #expect(adjustedRandIndex([0, 0, 0], [1, 1, 1]) == 1)
    #expect(adjustedRandIndex([], []) == 1)
  }
}
