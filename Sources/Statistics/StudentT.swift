#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Student's distribution of a mean whose spread is known from few numbers.
///
///     StudentT.cumulative(2.228, degrees: 10)   // 0.975
///     StudentT.cumulative(12.706, degrees: 1)   // 0.975
public enum StudentT {
  /// The share of the distribution at or under `t`.
  ///
  /// A finite sum for whole degrees of freedom, at least one; linear in them.
  /// Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
  public static func cumulative(_ t: Double, degrees: Int) -> Double {
    precondition(degrees > 0, "a spread is known from two numbers at least")
    guard t.isFinite else { return t > 0 ? 1 : t < 0 ? 0 : .nan }
    let angle = atan(abs(t) / Double(degrees).squareRoot())
    let (sine, cosine) = (sin(angle), cos(angle))
    let isOdd = degrees % 2 == 1
    // The first term of the sum, and which of them it is.
    var term = isOdd ? cosine : 1
    var sum = degrees == 1 ? 0 : term
    var number = isOdd ? 3 : 2
    while number <= degrees - 2 {
      term *= cosine * cosine * Double(number - 1) / Double(number)
      sum += term
      number += 2
    }
    let within = isOdd ? (angle + sine * sum) * 2 / .pi : sine * sum
    return t < 0 ? (1 - within) / 2 : (1 + within) / 2
  }
}
