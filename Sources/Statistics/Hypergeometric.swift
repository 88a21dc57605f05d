/// Gauss's hypergeometric function 2F1(1, b; c; z) for 0 < b ≤ c and 0 ≤ z < 1.
///
///     hypergeometric(1, 2, 0.5)   // −ln(1 − z) ÷ z = 1.3863
///
/// Gauss's continued fraction by Lentz's method: of the order of 1 ÷ √(1 − z) steps, where the series
/// takes 1 ÷ (1 − z).
///
/// Source: NIST Digital Library of Mathematical Functions, 15.7.1 and 3.10.
func hypergeometric(_ b: Double, _ c: Double, _ z: Double) -> Double {
  // 1 ÷ (1 − u₁z ÷ (1 − u₂z ÷ (1 − …))): no denominator is 0, as all u are positive and u z < 1.
  var (ratio, inverse, fraction) = (1.0, 0.0, 1.0)
  for step in 1...hypergeometricStepsMax {
    let pair = Double(step / 2)
    let unit =
      step % 2 == 1
      ? (b + pair) * (c - 1 + pair) / ((c + 2 * pair - 1) * (c + 2 * pair))
      : pair * (c - b + pair - 1) / ((c + 2 * pair - 2) * (c + 2 * pair - 1))
    inverse = 1 / (1 - unit * z * inverse)
    ratio = 1 - unit * z / ratio
    let change = ratio * inverse
    fraction *= change
    if abs(change - 1) < 4e-16 { break }
  }
  return 1 / fraction
}

/// So many steps suffice up to z = 1 − 1e-6.
private let hypergeometricStepsMax = 20_000
