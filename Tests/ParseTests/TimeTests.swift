import TestSupport
import Testing

/// Times in every form that sources write them in.
@Suite struct TimeTests {
  static let cases: [(time: String, zone: String, moment: String)] = [
    (#""2026-03-13T10:21:14Z""#, "UTC", "2026-03-13T10:21:14.000Z"),
    (#""2026-03-13T10:21:14.123999Z""#, "UTC", "2026-03-13T10:21:14.123Z"),
    (#""2026-03-13t10:21:14z""#, "UTC", "2026-03-13T10:21:14.000Z"),
    (#""2026-03-13T10:21:14.000+05:45""#, "UTC", "2026-03-13T04:36:14.000Z"),
    (#""2026-03-13 10:21:14+0530""#, "UTC", "2026-03-13T04:51:14.000Z"),
    (#""2026-03-13 10:21:14-08""#, "UTC", "2026-03-13T18:21:14.000Z"),
    (#""2026-03-13 10:21:14.5 UTC""#, "UTC", "2026-03-13T10:21:14.500Z"),
    // A leap second is the second after it.
    (#""2026-06-30T23:59:60.500Z""#, "UTC", "2026-07-01T00:00:00.500Z"),
    (#""17/May/2015:10:05:03 +0200""#, "UTC", "2015-05-17T08:05:03.000Z"),
    ("1573470087", "UTC", "2019-11-11T11:01:27.000Z"),
    ("1573470087.25", "UTC", "2019-11-11T11:01:27.250Z"),
    ("1573470087123", "UTC", "2019-11-11T11:01:27.123Z"),
    ("1573470087123456", "UTC", "2019-11-11T11:01:27.123Z"),
    (#""1573470087""#, "UTC", "2019-11-11T11:01:27.000Z"),
    // Naive times: the zone says.
    (#""2026-03-13 10:21:14""#, "UTC", "2026-03-13T10:21:14.000Z"),
    (#""2026-03-13T10:21:14.25""#, "+02:00", "2026-03-13T08:21:14.250Z"),
    (#""2026-03-13""#, "Europe/Berlin", "2026-03-12T23:00:00.000Z"),
    (#""2026-07-13 10:00:00""#, "Europe/Berlin", "2026-07-13T08:00:00.000Z"),
    (#""2026-07-13 10:00:00""#, "America/St_Johns", "2026-07-13T12:30:00.000Z"),
    (#""2026-07-13 10:00:00""#, "Asia/Kathmandu", "2026-07-13T04:15:00.000Z"),
    // The gap of 29 March 2026: 02:00 to 03:00 do not occur, and are read as if they did.
    (#""2026-03-29 01:59:59""#, "Europe/Berlin", "2026-03-29T00:59:59.000Z"),
    (#""2026-03-29 02:30:00""#, "Europe/Berlin", "2026-03-29T01:30:00.000Z"),
    (#""2026-03-29 03:00:00""#, "Europe/Berlin", "2026-03-29T01:00:00.000Z"),
    // The fold of 25 October 2026: 02:00 to 03:00 occur twice, the first one counts.
    (#""2026-10-25 01:59:59""#, "Europe/Berlin", "2026-10-24T23:59:59.000Z"),
    (#""2026-10-25 02:30:00""#, "Europe/Berlin", "2026-10-25T00:30:00.000Z"),
    (#""2026-10-25 03:00:00""#, "Europe/Berlin", "2026-10-25T02:00:00.000Z"),
    // Behind the last change of the file the rule holds.
    (#""2077-07-13 10:00:00""#, "Europe/Berlin", "2077-07-13T08:00:00.000Z"),
    (#""2077-01-13 10:00:00""#, "Australia/Sydney", "2077-01-12T23:00:00.000Z"),
    (#""2077-07-13 10:00:00""#, "America/New_York", "2077-07-13T14:00:00.000Z"),
  ]

  @Test(arguments: cases.indices) func time(_ index: Int) throws {
    let (time, zone, moment) = Self.cases[index]
    let outcome = try parse(
      ["--from", "segment", "--time-zone", zone], "{\"event\":\"A\",\"timestamp\":\(time)}\n")
    #expect(
      outcome.text.hasPrefix("{\"event\":\"A\",\"timestamp\":\"\(moment)\""), "\(outcome.text)")
  }

  /// The first of these that is not `null` is the time.
  @Test func otherFields() throws {
    let names = ["timestamp", "originalTimestamp", "sentAt", "receivedAt"]
    for (index, name) in names.enumerated() {
      let fields = names.enumerated().map { place, other in
        "\"\(other)\":" + (place < index ? "null" : "\"2026-01-0\(place + 1)T00:00:00Z\"")
      }
      let outcome = try parse(
        ["--from", "segment"], "{\"event\":\"A\",\(fields.joined(separator: ","))}\n")
      #expect(
        outcome.text.contains("\"timestamp\":\"2026-01-0\(index + 1)T00:00:00.000Z\""), "\(name)")
    }
  }
}
