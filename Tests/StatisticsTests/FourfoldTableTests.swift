import Statistics
import Testing

@Suite("Tables of two yes-or-no questions")
struct FourfoldTableTests {
  struct Case: Sendable {
    let cells: [Int]
    let oddsRatio: Double
    let low: Double
    let high: Double
    let fisher: Double

    var table: FourfoldTable {
      FourfoldTable(
        exposedHits: cells[0], exposedMisses: cells[1], otherHits: cells[2], otherMisses: cells[3])
    }
  }

  /// By statsmodels 0.15.0 and SciPy 1.17.1.
  ///
  ///     t = Table2x2(np.array([[a, b], [c, d]], dtype=float) + (0.5 if 0 in (a, b, c, d) else 0))
  ///     t.oddsratio, t.oddsratio_confint(0.05), scipy.stats.fisher_exact([[a, b], [c, d]])[1]
  ///
  /// `shift_zeros` of statsmodels, told to add a half to all values, adds it to those that are 0.
  static let cases = [
    Case(
      cells: [17, 3, 20, 60], oddsRatio: 17.0, low: 4.5068662639384485,
      high: 64.12437890878293, fisher: 1.2449304679344906e-06),
    Case(
      cells: [3, 1, 1, 3], oddsRatio: 9.0, low: 0.3666369319255454,
      high: 220.92700692915756, fisher: 0.48571428571428565),
    Case(
      cells: [8, 2, 1, 5], oddsRatio: 20.0, low: 1.4161851393939517,
      high: 282.44894602634895, fisher: 0.034965034965034975),
    Case(
      cells: [0, 10, 5, 5], oddsRatio: 0.047619047619047616, low: 0.002203072073967128,
      high: 1.029278035403467, fisher: 0.032507739938080496),
    Case(
      cells: [12, 0, 7, 9], oddsRatio: 31.666666666666668, low: 1.601338019955225,
      high: 626.2124331537555, fisher: 0.0028348463131071828),
    Case(
      cells: [1, 9, 11, 3], oddsRatio: 0.030303030303030304, low: 0.002671575637462156,
      high: 0.34371987551835886, fisher: 0.0027594561852200836),
    Case(
      cells: [100, 900, 150, 850], oddsRatio: 0.6296296296296297, low: 0.4807247374331573,
      high: 0.8246579375638385, fisher: 0.0008950875386906894),
    Case(
      cells: [5000, 95000, 5200, 94800], oddsRatio: 0.9595141700404858, low: 0.9220297285077315,
      high: 0.9985225140175736, fisher: 0.04310490861242747),
    Case(
      cells: [500000, 500000, 499000, 501000], oddsRatio: 1.0040080160320641,
      low: 0.9984575752539586,
      high: 1.0095893117944914, fisher: 0.15771450486976657),
    Case(
      cells: [3, 4, 3, 4], oddsRatio: 1.0, low: 0.12039189563952328,
      high: 8.306206947635363, fisher: 1.0),
    Case(
      cells: [2, 3, 6, 4], oddsRatio: 0.4444444444444444, low: 0.04967584065149864,
      high: 3.9763970092285, fisher: 0.6083916083916083),
    Case(
      cells: [30, 10, 30, 10], oddsRatio: 1.0, low: 0.3634472717895931,
      high: 2.751430751085456, fisher: 1.0),
    Case(
      cells: [250, 3, 1000, 900], oddsRatio: 75.0, low: 23.940620569815543,
      high: 234.9563155055398, fisher: 3.8543420419174554e-59),
    Case(
      cells: [1, 1_000_000, 20, 1_000_000], oddsRatio: 0.05, low: 0.006710380443983618,
      high: 0.3725571181648051, fisher: 2.0979032919202422e-05),
  ]

  @Test("Odds ratio, interval and Fisher's p are those of statsmodels and SciPy", arguments: cases)
  func equals(_ one: Case) throws {
    let interval = try #require(one.table.oddsRatioInterval())
    #expect(abs(try #require(one.table.oddsRatio) / one.oddsRatio - 1) < 1e-12)
    #expect(abs(interval.low / one.low - 1) < 1e-12)
    #expect(abs(interval.high / one.high - 1) < 1e-12)
    #expect(abs(one.table.fisherExact / one.fisher - 1) < 1e-9)
  }

  @Test("The tea taster of Fisher: 4 of 4 right are 1 in 35, 3 of 4 are 17 in 35")
  func teaTaster() {
    let all = FourfoldTable(exposedHits: 4, otherMisses: 4)
    #expect(abs(all.fisherExact - 2.0 / 70) < 1e-15)
    let three = FourfoldTable(exposedHits: 3, exposedMisses: 1, otherHits: 1, otherMisses: 3)
    #expect(abs(three.fisherExact - 34.0 / 70) < 1e-15)
  }

