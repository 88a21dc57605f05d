/// The natural logarithm of a positive number, from + − × ÷ alone.
///
/// The functions of C libraries differ in the last digit from machine to machine; sums and products
/// of IEEE 754 do not. The error is below 3 units in the last place.
/// Method: x = m · 2ᵏ with m around 1, ln m = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1).
func naturalLogarithm(_ number: Double) -> Double {
  var significand = number.significand
  var exponent = Double(number.exponent)
  if significand > 1.414_213_562_373_095_1 {
    significand /= 2
    exponent += 1
  }
  let ratio = (significand - 1) / (significand + 1)
  let square = ratio * ratio
  var sum = 1.0 / 21
  sum = sum * square + 1.0 / 19
  sum = sum * square + 1.0 / 17
  sum = sum * square + 1.0 / 15
  sum = sum * square + 1.0 / 13
  sum = sum * square + 1.0 / 11
  sum = sum * square + 1.0 / 9
  sum = sum * square + 1.0 / 7
  sum = sum * square + 1.0 / 5
  sum = sum * square + 1.0 / 3
  sum = sum * square + 1.0
  return exponent * 0.693_147_180_559_945_3 + 2 * ratio * sum
}

/// The exponential function, from + − × ÷ alone; 0 below −700 and its value at 700 above that.
///
/// Method: eˣ = 2ᵏ · eᶠ with |f| ≤ ln 2 / 2, and the Taylor series of the latter.
func exponential(_ number: Double) -> Double {
  guard number > -700 else { return 0 }
  let bounded = min(number, 700)
  let power = (bounded / 0.693_147_180_559_945_3).rounded()
  let rest = bounded - power * 0.693_147_180_559_945_3
  var sum = 1.0
  for divisor in stride(from: 14.0, through: 1.0, by: -1.0) {
    sum = 1 + sum * rest / divisor
  }
  return Double(sign: .plus, exponent: Int(power), significand: sum)
}
