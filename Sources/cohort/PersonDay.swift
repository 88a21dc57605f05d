import Records

/// What a person did on one calendar day, as far as cohorts ask.
struct PersonDay: Sendable, BitwiseCopyable {
  /// The things that are told apart.
  struct Marks: OptionSet, Sendable, BitwiseCopyable {
    let rawValue: UInt32

    /// An event that begins a cohort.
    static let start = Marks(rawValue: 1)
    /// An event that is a return, or activity.
    static let back = Marks(rawValue: 2)
    /// Both.
    static let all: Marks = [.start, .back]
  }

  /// When it was on the day, in milliseconds since a day before the day's UTC midnight.
  ///
  /// So no offset is negative, whatever the zone of the days. Earliest and latest suffice: no more than
  /// them is ever asked, and they are the same in whatever order events come.
  struct Times: Sendable, BitwiseCopyable {
    var firstStart = UInt32.max
    var firstReturn = UInt32.max
    var lastReturn: UInt32 = 0

    /// Nothing yet.
    init() {}

    /// One event.
    init(_ marks: Marks, at offset: UInt32) {
      if marks.contains(.start) { firstStart = offset }
      if marks.contains(.back) { (firstReturn, lastReturn) = (offset, offset) }
    }

    /// Adds what else is known of the same day.
    mutating func merge(_ other: Times) {
      firstStart = min(firstStart, other.firstStart)
      firstReturn = min(firstReturn, other.firstReturn)
      lastReturn = max(lastReturn, other.lastReturn)
    }
  }

  /// The day and its part; days that follow each other have slots that do.
  var slot: Int32
  var marks: Marks
  var times: Times

  private static let dayMilliseconds: Int64 = 86_400_000
  /// Half of a day of 24 hours.
  private static let partMilliseconds: UInt32 = 43_200_000
  /// The parts that a day can have are fewer than eight.
  private static let partBits: Int32 = 3

  /// The number of the day, 0 for 1970-01-01.
  var day: Int32 { slot >> Self.partBits }

  /// The slot of a day that is not taken apart.
  static func slot(ofDay day: Int32) -> Int32 { day << partBits }

  /// The slot of a part of a day: each half of a day in UTC is one.
  ///
  /// No part is as long as 24 hours, as a day may be where clocks are changed.
  static func slot(ofDay day: Int32, partAt offset: UInt32) -> Int32 {
    day << partBits | Int32(min(offset / partMilliseconds, 7))
  }

  /// A moment of a day as an offset.
  static func offset(of moment: Moment, onDay day: Int32) -> UInt32 {
    UInt32(clamping: moment.milliseconds - (Int64(day) - 1) * dayMilliseconds)
  }

  private func milliseconds(_ offset: UInt32) -> Int64 {
    (Int64(day) - 1) * Self.dayMilliseconds + Int64(offset)
  }

  /// When the first start was, in milliseconds since 1970.
  var firstStart: Int64 { milliseconds(times.firstStart) }
  /// When the first return was.
  var firstReturn: Int64 { milliseconds(times.firstReturn) }
  /// When the last return was.
  var lastReturn: Int64 { milliseconds(times.lastReturn) }
}
