import Foundation
import Records
import Testing

/// Every moment has one day, and a later moment no earlier one.
@Suite("Calendar days") struct CalendarDaysTests {
  private static func zone(_ name: String) throws -> TimeZoneRules? {
    if let fixed = TimeZoneRules(fixed: name) { return fixed }
    let file = URL(fileURLWithPath: "/usr/share/zoneinfo/\(name)")
    return TimeZoneRules(file: Array(try Data(contentsOf: file)))
  }

  @Test(
    "follow each other without gap or overlap, whatever the clocks do at midnight",
    arguments: [
      "UTC", "+05:45", "Europe/Berlin", "America/St_Johns", "America/Sao_Paulo", "Pacific/Apia",
      "Australia/Lord_Howe", "America/Havana", "Africa/Cairo", "Asia/Gaza",
    ])
  func partition(_ name: String) throws {
    let days = CalendarDays(try #require(try Self.zone(name)))
    var last = Int64.min
    // Each quarter of an hour from 1985 to 2030.
    for quarter in stride(from: Int64(525_960), to: 2_103_840, by: 1) {
      let moment = Moment(milliseconds: quarter * 900_000)
      let day = days.day(of: moment)
      if last != .min, day != last { #expect(day > last && day <= last + 2, "\(name) \(quarter)") }
      if day != last {
        let start = days.start(of: day)
        #expect(start <= moment && days.day(of: start) == day, "\(name) \(quarter)")
        #expect(days.day(of: Moment(milliseconds: start.milliseconds - 1)) < day)
      }
      last = day
    }
  }

  @Test("an hour of the clocks shown twice belongs to the day that has begun")
  func repeatedHour() throws {
    // At 00:01 on 2010-11-07 the clocks of St. John's went back to 23:01.
    let days = CalendarDays(try #require(try Self.zone("America/St_Johns")))
    let midnight = Moment(milliseconds: 1_289_097_000_000)
    let day = days.day(of: midnight)
    #expect(days.start(of: day) == midnight)
    #expect(days.day(of: Moment(milliseconds: midnight.milliseconds - 1)) == day - 1)
    for minute in [0, 1, 30, 60, 61, 1440] as [Int64] {
      #expect(days.day(of: Moment(milliseconds: midnight.milliseconds + minute * 60_000)) == day)
    }
    #expect(days.day(of: Moment(milliseconds: midnight.milliseconds + 25 * 3_600_000)) == day + 1)
  }
}
