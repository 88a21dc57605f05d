/// What a formula may know of a person's activity, or of that in one channel, as of one day.
///
/// Only interactions are in it; what reached the person without an act is not.
struct Features: Equatable, Sendable {
  /// The days that count as the present: `asOf` and the 27 before it.
  static let periodDays = 28

  /// Days since the newest interaction, `nil` without one.
  var idleDays: Int?
  /// Days with an interaction in the period.
  var activeDays = 0
  /// Days with one in the period before it.
  var activeDaysBefore = 0
  /// Different events in the period, at most ``ChannelActivity/kindsMax``.
  var eventKinds = 0
  /// Named channels in the period; `nil` where no event of the stream names one, and for the
  /// features of one channel.
  var channels: Int?

  /// The features of no activity at all.
  init() {}

  /// The features of activity as of a day.
  init(_ activity: ChannelActivity, asOf day: Int) {
    guard activity.isActive else { return }
    let first = day - Features.periodDays + 1
    idleDays = day - Int(activity.newestDay)
    activeDays = activity.activeDays(from: first, to: day)
    activeDaysBefore = activity.activeDays(from: first - Features.periodDays, to: first - 1)
    eventKinds = activity.eventKinds(since: first)
  }
}
