#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A function of some numbers at one place, with its slopes and the slopes of these.
struct Derivatives {
  /// The value there.
  var value: Double
  /// The slope by each number.
  var gradient: [Double]
  /// The second derivatives, row by row.
  var hessian: [Double]

  /// A value without slopes, to be added to.
  init(count: Int) {
    value = 0
    gradient = Array(repeating: 0, count: count)
    hessian = Array(repeating: 0, count: count * count)
  }

  /// Sets a second derivative, by both orders of its numbers.
  mutating func setSecond(_ row: Int, _ column: Int, _ slope: Double) {
    hessian[row * gradient.count + column] = slope
    hessian[column * gradient.count + row] = slope
  }

  /// The same by the logarithms of the numbers.
  ///
  ///     ∂f ÷ ∂ln p = p f′        ∂²f ÷ ∂ln p ∂ln q = p q f″ + [p = q] p f′
  func byLogarithms(of parameters: [Double]) -> Derivatives {
    var result = self
    for row in parameters.indices {
      result.gradient[row] *= parameters[row]
      for column in parameters.indices {
        result.hessian[row * parameters.count + column] *= parameters[row] * parameters[column]
      }
      result.hessian[row * (parameters.count + 1)] += result.gradient[row]
    }
    return result
  }

  /// Derivatives from differences of values around a place, each number a unit apart from the next
  /// in scale: good to about 1e-9 of the value for slopes, 1e-6 for the slopes of these.
  ///
  /// Cost: 29 values for 4 numbers.
  init(of function: ([Double]) -> Double, at place: [Double]) {
    let count = place.count
    self.init(count: count)
    let center = function(place)
    func moved(_ moves: [(Int, Double)]) -> Double {
      var there = place
      for (index, step) in moves { there[index] += step }
      return function(there)
    }
    let (near, far) = (1e-5, 1e-3)
    value = center
    let up = place.indices.map { moved([($0, far)]) }
    let down = place.indices.map { moved([($0, -far)]) }
    for index in place.indices {
      gradient[index] = (moved([(index, near)]) - moved([(index, -near)])) / (2 * near)
      setSecond(index, index, (up[index] - 2 * center + down[index]) / (far * far))
      for other in 0..<index {
        let both = moved([(index, far), (other, far)]) + moved([(index, -far), (other, -far)])
        let single = up[index] + down[index] + up[other] + down[other]
        setSecond(index, other, (both - single + 2 * center) / (2 * far * far))
      }
    }
  }
}
