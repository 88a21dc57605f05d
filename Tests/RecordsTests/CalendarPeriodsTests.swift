import Records
import Testing

/// Days, weeks, months, quarters and years of a place.
@Suite struct CalendarPeriodsTests {
  private func moment(_ day: Int64, _ hour: Int64 = 0) -> Moment {
    Moment(milliseconds: (day * 24 + hour) * 3_600_000)
  }

  @Test func unitsByHand() {
    let day = dayNumber(year: 2026, month: 11, day: 22)
    let sunday = moment(day, 23)
    let days = CalendarPeriods(.day, zone: .utc)
    let weeks = CalendarPeriods(.week, zone: .utc)
    let months = CalendarPeriods(.month, zone: .utc)
    #expect(Int64(days.index(of: sunday)) == day)
    #expect(weeks.start(of: weeks.index(of: sunday)) == moment(day - 6))
    #expect(months.start(of: months.index(of: sunday)) == moment(day - 21))
    #expect(months.index(of: sunday) == 56 * 12 + 10)
    #expect(weeks.index(of: moment(0)) == 0)
    #expect(weeks.start(of: 0) == moment(-3))
    #expect(months.start(of: -1) == moment(-31))
    let quarters = CalendarPeriods(.quarter, zone: .utc)
    let years = CalendarPeriods(.year, zone: .utc)
    #expect(quarters.label(of: quarters.index(of: sunday)) == "2026-Q4")
    #expect(quarters.start(of: quarters.index(of: sunday)) == moment(day - 52))
    #expect(quarters.label(of: -1) == "1969-Q4")
    #expect(years.label(of: years.index(of: sunday)) == "2026")
    #expect(years.start(of: 1) == moment(365))
    #expect(months.label(of: -1) == "1969-12")
  }

  @Test func everyMomentLiesInItsPeriod() throws {
    let zones = [TimeZoneRules.utc, try #require(TimeZoneRules(fixed: "+05:30"))]
    for zone in zones {
      for unit in CalendarPeriods.Unit.allCases {
        let periods = CalendarPeriods(unit, zone: zone)
        for hour in stride(from: Int64(-200_000), to: 600_000, by: 997) {
          let moment = Moment(milliseconds: hour * 3_600_000)
          let period = periods.index(of: moment)
          #expect(periods.start(of: period) <= moment)
          #expect(periods.start(of: period + 1) > moment)
          #expect(periods.index(of: periods.start(of: period)) == period)
        }
      }
    }
  }
}
