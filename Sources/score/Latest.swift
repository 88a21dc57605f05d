import Records

/// A small value and when it was said: of several the latest one stays.
///
/// Of values of the same moment the one of the event with the higher fingerprint stays, so that the
/// order of arrival never matters.
struct Latest: Sendable, BitwiseCopyable {
  private(set) var time = Moment.distantPast
  private(set) var fingerprint: UInt64 = 0
  private(set) var value: UInt32 = 0

  /// Nothing said yet.
  init() {}

  /// A value of an event.
  init(_ value: UInt32, at time: Moment, fingerprint: UInt64) {
    self.value = value
    self.time = time
    self.fingerprint = fingerprint
  }

  /// Whether anything was said.
  var isKnown: Bool { time > .distantPast }

  /// Keeps the later of the two.
  mutating func merge(_ other: Latest) {
    let isLater =
      (other.time.milliseconds, other.fingerprint, other.value)
      > (time.milliseconds, fingerprint, value)
    if isLater { self = other }
  }
}
