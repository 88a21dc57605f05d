#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The gamma-gamma model of what a purchase is worth: each customer has a mean of its own, about which
/// the purchases vary, whatever their number.
///
///     a purchase                ~ gamma(p, ν)
///     ν of a customer           ~ gamma(q, v)
///     mean of all customers     p v ÷ (q − 1), which exists where q > 1
///
/// It holds where spend does not go with frequency: ``correlation(_:)`` of the two should be near 0.
///
/// Source: P. S. Fader and B. G. S. Hardie, The gamma-gamma model of monetary value (2013).
public struct GammaGamma: Sendable {
  /// Customers who spent the same on average on as many purchases.
  public struct Spend: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// How many purchases.
    public let purchases: Int
    /// What they cost on average, more than 0.
    public let mean: Double

    /// A customer's spend.
    public init(purchases: Int, mean: Double) {
      precondition(purchases > 0 && mean > 0, "who spends has bought")
      (self.purchases, self.mean) = (purchases, mean)
    }

    /// By purchases, then by what they cost.
    public static func < (left: Spend, right: Spend) -> Bool {
      (left.purchases, left.mean) < (right.purchases, right.mean)
    }
  }

  /// The names of the parameters as the literature has them.
  public static let parameterNames = ["p", "q", "v"]

  private let p: Double
  private let q: Double
  private let v: Double

  /// A model by its parameters.
  public init(_ parameters: [Double]) { (p, q, v) = (parameters[0], parameters[1], parameters[2]) }

  /// The most likely model of customers.
  public static func fit(_ customers: [Spend]) -> LikelihoodMaximum {
    let sum = customers.sorted().reduce(0) { $0 + $1.mean }
    let mean = customers.isEmpty ? 1 : sum / Double(customers.count)
    return LikelihoodMaximum(GammaGammaLikelihood(customers), from: [3, 3, mean])
  }

  /// The mean of all customers; `nil` where there is none.
  public var mean: Double? { q > 1 ? p * v / (q - 1) : nil }

  /// What a purchase of a customer will cost: between what they cost so far and the mean of all.
  public func expectedSpend(_ spend: Spend) -> Double? {
    let purchases = Double(spend.purchases)
    return q > 1 ? p * (v + purchases * spend.mean) / (p * purchases + q - 1) : nil
  }

  /// How much the purchases of customers go with what they cost, −1 to 1; `nil` where either is the same
  /// for all.
  ///
  /// Source: K. Pearson's product-moment correlation.
  public static func correlation(_ customers: [Spend]) -> Double? {
    var (purchases, means) = (Moments(), Moments())
    for customer in customers {
      purchases.update(Double(customer.purchases))
      means.update(customer.mean)
    }
    guard let center = purchases.mean, let meanCenter = means.mean,
      let deviation = purchases.standardDeviation, let meanDeviation = means.standardDeviation,
      deviation > 0, meanDeviation > 0
    else { return nil }
    var products = ExactSum()
    for customer in customers {
      products.update(
        productOf: Double(customer.purchases) - center, customer.mean - meanCenter)
    }
    let covariance = products.value / Double(customers.count - 1)
    return min(1, max(-1, covariance / (deviation * meanDeviation)))
  }
}

/// The likelihood of mean spends under the gamma-gamma model.
///
///     ln L = lnΓ(px+q) − lnΓ(px) − lnΓ(q) + q ln v + (px−1) ln m + px ln x − (px+q) ln(x m + v)
struct GammaGammaLikelihood: PositiveLikelihood {
  private let customers: [GammaGamma.Spend]

  init(_ customers: [GammaGamma.Spend]) { self.customers = customers.sorted() }

  func logLikelihood(_ parameters: [Double]) -> Double {
    let (p, q, v) = (parameters[0], parameters[1], parameters[2])
    var (sum, common, count) = (0.0, 0.0, 0)
    for customer in customers {
      let purchases = Double(customer.purchases)
      let shape = p * purchases
      if customer.purchases != count {
        count = customer.purchases
        common = logGamma(shape + q) - logGamma(shape) - logGamma(q) + q * log(v)
        common += shape * log(purchases)
      }
      sum += common + (shape - 1) * log(customer.mean)
      sum -= (shape + q) * log(purchases * customer.mean + v)
    }
    return sum
  }

  func derivativesByLogarithms(_ parameters: [Double]) -> Derivatives {
    let (p, q, v) = (parameters[0], parameters[1], parameters[2])
    var result = Derivatives(count: 3)
    var (byP, byQ, byV) = (0.0, 0.0, 0.0)
    var (pp, pq, qq, pv, qv, vv) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    var count = 0
    var (atSum, atShape, atSumAgain, atShapeAgain) = (0.0, 0.0, 0.0, 0.0)
    let (atQ, atQAgain) = (digamma(q), trigamma(q))
    for customer in customers {
      let purchases = Double(customer.purchases)
      let shape = p * purchases
      if customer.purchases != count {
        count = customer.purchases
        (atSum, atSumAgain) = (digamma(shape + q), trigamma(shape + q))
        (atShape, atShapeAgain) = (digamma(shape), trigamma(shape))
      }
      let spent = purchases * customer.mean
      let logRatio = log(spent / (spent + v))
      byP += purchases * (atSum - atShape + logRatio)
      byQ += atSum - atQ + log(v / (spent + v))
      byV += q / v - (shape + q) / (spent + v)
      pp += purchases * purchases * (atSumAgain - atShapeAgain)
      pq += purchases * atSumAgain
      qq += atSumAgain - atQAgain
      pv -= purchases / (spent + v)
      qv += 1 / v - 1 / (spent + v)
      vv += (shape + q) / ((spent + v) * (spent + v)) - q / (v * v)
    }
    result.value = logLikelihood(parameters)
    result.gradient = [byP, byQ, byV]
    result.setSecond(0, 0, pp)
    result.setSecond(1, 0, pq)
    result.setSecond(1, 1, qq)
    result.setSecond(2, 0, pv)
    result.setSecond(2, 1, qv)
    result.setSecond(2, 2, vv)
    return result.byLogarithms(of: parameters)
  }
}
