import Events
import Records

/// Reads the times of an access log and remembers the day of the last one, which most of the next
/// are of.
///
///     17/May/2015:│10:05:03│ +0000      day and zone are compared, the middle read as one word
///
/// Every answer is that of ``TimeReader/moment(text:from:to:)``.
struct LogClock {
  private let times: TimeReader
  /// The bytes `17/May/2`, `ay/2015:` and ` +0000`.
  private var day: (UInt64, UInt64) = (0, 0)
  private var zone: UInt64 = 0
  private var midnight: Int64 = 0

  init(times: TimeReader) { self.times = times }

  /// The moment that a range of a line gives.
  mutating func moment(
    _ range: Range<Int>, in bytes: Span<UInt8>
  ) throws(RecordError) -> Moment {
    let start = range.lowerBound
    guard range.count == 26, let time = LogClock.timeOfDay(bytes.word(at: start + 12)) else {
      return try times.moment(text: bytes, from: start, to: range.upperBound)
    }
    let day = (bytes.word(at: start), bytes.word(at: start + 4))
    let zone = bytes.word(at: start + 18) >> 16
    if day == self.day, zone == self.zone { return Moment(milliseconds: midnight + time) }
    let moment = try times.moment(text: bytes, from: start, to: range.upperBound)
    // A date of another form has other things in these places.
    if bytes[start + 2] == ASCII.slash, bytes[start + 11] == ASCII.colon,
      bytes[start + 20] == ASCII.space
    {
      self.day = day
      self.zone = zone
      midnight = moment.milliseconds - time
    }
    return moment
  }

  /// The milliseconds that eight bytes give, `nil` where they are no time of the day.
  ///
  /// `10:05:03` xor `00:00:00` leaves the digits as numbers and the colons as zero.
  private static func timeOfDay(_ word: UInt64) -> Int64? {
    let digits = word ^ 0x3030_3A30_303A_3030
    let large = digits | (digits &+ 0x7676_7676_7676_7676)
    guard digits & 0x0000_FF00_00FF_0000 == 0, large & 0x8080_8080_8080_8080 == 0 else {
      return nil
    }
    func two(_ shift: UInt64) -> Int64 {
      Int64(bitPattern: (digits >> shift & 0xF) * 10 + (digits >> (shift + 8) & 0xF))
    }
    let (hour, minute, second) = (two(0), two(24), two(48))
    guard hour < 24, minute < 60, second < 61 else { return nil }
    return ((hour * 60 + minute) * 60 + second) * 1000
  }
}
