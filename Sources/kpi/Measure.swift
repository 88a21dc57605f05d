import Records
import Statistics

/// What a metric comes to in one period: its value, what it was made of, and how sure it is.
struct Measure: Sendable {
  /// What a side of a metric counted.
  enum Amount: Sendable {
    case count(Int)
    case sum(DecimalSum)

    /// The nearest double.
    var double: Double {
      switch self {
      case .count(let count): Double(count)
      case .sum(let sum): sum.double
      }
    }
  }

  /// What is known of how the value varies.
  enum Evidence: Sendable {
    /// A part of cases.
    case share(Rate)
    /// A difference of two parts of cases.
    case net(NetPromoterScore)
    /// The mean of numbers.
    case mean(Moments)
    /// A change of the same persons.
    case growth(PairedRatio)
    /// Nothing: a count, a quantile, a quotient of unlike things.
    case none
  }

  var numerator: Amount?
  var denominator: Amount?
  /// `nil` for nothing over nothing.
  var value: Double?
  var evidence: Evidence = .none

  /// The 95 % interval, where there is one.
  var interval: Interval? {
    switch evidence {
    case .share(let rate): rate.wilson()
    case .net(let score): score.adjustedWald()?.scaled(by: 100)
    case .mean(let moments): moments.interval()
    case .growth(let ratio): ratio.interval()
    case .none: nil
    }
  }

  /// Whether there are too few cases to measure anything.
  var isSmall: Bool {
    switch evidence {
    case .share(let rate): rate.isSmall
    case .net(let score): score.isSmall
    case .mean(let moments): moments.count < Rate.smallUnder
    case .growth(let ratio):
      Rate(numerator: ratio.stayed, denominator: ratio.before).isSmall
    case .none: false
    }
  }

  /// The interval of the difference to another period, where there is one.
  func difference(to before: Measure) -> Interval? {
    switch (evidence, before.evidence) {
    case (.share(let rate), .share(let other)): rate.newcombe(against: other)
    case (.net(let score), .net(let other)):
      score.difference(against: other)?.scaled(by: 100)
    case (.mean(let moments), .mean(let other)): moments.difference(against: other)
    default: nil
    }
  }
}

extension Interval {
  /// The interval of the values times a positive number.
  fileprivate func scaled(by factor: Double) -> Interval {
    Interval(low: low * factor, high: high * factor)
  }
}
