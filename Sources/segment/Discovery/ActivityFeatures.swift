import Events

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The features by which persons are grouped, each with the words that tell what much of it means.
///
///     events, active days, events on one of them, days since the last one, orders   log(1 + value)
///     weekend, quarters of the day, channels, sorts of event                        shares
///
/// Few enough to be told in a sentence, since each weighs as much as any other; counts are skewed, so
/// their logarithm is taken. Channels that persons hardly act in are left out.
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

  private static let quarters = ["night", "morning", "afternoon", "evening"]
  /// The numbers of the channels: web, mobile, email, social, ads, shop.
  private static let channels = [0, 1, 2, 3, 4, 9]

  /// All features, in the order of ``values(of:on:)``.
  static let all: [Feature] =
    [
      Feature(name: "events", more: "many events", less: "few events"),
      Feature(name: "activeDays", more: "many active days", less: "few active days"),
      Feature(
        name: "eventsPerActiveDay", more: "many events on an active day",
        less: "few events on an active day"),
      Feature(name: "idleDays", more: "long not seen", less: "seen recently"),
      Feature(name: "orders", more: "many orders", less: "few or no orders"),
      share("weekend", "on weekends"),
    ] + quarters.map { share($0, "in the \($0)") }
    + channels.map { Channel.names[$0].description }.map { share("channel:\($0)", "by \($0)") }
    + ActivityKind.allCases.map { share("kind:\($0)", "of \($0.words)") }

  private static func share(_ name: String, _ words: String) -> Feature {
    Feature(name: name, more: "much \(words)", less: "little \(words)")
  }

  /// The features of a person who did something, on a day.
  static func values(of activity: Activity, on day: Int32) -> [Double] {
    let count = Double(activity.interactions)
    let days = Double(max(activity.activeDays, 1))
    let idle = Double(max(0, Int(day) - Int(activity.newestDay)))
    var values = [count, days, count / days, idle, Double(activity.orders)].map { log1p($0) }
    values.append(Double(activity.onWeekends) / count)
    for quarter in quarters.indices { values.append(Double(activity.byQuarter[quarter]) / count) }
    for channel in channels { values.append(Double(activity.byChannel[channel]) / count) }
    for kind in ActivityKind.allCases {
      values.append(Double(activity.byKind[Int(kind.rawValue)]) / count)
    }
    return values
  }
}
