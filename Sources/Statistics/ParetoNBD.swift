#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Pareto/NBD model: customers buy at random at rates of their own, and leave at random at other
/// rates of their own, whether they buy or not.
///
///     rate of buying    ~ gamma(r, alpha)
///     rate of leaving   ~ gamma(s, beta)
///
/// Alpha and beta have the unit of the times.
///
/// Source: D. C. Schmittlein, D. G. Morrison and R. Colombo, Counting your customers: who are they and
/// what will they do next?, Management Science 33 (1987), 1-24; P. S. Fader and B. G. S. Hardie, A note
/// on deriving the Pareto/NBD model (2005), whose equations are named.
public struct ParetoNBD: PurchaseModel {
  /// Those of the papers.
  public static let parameterNames = ["r", "alpha", "s", "beta"]

  private let parameters: [Double]

  /// A model by its parameters.
  public init(_ parameters: [Double]) { self.parameters = parameters }

  /// The most likely model of customers.
  public static func fit(_ customers: PurchaseHistories) -> LikelihoodMaximum {
    let scale = customers.meanAge
    return LikelihoodMaximum(
      ParetoNBDLikelihood(customers), from: [0.5, 0.5 * scale, 0.6, 0.7 * scale])
  }

  /// The chance that a customer has not left: equation 37.
  public func chanceAlive(_ history: PurchaseHistory) -> Double {
    let (stay, left) = ParetoNBDLikelihood.parts(history, parameters)
    return logistic(stay - left)
  }

  /// How often a customer will buy within a time from now on: equation 41, at s = 1 its limit.
  public func expectedPurchases(_ history: PurchaseHistory, within duration: Double) -> Double {
    let (shape, alpha) = (parameters[0], parameters[1])
    let (s, beta) = (parameters[2], parameters[3])
    let growth = log1p(duration / (beta + history.age))
    let time = abs(s - 1) < 1e-12 ? growth : -expm1(-(s - 1) * growth) / (s - 1)
    let rate = (shape + Double(history.repeats)) / (alpha + history.age)
    return rate * (beta + history.age) * time * chanceAlive(history)
  }
}

/// The likelihood of histories under the Pareto/NBD model, equation 18.
///
///     ln L = ln[ Γ(r+x) ÷ Γ(r) · αʳ βˢ ]  +  ln( e^stay + e^left )
///     stay = −(r+x) ln(α+T) − s ln(β+T)
///     left = ln of the integral over the time of leaving, from the last purchase to now
struct ParetoNBDLikelihood: PositiveLikelihood {
  private let customers: PurchaseHistories

  init(_ customers: PurchaseHistories) { self.customers = customers }

  func logLikelihood(_ parameters: [Double]) -> Double {
    var (sum, common, repeats) = (0.0, 0.0, -1)
    for (history, number) in zip(customers.histories, customers.customers) {
      if history.repeats != repeats {
        repeats = history.repeats
        common =
          logGamma(parameters[0] + Double(repeats)) - logGamma(parameters[0])
          + parameters[0] * log(parameters[1]) + parameters[2] * log(parameters[3])
      }
      let (stay, left) = Self.parts(history, parameters)
      let term = max(stay, left) + log1p(exp(-abs(stay - left)))
      sum += Double(number) * (common + term)
    }
    return sum
  }

  /// The slopes come from differences: those of 2F1 by its parameters have no simple form.
  func derivativesByLogarithms(_ parameters: [Double]) -> Derivatives {
    Derivatives(
      of: { logLikelihood($0.map { exp($0) }) }, at: parameters.map { log($0) })
  }

  /// The logarithms of the two parts: still there, and left since the last purchase.
  static func parts(
    _ history: PurchaseHistory, _ parameters: [Double]
  ) -> (stay: Double, left: Double) {
    let (shape, alpha) = (parameters[0], parameters[1])
    let (s, beta) = (parameters[2], parameters[3])
    let total = shape + Double(history.repeats)
    let stay = -total * log(alpha + history.age) - s * log(beta + history.age)
    guard history.last < history.age else { return (stay, -.infinity) }
    let since = logTail(history.last, total, alpha, s, beta)
    let now = logTail(history.age, total, alpha, s, beta)
    guard now < since else { return (stay, -.infinity) }
    return (stay, log(s / (total + s)) + since + log(-expm1(now - since)))
  }

  /// ln of (r+x+s) ∫ (α+y)^−(r+x) (β+y)^−(s+1) dy from a time on: equations 19 and 20.
  ///
  ///     (1 ÷ (m+y)^(r+s+x)) · 2F1(r+s+x, e; r+s+x+1; |α−β| ÷ (m+y)),  m = max(α, β)
  ///     2F1(c−1, e; c; z) = (1−z)^(1−e) · 2F1(1, c−e; c; z),            e = s+1 or r+x
  private static func logTail(
    _ time: Double, _ total: Double, _ alpha: Double, _ s: Double, _ beta: Double
  ) -> Double {
    let (low, high) = (min(alpha, beta) + time, max(alpha, beta) + time)
    let exponent = alpha < beta ? total : s + 1
    let end = total + s + 1
    let function = hypergeometric(end - exponent, end, (high - low) / high)
    return (1 - exponent) * log(low / high) + log(function) - (total + s) * log(high)
  }
}
