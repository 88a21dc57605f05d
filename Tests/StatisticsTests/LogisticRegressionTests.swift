import Testing

@testable import Statistics

@Suite("Logistic regression and what it is worth")
struct LogisticRegressionTests {
  /// 400 cases whose outcome depends on the first two of three features.
  static let sample: (features: [Double], outcomes: [Bool]) = {
    var randomness = Randomness(seed: 1)
    func uniform() -> Double { Double(randomness.next() >> 11) * 0x1p-53 }
    var features: [Double] = []
    var outcomes: [Bool] = []
    for _ in 0..<400 {
      let row = (0..<3).map { _ in uniform() * 4 - 2 }
      features += row
      outcomes.append(uniform() < logistic(-0.7 + row[0] - 0.5 * row[1]))
    }
    return (features, outcomes)
  }()

  struct Case: Sendable {
    let penalty: Double
    let intercept: Double
    let weights: [Double]
    /// Of the weights, then of the intercept.
    let errors: [Double]
  }

  /// By scikit-learn 1.9.1, which sees the same cases; the last by statsmodels 0.15.0.
  ///
  ///     m = LogisticRegression(C=1/penalty, tol=1e-14, max_iter=10000, solver="newton-cholesky")
  ///     m.fit(X, y); W = p * (1 - p); sqrt(diag(inv(X1.T @ (X1 * W) + penalty * diag(1, 1, 1, 0))))
  ///     sm.Logit(y, sm.add_constant(X)).fit(tol=1e-14)
  static let cases = [
    Case(
      penalty: 1, intercept: -0.47450980464310805,
      weights: [0.8665554612413253, -0.603833472531649, 0.055565120295160836],
      errors: [
        0.11438060222822573, 0.10573145678273997, 0.09879699370095991, 0.11774927123180585,
      ]),
    Case(
      penalty: 0.01, intercept: -0.47794846659545437,
      weights: [0.8803025901799, -0.6139418688432982, 0.05757074196983103],
      errors: [
        0.11595298992970783, 0.10695950311811067, 0.09957898476388073, 0.11823996901657494,
      ]),
    Case(
      penalty: 10, intercept: -0.45029873689051686,
      weights: [0.7649832586522306, -0.5297490605547005, 0.04142695377456917],
      errors: [
        0.10348069526498073, 0.0970730441136501, 0.09285717222758999, 0.11435160285008998,
      ]),
    Case(
      penalty: 0, intercept: -0.47798424376286247,
      weights: [0.8804448470297999, -0.6140465688775207, 0.05759160172310263],
      errors: [
        0.11596939910124066, 0.10697229399675733, 0.09958704233118798, 0.1182450867955748,
      ]),
  ]

  @Test("Weights and errors are those of scikit-learn", arguments: cases)
  func equals(_ one: Case) throws {
    let (features, outcomes) = Self.sample
    let model = try #require(
      LogisticRegression(features, outcomes: outcomes, penalty: one.penalty))
    #expect(model.isConverged && !model.isSeparated && model.iterations < 12)
    #expect(abs(model.intercept - one.intercept) < 1e-8)
    let errors = try #require(model.standardErrors)
    for index in 0..<3 {
      #expect(abs(model.weights[index] - one.weights[index]) < 1e-8)
      #expect(abs(errors.weights[index] - one.errors[index]) < 1e-6)
    }
    #expect(abs(errors.intercept - one.errors[3]) < 1e-6)
    if one.penalty == 0 { #expect(abs(model.logLikelihood + 222.77537851372648) < 1e-9) }
  }

