import Foundation
import TestSupport
import Testing

/// Who came back, by every rule that there is.
@Suite struct RetentionTests {
  private static let asOf = ["--as-of", "2026-03-04T23:59:59.999Z", "--periods", "3"]
  private static let pair = ["--start", "S", "--return", "R"]

  private func retention(_ story: String, _ options: [String]) throws -> [String] {
    try Story(story).run(options).records("cohort.retention").map { record in
      let cells = Story.cells(record).map { "\($0.rate["numerator"] ?? "-")" }
      return "\(record["persons"] ?? "-"): \(cells.joined(separator: " "))"
    }
  }

  /// The first cohort's returns after 0, 1, 2 and 3 days.
  @Test(
    "calendar days and days of 24 hours are different days",
    arguments: [
      ("S 03-01T20:00, R 03-02T06:00", "1: 0 1 0 0", "1: 1 0 0 0"),
      ("S 03-01T20:00, R 03-02T19:59", "1: 0 1 0 0", "1: 1 0 0 0"),
      ("S 03-01T20:00, R 03-02T20:00", "1: 0 1 0 0", "1: 0 1 0 0"),
      ("S 03-01T00:00, R 03-01T23:59", "1: 1 0 0 0", "1: 1 0 0 0"),
      ("S 03-01T23:59, R 03-02T00:00", "1: 0 1 0 0", "1: 1 0 0 0"),
      ("S 03-01T10:00, R 03-03T09:00, R 03-03T11:00", "1: 0 0 1 0", "1: 0 1 1 0"),
      // What came before the start is no return.
      ("R 03-01T09:00, S 03-01T10:00", "1: 0 0 0 0", "1: 0 0 0 0"),
      // Nor is what came at the very same moment.
      ("R 03-01T10:00, S 03-01T10:00", "1: 0 0 0 0", "1: 0 0 0 0"),
      ("R 03-01T09:00, S 03-01T10:00, R 03-01T10:01", "1: 1 0 0 0", "1: 1 0 0 0"),
      ("S 03-01T10:00, R 03-01T09:00, R 03-04T11:00", "1: 0 0 0 1", "1: 0 0 0 1"),
    ])
  func days(story: String, calendar: String, rolling: String) throws {
    let options = Self.pair + Self.asOf
    #expect(try retention(story, options).first == calendar)
    #expect(try retention(story, options + ["--rolling"]).first == rolling)
  }

  @Test("on or after fills up what lies before the last return")
  func onOrAfter() throws {
    let options = Self.pair + Self.asOf
    let story = "S 03-01, R 03-03"
    #expect(try retention(story, options).first == "1: 0 0 1 0")
    #expect(try retention(story, options + ["--mode", "on-or-after"]).first == "1: 1 1 1 0")
    // Also by a return that is further away than anything reported.
    let far = "S 03-01, R 04-20"
    let open = Self.pair + ["--periods", "2", "--mode", "on-or-after"]
    #expect(try retention(far, open).first == "1: 1 1 1")
    #expect(try retention(far, open + ["--rolling"]).first == "1: 1 1 1")
  }

