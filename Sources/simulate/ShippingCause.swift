/// A planted cause of the drop before the payment: what shipping costs.
///
///     checkouts    6 of 10 tell "shipping":0        4 of 10 tell "shipping":4.90
///     go on        with a chance p                  with odds as many times those of p as was asked for
///
/// Both chances together make the rate of the step what it is without a cause. The odds ratio is that of
/// going on from the checkout to the payment, among those who came to the checkout: a funnel that ends
/// with the payment measures it. Of one that ends with the order it is nearer to 1, since not all who
/// pay get there.
struct ShippingCause: Sendable {
  /// Share of the persons whose shipping costs something.
  static let costlyShare = 0.4
  /// What it costs them, in hundredths.
  static let cents = 490

  /// How many times as high their odds are.
  let oddsRatio: Double

  /// Whether shipping costs a person something: a trait of the person, whatever else happens.
  static func isCostly(_ person: Int, seed: UInt64) -> Bool {
    var stream = RandomStream(seed: seed, .shipping, person)
    return stream.happens(costlyShare)
  }

  /// The chance of going on to the payment where the rate of all is given.
  ///
  /// The share who go on grows with the chance of those who pay nothing, so halving finds it.
  func chance(isCostly: Bool, rate: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let free = (low + high) / 2
      let share = Self.costlyShare * costly(free) + (1 - Self.costlyShare) * free
      if share < rate { low = free } else { high = free }
    }
    let free = (low + high) / 2
    return isCostly ? costly(free) : free
  }

  /// The chance of those who pay by that of those who do not.
  private func costly(_ free: Double) -> Double {
    oddsRatio * free / (1 - free + oddsRatio * free)
  }
}
