/// How engaged a person is, 0 to 100, by default weights that are tied to no goal.
///
///     recency      40   100 × ½^(days since the newest interaction ÷ 7)
///     activeDays   30   100 × active days ÷ 14, at most 100
///     events       20   100 × different events ÷ 5, at most 100
///     channels     10   100 × channels ÷ 3, at most 100
///
/// The last three look at the 28 days up to `asOf`. Channels are left out, and the other weights
/// renormalised, where no event of the stream names one and in the engagement of one channel.
struct Engagement: Sendable {
  /// In so many days recency loses half.
  static let halfLifeDays = 7
  private static let activeDaysFull = 14
  private static let channelsFull = 3

  /// ½^(k/7) for k = 0…6; the literals are the nearest doubles, so no machine differs.
  private let halvings: InlineArray<7, Double> = [
    1, 0.9057236642639067, 0.820335356007638, 0.7429971445684742, 0.6729500963161781,
    0.6095068271022377, 0.5520447568369062,
  ]

  /// The components of the score.
  @inline(__always)
  func components(_ features: Features) -> Components {
    var components = Components()
    components.append(Component(.recency, recency(features.idleDays)))
    components.append(
      Component(.activeDays, share(features.activeDays, of: Engagement.activeDaysFull)))
    components.append(
      Component(.events, share(features.eventKinds, of: ChannelActivity.kindsMax)))
    if let channels = features.channels {
      components.append(Component(.channels, share(channels, of: Engagement.channelsFull)))
    }
    return components
  }

  private func recency(_ idleDays: Int?) -> Double {
    guard let idleDays, idleDays < 1000 * Engagement.halfLifeDays else { return 0 }
    let days = max(0, idleDays)
    let halves = days / Engagement.halfLifeDays
    let power = Double(sign: .plus, exponent: -halves, significand: 1)
    return 100 * halvings[days % Engagement.halfLifeDays] * power
  }

  private func share(_ count: Int, of full: Int) -> Double {
    min(100, 100 * Double(count) / Double(full))
  }
}
