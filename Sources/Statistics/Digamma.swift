#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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