  @Test("Separated outcomes are said to be, columns that others make up have no errors")
  func trouble() throws {
    let separated = try #require(
      LogisticRegression([-2, -1, 1, 2], outcomes: [false, false, true, true], penalty: 0))
    #expect(separated.isSeparated && separated.standardErrors == nil)
    #expect(separated.weights[0].isFinite && separated.logLikelihood <= 0)
    let penalised = try #require(
      LogisticRegression([-2, -1, 1, 2], outcomes: [false, false, true, true]))
    #expect(penalised.isConverged && !penalised.isSeparated)
    let (features, outcomes) = Self.sample
    let doubled = outcomes.indices.flatMap { [features[$0 * 3], 2 * features[$0 * 3]] }
    let collinear = try #require(LogisticRegression(doubled, outcomes: outcomes, penalty: 0))
    #expect(!collinear.isConverged && collinear.standardErrors == nil)
    #expect(LogisticRegression([1, 2], outcomes: [true, true]) == nil)
    #expect(LogisticRegression([], outcomes: []) == nil)
    #expect(LogisticRegression([1, .nan], outcomes: [true, false]) == nil)
    let constant = try #require(LogisticRegression([], outcomes: [true, false, true, true]))
    #expect(abs(constant.intercept - 1.0986122886681098) < 1e-12)
  }

  @Test("Chances have the area, Brier score and calibration of scikit-learn")
  func quality() throws {
    let (features, outcomes) = Self.sample
    let model = try #require(LogisticRegression(features, outcomes: outcomes))
    let chances = outcomes.indices.map { model.probability(of: features[$0 * 3..<$0 * 3 + 3]) }
    // roc_auc_score(y, p), and DeLong's error from the matrix of all pairs.
    let ranked = try #require(RankedOutcomes(scores: chances, outcomes: outcomes))
    #expect(abs(ranked.area - 0.7721727917472598) < 1e-12)
    #expect(abs((ranked.standardError ?? 0) - 0.023396673877960527) < 1e-12)
    // brier_score_loss(y, p); a regression without penalty on the logits.
    let quality = try #require(ForecastQuality(chances: chances, outcomes: outcomes))
    #expect(abs(quality.brier - 0.18927822723709867) < 1e-9)
    #expect(abs(quality.baseBrier - 165.0 / 400 * 235 / 400) < 1e-12)
    #expect(abs((quality.calibrationIntercept ?? 0) - 0.004176409623495379) < 1e-6)
    #expect(abs((quality.calibrationSlope ?? 0) - 1.016245094512537) < 1e-6)
    #expect(quality.reliability.count == 10)
    #expect(quality.reliability.reduce(0) { $0 + $1.outcome.numerator } == 165)
    let lift = ranked.liftByDecile.compactMap { $0 }
    #expect(lift.count == 10)
    #expect(abs(lift.reduce(0, +) / 10 - 1) < 1e-12)
    #expect(lift[0] > 1.5 && lift[9] < 0.5)
  }

  /// 58 normal and 51 abnormal images, each rated from 1 to 5.
  ///
  /// Source: J. A. Hanley and B. J. McNeil, The meaning and use of the area under a ROC curve, Radiology
  /// 143 (1982), 29-36. DeLong's error and interval are those of Stata's manual, `roctab`: 0.8932,
  /// 0.0307, 0.83295 to 0.95339.
  @Test("DeLong's interval of the images of Hanley and McNeil is the published one")
  func published() throws {
    var scores: [Double] = []
    var outcomes: [Bool] = []
    for (counts, outcome) in [([33, 6, 6, 11, 2], false), ([3, 2, 2, 11, 33], true)] {
      for (rating, count) in counts.enumerated() {
        scores += Array(repeating: Double(rating + 1), count: count)
        outcomes += Array(repeating: outcome, count: count)
      }
    }
    let ranked = try #require(RankedOutcomes(scores: scores, outcomes: outcomes))
    #expect(abs(ranked.area - 0.8932) < 5e-5)
    #expect(abs((ranked.standardError ?? 0) - 0.0307) < 5e-5)
    let interval = try #require(ranked.interval())
    #expect(abs(interval.low - 0.83295) < 5e-6 && abs(interval.high - 0.95339) < 5e-6)
  }

  @Test("Scores that never fail, that always do, that say nothing, and none")
  func extremes() throws {
    let outcomes = [false, false, true, true]
    #expect(RankedOutcomes(scores: [1, 2, 3, 4], outcomes: outcomes)?.area == 1)
    #expect(RankedOutcomes(scores: [4, 3, 2, 1], outcomes: outcomes)?.area == 0)
    #expect(RankedOutcomes(scores: [1, 1, 1, 1], outcomes: outcomes)?.area == 0.5)
    #expect(RankedOutcomes(scores: [1, 1, 1, 1], outcomes: outcomes)?.liftByDecile[9] == 1)
    #expect(RankedOutcomes(scores: [1, 2], outcomes: [true, true]) == nil)
    #expect(RankedOutcomes(scores: [1, 2], outcomes: [true, false])?.standardError == nil)
    #expect(ForecastQuality(chances: [], outcomes: []) == nil)
    #expect(ForecastQuality(chances: [1.5], outcomes: [true]) == nil)
    let sure = try #require(ForecastQuality(chances: [1, 0, 1], outcomes: [true, false, true]))
    #expect(sure.brier == 0 && sure.calibrationSlope == nil)
  }
}
