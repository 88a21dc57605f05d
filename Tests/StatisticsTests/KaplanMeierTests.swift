import Statistics
import Testing

@Suite("Kaplan and Meier's curve")
struct KaplanMeierTests {
  typealias Row = (Double, Int, Int, Double, Double?, Double?)

  struct Case: Sendable {
    let name: String
    /// Duration, events, censored.
    let counts: [(Double, Int, Int)]
    let median: Double?
    let medianLow: Double?
    let medianHigh: Double?
    /// Duration, at risk, events, share, interval.
    let rows: [Row]

    var survival: KaplanMeier {
      var survival = KaplanMeier()
      for (duration, events, censored) in counts {
        survival.update(duration, hasEvent: true, count: events)
        survival.update(duration, hasEvent: false, count: censored)
      }
      return survival
    }
  }

  /// By lifelines 0.30.3; where the share is 0 it gives the interval 0 to 0, here there is none.
  ///
  ///     k = KaplanMeierFitter(alpha=0.05).fit(T, E)
  ///     k.survival_function_, k.confidence_interval_, k.median_survival_time_,
  ///     median_survival_times(k.confidence_interval_)
  static let cases = [
    // Weeks of remission under 6-MP and under placebo: E. J. Freireich et al., Blood 21 (1963).
    Case(
      name: "6-MP",
      counts: [
        (6, 3, 1), (7, 1, 0), (9, 0, 1), (10, 1, 1), (11, 0, 1), (13, 1, 0), (16, 1, 0),
        (17, 0, 1), (19, 0, 1), (20, 0, 1), (22, 1, 0), (23, 1, 0), (25, 0, 1), (32, 0, 2),
        (34, 0, 1), (35, 0, 1),
      ], median: 23, medianLow: 13, medianHigh: nil,
      rows: [
        (6, 21, 3, 0.857142857142857, 0.6197179552659838, 0.9515517476469969),
        (7, 17, 1, 0.8067226890756299, 0.5631465646222333, 0.9228090192028802),
        (10, 15, 1, 0.7529411764705878, 0.5031995107999564, 0.8893618351692651),
        (13, 12, 1, 0.6901960784313722, 0.43161022248618386, 0.8490659633494505),
        (16, 11, 1, 0.6274509803921566, 0.36751085598750194, 0.8049121894718411),
        (22, 7, 1, 0.5378151260504199, 0.26777893676713493, 0.7467907176353943),
        (23, 6, 1, 0.44817927170868327, 0.18805200595923233, 0.6801426284952412),
      ]),
    Case(
      name: "placebo",
      counts: [
        (1, 2, 0), (2, 2, 0), (3, 1, 0), (4, 2, 0), (5, 2, 0), (8, 4, 0), (11, 2, 0), (12, 2, 0),
        (15, 1, 0), (17, 1, 0), (22, 1, 0), (23, 1, 0),
      ], median: 8, medianLow: 4, medianHigh: 11,
      rows: [
        (1, 21, 2, 0.9047619047619045, 0.6700458822350337, 0.9752941490381124),
        (2, 19, 2, 0.8095238095238095, 0.5689050599241725, 0.9238888285592949),
        (3, 17, 1, 0.7619047619047619, 0.5193914153284287, 0.8932571097824872),
        (4, 16, 2, 0.6666666666666665, 0.42535043556524715, 0.82504400879734),
        (5, 14, 2, 0.5714285714285714, 0.33797695385949306, 0.7492407099432165),
        (8, 12, 4, 0.3809523809523809, 0.1830665488203943, 0.5777886777458309),
        (11, 8, 2, 0.2857142857142857, 0.11656132643676466, 0.4818196480090255),
        (12, 6, 2, 0.19047619047619047, 0.059481701361175233, 0.37743489058515),
        (15, 4, 1, 0.14285714285714288, 0.0356573551906667, 0.3211615746808693),
        (17, 3, 1, 0.09523809523809525, 0.01625926021224702, 0.2612499819686869),
        (22, 2, 1, 0.047619047619047616, 0.003324463042531178, 0.1970449056989461),
        (23, 1, 1, 0.0, nil, nil),
      ]),
    // Some rows of lifelines' own data set, `load_waltons()`.
    Case(
      name: "waltons",
      counts: [
        (6, 1, 0), (7, 1, 1), (9, 3, 0), (13, 3, 0), (15, 2, 0), (17, 1, 0), (19, 3, 0),
        (22, 4, 0), (26, 5, 0), (29, 5, 0), (32, 1, 0), (33, 3, 0), (36, 2, 0), (38, 2, 0),
        (41, 7, 0), (43, 1, 0), (45, 9, 1), (47, 1, 0), (48, 8, 0), (51, 3, 0), (53, 7, 0),
        (54, 2, 0), (56, 18, 0), (58, 4, 0), (60, 15, 1), (61, 9, 2), (62, 2, 0), (63, 9, 0),
        (66, 3, 0), (68, 9, 1), (69, 12, 1), (75, 1, 0),
      ], median: 56, medianLow: 53, medianHigh: 58,
      rows: [
        (6, 163, 1, 0.9938650306748462, 0.9572536591090658, 0.9991335232818397),
        (7, 162, 1, 0.9877300613496934, 0.9518341271773085, 0.9969171244598185),
        (9, 160, 3, 0.9692101226993866, 0.9276127862113859, 0.9870680842317412),
        (29, 139, 5, 0.8272239263803682, 0.7596693986837444, 0.8773128137072396),
        (45, 118, 9, 0.6728911042944786, 0.5948249410378892, 0.7392432085214612),
        (56, 87, 18, 0.429902649965917, 0.3526890048193625, 0.5046796092328876),
        (60, 65, 15, 0.3115236593955919, 0.24165949355139502, 0.38375862020448953),
        (63, 36, 9, 0.18069041468702435, 0.12494275883343092, 0.24475909712755606),
        (69, 14, 12, 0.014340509102144799, 0.0028540777041644733, 0.046183697525073696),
        (75, 1, 1, 0.0, nil, nil),
      ]),
  ]

