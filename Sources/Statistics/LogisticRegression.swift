#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the chance of an outcome depends on features: a logistic regression with an L2 penalty.
///
///     logit P(outcome) = intercept + Σ weight × feature
///
/// The intercept is not penalised. The objective is that of scikit-learn's `LogisticRegression`, its
/// `C` being 1 ÷ ``penalty``:
///
///     ½ · penalty · Σ weight²  +  Σ log(1 + exp(−± logit))
///
/// Newton's method (iteratively reweighted least squares), each step halved until the objective does
/// not grow. Without a penalty features may separate the outcomes without fault: the weights then have
/// no limit, and ``isSeparated`` says so.
///
/// Cost: some ten passes, each the number of cases times the square of that of features.
///
/// Source: P. McCullagh and J. A. Nelder, Generalized Linear Models (1989); A. Albert and J. A.
/// Anderson, On the existence of maximum likelihood estimates in logistic regression models,
/// Biometrika 71 (1984), 1-10.
public struct LogisticRegression: Sendable {
  /// The logit of the chance where all features are 0.
  public let intercept: Double
  /// What a unit more of each feature adds to the logit.
  public let weights: [Double]
  /// The standard error of the intercept and of each weight, from the inverse of the Hessian; `nil` where
  /// that has none.
  public let standardErrors: (intercept: Double, weights: [Double])?
  /// The logarithm of the likelihood, the penalty left out.
  public let logLikelihood: Double
  /// How many steps were taken.
  public let iterations: Int
  /// Whether the gradient has come to nothing.
  public let isConverged: Bool
  /// Whether the features tell the outcomes apart without fault, so that the chances are 0 and 1.
  public let isSeparated: Bool

  private static let iterationsMax = 100

  /// Fits a model; `nil` where there is only one outcome, or a feature that is no finite number.
  ///
  /// - Parameters:
  ///   - features: those of the first case, then those of the second, and so on.
  ///   - outcomes: one a case.
  ///   - penalty: 0 or more.
  public init?(_ features: [Double], outcomes: [Bool], penalty: Double = 1) {
    precondition(penalty >= 0, "a penalty is not negative")
    let count = outcomes.isEmpty ? 0 : features.count / outcomes.count
    precondition(count * outcomes.count == features.count, "each case has all features")
    guard outcomes.contains(true), outcomes.contains(false), features.allSatisfy(\.isFinite) else {
      return nil
    }
    var problem = Problem(features, outcomes, featureCount: count, penalty: penalty)
    var parameters = [Double](repeating: 0, count: count + 1)
    var objective = problem.evaluate(parameters)
    var (iterations, isConverged, isSeparated) = (0, false, false)
    while iterations < Self.iterationsMax {
      iterations += 1
      guard let step = solved(problem.hessian, problem.gradient, count: count + 1) else { break }
      let decrement = zip(step, problem.gradient).reduce(0) { $0 + $1.0 * $1.1 }
      if decrement <= 1e-20 * (1 + abs(objective)) {
        isConverged = true
        break
      }
      var length = 1.0
      var next = objective
      var candidate = parameters
      repeat {
        for index in parameters.indices {
          candidate[index] = parameters[index] - length * step[index]
        }
        next = problem.evaluate(candidate)
        length /= 2
      } while !(next <= objective) && length > 1e-10
      guard next <= objective else {
        _ = problem.evaluate(parameters)
        isConverged = decrement <= 1e-12 * (1 + abs(objective))
        break
      }
      let isSettled = objective - next <= 1e-15 * abs(objective) && decrement < 1e-12
      (parameters, objective) = (candidate, next)
      isSeparated = problem.worstMiss < 1e-6
      if isSeparated && penalty == 0 { break }
      if isSettled {
        isConverged = true
        break
      }
    }
    intercept = parameters[count]
    weights = Array(parameters[..<count])
    logLikelihood = problem.logLikelihood
    (self.iterations, self.isConverged) = (iterations, isConverged)
    self.isSeparated = isSeparated
    standardErrors = Self.errors(problem.hessian, count: count).flatMap { isSeparated ? nil : $0 }
  }

  /// The chance of the outcome for a case.
  public func probability(of features: ArraySlice<Double>) -> Double {
    precondition(features.count == weights.count, "a case has all features")
    return logistic(zip(weights, features).reduce(intercept) { $0 + $1.0 * $1.1 })
  }

  /// The roots of the diagonal of the inverse of a Hessian whose last parameter is the intercept.
  private static func errors(
    _ hessian: [Double], count: Int
  ) -> (intercept: Double, weights: [Double])? {
    var errors: [Double] = []
    for index in 0...count {
      var unit = [Double](repeating: 0, count: count + 1)
      unit[index] = 1
      guard let column = solved(hessian, unit, count: count + 1), column[index] > 0 else {
        return nil
      }
      errors.append(column[index].squareRoot())
    }
    return (errors[count], Array(errors[..<count]))
  }
}

/// 1 ÷ (1 + exp(−x)), right for any x.
public func logistic(_ x: Double) -> Double {
  if x >= 0 { return 1 / (1 + exp(-x)) }
  let power = exp(x)
  return power / (1 + power)
}

/// The objective with its gradient and Hessian; the intercept is the last parameter.
private struct Problem {
  private let features: [Double]
  private let outcomes: [Bool]
  private let featureCount: Int
  private let penalty: Double
  private(set) var gradient: [Double]
  /// Row by row.
  private(set) var hessian: [Double]
  private(set) var logLikelihood = 0.0
  /// How far the chance of a case is from its outcome at most.
  private(set) var worstMiss = 1.0

  init(_ features: [Double], _ outcomes: [Bool], featureCount: Int, penalty: Double) {
    (self.features, self.outcomes) = (features, outcomes)
    (self.featureCount, self.penalty) = (featureCount, penalty)
    gradient = Array(repeating: 0, count: featureCount + 1)
    hessian = Array(repeating: 0, count: (featureCount + 1) * (featureCount + 1))
  }

  /// The objective at some parameters; sets the rest.
  mutating func evaluate(_ parameters: [Double]) -> Double {
    let size = featureCount + 1
    for index in gradient.indices { gradient[index] = 0 }
    for index in hessian.indices { hessian[index] = 0 }
    (logLikelihood, worstMiss) = (0, 0)
    var row = [Double](repeating: 1, count: size)
    for (number, outcome) in outcomes.enumerated() {
      var logit = parameters[featureCount]
      for index in 0..<featureCount {
        row[index] = features[number * featureCount + index]
        logit += parameters[index] * row[index]
      }
      let margin = outcome ? logit : -logit
      logLikelihood -= margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin
      let chance = logistic(logit)
      let miss = logistic(-margin)
      worstMiss = max(worstMiss, miss)
      let (slope, weight) = (outcome ? -miss : miss, chance * logistic(-logit))
      for index in 0..<size {
        gradient[index] += slope * row[index]
        let scaled = weight * row[index]
        for other in 0...index { hessian[index * size + other] += scaled * row[other] }
      }
    }
    var squares = 0.0
    for index in 0..<featureCount {
      squares += parameters[index] * parameters[index]
      gradient[index] += penalty * parameters[index]
      hessian[index * size + index] += penalty
    }
    for index in 0..<size {
      for other in 0..<index { hessian[other * size + index] = hessian[index * size + other] }
    }
    return 0.5 * penalty * squares - logLikelihood
  }
}
