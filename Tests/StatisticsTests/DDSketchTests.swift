import Testing

@testable import Statistics

@Suite("DDSketch")
struct DDSketchTests {
  private func sketch(_ values: [Double]) -> DDSketch {
    var sketch = DDSketch()
    for value in values { sketch.update(value) }
    return sketch
  }

  private func exact(_ values: [Double]) -> ExactQuantiles {
    var exact = ExactQuantiles()
    for value in values { exact.update(value) }
    return exact
  }

  /// Distributions whose numbers are all within the range that a sketch keeps apart.
  private static let distributions: [(name: String, values: [Double])] = {
    var randomness = Randomness(seed: 10)
    let uniform = (0..<5000).map { _ in Double.random(in: 0.001...1, using: &randomness) }
    return [
      ("one number", [12.5]),
      ("two numbers", [1, 1000]),
      ("1 to 1000", (1...1000).map { Double($0) }),
      ("uniform", uniform),
      ("exponential", uniform.map { -NormalDistribution.quantile($0 / 2) }),
      ("heavy tail", uniform.map { 1 / ($0 * $0 * $0) }),
      ("below zero", uniform.map { -1 / $0 }),
      ("with zeros", uniform.enumerated().map { $0.offset % 3 == 0 ? 0 : $0.element }),
      ("great", uniform.map { $0 * 1e300 }),
      ("small", uniform.map { $0 * 1e-300 }),
      ("powers of two", (-20...20).map { Double(sign: .plus, exponent: $0, significand: 1) }),
    ]
  }()

  @Test("Every quantile is within 1 % of the exact one")
  func error() throws {
    let quantiles = (0...100).map { Double($0) / 100 } + [0.001, 0.999]
    for (name, values) in DDSketchTests.distributions {
      let sketch = sketch(values)
      let exact = try #require(exact(values).quantiles(quantiles))
      #expect(sketch.count == values.count)
      for (quantile, value) in zip(quantiles, exact) {
        let found = try #require(sketch.quantile(quantile))
        #expect(
          abs(found - value) <= DDSketch.relativeError * abs(value), "\(quantile) of \(name)")
      }
    }
  }

  @Test("A quantile between numbers of both signs is within 1 % of the greater")
  func bothSigns() throws {
    let values = [-8.0, -3, -0.5, 0, 0.25, 2, 7, 100]
    let sketch = sketch(values)
    for step in 0...100 {
      let quantile = Double(step) / 100
      let exact = try #require(exact(values).quantile(quantile))
      let found = try #require(sketch.quantile(quantile))
      let above = values.first { $0 >= exact } ?? 0
      let below = values.last { $0 <= exact } ?? 0
      #expect(abs(found - exact) <= DDSketch.relativeError * max(abs(above), abs(below)))
    }
  }

  @Test("Infinities have their place at the ends, and NaN leaves no quantile")
  func nonFinite() {
    let sketch = sketch([.infinity, -.infinity, 0])
    #expect(sketch.quantile(0) == -.infinity)
    #expect(sketch.quantile(0.5) == 0)
    #expect(sketch.quantile(1) == .infinity)
    #expect(self.sketch([1, .nan]).quantile(0.5)?.isNaN == true)
  }

  @Test("Numbers too small for a bin count as zero")
  func subnormal() {
    #expect(sketch([.leastNonzeroMagnitude, -.leastNonzeroMagnitude]) == sketch([0, 0]))
    let least = sketch([.leastNormalMagnitude]).quantile(0.5) ?? .nan
    #expect(abs(least - .leastNormalMagnitude) <= 0.01 * Double.leastNormalMagnitude)
  }

  @Test("Adding a number several times is adding it so often")
  func counts() {
    var sketch = DDSketch()
    sketch.update(3, count: 4)
    sketch.update(5, count: 0)
    #expect(sketch == self.sketch([3, 3, 3, 3]))
  }

  @Test("At most 2,048 bins are kept, and what is folded stays in the lowest")
  func limit() throws {
    var sketch = DDSketch()
    for octave in -1000...1000 {
      sketch.update(Double(sign: .plus, exponent: octave, significand: 1.5))
    }
    #expect(sketch.bins.count <= BinCounts.binsMax)
    #expect(sketch.count == 2001)
    // 58 octaves under the greatest are still apart; all below are at the edge, none is lost.
    for rank in 1943...2000 {
      let found = try #require(sketch.quantile(Double(rank) / 2000))
      let exact = Double(sign: .plus, exponent: rank - 1000, significand: 1.5)
      #expect(abs(found - exact) <= 0.011 * exact)
    }
    let least = try #require(sketch.quantile(0))
    #expect(least > 0 && least < 0x1p1000 * 1e-17)
  }

  @Test("Which numbers are folded does not depend on when the greatest comes")
  func foldingOrder() {
    var randomness = Randomness(seed: 11)
    let values = (0..<300).map { _ in randomness.nextOfAnyMagnitude() }
    let rising = sketch(values.sorted())
    #expect(sketch(values.sorted().reversed()) == rising)
    for _ in 0..<20 {
      #expect(sketch(values.shuffled(using: &randomness)) == rising)
    }
  }

  @Test("A sketch taken up again from its bins is the same, and goes on the same")
  func state() {
    let lists = Samples.all.map { $0.values } + DDSketchTests.distributions.map { $0.values }
    for values in lists {
      let original = sketch(values)
      var restored = DDSketch()
      for bin in original.bins.shuffled() { restored.update(bin.value, count: bin.count) }
      #expect(restored == original)
    }
  }

  @Test("A bin's middle lies in it and within 1 % of its ends, over the whole range")
  func bins() {
    var index = LogarithmicBins.index(of: .leastNormalMagnitude)
    let last = LogarithmicBins.index(of: .greatestFiniteMagnitude)
    #expect(index == -1022 * 35)
    while index <= last {
      let middle = LogarithmicBins.middle(of: index)
      #expect(LogarithmicBins.index(of: middle) == index)
      let lower = LogarithmicBins.lowerBound(of: index)
      #expect(middle - lower <= 0.01 * lower)
      #expect(LogarithmicBins.index(of: lower) == index)
      if index < last {
        let upper = LogarithmicBins.lowerBound(of: index + 1)
        #expect(upper - middle <= 0.01 * upper)
        #expect(LogarithmicBins.index(of: upper) == index + 1)
      }
      index += index < -35_700 || index > 35_700 ? 1 : 13
    }
  }

  @Test("Bins are numbered without a gap across an octave and rise with the number")
  func octave() {
    var previous = LogarithmicBins.index(of: 1)
    #expect(previous == 0)
    for step in 1...4096 {
      let index = LogarithmicBins.index(of: 1 + Double(step) / 4096)
      #expect(index == previous || index == previous + 1)
      previous = index
    }
    #expect(previous == LogarithmicBins.perOctave)
    // Where the bins of the drawing begin.
    #expect(LogarithmicBins.index(of: 1.019) == 0)
    #expect(LogarithmicBins.index(of: 1.021) == 1)
    #expect(LogarithmicBins.index(of: 1.9999) == 34)
    #expect(LogarithmicBins.index(of: 0.9999) == -1)
  }
}
