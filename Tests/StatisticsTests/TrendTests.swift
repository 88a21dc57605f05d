import Testing

@testable import Statistics

/// Scores, means and lines with what is known of them.
@Suite struct TrendTests {
  @Test(
    "Student's distribution at its tables' values",
    arguments: [
      (12.7062047, 1, 0.975), (4.30265273, 2, 0.975), (3.18244631, 3, 0.975),
      (2.77644511, 4, 0.975), (2.57058184, 5, 0.975), (2.22813885, 10, 0.975),
      (1.81246112, 10, 0.95), (-1.81246112, 10, 0.05), (0, 7, 0.5), (2.04522964, 29, 0.975),
    ])
  func student(t: Double, degrees: Int, expected: Double) {
    #expect(abs(StudentT.cumulative(t, degrees: degrees) - expected) < 1e-8)
  }

  @Test func studentOfInfinity() {
    #expect(StudentT.cumulative(.infinity, degrees: 3) == 1)
    #expect(StudentT.cumulative(-.infinity, degrees: 3) == 0)
  }

  @Test("a line through points, and the chance of one more")
  func line() throws {
    let trend = try #require(LinearTrend([(1, 10), (2, 12), (3, 13), (4, 16)]))
    // Slope 1.9 through (2.5, 12.75); residuals 0.1, 0.2, -0.7, 0.4: their squares sum to 0.7.
    #expect(abs(trend.value(at: 6) - 19.4) < 1e-12)
    let error = (0.35 * (1 + 0.25 + 3.5 * 3.5 / 5)).squareRoot()
    let expected = StudentT.cumulative((19.4 - 18) / error, degrees: 2)
    #expect(abs(trend.chance(of: 18, at: 6) - expected) < 1e-12)
    #expect(LinearTrend([(1, 1), (2, 2)]) == nil)
    #expect(LinearTrend([(1, 1), (1, 2), (1, 3)]) == nil)
    let straight = try #require(LinearTrend([(0, 0.1), (1, 0.2), (2, 0.3)]))
    #expect(straight.chance(of: 0.4, at: 3) == 1)
    #expect(straight.chance(of: 0.41, at: 3) == 0)
  }

  @Test("the Net Promoter Score and its adjusted Wald interval")
  func netPromoterScore() throws {
    let score = try #require(NetPromoterScore(promoters: 50, detractors: 20, answers: 100))
    #expect(score.value == 0.3)
    let interval = try #require(score.adjustedWald())
    #expect(abs(interval.low - 0.1405) < 5e-5)
    #expect(abs(interval.high - 0.4420) < 5e-5)
    #expect(NetPromoterScore(promoters: 3, detractors: 3, answers: 5) == nil)
    #expect(NetPromoterScore(promoters: -1, detractors: 3, answers: 5) == nil)
    #expect(NetPromoterScore(promoters: 0, detractors: 0, answers: 0)?.adjustedWald() == nil)
    let all = try #require(NetPromoterScore(promoters: 7, detractors: 0, answers: 7))
    #expect(all.adjustedWald()?.high == 1)
    #expect(all.isSmall)
    let same = try #require(score.difference(against: score))
    #expect(abs(same.low + same.high) < 1e-12)
    // Root two wider than each alone.
    #expect(abs(same.high - 2.0.squareRoot() * (interval.high - interval.low) / 2) < 1e-12)
  }

  @Test("means with their intervals")
  func means() throws {
    var moments = Moments()
    for value in [1.0, 2, 3, 4] { moments.update(value) }
    let error = (5.0 / 3 / 4).squareRoot()
    #expect(abs((moments.standardError ?? 0) - error) < 1e-15)
    let interval = try #require(moments.interval())
    #expect(abs(interval.high - (2.5 + 1.959963984540054 * error)) < 1e-12)
    var one = Moments()
    one.update(3)
    #expect(one.interval() == nil)
    #expect(moments.difference(against: one) == nil)
    let difference = try #require(moments.difference(against: moments))
    #expect(abs(difference.high - 1.959963984540054 * error * 2.0.squareRoot()) < 1e-12)
  }
}
