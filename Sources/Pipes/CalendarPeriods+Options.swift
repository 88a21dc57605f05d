public import Records

extension CalendarPeriods {
  /// Calendar days in `--time-zone`.
  public init(daysOf arguments: Arguments) throws(Failure) {
    self.init(.day, zone: try timeZone(named: arguments.value("time-zone") ?? "UTC"))
  }

  /// The periods of an option whose values are units, in `--time-zone`; the usual ones where it is not
  /// given.
  public init(
    _ arguments: Arguments, of option: String = "period", or usual: Unit = .day
  ) throws(Failure) {
    self.init(
      arguments.value(option).flatMap(Unit.init(rawValue:)) ?? usual,
      zone: try timeZone(named: arguments.value("time-zone") ?? "UTC"))
  }
}
