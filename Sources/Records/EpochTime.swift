extension Moment {
  /// The moment that a number of seconds, milliseconds or microseconds since the epoch means.
  ///
  /// The unit is told by the size, as trackers write them: below 10^11 seconds (up to the year
  /// 5138), below 10^14 milliseconds, else microseconds. A fraction is kept to the millisecond.
  /// What lies before the year 0 is no moment, since no record could say it again.
  public init?(epochNumber number: DecimalNumber) {
    guard let microseconds = number.scaled(by: 6) else { return nil }
    let whole = microseconds / 1_000_000
    switch whole.magnitude {
    case ..<100_000_000_000: self.init(microseconds: microseconds)
    case ..<100_000_000_000_000: self.init(microseconds: microseconds / 1000)
    case ..<100_000_000_000_000_000: self.init(microseconds: whole)
    default: return nil
    }
  }

  private init?(microseconds: Int128) {
    guard let value = Int64(exactly: microseconds) else { return nil }
    self.init(milliseconds: floorDivide(value, 1000))
    guard isWritable else { return nil }
  }
}
