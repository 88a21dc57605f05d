#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A likelihood of positive parameters.
protocol PositiveLikelihood {
  /// Its logarithm.
  func logLikelihood(_ parameters: [Double]) -> Double

  /// Its logarithm with the derivatives by the logarithms of the parameters.
  func derivativesByLogarithms(_ parameters: [Double]) -> Derivatives
}

/// Where a likelihood of positive parameters is greatest.
///
/// Newton's method on the logarithms of the parameters, each step shortened until the likelihood does
/// not fall (Levenberg and Marquardt's damping). The likelihood of a model has no greatest value where
/// the data leave a parameter open: the parameters then run away, and ``isConverged`` is false.
///
/// Source: J. Nocedal and S. J. Wright, Numerical Optimization (2006), chapters 3 and 10.
public struct LikelihoodMaximum: Sendable {
  /// The parameters, in the order of the model.
  public let parameters: [Double]
  /// The standard error of each from the inverse of the Hessian; `nil` where that has none.
  public let standardErrors: [Double]?
  /// The logarithm of the likelihood there.
  public let logLikelihood: Double
  /// How many steps were taken.
  public let iterations: Int
  /// Whether the parameters have come to rest.
  public let isConverged: Bool

  /// Where each true parameter lies, 95 %: estimates of positive numbers scatter evenly in logarithms
  /// rather than by themselves, so that the interval never reaches 0.
  ///
  ///     parameter × exp(± 1.96 × error ÷ parameter)
  public var intervals: [Interval]? {
    let z = NormalDistribution.criticalValue(confidence: Interval.usualConfidence)
    return standardErrors.map { errors in
      zip(parameters, errors).map { parameter, error in
        let factor = exp(z * error / parameter)
        return Interval(low: parameter / factor, high: parameter * factor)
      }
    }
  }

  private static let iterationsMax = 200
  /// How far the logarithm of a parameter moves in one step, and may get from where it began.
  private static let (stepMax, reach) = (2.0, 12.0)

  /// Climbs from a start.
  init(_ likelihood: some PositiveLikelihood, from start: [Double]) {
    let origin = start.map { log($0) }
    var place = origin
    var here = likelihood.derivativesByLogarithms(start)
    var (iterations, damping, isConverged) = (0, 0.0, false)
    while iterations < Self.iterationsMax, !isConverged {
      iterations += 1
      guard let step = Self.step(here, damping) else {
        damping = max(8 * damping, 1e-3)
        if damping > 1e12 { break }
        continue
      }
      let rise = zip(step, here.gradient).reduce(0) { $0 + $1.0 * $1.1 }
      let isLast = damping == 0 && rise <= 1e-12 * (1 + abs(here.value))
      let length = min(1, Self.stepMax / (step.lazy.map { abs($0) }.max() ?? 1))
      let next = zip(place, step).map { $0 + length * $1 }
      guard zip(next, origin).allSatisfy({ abs($0 - $1) < Self.reach }) else { break }
      let parameters = next.map { exp($0) }
      guard likelihood.logLikelihood(parameters) >= here.value - 1e-13 * abs(here.value) else {
        // At the top the last digits of the likelihood say nothing any more.
        isConverged = isLast
        damping = max(8 * damping, 1e-3)
        if damping > 1e12 { break }
        continue
      }
      place = next
      here = likelihood.derivativesByLogarithms(parameters)
      damping = damping < 1e-5 ? 0 : damping / 8
      isConverged = isLast
    }
    parameters = place.map { exp($0) }
    logLikelihood = here.value
    (self.iterations, self.isConverged) = (iterations, isConverged)
    standardErrors = isConverged ? Self.errors(here, parameters) : nil
  }

  /// Newton's step with so much damping; `nil` where the likelihood is not curved down.
  private static func step(_ here: Derivatives, _ damping: Double) -> [Double]? {
    guard here.value.isFinite else { return nil }
    let count = here.gradient.count
    var matrix = here.hessian.map { -$0 }
    for index in 0..<count {
      let diagonal = index * (count + 1)
      matrix[diagonal] += damping * max(abs(matrix[diagonal]), 1e-6)
    }
    return solved(matrix, here.gradient, count: count)
  }

  /// The errors of parameters by those of their logarithms.
  private static func errors(_ here: Derivatives, _ parameters: [Double]) -> [Double]? {
    let information = here.hessian.map { -$0 }
    var errors: [Double] = []
    for index in parameters.indices {
      var unit = [Double](repeating: 0, count: parameters.count)
      unit[index] = 1
      guard let column = solved(information, unit, count: parameters.count), column[index] > 0
      else { return nil }
      errors.append(parameters[index] * column[index].squareRoot())
    }
    return errors
  }
}
