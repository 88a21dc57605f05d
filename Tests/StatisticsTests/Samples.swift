/// Numbers that the laws are tried on, each list with what makes it hard.
enum Samples {
  static let all: [(name: String, values: [Double])] = [
    ("one number", [42]),
    ("ten equal numbers", Array(repeating: 0.1, count: 10)),
    ("seconds", seconds),
    ("money with refunds", money),
    ("signed zeros", [-0.0, 0, 0, -0.0, -0.0, 0]),
    ("cancelling", [1e16, 1, -1e16, 1e308, 0.1, -1e308, .leastNonzeroMagnitude, 1e16, -1e16, 3]),
    ("the ends of the range", ends),
    ("every magnitude", everyMagnitude),
    ("infinities", [1, .infinity, 2, .infinity, -3]),
    ("both infinities", [1, .infinity, -.infinity, 2]),
    ("not a number", [1, .nan, 2, 3]),
  ]

  private static let seconds: [Double] = {
    var randomness = Randomness(seed: 1)
    return (0..<60).map { _ in Double(Int.random(in: 1...5_000_000, using: &randomness)) / 1000 }
  }()

  private static let money: [Double] = {
    var randomness = Randomness(seed: 2)
    return (0..<60).map { _ in Double(Int.random(in: -9_999...99_999, using: &randomness)) / 100 }
  }()

  private static let ends: [Double] = [
    .greatestFiniteMagnitude, .greatestFiniteMagnitude, .leastNormalMagnitude,
    -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -.leastNormalMagnitude, 1,
    -.leastNonzeroMagnitude, .greatestFiniteMagnitude,
  ]

  private static let everyMagnitude: [Double] = {
    var randomness = Randomness(seed: 3)
    return (0..<40).map { _ in randomness.nextOfAnyMagnitude() }
  }()
}
