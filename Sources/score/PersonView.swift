import Events
import Records

/// One person as of one day: the state of all its numbers folded together, and the scores of it.
///
/// One view is used for many persons in turn, so that it allocates nothing for each.
struct PersonView: Sendable {
  /// The day that recency counts to.
  let day: Int
  /// Whether any event of the stream names a channel.
  let hasChannels: Bool
  /// Activity in all channels together.
  private(set) var overall = ChannelActivity(channel: Channel.other)
  /// Activity by channel; what is not known is left over from earlier persons.
  private(set) var channels = (0..<Channel.count).map { ChannelActivity(channel: $0) }
  /// Bit i: the person is known in channel i.
  private var knownChannels: UInt32 = 0
  private(set) var signals: Signals?
  /// Whether the person bought anything or got money back, in whatever currency.
  private(set) var hasPurchases = false
  private(set) var features = Features()
  /// The components of engagement.
  private(set) var engagementParts = Components()
  /// The components of health.
  private(set) var healthParts = Components()
  private(set) var engagement = Tenths(0)
  private(set) var health = Tenths(0)
  private let engagementFormula = Engagement()
  private let healthFormula = Health()

  /// A view as of a day.
  init(asOf day: Int, hasChannels: Bool) {
    self.day = day
    self.hasChannels = hasChannels
  }

  /// Looks at the person whose numbers are a chain.
  mutating func look(at person: UInt32, in states: PersonStates, _ census: borrowing Census) {
    overall = ChannelActivity(channel: Channel.other)
    knownChannels = 0
    signals = nil
    hasPurchases = false
    census.forEachNumber(of: person) { number in
      states.forEachActivity(of: number) { activity in
        let channel = Int(activity.channel)
        if isKnown(channel) {
          channels[channel].merge(activity)
        } else {
          channels[channel] = activity
          knownChannels |= 1 << UInt32(channel)
        }
        if overall.isKnown { overall.merge(activity) } else { overall = activity }
      }
      if states.hasPurchases(number) { hasPurchases = true }
      guard let found = states.signals(of: number) else { return }
      if signals == nil { signals = found } else { signals?.merge(found) }
    }
    features = Features(overall, asOf: day)
    if hasChannels { features.channels = channelsInPeriod() }
  }

  /// Computes the engagement of the person looked at.
  mutating func scoreEngagement() {
    engagementParts = engagementFormula.components(features)
    engagement = Tenths(engagementParts.weightedMean)
  }

  /// Takes the engagement that a model tells.
  mutating func takeEngagement(_ percent: Double) {
    engagementParts = Components()
    engagementParts.append(Component(.engagement, percent))
    engagement = Tenths(percent)
  }

  /// Computes the health of the person looked at, whose engagement is known.
  mutating func scoreHealth() {
    healthParts = healthFormula.components(
      features, engagement: engagementParts.weightedMean, signals, asOf: day)
    health = Tenths(healthParts.weightedMean)
  }

  /// Engagement in one channel by the same formula, `nil` where nothing is known of it.
  func engagement(in channel: Int) -> Tenths? {
    guard isKnown(channel), channels[channel].isKnown else { return nil }
    guard channels[channel].isActive else { return Tenths(0) }
    let features = Features(channels[channel], asOf: day)
    return Tenths(engagementFormula.components(features).weightedMean)
  }

  /// The named channels that the person may be known in.
  var namedChannels: ChannelSet { ChannelSet(bits: knownChannels & ~(1 << UInt32(Channel.other))) }

  private func isKnown(_ channel: Int) -> Bool { knownChannels & 1 << UInt32(channel) != 0 }

  private func channelsInPeriod() -> Int {
    let first = day - Features.periodDays + 1
    var count = 0
    var named = namedChannels
    while let channel = named.popFirst() {
      if channels[channel].isActive, Int(channels[channel].newestDay) >= first { count += 1 }
    }
    return count
  }
}
