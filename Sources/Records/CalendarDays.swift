/// The calendar days of a place, one behind the other without gap or overlap.
///
///     day d  [ first moment at which the clocks show its midnight … that of day d + 1 )
///
/// Where clocks skip midnight the day begins at their jump; where they go back over it, the hour that
/// is shown a second time belongs to the day that has begun. So a later moment never has an earlier
/// day.
public struct CalendarDays: Sendable {
  private let zone: TimeZoneRules
  /// How far the clocks are from UTC where that never changes.
  private let fixedMilliseconds: Int64?

  /// The days of a zone.
  public init(_ zone: TimeZoneRules) {
    self.zone = zone
    fixedMilliseconds = zone.fixedOffsetSeconds.map { $0 * 1000 }
  }

  /// The number of the day that holds a moment, 0 for 1970-01-01.
  public func day(of moment: Moment) -> Int64 {
    if let fixedMilliseconds {
      return Moment(milliseconds: moment.milliseconds + fixedMilliseconds).dayNumber
    }
    let offset = zone.offsetSeconds(at: floorDivide(moment.milliseconds, 1000))
    let shown = Moment(milliseconds: moment.milliseconds + offset * 1000).dayNumber
    return moment < start(of: shown + 1) ? shown : shown + 1
  }

  /// The first moment of a day.
  public func start(of day: Int64) -> Moment {
    zone.moment(ofLocal: Moment(milliseconds: day * 86_400_000))
  }
}
