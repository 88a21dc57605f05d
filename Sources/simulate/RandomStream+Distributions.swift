/// Variates from uniform ones, by + − × ÷ √ and the functions made of them.
extension RandomStream {
  /// Exponential with mean 1.
  @inline(__always)
  mutating func exponentialVariate() -> Double { -naturalLogarithm(uniform()) }

  /// A time in milliseconds, exponential with this mean, at least 2 and at most some 30,000 years.
  mutating func wait(mean: Double) -> Int64 {
    Int64(min(max(mean * exponentialVariate(), 2), 1e15))
  }

  /// The number of successes before the first failure, so that the mean is `mean`; at most 250.
  mutating func geometricVariate(mean: Double) -> Int {
    let goesOn = mean / (1 + mean)
    var count = 0
    while count < 250, happens(goesOn) { count += 1 }
    return count
  }

  /// Pareto from 1 on with this shape, cut at `most`.
  mutating func paretoVariate(shape: Double, most: Double) -> Double {
    min(exponential(exponentialVariate() / shape), most)
  }

  /// Normal with mean 0 and deviation 1.
  ///
  /// Source: Marsaglia and Bray, "A convenient method for generating normal variables", 1964.
  mutating func normalVariate() -> Double {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square < 1, square > 0 {
        return x * (-2 * naturalLogarithm(square) / square).squareRoot()
      }
    }
  }

  /// Gamma with this shape and scale 1.
  ///
  /// Source: Marsaglia and Tsang, "A simple method for generating gamma variables", 2000.
  mutating func gammaVariate(shape: Double) -> Double {
    if shape < 1 {
      let power = exponential(-exponentialVariate() / shape)
      return gammaVariate(shape: shape + 1) * power
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let normal = normalVariate()
      let base = 1 + c * normal
      guard base > 0 else { continue }
      let cube = base * base * base
      let bound = normal * normal / 2 + d - d * cube + d * naturalLogarithm(cube)
      if -exponentialVariate() < bound { return d * cube }
    }
  }

  /// Beta with these two shapes.
  mutating func betaVariate(_ a: Double, _ b: Double) -> Double {
    let first = gammaVariate(shape: a)
    let second = gammaVariate(shape: b)
    let sum = first + second
    return sum > 0 ? first / sum : 0.5
  }
}
