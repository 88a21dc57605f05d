import Foundation
import Testing

@testable import Statistics

@Suite("Models of repeat purchases")
struct PurchaseModelTests {
  /// A model's parameters, a history, a time ahead, and what the papers' formulas make of it.
  struct Case: Sendable {
    let parameters: [Double]
    let history: PurchaseHistory
    let duration: Double
    let expected: Double
    let alive: Double
  }

  /// By mpmath 1.4.1 at 30 digits from the expressions of the paper, with 2F1.
  ///
  /// The first are the figures of the paper and of the tests of lifetimes: 1.226 and 0.7266.
  static let ofBGNBD = [
    Case(
      parameters: [0.243, 4.414, 0.793, 2.426],
      history: PurchaseHistory(repeats: 2, last: 30.43, age: 38.86), duration: 39,
      expected: 1.2260281747671445, alive: 0.72657857008067291),
    Case(
      parameters: [0.5, 10, 1.0000000001, 2],
      history: PurchaseHistory(repeats: 3, last: 20, age: 30), duration: 100,
      expected: 2.9548832362371227, alive: 0.59373009650252515),
    Case(
      parameters: [5, 3, 0.4, 1.5],
      history: PurchaseHistory(repeats: 200, last: 900, age: 1000), duration: 360,
      expected: 1.5412635461830504e-5, alive: 2.2353824328577575e-7),
    Case(
      parameters: [0.2, 0.01, 3, 0.5], history: .newcomer, duration: 30,
      expected: 0.98255157122949082, alive: 1),
    Case(
      parameters: [60, 400, 0.3, 9],
      history: PurchaseHistory(repeats: 25, last: 300, age: 365), duration: 360,
      expected: 1.9255355063583012, alive: 0.054829496551015092),
    Case(
      parameters: [2, 5, 0.1, 20],
      history: PurchaseHistory(repeats: 3000, last: 1000, age: 1000), duration: 2000,
      expected: 5604.4607615536405, alive: 0.99996687754628863),
  ]

  /// By mpmath 1.4.1: the integral over the time of leaving by quadrature at 30 digits.
  static let ofParetoNBD = [
    Case(
      parameters: [0.5534, 10.5802, 0.6061, 11.6562],
      history: PurchaseHistory(repeats: 26, last: 30.86, age: 31), duration: 52,
      expected: 25.454913511499724, alive: 0.99791776655190663),
    Case(
      parameters: [0.5534, 10.5802, 0.6061, 11.6562],
      history: PurchaseHistory(repeats: 0, last: 0, age: 38.86), duration: 39,
      expected: 0.10702894636167582, alive: 0.29496148643704224),
    Case(
      parameters: [0.553, 10.58, 2.5, 0.2],
      history: PurchaseHistory(repeats: 3, last: 10, age: 40), duration: 39,
      expected: 0.002838176440009742, alive: 0.0023616106517026274),
    Case(
      parameters: [3, 100, 0.6, 1],
      history: PurchaseHistory(repeats: 40, last: 300, age: 365), duration: 360,
      expected: 1.8828264875006173, alive: 0.070603705356497831),
    Case(
      parameters: [0.5, 10, 1.000000001, 12],
      history: PurchaseHistory(repeats: 5, last: 5, age: 5), duration: 20,
      expected: 4.8476918089802159, alive: 1),
  ]

  private func check(_ model: some PurchaseModel, _ one: Case) {
    let (expected, alive) =
      (
        model.expectedPurchases(one.history, within: one.duration),
        model.chanceAlive(one.history)
      )
    #expect(abs(expected / one.expected - 1) < 1e-11)
    #expect(abs(alive / one.alive - 1) < 1e-11)
    #expect(model.expectedPurchases(one.history, within: 0) == 0)
    #expect(model.expectedPurchases(one.history, within: one.duration / 2) < expected)
  }

  @Test("BG/NBD", arguments: ofBGNBD)
  func bgnbd(_ one: Case) { check(BGNBD(one.parameters), one) }

  @Test("Pareto/NBD", arguments: ofParetoNBD)
  func paretoNBD(_ one: Case) { check(ParetoNBD(one.parameters), one) }

  /// Source: the paper's table of the BG/NBD; a newcomer's purchases are the curve of all customers.
  @Test("The curve of newcomers")
  func newcomers() {
    let model = BGNBD([0.242594, 4.413532, 0.792886, 2.425753])
    let times = [0.1429, 1, 3, 31.8571, 32, 78]
    for (time, published) in zip(times, [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576]) {
      #expect(abs(model.expectedPurchases(.newcomer, within: time) - published) < 5e-4)
    }
    // Equation 27: r β ÷ (α (s − 1)) · (1 − (β ÷ (β + t))^(s − 1)), by mpmath.
    let pareto = ParetoNBD([0.553, 10.578, 0.606, 11.669])
    #expect(abs(pareto.expectedPurchases(.newcomer, within: 1) - 0.050979843245991) < 1e-12)
  }