  @Test("a person is in the cohort of every period with a start, or of the first alone")
  func cohorts() throws {
    let story = "S 03-01, S 03-01, S 03-03, R 03-04"
    let options = Self.pair + Self.asOf
    #expect(try retention(story, options) == ["1: 0 0 0 1", "0: ", "1: 0 1", "0: "])
    #expect(
      try retention(story, options + ["--first-time"]) == ["1: 0 0 0 1", "0: ", "0: ", "0: "])
    // Rolling counts from the first start of the period.
    let rolling = "S 03-01T08:00, S 03-01T22:00, R 03-02T09:00, S 03-02T23:00"
    let found = try retention(rolling, options + ["--rolling"])
    #expect(found.prefix(2) == ["1: 0 1 0 0", "1: 0 0 0"])
  }

  @Test("weeks begin on Monday, months have their own lengths")
  func periods() throws {
    // 2026-03-01 is a Sunday.
    let weeks = try Story("S 03-01, R 03-02").retention(
      "--start", "S", "--return", "R", "--period", "week", "--periods", "2")
    #expect(weeks == ["2026-02-23 1: 0 1…", "2026-03-02 0: "])
    let months = try Story("S 01-31T23:00, R 02-01T01:00, R 03-31").retention(
      "--start", "S", "--return", "R", "--period", "month", "--periods", "3")
    #expect(months == ["2026-01 1: 0 1 1…", "2026-02 0: ", "2026-03 0: "])
    // 30 days from the start.
    let rolling = try Story("S 01-31T23:00, R 03-02T22:59, R 03-31T23:00").retention(
      "--start", "S", "--return", "R", "--period", "month", "--periods", "2", "--rolling")
    #expect(rolling == ["2026-01 1: 1 1… 0…", "2026-02 0: ", "2026-03 0: "])
  }

  @Test("a day is what the clocks of a place make of it")
  func zones() throws {
    // In Berlin it is the 2nd already at 23:30 in UTC, and the 29th of March has 23 hours.
    let night = "S 03-01T22:30, R 03-01T23:30"
    let options = Self.pair + ["--periods", "1"]
    #expect(try retention(night, options).first == "1: 1")
    let berlin = options + ["--time-zone", "Europe/Berlin"]
    #expect(try retention(night, berlin).first == "1: 0 1")
    let spring = "S 03-28T23:00, R 03-29T22:00"
    #expect(try retention(spring, berlin).first == "1: 0 1")
    #expect(try retention(spring, berlin + ["--rolling"]).first == "1: 1")
    // The 25th of October has 25 hours: the first and the last of them are not of one day of 24.
    let autumn = "S 10-24T12:30, R 10-24T22:00, R 10-25T12:00, R 10-25T22:59"
    #expect(try retention(autumn, berlin).first == "1: 0 1")
    #expect(try retention(autumn, berlin + ["--rolling"]).first == "1: 1 1")
    // Counted from half an hour past midnight, that day is of three days of 24 hours.
    let three = "S 10-23T22:30, R 10-24T22:00, R 10-25T10:00, R 10-25T22:45"
    let days = Self.pair + ["--periods", "2", "--rolling", "--time-zone", "Europe/Berlin"]
    #expect(try retention(three, days).first == "1: 1 1 1")
  }

  @Test("brackets are periods taken together, in which a return counts once")
  func brackets() throws {
    let story = "S 03-01, R 03-02, R 03-03, R 03-08"
    let outcome = try Story(story).run(Self.pair + ["--brackets", "0,1-3,4-6,7-20"])
    let record = try #require(outcome.records("cohort.retention").first)
    let cells = Story.cells(record)
    #expect(cells.map(\.name) == ["day0", "day1to3", "day4to6", "day7to20"])
    #expect(cells.map { $0.rate["numerator"] as? Int } == [0, 1, 0, 1])
    #expect(cells.map { $0.rate["complete"] as? Bool } == [nil, nil, nil, false])
  }

  @Test("what is not over is marked, and out of the mean by size of cohort")
  func mean() throws {
    var story = Story()
    for person in 1...8 { story.add("S 03-01, R 03-03", person: "a\(person)") }
    for person in 1...2 { story.add("S 03-01", person: "b\(person)") }
    for person in 1...5 { story.add("S 03-02, R 03-03", person: "c\(person)") }
    for person in 1...5 { story.add("S 03-02", person: "d\(person)") }
    let cohorts = try story.retention("--start", "S", "--return", "R", "--periods", "2")
    #expect(cohorts == ["2026-03-01 10: 0 0 8…", "2026-03-02 10: 0 5…", "2026-03-03 0: "])
    let end = ["--periods", "2", "--as-of", "2026-03-03T23:59:59.999Z"]
    let outcome = try story.run(Self.pair + end)
    let mean = try #require(outcome.records("cohort.mean").first)
    #expect(mean["cohorts"] as? Int == 2)
    let cells = Story.cells(mean).map { cell in
      "\(cell.rate["numerator"] ?? "")/\(cell.rate["denominator"] ?? "")"
    }
    #expect(cells == ["0/20", "5/20", "8/10"])
    let rate = try #require(Story.cells(mean).last?.rate)
    #expect(rate["value"] as? Double == 0.8)
    // Wilson's interval of 8 out of 10, computed by R.
    #expect(abs((rate["low"] as? Double ?? 0) - 0.4901625) < 1e-7)
    #expect(abs((rate["high"] as? Double ?? 0) - 0.9433178) < 1e-7)
    #expect(rate["small"] as? Bool == true)
  }

  @Test("without options it is interactions, and what only reaches a person is none")
  func interactions() throws {
    var story = Story("Seen 03-01, Seen 03-02")
    story.add("Seen 03-01, EmailDelivered 03-02", person: "v")
    let all = try story.retention("--periods", "1")
    #expect(all == ["2026-03-01 2: 2…", "2026-03-02 2: "])
    let passive = try story.retention("--periods", "1", "--passive", "EmailDelivered")
    #expect(passive == ["2026-03-01 2: 1…", "2026-03-02 1: "])
    let delivered = "{\"event\":\"Email Delivered\",\"userId\":\"u\",\"timestamp\":0}\n"
    let outcome = try Programs.run("cohort", text: delivered)
    #expect(outcome.records("cohort.retention").isEmpty)
  }

  @Test("a breakdown is by the value at the first start")
  func breakdown() throws {
    var story = Story()
    story.add("S 03-02", person: "u", plan: "pro")
    story.add("S 03-01, R 03-03", person: "u", plan: "free")
    story.add("R 03-01", person: "v", plan: "pro")
    story.add("S 03-02, R 03-03", person: "v", plan: "new")
    let outcome = try story.run(Self.pair + ["--first-time", "--by", "properties.plan"])
    let found = outcome.records("cohort.retention").filter { $0["persons"] as? Int == 1 }.map {
      "\($0["cohort"] ?? "") \(($0["by"] as? [String: String])?["properties.plan"] ?? "-")"
    }
    #expect(found == ["2026-03-01 free", "2026-03-02 new"])
    #expect(outcome.records("cohort.mean").count == 2)
  }

  @Test("two ids of one person are one, whichever came first")
  func linked() throws {
    let lines = [
      #"{"event":"S","anonymousId":"a","timestamp":"2026-03-01T10:00:00Z"}"#,
      #"{"event":"R","userId":"u","timestamp":"2026-03-02T10:00:00Z"}"#,
      #"{"event":"X","userId":"u","anonymousId":"a","timestamp":"2026-03-03T10:00:00Z"}"#,
    ]
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
      let text = order.map { lines[$0] + "\n" }.joined()
      let outcome = try Programs.run("cohort", Self.pair + ["--periods", "1"], text: text)
      let first = try #require(outcome.records("cohort.retention").first)
      #expect(Story.cells(first).map { $0.rate["numerator"] as? Int } == [0, 1])
    }
  }

  @Test(
    "what cannot be meant is told",
    arguments: [
      ("--event A --start B", "--event stands for --start and --return: leave it or --start out"),
      ("--rolling --calendar", "--calendar and --rolling exclude each other"),
      ("--first-time --recurring", "--first-time and --recurring exclude each other"),
      ("--brackets 1,2 --periods 3", "--brackets says which periods are followed"),
      ("--brackets 3,1-2", "--brackets takes periods after the start in their order"),
      ("--brackets 1-", "--brackets takes periods after the start in their order"),
      ("--brackets 2-1", "--brackets takes periods after the start in their order"),
      ("--brackets ''", "--brackets takes periods after the start in their order"),
      ("--periods 0", "--periods takes a whole number from 1 to 1000, not '0'"),
      ("--start ' '", "--start ' ' names no event"),
      ("--start 'x >'", "--start: "),
    ])
  func refuses(options: String, message: String) throws {
    let outcome = try Programs.shell("cohort \(options)")
    #expect(outcome.status == 64)
    #expect(outcome.errorText.hasPrefix("cohort: \(message)"), "\(outcome.errorText)")
  }
}
