#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The BG/NBD model: customers buy at random at rates of their own, and after each purchase some leave.
///
///     rate of a customer                 ~ gamma(r, alpha)
///     chance to leave after a purchase   ~ beta(a, b)
///
/// Who has not bought again has had no occasion to leave, so ``chanceAlive(_:)`` is 1 without repeats:
/// the model says so, not the customer. Alpha has the unit of the times.
///
/// Source: P. S. Fader, B. G. S. Hardie and K. L. Lee, "Counting your customers" the easy way: an
/// alternative to the Pareto/NBD model, Marketing Science 24 (2005), 275-284.
public struct BGNBD: PurchaseModel {
  /// Those of the paper.
  public static let parameterNames = ["r", "alpha", "a", "b"]

  private let shape: Double
  private let alpha: Double
  private let a: Double
  private let b: Double

  /// A model by its parameters.
  public init(_ parameters: [Double]) {
    (shape, alpha, a, b) = (parameters[0], parameters[1], parameters[2], parameters[3])
  }

  /// The most likely model of customers.
  public static func fit(_ customers: PurchaseHistories) -> LikelihoodMaximum {
    LikelihoodMaximum(BGNBDLikelihood(customers), from: [0.5, 0.5 * customers.meanAge, 1, 2])
  }

  /// The chance that a customer has not left at the last purchase.
  public func chanceAlive(_ history: PurchaseHistory) -> Double {
    guard history.repeats > 0 else { return 1 }
    let repeats = Double(history.repeats)
    let odds =
      log(a / (b + repeats - 1))
      + (shape + repeats) * log((alpha + history.age) / (alpha + history.last))
    return logistic(-odds)
  }

  /// How often a customer will buy within a time from now on.
  ///
  /// With the chance to be alive left out it is the sum over j ≥ 0 of
  ///
  ///     P(at least j + 1 purchases, were nobody to leave)  ×  P(still there after j of them)
  ///          negative binomial                                 (b′)ⱼ ÷ (a + b′)ⱼ,  b′ = b + repeats
  ///
  /// which equals the paper's expression with 2F1, but all terms are positive and none is too great: it
  /// needs no logarithm, and a = 1 is like any other value.
  public func expectedPurchases(_ history: PurchaseHistory, within duration: Double) -> Double {
    guard duration > 0 else { return 0 }
    let successes = shape + Double(history.repeats)
    let scale = alpha + history.age
    let chance = duration / (scale + duration)
    let stays = b + Double(history.repeats)
    // ln P(no purchase), and P(at least one) to its last digit.
    let logNone = -successes * log1p(duration / scale)
    var (logExactly, exactly) = (logNone, exp(logNone))
    var (more, stillThere, sum, count) = (-expm1(logNone), 1.0, 0.0, 0.0)
    while true {
      sum += more * stillThere
      stillThere *= (stays + count) / (a + stays + count)
      let growth = (successes + count) / (count + 1) * chance
      count += 1
      // Where the first terms are too small for a double their logarithms are not.
      if logExactly < -600 {
        logExactly += log(growth)
        exactly = exp(logExactly)
      } else {
        exactly *= growth
      }
      more = max(0, more - exactly)
      // From here on no term is more than `growth` times the one before.
      if growth < 1, exactly * growth <= 1e-17 * sum * (1 - growth) * (1 - growth) { break }
    }
    return chanceAlive(history) * sum
  }
}
