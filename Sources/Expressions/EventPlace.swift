public import Records

/// Where an event lies in a block of input, and what its order is.
///
///     let place = EventPlace(start: start, end: line.end, base: base, time: time)
public struct EventPlace: Sendable, BitwiseCopyable {
  /// Offset of the record's opening brace.
  public var start: Int
  /// Offset of the byte behind the record.
  public var end: Int
  /// The index of the record's first field.
  public var base: Int
  /// When the event happened: `now` for its expressions.
  public var time: Moment
  /// Orders events of equal time, from the event alone: a hash of `messageId` or of the line.
  public var fingerprint: UInt64

  /// The place of a scanned record.
  public init(start: Int, end: Int, base: Int, time: Moment, fingerprint: UInt64 = 0) {
    self.start = start
    self.end = end
    self.base = base
    self.time = time
    self.fingerprint = fingerprint
  }
}
