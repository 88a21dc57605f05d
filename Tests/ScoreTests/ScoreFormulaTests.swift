import Records
import Testing

@testable import score

@Suite struct ScoreFormulaTests {
  private func engagement(_ features: Features) -> Double {
    Engagement().components(features).weightedMean
  }

  private func features(
    idle: Int?, days: Int, before: Int = 0, kinds: Int, channels: Int? = nil
  ) -> Features {
    var features = Features()
    features.idleDays = idle
    features.activeDays = days
    features.activeDaysBefore = before
    features.eventKinds = kinds
    features.channels = channels
    return features
  }

  @Test func engagementByHand() {
    #expect(engagement(Features()) == 0)
    // Everything full.
    #expect(engagement(features(idle: 0, days: 14, kinds: 5, channels: 3)) == 100)
    #expect(engagement(features(idle: 0, days: 28, kinds: 5, channels: 9)) == 100)
    // 40 × 0.5 + 30 × 0.5 + 20 × 0.6 + 10 × 1/3 = 50.33
    let half = engagement(features(idle: 7, days: 7, kinds: 3, channels: 1))
    #expect(abs(half - (20 + 15 + 12 + 10.0 / 3)) < 1e-9)
    // Without channels: (40 × 0.25 + 30 × 0 + 20 × 0) ÷ 90
    #expect(abs(engagement(features(idle: 14, days: 0, kinds: 0)) - 1000.0 / 90) < 1e-9)
    #expect(engagement(features(idle: 3_000_000, days: 0, kinds: 0)) == 0)
  }

  @Test func healthByHand() {
    let steady = features(idle: 0, days: 6, before: 12, kinds: 5)
    var parts = Health().components(steady, engagement: 80, nil, asOf: 100)
    #expect(parts.map(\.kind) == [.usage, .engagement])
    #expect(parts.weightedMean == 65)

    var signals = Signals()
    signals.opened = 3
    signals.closed = 1
    signals.rating = Latest(90, at: .init(milliseconds: 0), fingerprint: 0)
    signals.payment = Latest(1, at: .init(milliseconds: 10 * 86_400_000), fingerprint: 0)
    parts = Health().components(steady, engagement: 80, signals, asOf: 100)
    #expect(parts.map(\.value) == [50, 80, 60, 90, 50])
    // (30 × 50 + 30 × 80 + 15 × 60 + 15 × 90 + 10 × 50) ÷ 100
    #expect(parts.weightedMean == 66.5)

    // A new person has no usage to compare; who was active in neither period uses nothing.
    parts = Health().components(
      features(idle: 3, days: 2, kinds: 1), engagement: 40, nil, asOf: 100)
    #expect(parts.map(\.kind) == [.engagement])
    parts = Health().components(
      features(idle: 60, days: 0, kinds: 0), engagement: 1, nil, asOf: 100)
    #expect(parts.map(\.value) == [0, 1])
  }

  /// Gainsight's edges: the lower bound of a band is the upper one's.
  @Test func bands() {
    #expect(Health.Band(Tenths(0)) == .red)
    #expect(Health.Band(Tenths(50)) == .red)
    #expect(Health.Band(Tenths(50.1)) == .yellow)
    #expect(Health.Band(Tenths(51)) == .yellow)
    #expect(Health.Band(Tenths(75)) == .yellow)
    #expect(Health.Band(Tenths(75.1)) == .green)
    #expect(Health.Band(Tenths(100)) == .green)
  }

  /// Every order of days and names gives the same row, and so does every way to split it.
  @Test func activityIsASet() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let facts = (0..<40).map { _ in
        (
          day: Int32.random(in: 0..<120, using: &generator),
          name: UInt64.random(in: 1...9, using: &generator) << 40
        )
      }
      var whole = ChannelActivity(channel: 0)
      for fact in facts { whole.interact(on: fact.day, name: fact.name) }
      var (one, other) = (ChannelActivity(channel: 0), ChannelActivity(channel: 0))
      for fact in facts.shuffled(using: &generator) {
        if Bool.random(using: &generator) {
          one.interact(on: fact.day, name: fact.name)
        } else {
          other.interact(on: fact.day, name: fact.name)
        }
      }
      one.merge(other)
      let newest = Int(facts.map(\.day).max() ?? 0)
      for day in newest..<(newest + 40) {
        #expect(Features(whole, asOf: day) == Features(one, asOf: day))
        let period = facts.filter { Int($0.day) > day - 28 }
        #expect(Features(whole, asOf: day).activeDays == Set(period.map(\.day)).count)
        #expect(Features(whole, asOf: day).eventKinds == min(5, Set(period.map(\.name)).count))
      }
      #expect(whole.interactions == one.interactions)
    }
  }
}