  /// Source: the figures that the tests of lifetimes give for the first ten repeat customers of CDNOW.
  @Test("What the next purchase of a customer will cost")
  func spend() {
    let model = GammaGamma([6.25, 3.74, 15.44])
    let customers = [(2, 22.35, 24.65), (1, 11.77, 18.91), (7, 73.74, 71.46), (2, 25.55, 27.28)]
    for (purchases, mean, published) in customers {
      let found = model.expectedSpend(.init(purchases: purchases, mean: mean)) ?? 0
      #expect(abs(found - published) < 0.02)
    }
    #expect(abs((model.mean ?? 0) - 35.219) < 5e-4)
    #expect(GammaGamma([6, 1, 15]).mean == nil)
  }

  @Test("Slopes are those of differences")
  func slopes() {
    var randomness = Randomness(seed: 3)
    func uniform() -> Double { Double(randomness.next() >> 11) * 0x1p-53 }
    let histories = (0..<50).map { number in
      let age = 10 + 30 * uniform()
      return PurchaseHistory(repeats: number % 7, last: age * uniform(), age: age)
    }
    let spends = (0..<50).map { GammaGamma.Spend(purchases: 1 + $0 % 5, mean: 50 * uniform() + 1) }
    func compare(_ likelihood: some PositiveLikelihood, _ parameters: [Double]) {
      let exact = likelihood.derivativesByLogarithms(parameters)
      let differences = Derivatives(
        of: { likelihood.logLikelihood($0.map { exp($0) }) },
        at: parameters.map { log($0) })
      #expect(exact.value == likelihood.logLikelihood(parameters))
      for (one, other) in zip(exact.gradient, differences.gradient) {
        #expect(abs(one - other) < 1e-6 * (1 + abs(one)))
      }
      for (one, other) in zip(exact.hessian, differences.hessian) {
        #expect(abs(one - other) < 1e-4 * (1 + abs(one)))
      }
    }
    compare(BGNBDLikelihood(PurchaseHistories(histories)), [0.4, 5, 0.7, 2])
    compare(BGNBDLikelihood(PurchaseHistories(histories)), [3, 0.4, 2, 0.6])
    compare(GammaGammaLikelihood(spends), [4, 3, 11])
  }

  @Test("Customers who tell nothing give no model, and nothing breaks")
  func nothing() {
    let once = PurchaseHistories(
      (0..<40).map { PurchaseHistory(repeats: 0, last: 0, age: Double($0)) })
    let allOfToday = PurchaseHistories(Array(repeating: .newcomer, count: 9))
    for customers in [once, allOfToday, PurchaseHistories([])] {
      #expect(!BGNBD.fit(customers).isConverged)
      #expect(BGNBD.fit(customers).standardErrors == nil)
      #expect(!ParetoNBD.fit(customers).isConverged)
    }
    #expect(!GammaGamma.fit([]).isConverged)
    let equal = Array(repeating: GammaGamma.Spend(purchases: 1, mean: 5), count: 20)
    #expect(!GammaGamma.fit(equal).isConverged)
    #expect(GammaGamma.correlation(equal) == nil)
  }

  /// Of 80 estimates from twenty populations at least 95 % are within three errors.
  ///
  /// Of intervals of 95 % as many hold the truth as 80 draws leave likely, those of a and b going together.
  @Test("Known parameters come out")
  func recovery() {
    let truth = [0.6, 20.0, 0.8, 2.5]
    var (within, covered, all) = (0, 0, 0)
    for seed in 1...20 as ClosedRange<UInt64> {
      var population = Population(seed: seed)
      let customers = (0..<4000).map { _ in population.customer(truth, age: 180) }
      let fit = BGNBD.fit(PurchaseHistories(customers))
      guard let errors = fit.standardErrors, let intervals = fit.intervals else {
        all += 4
        continue
      }
      for index in 0..<4 {
        let distance = abs(fit.parameters[index] - truth[index]) / errors[index]
        all += 1
        if distance < 3 { within += 1 }
        if intervals[index].contains(truth[index]) { covered += 1 }
      }
    }
    print("of \(all) estimates \(within) within 3 errors, \(covered) in their intervals of 95 %")
    #expect(within * 100 >= all * 95)
    #expect(covered * 100 >= all * 88)
  }
}
