import Foundation
import Testing

@testable import simulate

/// The functions and variates that the simulation makes from + − × ÷ √.
@Suite struct ArithmeticTests {
  @Test func theLogarithmIsThatOfTheLibrary() {
    for exponent in stride(from: -300.0, through: 300, by: 0.37) {
      let number = Foundation.pow(10, exponent)
      let expected = Foundation.log(number)
      #expect(abs(naturalLogarithm(number) - expected) <= 4 * max(expected.ulp, 1e-16))
    }
  }

  @Test func theExponentialIsThatOfTheLibrary() {
    for number in stride(from: -650.0, through: 650, by: 0.73) {
      let expected = Foundation.exp(number)
      #expect(abs(exponential(number) / expected - 1) < 1e-13)
    }
    #expect(exponential(0) == 1)
    #expect(exponential(-1000) == 0)
  }

  /// Means and variances from theory, met within five standard errors of 40,000 draws.
  @Test func variatesHaveTheirMoments() {
    var stream = RandomStream(seed: 11, .person, 5)
    check("uniform", mean: 0.5, variance: 1.0 / 12) { stream.uniform() }
    check("exponential", mean: 1, variance: 1) { stream.exponentialVariate() }
    check("normal", mean: 0, variance: 1) { stream.normalVariate() }
    check("gamma 0.4", mean: 0.4, variance: 0.4) { stream.gammaVariate(shape: 0.4) }
    check("gamma 6", mean: 6, variance: 6) { stream.gammaVariate(shape: 6) }
    check("beta", mean: 0.25, variance: 0.0375) { stream.betaVariate(1, 3) }
    check("geometric", mean: 1.2, variance: 2.64) {
      Double(stream.geometricVariate(mean: 1.2))
    }
    check("pareto", mean: 1.25, variance: 0.104_166_7) {
      stream.paretoVariate(shape: 5, most: 1e9)
    }
    check("below", mean: 4.5, variance: 8.25) { Double(stream.below(10)) }
  }

  private func check(
    _ name: String, mean: Double, variance: Double, _ draw: () -> Double
  ) {
    let count = 40_000.0
    let draws = (0..<Int(count)).map { _ in draw() }
    let average = draws.reduce(0, +) / count
    let spread = draws.reduce(0) { $0 + ($1 - average) * ($1 - average) } / count
    #expect(abs(average - mean) < 5 * (variance / count).squareRoot(), "\(name): \(average)")
    #expect(abs(spread / variance - 1) < 0.25, "\(name): variance \(spread)")
  }

  /// Persons come in the order of time and number, however far apart their times lie.
  @Test func theAgendaSorts() {
    var stream = RandomStream(seed: 5, .person, 1)
    var agenda = Agenda(persons: 300, events: 1000, start: 1000, end: 50_000)
    var times = (0..<300).map { _ in 1000 + Int64(stream.below(80_000)) }
    for person in times.indices { agenda.add(person, at: times[person]) }
    for _ in 0..<5000 {
      let entry = agenda.first()
      agenda.removeFirst()
      let expected = times.indices.min { (times[$0], $0) < (times[$1], $1) }
      #expect(Int(entry.person) == expected)
      #expect(entry.time == times[Int(entry.person)])
      let wait = stream.below(10) == 0 ? stream.below(200_000) : stream.below(300)
      times[Int(entry.person)] = entry.time + Int64(wait)
      agenda.add(Int(entry.person), at: times[Int(entry.person)])
    }
  }
}
