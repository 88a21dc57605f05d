import Events
import Records

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The features by which persons are grouped, each with the words that tell what much of it means.
///
///     events, active days, days since the last one, orders, amount    logarithms of 1 + value
///     weekend, quarters of the day, channels, sorts of event          shares of the interactions
///
/// Few enough to be told in a sentence; counts are skewed, so their logarithm is taken.
enum ActivityFeatures {
  /// One feature.
  struct Feature: Sendable {
    /// The name in records.
    let name: String
    /// What those have who have much of it.
    let more: String
    /// What those have who have little of it.
    let less: String
  }

  /// What the features of a person are made of, beside the activity.
  struct Bought: Sendable {
    var orders = 0
    var amount = 0.0
  }

  private static let quarters = ["night", "morning", "afternoon", "evening"]

  /// All features, in the order of ``values(of:_:on:)``.
  static let all: [Feature] =
    [
      Feature(name: "events", more: "many events", less: "few events"),
      Feature(name: "activeDays", more: "many active days", less: "few active days"),
      Feature(
        name: "eventsPerActiveDay", more: "many events on an active day",
        less: "few events on an active day"),
      Feature(name: "idleDays", more: "long not seen", less: "seen recently"),
      Feature(name: "orders", more: "many orders", less: "few orders"),
      Feature(name: "amountPerOrder", more: "large orders", less: "small or no orders"),
      share("weekend", "on weekends"),
    ] + quarters.map { share($0, "in the \($0)") }
    + Channel.names.map { share("channel:\($0.description)", "by \($0.description)") }
    + ActivityKind.allCases.map { share("kind:\($0)", "of \($0.words)") }

  private static func share(_ name: String, _ words: String) -> Feature {
    Feature(name: name, more: "much \(words)", less: "little \(words)")
  }

  /// The features of a person who did something, on a day.
  static func values(of activity: Activity, _ bought: Bought, on day: Int32) -> [Double] {
    let count = Double(activity.interactions)
    let days = Double(max(activity.activeDays, 1))
    let idle = Double(max(0, Int(day) - Int(activity.newestDay)))
    let perOrder = bought.orders > 0 ? max(0, bought.amount) / Double(bought.orders) : 0
    var values = [
      count, days, count / days, idle, Double(bought.orders), perOrder,
    ].map { log1p($0) }
    values.append(Double(activity.onWeekends) / count)
    for quarter in quarters.indices { values.append(Double(activity.byQuarter[quarter]) / count) }
    for channel in Channel.names.indices {
      values.append(Double(activity.byChannel[channel]) / count)
    }
    for kind in ActivityKind.allCases {
      values.append(Double(activity.byKind[Int(kind.rawValue)]) / count)
    }
    return values
  }
}
