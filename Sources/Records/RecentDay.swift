/// Reads RFC 3339 times and remembers the day of the last one, which most of the next are of.
///
///     2026-03-13│T10:21:14.123Z      the day is compared, the rest read as two words
///
/// Every answer is that of ``Moment/init(rfc3339:from:to:)``.
public struct RecentDay: Sendable {
  /// The bytes `2026-03-`.
  @usableFromInline var yearAndMonth: UInt64 = 0
  /// The bytes `13`.
  @usableFromInline var day: UInt64 = 0
  @usableFromInline var midnight: Int64 = 0

  /// No day yet.
  public init() {}

  /// The moment that the 24 bytes from `start` on are, where they are of the day remembered.
  @inlinable @inline(__always)
  public func moment(ofThisDay bytes: Span<UInt8>, from start: Int) -> Moment? {
    let first = bytes.twoWords(at: start)
    guard first.low == yearAndMonth, first.high & 0xFFFF == day,
      let time = timeOfDay(canonical: first.high, bytes.word(at: start &+ 16))
    else { return nil }
    return Moment(milliseconds: midnight &+ time)
  }

  /// The moment that fills the bytes from `start` up to `end`, or `nil`.
  public mutating func moment(
    rfc3339 bytes: Span<UInt8>, from start: Int, to end: Int
  ) -> Moment? {
    guard end - start == 24 else { return Moment(rfc3339: bytes, from: start, to: end) }
    return moment(ofThisDay: bytes, from: start) ?? learn(bytes, from: start, to: end)
  }

  private mutating func learn(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Moment? {
    guard let moment = Moment(rfc3339: bytes, from: start, to: end) else { return nil }
    // Only a time in UTC lies on the day that it names; a leap second may lie on the next.
    let middle = bytes.word(at: start + 8)
    if let time = timeOfDay(canonical: middle, bytes.word(at: start + 16)) {
      midnight = moment.milliseconds - time
      yearAndMonth = bytes.word(at: start)
      day = middle & 0xFFFF
    }
    return moment
  }
}
