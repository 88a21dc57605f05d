#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The natural logarithm of the gamma function of a positive number.
///
///     logGamma(5)   // ln 24
///
/// Up to 15 the number is raised by the rule Γ(x + 1) = x Γ(x), from there on Stirling's formula and
/// ``stirlingError(_:)`` hold. The error is some 1e-15 of the result, or 1e-15 where that is near 0.
/// The function of C libraries is not used: it keeps the sign in a variable that threads share.
func logGamma(_ number: Double) -> Double {
  precondition(number > 0, "the gamma function is asked of positive numbers")
  guard number.isFinite else { return .infinity }
  var raised = number
  var product = 1.0
  while raised < 15 {
    product *= raised
    raised += 1
  }
  // Γ(x) = Γ(x + 1) ÷ x, and Stirling's formula is that of x! = Γ(x + 1).
  let stirling =
    (raised - 0.5) * log(raised) - raised + 0.5 * logOfTwoPi + stirlingError(raised)
  return stirling - log(product)
}

/// The logarithm of the beta function of two positive numbers: ln Γ(a) + ln Γ(b) − ln Γ(a + b).
func logBeta(_ a: Double, _ b: Double) -> Double { logGamma(a) + logGamma(b) - logGamma(a + b) }

/// The logarithm of twice pi.
let logOfTwoPi = 1.837_877_066_409_345_483_6

/// By how much ln n! is more than Stirling's formula says: ln n! − ½ ln(2πn) − n ln n + n.
///
///     stirlingError(1)     // 0.0811
///     stirlingError(100)   // 0.00083
///
/// Exact to 1e-16 for whole numbers from 0 on, and for all numbers from 15 on; 0 gives 0 by
/// convention.
///
/// Source: C. Loader, Fast and accurate computation of binomial probabilities (2000).
func stirlingError(_ number: Double) -> Double {
  if number < 15.5, number == number.rounded() { return smallStirlingErrors[Int(number)] }
  let square = number * number
  let fourth = 1.0 / 1680 - (1.0 / 1188 - 691.0 / 360_360 / square) / square
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - fourth / square) / square) / square) / number
}

/// The errors of 0 to 15.
private let smallStirlingErrors = [
  0, 0.081_061_466_795_327_258_219_67, 0.041_340_695_955_409_294_093_82,
  0.027_677_925_684_998_339_148_789, 0.020_790_672_103_765_093_111_52,
  0.016_644_691_189_821_192_163_195, 0.013_876_128_823_070_747_998_746,
  0.011_896_709_945_891_770_095_056, 0.010_411_265_261_972_096_497_479,
  0.009_255_462_182_712_732_917_729, 0.008_330_563_433_362_871_256_469,
  0.007_573_675_487_951_840_794_972, 0.006_942_840_107_209_529_865_664,
  0.006_408_994_188_004_207_068_44, 0.005_951_370_112_758_847_735_624,
  0.005_554_733_551_962_801_371_039,
]

/// The slope of ``logGamma(_:)`` of a positive number.
///
///     digamma(1)   // −0.5772, Euler's constant with a minus
///
/// Up to 15 the number is raised by the rule ψ(x) = ψ(x + 1) − 1 ÷ x, from there on the asymptotic
/// series holds to 1e-16.
///
/// Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 6.3.18.
func digamma(_ number: Double) -> Double {
  precondition(number > 0, "the digamma function is asked of positive numbers")
  var raised = number
  var sum = 0.0
  while raised < 15 {
    sum -= 1 / raised
    raised += 1
  }
  let square = 1 / (raised * raised)
  let inner = 1.0 / 252 - square * (1.0 / 240 - square * (1.0 / 132 - square * 691 / 32_760))
  let series = square * (1.0 / 12 - square * (1.0 / 120 - square * inner))
  return sum + log(raised) - 0.5 / raised - series
}

/// The slope of ``digamma(_:)`` of a positive number.
///
///     trigamma(1)   // π² ÷ 6
///
/// Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 6.4.12.
func trigamma(_ number: Double) -> Double {
  precondition(number > 0, "the trigamma function is asked of positive numbers")
  var raised = number
  var sum = 0.0
  while raised < 15 {
    sum += 1 / (raised * raised)
    raised += 1
  }
  let square = 1 / (raised * raised)
  let inner = 1.0 / 42 - square * (1.0 / 30 - square * (5.0 / 66 - square * 691 / 2730))
  let series = square * (1.0 / 6 - square * (1.0 / 30 - square * inner))
  return sum + (1 + 0.5 / raised + series) / raised
}
