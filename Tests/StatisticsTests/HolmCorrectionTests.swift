import Statistics
import Testing

@Suite("Holm's correction")
struct HolmCorrectionTests {
  /// `statsmodels.stats.multitest.multipletests(p, method="holm")[1]`, statsmodels 0.15.0.
  static let cases: [([Double], [Double])] = [
    ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]), ([0.05, 0.05, 0.05], [0.15, 0.15, 0.15]),
    ([0.2], [0.2]), ([], []),
    ([0.001, 0.9, 0.02, 0.021, 1, 0.3, 0.0005], [0.006, 1, 0.1, 0.1, 1, 0.9, 0.0035]),
  ]

  @Test("The corrected probabilities are those of statsmodels", arguments: cases)
  func equals(_ probabilities: [Double], _ expected: [Double]) {
    let corrected = holmCorrected(probabilities)
    #expect(corrected.count == expected.count)
    for (one, other) in zip(corrected, expected) { #expect(abs(one - other) < 1e-15) }
  }

  @Test("Order does not matter, and no probability becomes less")
  func order() {
    var randomness = Randomness(seed: 3)
    for _ in 0..<200 {
      let probabilities = (0..<30).map { _ in
        Double(Int.random(in: 0...20, using: &randomness)) / 20
      }
      let corrected = holmCorrected(probabilities)
      let shuffled = probabilities.indices.shuffled(using: &randomness)
      let other = holmCorrected(shuffled.map { probabilities[$0] })
      for (place, index) in shuffled.enumerated() {
        #expect(other[place] == corrected[index])
        #expect(corrected[index] >= probabilities[index] && corrected[index] <= 1)
      }
    }
  }
}
