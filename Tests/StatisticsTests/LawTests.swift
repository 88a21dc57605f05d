import Statistics
import Testing

/// What every statistic of the library can do, so that the laws are written once.
private protocol Statistic: Equatable, SendableMetatype {
  associatedtype Sample
  init()
  mutating func update(_ sample: Sample)
  mutating func merge(_ other: Self)

  /// All that can be read from it.
  var readings: [Double?] { get }
}

extension Rate: Statistic {
  init() { self.init(numerator: 0, denominator: 0) }

  var readings: [Double?] {
    [value, wilson()?.low, wilson()?.high, isSmall ? 1 : 0]
  }
}

extension ExactSum: Statistic {
  var readings: [Double?] { [value] }
}

extension Moments: Statistic {
  var readings: [Double?] { [Double(count), mean, variance, standardDeviation] }
}

/// The quantiles read of what has some.
private let probabilities = [0, 0.01, 0.25, 0.5, 0.9, 0.99, 1]

extension ExactQuantiles: Statistic {
  var readings: [Double?] { probabilities.map { quantile($0) } + [Double(count)] }
}

extension DDSketch: Statistic {
  mutating func update(_ sample: Double) { update(sample, count: 1) }

  var readings: [Double?] { probabilities.map { quantile($0) } + [Double(count)] }
}

/// A statistic together with samples, its type forgotten.
struct Subject: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let sampleCount: Int

  /// The bits of all readings of the samples at the indices given, one statistic a list, merged in
  /// turn.
  let bits: @Sendable ([[Int]]) -> [UInt64?]

  /// Whether the states are equal after two ways of adding samples.
  let isEqual: @Sendable ([[Int]], [[Int]]) -> Bool

  fileprivate init<Measure: Statistic>(
    _ type: Measure.Type, _ name: String, _ samples: [Measure.Sample]
  ) where Measure.Sample: Sendable {
    testDescription = "\(type) of \(name)"
    sampleCount = samples.count
    let merged: @Sendable ([[Int]]) -> Measure = { parts in
      var whole = Measure()
      for part in parts {
        var statistic = Measure()
        for index in part { statistic.update(samples[index]) }
        whole.merge(statistic)
      }
      return whole
    }
    bits = { parts in merged(parts).readings.map { $0?.bitPattern } }
    isEqual = { merged($0) == merged($1) }
  }

  static let all: [Subject] = {
    let hits = (0..<50).map { $0 % 3 == 0 }
    let rates = [
      Subject(Rate.self, "no cases", []), Subject(Rate.self, "all hits", [true, true, true]),
      Subject(Rate.self, "a third", hits),
    ]
    let lists = [("nothing", [])] + Samples.all.map { ($0.name, $0.values) }
    return rates
      + lists.flatMap { name, values in
        [
          Subject(ExactSum.self, name, values), Subject(Moments.self, name, values),
          Subject(ExactQuantiles.self, name, values), Subject(DDSketch.self, name, values),
        ]
      }
  }()

  /// All samples in the order given.
  var indices: [Int] { Array(0..<sampleCount) }

  /// NaN equals nothing, so numbers kept as they are cannot be compared with it among them.
  var canBeEqual: Bool { testDescription != "ExactQuantiles of not a number" }
}

@Suite("The laws of every statistic")
struct LawTests {
  @Test("Two parts merge into the whole, wherever the cut is", arguments: Subject.all)
  func cut(_ subject: Subject) {
    let whole = [subject.indices]
    for cut in 0...subject.sampleCount {
      let parts = [Array(subject.indices[..<cut]), Array(subject.indices[cut...])]
      #expect(subject.bits(parts) == subject.bits(whole))
      #expect(!subject.canBeEqual || subject.isEqual(parts, whole))
      #expect(!subject.canBeEqual || subject.isEqual(parts.reversed(), whole))
    }
  }

  @Test("Any order gives the same bits", arguments: Subject.all)
  func shuffle(_ subject: Subject) {
    var randomness = Randomness(seed: 4)
    let whole = subject.bits([subject.indices])
    for _ in 0..<12 {
      #expect(subject.bits([subject.indices.shuffled(using: &randomness)]) == whole)
    }
  }

  @Test("Parts dealt at random and merged in any order give the same bits", arguments: Subject.all)
  func deal(_ subject: Subject) {
    var randomness = Randomness(seed: 5)
    let whole = [subject.indices]
    for _ in 0..<12 {
      var parts = [[Int]](repeating: [], count: Int.random(in: 1...9, using: &randomness))
      for index in subject.indices.shuffled(using: &randomness) {
        parts[Int.random(in: parts.indices, using: &randomness)].append(index)
      }
      #expect(subject.bits(parts) == subject.bits(whole))
      #expect(!subject.canBeEqual || subject.isEqual(parts, whole))
    }
  }

  @Test("Merging with nothing changes nothing", arguments: Subject.all)
  func mergeWithNothing(_ subject: Subject) {
    let whole = subject.bits([subject.indices])
    #expect(subject.bits([[], subject.indices]) == whole)
    #expect(subject.bits([subject.indices, []]) == whole)
  }

  @Test("A statistic of nothing says so")
  func nothing() {
    #expect(Rate().value == nil)
    #expect(Rate().wilson() == nil)
    #expect(ExactSum().value == 0)
    #expect(Moments().count == 0)
    #expect(Moments().mean == nil)
    #expect(Moments().variance == nil)
    #expect(Moments().standardDeviation == nil)
    #expect(ExactQuantiles().quantile(0.5) == nil)
    #expect(ExactQuantiles().quantiles([0.5, 0.9]) == nil)
    #expect(DDSketch().quantile(0.5) == nil)
    #expect(DDSketch().bins == [])
  }
}