  @Test("The curve is that of lifelines", arguments: cases)
  func equals(_ one: Case) throws {
    let curve = try #require(one.survival.curve())
    for row in one.rows {
      let point = try #require(curve.point(at: row.0))
      #expect(point.duration == row.0 && point.atRisk == row.1 && point.events == row.2)
      #expect(abs(point.share - row.3) < 1e-12)
      #expect((point.interval == nil) == (row.4 == nil))
      if let interval = point.interval, let low = row.4, let high = row.5 {
        #expect(abs(interval.low - low) < 1e-12 && abs(interval.high - high) < 1e-12)
      }
    }
    #expect(curve.points.count == one.counts.count { $0.1 > 0 })
    #expect(curve.median == one.median, "\(one.name)")
    #expect(curve.medianInterval.low == one.medianLow)
    #expect(curve.medianInterval.high == one.medianHigh)
  }

  @Test("Without censored cases it is the share of those that are left")
  func complete() throws {
    var survival = KaplanMeier()
    for duration in 1...1000 { survival.update(Double(duration), hasEvent: true) }
    let curve = try #require(survival.curve())
    for duration in 1...999 {
      let share = try #require(curve.point(at: Double(duration) + 0.5)).share
      #expect(abs(share - Double(1000 - duration) / 1000) < 1e-12)
    }
    // Rounding decides no quantile.
    #expect(curve.median == 500)
    #expect(curve.duration(ofShare: 0.1) == 100)
    #expect(curve.duration(ofShare: 0.999) == 999)
    #expect(curve.duration(ofShare: 1) == 1000)
  }

  @Test("Of nothing there is no curve; where nothing happened it has no points")
  func nothing() throws {
    #expect(KaplanMeier().curve() == nil)
    #expect(KaplanMeier().longest == nil)
    var survival = KaplanMeier()
    survival.update(3, hasEvent: false, count: 5)
    survival.update(9, hasEvent: true, count: 0)
    let curve = try #require(survival.curve())
    #expect(curve.points.isEmpty)
    #expect(curve.median == nil && curve.medianInterval.low == nil)
    #expect(curve.point(at: 10) == nil)
    #expect(survival.total == 5 && survival.longest == 3)
  }

  @Test("Any order, split and merge gives the same curve")
  func laws() throws {
    var randomness = Randomness(seed: 6)
    let samples = (0..<5000).map { _ in
      (Double(Int.random(in: 0...400, using: &randomness)) / 8, Bool.random(using: &randomness))
    }
    func bits(_ parts: [[(Double, Bool)]]) -> ([UInt64], KaplanMeier) {
      var whole = KaplanMeier()
      for part in parts {
        var survival = KaplanMeier()
        for (duration, hasEvent) in part { survival.update(duration, hasEvent: hasEvent) }
        whole.merge(survival)
      }
      let points = whole.curve()?.points ?? []
      return (
        points.flatMap { point in
          [point.duration, point.share, point.interval?.low ?? -1, point.interval?.high ?? -1].map {
            $0.bitPattern
          }
        }, whole
      )
    }
    let expected = bits([samples])
    #expect(expected.0.count > 400)
    for cut in [0, 1, 999, 2500, 5000] {
      let shuffled = samples.shuffled(using: &randomness)
      let parts = [Array(shuffled[..<cut]), Array(shuffled[cut...])]
      #expect(bits(parts).0 == expected.0 && bits(parts).1 == expected.1)
      #expect(bits(parts.reversed()).0 == expected.0)
    }
  }
}
