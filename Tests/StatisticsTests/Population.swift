import Foundation

@testable import Statistics

/// Customers made by the story that the BG/NBD model tells.
struct Population {
  private var randomness: Randomness

  init(seed: UInt64) { randomness = Randomness(seed: seed) }

  /// A customer watched for a number of days, which is what a purchase is dated by.
  mutating func customer(_ parameters: [Double], age: Double) -> PurchaseHistory {
    let rate = gamma(parameters[0]) / parameters[1]
    let (a, b) = (gamma(parameters[2]), gamma(parameters[3]))
    let leaves = a / (a + b)
    var (time, last, repeats) = (0.0, 0.0, 0)
    while true {
      time += -log(uniform()) / rate
      guard time <= age else { break }
      (last, repeats) = (time, repeats + 1)
      if uniform() < leaves { break }
    }
    return PurchaseHistory(repeats: repeats, last: last, age: age)
  }

  /// More than 0 and less than 1.
  private mutating func uniform() -> Double {
    (Double(randomness.next() >> 12) + 0.5) * 0x1p-52
  }

  /// A number of the gamma distribution with scale 1.
  ///
  /// Source: G. Marsaglia and W. W. Tsang, A simple method for generating gamma variables (2000).
  private mutating func gamma(_ shape: Double) -> Double {
    if shape < 1 { return gamma(shape + 1) * pow(uniform(), 1 / shape) }
    let d = shape - 1 / 3.0
    while true {
      let normal = (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
      let cube = pow(1 + normal / (9 * d).squareRoot(), 3)
      guard cube > 0 else { continue }
      if log(uniform()) < normal * normal / 2 + d - d * cube + d * log(cube) { return d * cube }
    }
  }
}
