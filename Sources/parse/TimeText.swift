import Records

/// Writes times as RFC 3339 and remembers the day of the last one, which most of the next are of.
///
///     2026-03-13T│10:21:14.123│Z      the middle is written anew
struct TimeText {
  private var dayNumber = Int64.min
  /// The text of the last time, and bytes behind it so that it can be copied as 32.
  private(set) var bytes: [UInt8] = []
  /// How many bytes of it are the text.
  static let count = 24

  /// Puts the text of a time into ``bytes``.
  mutating func set(_ moment: Moment) {
    let day = moment.dayNumber
    guard day == dayNumber else {
      dayNumber = day
      bytes.removeAll(keepingCapacity: true)
      moment.append(to: &bytes)
      bytes.append(contentsOf: repeatElement(0, count: 8))
      return
    }
    let milliseconds = UInt32(truncatingIfNeeded: moment.milliseconds - day * 86_400_000)
    let seconds = milliseconds / 1000
    let minutes = seconds / 60
    var text = bytes.mutableSpan
    TimeText.write(minutes / 60, at: 11, in: &text)
    TimeText.write(minutes % 60, at: 14, in: &text)
    TimeText.write(seconds % 60, at: 17, in: &text)
    let thousandths = milliseconds % 1000
    text[20] = ASCII.zero &+ UInt8(truncatingIfNeeded: thousandths / 100)
    TimeText.write(thousandths % 100, at: 21, in: &text)
  }

  /// Writes two digits.
  @inline(__always)
  private static func write(_ value: UInt32, at offset: Int, in text: inout MutableSpan<UInt8>) {
    text[offset] = ASCII.zero &+ UInt8(truncatingIfNeeded: value / 10)
    text[offset + 1] = ASCII.zero &+ UInt8(truncatingIfNeeded: value % 10)
  }
}