  /// Fisher's p by its definition, from all tables of the same sums, in products of whole numbers.
  private static func byDefinition(_ table: FourfoldTable) -> Double {
    func ways(_ cases: Int, _ count: Int) -> Double {
      guard count >= 0, count <= cases else { return 0 }
      return (0..<count).reduce(1) { $0 * Double(cases - $1) / Double($1 + 1) }
    }
    let weights = (0...table.hits).map {
      ways(table.exposed, $0) * ways(table.others, table.hits - $0)
    }
    let limit = weights[table.exposedHits] * (1 + 1e-7)
    return weights.filter { $0 <= limit }.reduce(0, +) / weights.reduce(0, +)
  }

  @Test("Every small table has the p of the definition, and turning it around changes nothing")
  func everySmallTable() {
    for cells in 0..<6 * 6 * 6 * 6 {
      let (a, b, c, d) = (cells % 6, cells / 6 % 6, cells / 36 % 6, cells / 216)
      let table = FourfoldTable(
        exposedHits: a, exposedMisses: b, otherHits: c, otherMisses: d)
      let p = table.fisherExact
      #expect(abs(p - Self.byDefinition(table)) < 1e-12)
      let turned = FourfoldTable(exposedHits: a, exposedMisses: c, otherHits: b, otherMisses: d)
      #expect(abs(turned.fisherExact - p) < 1e-12)
      let swapped = FourfoldTable(exposedHits: c, exposedMisses: d, otherHits: a, otherMisses: b)
      #expect(abs(swapped.fisherExact - p) < 1e-12)
      if let ratio = table.oddsRatio, let other = swapped.oddsRatio {
        #expect(abs(ratio * other - 1) < 1e-12)
        #expect(table.oddsRatioInterval()?.contains(ratio) == true)
      }
    }
  }

  @Test("Where there is nothing to compare there is no ratio, and Fisher's p is 1")
  func nothing() {
    for table in [
      FourfoldTable(), FourfoldTable(exposedHits: 5, otherHits: 7),
      FourfoldTable(exposedMisses: 5, otherMisses: 7),
      FourfoldTable(exposedHits: 3, exposedMisses: 5),
    ] {
      #expect(!table.isComparison)
      #expect(table.oddsRatio == nil)
      #expect(table.oddsRatioInterval() == nil)
      #expect(table.fisherExact == 1)
    }
  }

  @Test("Counting and merging give the same table in any order")
  func counting() {
    var (whole, left, right) = (FourfoldTable(), FourfoldTable(), FourfoldTable())
    for index in 0..<100 {
      let (exposed, hit) = (index % 3 == 0, index % 7 < 4)
      whole.update(isExposed: exposed, hasOutcome: hit)
      if index % 2 == 0 {
        left.update(isExposed: exposed, hasOutcome: hit)
      } else {
        right.update(isExposed: exposed, hasOutcome: hit)
      }
    }
    var other = right
    other.merge(left)
    left.merge(right)
    #expect(left == whole && other == whole)
    #expect(whole.total == 100 && whole.exposed == 34)
  }

  @Test("Tables of a billion cases are no trouble")
  func billions() throws {
    let table = FourfoldTable(
      exposedHits: 100_100_000, exposedMisses: 399_900_000, otherHits: 100_000_000,
      otherMisses: 400_000_000)
    // The normal approximation is as good as exact here: z = 7.9, p = 2.5e-15.
    #expect(table.fisherExact > 2e-15 && table.fisherExact < 4e-15)
    let far = FourfoldTable(
      exposedHits: 1_000_000, exposedMisses: 0, otherHits: 0, otherMisses: 1_000_000)
    #expect(far.fisherExact == 0)
  }

  @Test("The logit interval holds the true odds ratio in 95 of 100 samples")
  func coverage() throws {
    var randomness = Randomness(seed: 20)
    for (exposed, other) in [(0.3, 0.3), (0.1, 0.2)] {
      let truth = exposed / (1 - exposed) / (other / (1 - other))
      var held = 0
      for _ in 0..<1000 {
        var table = FourfoldTable()
        for index in 0..<1000 {
          let isExposed = index % 4 == 0
          let isHit =
            Double.random(in: 0..<1, using: &randomness) < (isExposed ? exposed : other)
          table.update(isExposed: isExposed, hasOutcome: isHit)
        }
        if try #require(table.oddsRatioInterval()).contains(truth) { held += 1 }
      }
      #expect(held > 925 && held < 975, "\(exposed) \(other)")
    }
  }
}
