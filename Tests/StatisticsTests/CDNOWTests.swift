import Testing

@testable import Statistics

/// The published figures of the field's standard data come out.
@Suite("Models of customer value on CDNOW", .enabled(if: CDNOW.file != nil))
struct CDNOWTests {
  private let customers: PurchaseHistories
  private let spends: [GammaGamma.Spend]

  init() throws {
    let rows = try CDNOW().rows
    customers = PurchaseHistories(
      rows.map { PurchaseHistory(repeats: Int($0[0]), last: $0[1], age: $0[2]) })
    spends = rows.filter { $0[0] > 0 }.map { .init(purchases: Int($0[0]), mean: $0[3]) }
  }

  private func expect(
    _ fit: LikelihoodMaximum, _ parameters: [Double], _ errors: [Double], _ logLikelihood: Double
  ) throws {
    #expect(fit.isConverged && fit.iterations < 30)
    #expect(abs(fit.logLikelihood - logLikelihood) < 5e-5)
    let found = try #require(fit.standardErrors)
    for index in parameters.indices {
      #expect(abs(fit.parameters[index] / parameters[index] - 1) < 2e-6)
      #expect(abs(found[index] / errors[index] - 1) < 1e-4)
    }
  }

  /// Source: the paper's 0.243, 4.414, 0.793, 2.426 and −9582.4; digits behind these, and the errors, by
  /// lifetimes 0.11.3, whose likelihood is not higher.
  @Test("BG/NBD")
  func bgnbd() throws {
    #expect(customers.places.count == 2357)
    try expect(
      BGNBD.fit(customers), [0.24259293, 4.41353227, 0.79288597, 2.42575238],
      [0.01255732, 0.37822146, 0.18571907, 0.70534544], -9582.42556)
  }

  /// Source: R's BTYD gives 0.553, 10.58, 0.606, 11.66 and −9595.0; lifetimes 0.11.3 the digits.
  @Test("Pareto/NBD")
  func paretoNBD() throws {
    let fit = ParetoNBD.fit(customers)
    #expect(fit.isConverged && abs(fit.logLikelihood + 9594.97) < 0.02)
    for (found, published) in zip(
      fit.parameters, [0.55327551, 10.57761247, 0.60621357, 11.6679113])
    {
      #expect(abs(found / published - 1) < 1e-5)
    }
    #expect(fit.standardErrors?.count == 4)
  }

  @Test("Gamma-gamma: 6.25, 3.74, 15.44")
  func gammaGamma() throws {
    #expect(spends.count == 946)
    let fit = GammaGamma.fit(spends)
    try expect(
      fit, [6.2488025, 3.74458846, 15.44774806], [1.18968705, 0.29016562, 4.15999393],
      -4055.92324)
    #expect(abs((GammaGamma(fit.parameters).mean ?? 0) - 35.171) < 5e-4)
    #expect(abs((GammaGamma.correlation(spends) ?? 0) - 0.1139) < 5e-5)
  }

  /// What is expected of all customers in the 39 weeks that follow; they bought on 1882 days.
  @Test("The forecast of 39 weeks is that of lifetimes, 1653")
  func holdout() {
    let model = BGNBD(BGNBD.fit(customers).parameters)
    let sum = zip(customers.histories, customers.customers).reduce(0) {
      $0 + model.expectedPurchases($1.0, within: 39) * Double($1.1)
    }
    #expect(abs(sum - 1653.4) < 0.05)
  }

  @Test("Neither the order of customers nor counting equal ones together changes a bit")
  func order() {
    let rows = customers.places.map { customers.histories[$0] }
    var randomness = Randomness(seed: 1)
    let shuffled = PurchaseHistories(rows.shuffled(using: &randomness))
    #expect(BGNBD.fit(shuffled).parameters == BGNBD.fit(customers).parameters)
    #expect(customers.histories.count < 1100)
    let spends = spends.shuffled(using: &randomness)
    #expect(GammaGamma.fit(spends).parameters == GammaGamma.fit(self.spends).parameters)
    #expect(GammaGamma.correlation(spends) == GammaGamma.correlation(self.spends))
  }
}
