#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The likelihood of histories under the BG/NBD model.
///
/// Of each history it is a mixture: the customer is still there, or left at the last purchase.
///
///     ln L = ln[ Γ(r+x) ÷ Γ(r) · αʳ · B(a,b+x) ÷ B(a,b) ]  +  ln( e^stay + [x > 0] e^left )
///     stay = −(r+x) ln(α+T)          left = ln a − ln(b+x−1) − (r+x) ln(α+tₓ)
struct BGNBDLikelihood: PositiveLikelihood {
  private let customers: PurchaseHistories
  /// Where the histories of each number of repeats end.
  private let ends: [Int]

  init(_ customers: PurchaseHistories) {
    self.customers = customers
    let histories = customers.histories
    ends = histories.indices.filter {
      $0 + 1 == histories.count || histories[$0 + 1].repeats != histories[$0].repeats
    }.map { $0 + 1 }
  }

  func logLikelihood(_ parameters: [Double]) -> Double {
    let (shape, alpha, a, b) = (parameters[0], parameters[1], parameters[2], parameters[3])
    var sum = 0.0
    var start = 0
    for end in ends {
      let repeats = Double(customers.histories[start].repeats)
      let total = shape + repeats
      let common = common(repeats, shape, alpha, a, b)
      let leaves = repeats > 0 ? log(a / (b + repeats - 1)) : 0
      for index in start..<end {
        let history = customers.histories[index]
        var term = common - total * log(alpha + history.age)
        if repeats > 0 {
          let odds = leaves + total * log((alpha + history.age) / (alpha + history.last))
          term += odds > 0 ? odds + log1p(exp(-odds)) : log1p(exp(odds))
        }
        sum += Double(customers.customers[index]) * term
      }
      start = end
    }
    return sum
  }

  /// The part that histories of the same number of repeats have in common.
  private func common(
    _ repeats: Double, _ shape: Double, _ alpha: Double, _ a: Double, _ b: Double
  ) -> Double {
    logGamma(shape + repeats) - logGamma(shape) + shape * log(alpha)
      + logBeta(a, b + repeats) - logBeta(a, b)
  }

  func derivativesByLogarithms(_ parameters: [Double]) -> Derivatives {
    var result = Derivatives(count: 4)
    var slopes = Slopes()
    var start = 0
    for end in ends {
      let repeats = Double(customers.histories[start].repeats)
      let mixture = Mixture(repeats, parameters)
      var count = 0
      for index in start..<end {
        let number = customers.customers[index]
        mixture.add(customers.histories[index], times: Double(number), to: &slopes)
        count += number
      }
      addCommon(repeats, times: Double(count), parameters, to: &slopes)
      start = end
    }
    result.value = logLikelihood(parameters)
    result.gradient = [slopes.r, slopes.alpha, slopes.a, slopes.b]
    result.setSecond(0, 0, slopes.rr)
    result.setSecond(1, 0, slopes.rAlpha)
    result.setSecond(1, 1, slopes.alphaAlpha)
    result.setSecond(2, 0, slopes.ra)
    result.setSecond(3, 0, slopes.rb)
    result.setSecond(2, 1, slopes.alphaA)
    result.setSecond(3, 1, slopes.alphaB)
    result.setSecond(2, 2, slopes.aa)
    result.setSecond(3, 2, slopes.ab)
    result.setSecond(3, 3, slopes.bb)
    return result.byLogarithms(of: parameters)
  }

  /// Adds the derivatives of the common part.
  private func addCommon(
    _ repeats: Double, times: Double, _ parameters: [Double], to slopes: inout Slopes
  ) {
    let (shape, alpha, a, b) = (parameters[0], parameters[1], parameters[2], parameters[3])
    slopes.r += times * (digamma(shape + repeats) - digamma(shape) + log(alpha))
    slopes.rr += times * (trigamma(shape + repeats) - trigamma(shape))
    slopes.alpha += times * shape / alpha
    slopes.rAlpha += times / alpha
    slopes.alphaAlpha -= times * shape / (alpha * alpha)
    let both = digamma(a + b) - digamma(a + b + repeats)
    slopes.a += times * both
    slopes.b += times * (both + digamma(b + repeats) - digamma(b))
    let bothAgain = trigamma(a + b) - trigamma(a + b + repeats)
    slopes.aa += times * bothAgain
    slopes.ab += times * bothAgain
    slopes.bb += times * (bothAgain + trigamma(b + repeats) - trigamma(b))
  }
}

/// The first and second derivatives by r, alpha, a and b.
private struct Slopes {
  var (r, alpha, a, b) = (0.0, 0.0, 0.0, 0.0)
  var (rr, rAlpha, alphaAlpha, aa, ab, bb) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
  var (ra, rb, alphaA, alphaB) = (0.0, 0.0, 0.0, 0.0)
}

/// The logarithm of a mixture, ln(e^stay + e^left), for customers of the same number of repeats.
///
/// With p the share of `left` in the sum, its slope is the mean of the two slopes, (1 − p) and p being
/// their weights, and its second derivative the mean of the second ones plus p (1 − p) times the square
/// of the difference of the slopes.
private struct Mixture {
  private let total: Double
  private let alpha: Double
  private let a: Double
  /// b + repeats − 1.
  private let leaving: Double
  private let logLeaves: Double
  private let hasRepeats: Bool

  init(_ repeats: Double, _ parameters: [Double]) {
    (total, alpha, a) = (parameters[0] + repeats, parameters[1], parameters[2])
    leaving = parameters[3] + repeats - 1
    hasRepeats = repeats > 0
    logLeaves = hasRepeats ? log(a / leaving) : 0
  }

  func add(_ history: PurchaseHistory, times: Double, to slopes: inout Slopes) {
    let (stay, left) = (alpha + history.age, alpha + history.last)
    let logStay = log(stay)
    guard hasRepeats else {
      slopes.r -= times * logStay
      slopes.alpha -= times * total / stay
      slopes.rAlpha -= times / stay
      slopes.alphaAlpha += times * total / (stay * stay)
      return
    }
    let logLeft = log(left)
    let share = logistic(logLeaves + total * (logStay - logLeft))
    let (leftTimes, stayTimes) = (times * share, times * (1 - share))
    slopes.r -= stayTimes * logStay + leftTimes * logLeft
    slopes.alpha -= total * (stayTimes / stay + leftTimes / left)
    slopes.a += leftTimes / a
    slopes.b -= leftTimes / leaving
    slopes.rAlpha -= stayTimes / stay + leftTimes / left
    slopes.alphaAlpha += total * (stayTimes / (stay * stay) + leftTimes / (left * left))
    slopes.aa -= leftTimes / (a * a)
    slopes.bb += leftTimes / (leaving * leaving)
    // The difference of the slopes: those of `left` less those of `stay`.
    let spread = leftTimes * (1 - share)
    let (byR, byAlpha) = (logStay - logLeft, total * (1 / stay - 1 / left))
    slopes.rr += spread * byR * byR
    slopes.rAlpha += spread * byR * byAlpha
    slopes.alphaAlpha += spread * byAlpha * byAlpha
    slopes.ra += spread * byR / a
    slopes.rb -= spread * byR / leaving
    slopes.alphaA += spread * byAlpha / a
    slopes.alphaB -= spread * byAlpha / leaving
    slopes.aa += spread / (a * a)
    slopes.ab -= spread / (a * leaving)
    slopes.bb += spread / (leaving * leaving)
  }
}
