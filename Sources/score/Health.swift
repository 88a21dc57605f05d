import Records

/// How well a person's relation to the product is, 0 to 100, from the signals that exist.
///
///     usage        30   100 × active days in 28 ÷ active days in the 28 before, at most 100
///     engagement   30   the score of that name
///     support      15   100 − 20 for each open ticket, at least 0
///     sentiment    15   the latest rating
///     finance      10   100 after a payment, less each day, 0 after 180 days; 0 when one failed
///
/// A component without data is left out and the weights of the others are renormalised: usage
/// without activity in the 28 days before (a new person), support without a ticket, sentiment
/// without a rating, finance without a payment. Who was active in neither period uses nothing: 0.
/// Source: weighted means of components and bands as at Gainsight and Natero.
struct Health: Sendable {
  /// Where bands begin; the lower bound of one is not in it.
  struct Bands: Sendable, BitwiseCopyable {
    /// Scores up to this one are red.
    var yellow = Tenths(50)
    /// Scores up to this one are yellow.
    var green = Tenths(75)

    /// The scores of a band in words.
    func range(_ band: Band) -> String {
      switch band {
      case .red: "0 to \(yellow)"
      case .yellow: "over \(yellow) to \(green)"
      case .green: "over \(green) to 100"
      }
    }
  }

  /// What a score means.
  ///
  /// The lower bound of a band is not in it: 50 is red, 75 is yellow.
  enum Band: CaseIterable, Sendable {
    case red
    case yellow
    case green

    /// The band of a score.
    init(_ score: Tenths, _ bands: Bands = Bands()) {
      self = score <= bands.yellow ? .red : score <= bands.green ? .yellow : .green
    }

    /// The name in records.
    var name: StaticString {
      switch self {
      case .red: "red"
      case .yellow: "yellow"
      case .green: "green"
      }
    }
  }

  private static let ticketCost = 20
  /// A payment is forgotten after so many days.
  static let paymentDays = 180

  /// The components of the score.
  func components(
    _ features: Features, engagement: Double, _ signals: Signals?, asOf day: Int
  ) -> Components {
    var components = Components()
    if let usage = usage(features) { components.append(Component(.usage, usage)) }
    components.append(Component(.engagement, engagement))
    guard let signals else { return components }
    if signals.hasTickets {
      let cost = min(100, Health.ticketCost * signals.openTickets)
      components.append(Component(.support, Double(100 - cost)))
    }
    if signals.rating.isKnown {
      components.append(Component(.sentiment, Double(signals.rating.value)))
    }
    if signals.payment.isKnown {
      components.append(Component(.finance, finance(signals.payment, asOf: day)))
    }
    return components
  }

  private func usage(_ features: Features) -> Double? {
    guard let idleDays = features.idleDays else { return nil }
    if features.activeDaysBefore > 0 {
      return min(100, 100 * Double(features.activeDays) / Double(features.activeDaysBefore))
    }
    return idleDays < Features.periodDays ? nil : 0
  }

  private func finance(_ payment: Latest, asOf day: Int) -> Double {
    guard payment.value > 0 else { return 0 }
    let days = min(max(0, day - Int(payment.time.dayNumber)), Health.paymentDays)
    return 100 * Double(Health.paymentDays - days) / Double(Health.paymentDays)
  }
}
