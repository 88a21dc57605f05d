import Statistics
import Testing

@Suite("Moments")
struct MomentsTests {
  private static func moments(_ values: [Double]) -> Moments {
    var moments = Moments()
    for value in values { moments.update(value) }
    return moments
  }

  @Test("Count, mean, variance and standard deviation worked out by hand come out")
  func byHand() {
    let moments = MomentsTests.moments([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(moments.count == 8)
    #expect(moments.mean == 5)
    #expect(moments.variance == 32.0 / 7)
    #expect(moments.standardDeviation == (32.0 / 7).squareRoot())
  }

  @Test("One number has a mean and no variance, equal numbers have none at all")
  func degenerate() {
    let one = MomentsTests.moments([0.1])
    #expect(one.mean == 0.1)
    #expect(one.variance == nil)
    #expect(one.standardDeviation == nil)
    let equal = MomentsTests.moments(Array(repeating: 0.1, count: 1000))
    #expect(equal.mean == 0.1)
    #expect(equal.variance == 0)
  }

  @Test("Results are rounded once, at the ends of the range too")
  func range() {
    let greatest = Double.greatestFiniteMagnitude
    #expect(MomentsTests.moments([greatest, greatest]).mean == greatest)
    #expect(MomentsTests.moments([greatest, greatest]).variance == 0)
    #expect(MomentsTests.moments([greatest, -greatest]).variance == .infinity)
    #expect(MomentsTests.moments([1e-170, 3e-170]).variance == 0)
    #expect(MomentsTests.moments([1e160, 1e160, 1e160.nextUp]).variance != 0)
  }

  @Test("Infinities and NaN have no spread")
  func nonFinite() throws {
    let infinite = MomentsTests.moments([1, .infinity])
    #expect(infinite.mean == .infinity)
    #expect(try #require(infinite.variance).isNaN)
    #expect(try #require(MomentsTests.moments([1, .nan]).mean).isNaN)
  }

  @Test("The variance of whole numbers is that of integer arithmetic")
  func integers() {
    var randomness = Randomness(seed: 7)
    for _ in 0..<100 {
      let values = (0..<50).map { _ in Int.random(in: -99_999...99_999, using: &randomness) }
      let sum = values.reduce(0, +)
      let squares = values.map { $0 * $0 }.reduce(0, +)
      let moments = MomentsTests.moments(values.map { Double($0) })
      #expect(moments.mean == Double(sum) / 50)
      #expect(moments.variance == Double(50 * squares - sum * sum) / (50 * 49))
    }
  }

  /// A data set of NIST with the certified values and how near to them double-precision data
  /// allow.
  struct Reference: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let values: [Double]
    let mean: Double
    let standardDeviation: Double
    let tolerance: Double

    static let all = [
      Reference(
        testDescription: "NumAcc1", values: [10_000_001, 10_000_003, 10_000_002],
        mean: 10_000_002, standardDeviation: 1, tolerance: 1e-12),
      Reference(
        testDescription: "NumAcc2", values: [1.2] + alternating(1.1, 1.3),
        mean: 1.2, standardDeviation: 0.1, tolerance: 1e-12),
      Reference(
        testDescription: "NumAcc3", values: [1_000_000.2] + alternating(1_000_000.1, 1_000_000.3),
        mean: 1_000_000.2, standardDeviation: 0.1, tolerance: 1e-9),
      Reference(
        testDescription: "NumAcc4",
        values: [10_000_000.2] + alternating(10_000_000.1, 10_000_000.3),
        mean: 10_000_000.2, standardDeviation: 0.1, tolerance: 1e-8),
      Reference(
        testDescription: "PiDigits", values: digitsOfPiAsCertified.map { Double($0) },
        mean: 4.5348, standardDeviation: 2.86733906028871, tolerance: 1e-12),
    ]

    /// The first 5,000 digits of pi with a 3 in place of one 8.
    ///
    /// The certified values are not those of the digits, which sum to 22,679 and their squares to
    /// 143,977: certified are 22,674 and 143,922. One 8 that became a 3 accounts for both exactly,
    /// and for the certified autocorrelation to all of its digits. Which one is all the same here.
    private static let digitsOfPiAsCertified: [Int] = {
      var digits = digitsOfPi(count: 5000)
      if let index = digits.firstIndex(of: 8) { digits[index] = 3 }
      return digits
    }()

    private static func alternating(_ first: Double, _ second: Double) -> [Double] {
      (0..<1000).map { $0 % 2 == 0 ? first : second }
    }

    func expect(_ moments: Moments, mean: Double, standardDeviation: Double) {
      let meanFound = moments.mean ?? .nan
      let deviationFound = moments.standardDeviation ?? .nan
      // The means are exact in decimals; every data set's is right to the last few bits.
      #expect(abs(meanFound - mean) <= 1e-12 * mean)
      #expect(abs(deviationFound - standardDeviation) <= tolerance * standardDeviation)
    }
  }

  @Test("Mean and standard deviation are those that NIST certifies", arguments: Reference.all)
  func certified(_ reference: Reference) {
    reference.expect(
      MomentsTests.moments(reference.values), mean: reference.mean,
      standardDeviation: reference.standardDeviation)
  }

  @Test(
    "Mean and standard deviation are those of the shared cases",
    .enabled(if: SharedCases.arePresent, "needs ../shared/cases/statistics.json"),
    arguments: Reference.all)
  func shared(_ reference: Reference) throws {
    let known = try #require(try SharedCases.read().certified[reference.testDescription])
    #expect(reference.values.count == known.n)
    reference.expect(
      MomentsTests.moments(reference.values), mean: try #require(Double(known.mean)),
      standardDeviation: try #require(Double(known.standardDeviation)))
  }

  @Test("The moments of the digits of pi are those of integer arithmetic")
  func digits() {
    let digits = digitsOfPi(count: 5000)
    #expect(digits.prefix(12) == [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8])
    let sum = digits.reduce(0, +)
    let squares = digits.map { $0 * $0 }.reduce(0, +)
    #expect(sum == 22_679)
    #expect(squares == 143_977)
    let moments = MomentsTests.moments(digits.map { Double($0) })
    #expect(moments.mean == Double(sum) / 5000)
    #expect(moments.variance == Double(5000 * squares - sum * sum) / (5000 * 4999))
  }

  @Test("Moments taken up again from their parts are the same")
  func state() throws {
    for sample in Samples.all {
      let original = MomentsTests.moments(sample.values)
      let sum = try #require(ExactSum(original.sum.state))
      let squares = try #require(ExactSum(original.sumOfSquares.state))
      #expect(Moments(count: original.count, sum: sum, sumOfSquares: squares) == original)
    }
    #expect(Moments(count: 0, sum: ExactSum(), sumOfSquares: ExactSum()) == Moments())
  }

  @Test("Sums that no numbers have are refused")
  func impossible() {
    let three = MomentsTests.moments([3])
    let negative = MomentsTests.moments([-3])
    // Two numbers that sum to 3 have squares that sum to 4.5 at least.
    var little = ExactSum()
    little.update(4.25)
    #expect(Moments(count: 2, sum: three.sum, sumOfSquares: little) == nil)
    #expect(Moments(count: 1, sum: ExactSum(), sumOfSquares: negative.sum) == nil)
    #expect(Moments(count: 0, sum: three.sum, sumOfSquares: three.sumOfSquares) == nil)
    #expect(Moments(count: -1, sum: ExactSum(), sumOfSquares: ExactSum()) == nil)
  }
}
