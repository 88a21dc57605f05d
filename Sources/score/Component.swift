/// One part of a score: 0 to 100, its share in the whole, and what it speaks of.
struct Component: Sendable, BitwiseCopyable {
  /// What a part of a score speaks of; drivers of equal impact come in this order.
  enum Kind: UInt8, Sendable, BitwiseCopyable {
    case recency
    case activeDays
    case events
    case channels
    case usage
    case engagement
    case support
    case sentiment
    case finance

    /// The name in records.
    var name: StaticString {
      switch self {
      case .recency: "recency"
      case .activeDays: "activeDays"
      case .events: "events"
      case .channels: "channels"
      case .usage: "usage"
      case .engagement: "engagement"
      case .support: "support"
      case .sentiment: "sentiment"
      case .finance: "finance"
      }
    }

    /// The parts of engagement.
    static let ofEngagement: [Kind] = [.recency, .activeDays, .events, .channels]
    /// The parts of health.
    static let ofHealth: [Kind] = [.usage, .engagement, .support, .sentiment, .finance]

    /// The weight in its score, where no model gives another one.
    var defaultWeight: Double {
      switch self {
      case .recency: 40
      case .activeDays: 30
      case .events: 20
      case .channels: 10
      case .usage, .engagement: 30
      case .support, .sentiment: 15
      case .finance: 10
      }
    }
  }

  /// What it speaks of.
  let kind: Kind
  /// 0 to 100.
  let value: Double
  /// Its weight before weights are made to sum to 1.
  let weight: Double

  /// A component with its default weight.
  init(_ kind: Kind, _ value: Double) {
    self.kind = kind
    self.value = value
    weight = kind.defaultWeight
  }
}

/// A score from 0 to 100 to one decimal, as whole tenths: what is written is what is compared.
struct Tenths: Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
  let count: Int16

  /// The nearest tenth.
  init(_ value: Double) { count = Int16((min(max(value, 0), 100) * 10).rounded()) }

  /// So many tenths, at most 1000.
  init(count: UInt32) { self.count = Int16(min(count, 1000)) }

  /// The score with its decimal, if it has one: `50`, `50.1`.
  var description: String {
    count % 10 == 0 ? "\(count / 10)" : "\(count / 10).\(count % 10)"
  }

  static func < (left: Tenths, right: Tenths) -> Bool { left.count < right.count }
}
