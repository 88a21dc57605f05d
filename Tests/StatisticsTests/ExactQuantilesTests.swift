import Statistics
import Testing

@Suite("ExactQuantiles")
struct ExactQuantilesTests {
  private func quantiles(_ values: [Double]) -> ExactQuantiles {
    var quantiles = ExactQuantiles()
    for value in values { quantiles.update(value) }
    return quantiles
  }

  @Test("Quantiles worked out by hand come out")
  func byHand() {
    let four = quantiles([10, 1, 3, 2])
    #expect(four.count == 4)
    #expect(four.quantile(0) == 1)
    #expect(four.quantile(0.25) == 1.75)
    #expect(four.quantile(0.5) == 2.5)
    #expect(four.quantile(0.75) == 4.75)
    #expect(four.quantile(1) == 10)
    #expect(four.quantile(1.0 / 3) == 2)
    #expect(quantiles([7]).quantile(0.9) == 7)
  }

  @Test("Quantiles are those of NumPy to the last bit")
  func numpy() {
    let values = [15.6, 20.1, 35.05, 40.7, 50.9, 3.14159, -2.5, 1e6, 0.1, 0.2]
    let known: [(Double, Double)] = [
      (0, -2.5),
      (0.01, -2.266),
      (0.1, -0.15999999999999995),
      (0.25, 0.9353974999999999),
      (0.3333333333333333, 3.14159),
      (0.5, 17.85),
      (0.6, 26.07999999999999),
      (0.75, 39.2875),
      (0.9, 100045.80999999963),
      (0.95, 550022.9049999989),
      (0.99, 910004.5810000001),
      (1, 1000000.0),
    ]
    let found = quantiles(values).quantiles(known.map { $0.0 })
    #expect(found == known.map { $0.1 })
  }

  @Test("Several quantiles come in the order asked for, the same as one by one")
  func several() {
    var randomness = Randomness(seed: 8)
    let many = quantiles((0..<999).map { _ in Double.random(in: -1...1, using: &randomness) })
    let asked = [0.99, 0.5, 0.5, 0, 1, 0.25, 0.999999]
    #expect(many.quantiles(asked) == asked.compactMap { many.quantile($0) })
    #expect(many.quantiles([]) == [])
  }

  /// Orders that are hard on a selection by pivots.
  private static let orders: [(name: String, values: [Double])] = {
    let count = 5000
    var randomness = Randomness(seed: 9)
    let rising = (0..<count).map { Double($0) }
    return [
      ("rising", rising),
      ("falling", rising.reversed()),
      ("organ pipe", rising.map { min($0, Double(count) - $0) }),
      ("all equal", rising.map { _ in 1 }),
      ("two values", rising.map { Double(Int($0) % 2) }),
      ("few values", rising.map { _ in Double(Int.random(in: 0...5, using: &randomness)) }),
      ("sawtooth", rising.map { Double(Int($0) % 97) }),
      ("random", rising.shuffled(using: &randomness)),
      ("against the median of three", againstMedianOfThree(count)),
    ]
  }()

  /// The order in which a median of the first, middle and last takes almost nothing off.
  ///
  /// Source: D. R. Musser, Introspective sorting and selection algorithms (1997).
  private static func againstMedianOfThree(_ count: Int) -> [Double] {
    let half = count / 2
    let front = (0..<half).map { Double($0 % 2 == 0 ? $0 : half + $0) }
    return front + (0..<half).map { Double(2 * $0 + 1) }
  }

  @Test("Whatever the order, selecting finds what sorting finds")
  func selection() {
    for (name, values) in ExactQuantilesTests.orders {
      let sorted = values.sorted()
      let ranks = [0, 1, 31, 32, 33, 1250, 2499, 2500, 4000, values.count - 2, values.count - 1]
      let probabilities = ranks.map { Double($0) / Double(values.count - 1) }
      for (rank, probability) in zip(ranks, probabilities) {
        // The quotient may fall a rounding short of the rank, and so may the quantile of the
        // number.
        let found = quantiles(values).quantile(probability) ?? .nan
        #expect(abs(found - sorted[rank]) < 1e-9, "rank \(rank) of \(name)")
      }
    }
  }

  @Test("Infinities have their place at the ends")
  func infinities() {
    let values = quantiles([.infinity, 1, -.infinity, 2, .infinity])
    #expect(values.quantile(0) == -.infinity)
    #expect(values.quantile(0.25) == 1)
    #expect(values.quantile(0.5) == 2)
    #expect(values.quantile(0.9) == .infinity)
  }

  @Test("The middle between the ends of the range is found")
  func range() {
    let greatest = Double.greatestFiniteMagnitude
    #expect(quantiles([-greatest, greatest]).quantile(0.5) == 0)
    #expect(quantiles([-greatest, greatest]).quantile(0.25) == -0.75 * greatest + 0.25 * greatest)
    #expect(quantiles([1, .infinity]).quantile(0.5) == .infinity)
    #expect(quantiles([-.infinity, 1]).quantile(0.5) == -.infinity)
  }

  @Test("NaN has no place, and with one among them there is no quantile")
  func notANumber() {
    let values = quantiles([1, .nan, 2])
    #expect(values.quantile(0.5)?.isNaN == true)
    #expect(values.count == 3)
  }

  @Test("Both zeros are one number")
  func zeros() {
    #expect(quantiles([0, -0.0]).quantile(0)?.sign == .plus)
    #expect(quantiles([-0.0, 0]).quantile(1)?.sign == .plus)
  }

  @Test("Numbers taken up again from the values are the same")
  func state() {
    let original = quantiles([3, 1, 2])
    #expect(quantiles(original.values) == original)
    #expect(quantiles([1, 2]) != original)
  }

  @Test("A quantile outside 0 to 1 stops the program")
  func outside() async {
    await #expect(processExitsWith: .failure) {
      var values = ExactQuantiles()
      values.update(1)
      _ = values.quantile(1.1)
    }
  }
}
