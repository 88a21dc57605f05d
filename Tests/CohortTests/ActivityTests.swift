import Foundation
import TestSupport
import Testing

/// How many are active, in which stage of life they are, and after how long they stay away.
@Suite struct ActivityTests {
  /// Some fields of the records of a kind, joined: `2026-03-01 2 –`.
  private func rows(
    _ kind: String, _ fields: [String], _ story: Story, _ options: [String]
  ) throws -> [String] {
    try story.run(options).records(kind).map { record in
      let isOver = record["complete"] as? Bool ?? true
      return fields.map { Self.text(record[$0]) }.joined(separator: " ") + (isOver ? "" : " …")
    }
  }

  private static func text(_ value: Any?) -> String {
    if let rate = value as? [String: Any] {
      return "\(rate["numerator"] ?? "-")/\(rate["denominator"] ?? "-")"
    }
    if let number = value as? NSNumber { return "\(number)" }
    return value as? String ?? "–"
  }

  @Test("the active of a day, and of the 7 and 30 days up to it, are each counted once")
  func days() throws {
    var story = Story("A 03-01, A 03-01, A 03-03, A 03-12")
    story.add("A 03-07, A 04-02", person: "v")
    let fields = ["period", "persons", "weekly", "monthly", "stickiness"]
    let rows = try rows("cohort.active", fields, story, ["--active"])
    #expect(rows.count == 33)
    #expect(rows[0] == "2026-03-01 1 – – –")
    #expect(rows[5] == "2026-03-06 0 – – –")
    // The first day of which seven days are known; then the person of the 3rd is still in it.
    #expect(rows[6] == "2026-03-07 1 2 – –")
    #expect(rows[8] == "2026-03-09 0 2 – –")
    #expect(rows[9] == "2026-03-10 0 1 – –")
    #expect(rows[13] == "2026-03-14 0 1 – –")
    #expect(rows[17] == "2026-03-18 0 1 – –")
    #expect(rows[18] == "2026-03-19 0 0 – –")
    #expect(rows[29] == "2026-03-30 0 0 2 0/2")
    #expect(rows[32] == "2026-04-02 1 1 2 1/2 …")
    let later = try self.rows(
      "cohort.active", fields, story, ["--active", "--as-of", "2026-05-02T23:59:59.999Z"])
    // The 12th is within the 30 days up to 2026-04-10, and not a day longer.
    #expect(later[40] == "2026-04-10 0 0 2 0/2")
    #expect(later[41] == "2026-04-11 0 0 1 0/1")
    #expect(later[61] == "2026-05-01 0 0 1 0/1")
    #expect(later[62] == "2026-05-02 0 0 0 –")
  }

  @Test("by week and month there is the mean of the days, of those that have begun")
  func weeks() throws {
    // The week from 2026-03-02 on, and two days of the next.
    var story = Story("A 03-02, A 03-03, A 03-08, A 03-09")
    story.add("A 03-02, A 03-10", person: "v")
    let rows = try rows(
      "cohort.active", ["period", "persons", "daily", "stickiness"], story,
      ["--active", "--period", "week"])
    #expect(rows[0] == "2026-03-02 2 \(4.0 / 7) 4/14")
    #expect(rows[1] == "2026-03-09 2 1 2/4 …")
  }

  @Test("persons by the number of days on which they were active lately")
  func frequencies() throws {
    var story = Story("A 03-01, A 03-02, A 03-03, A 03-03")
    story.add("A 03-01, A 03-03", person: "v")
    story.add("A 03-01", person: "w")
    let rows = try rows(
      "cohort.frequency", ["periods", "of", "persons", "share"], story,
      ["--active", "--periods", "2"])
    #expect(rows == ["1 2 1 1/2", "2 2 1 1/2"])
    let whole = try self.rows(
      "cohort.frequency", ["periods", "persons"], story, ["--active", "--periods", "3"])
    #expect(whole == ["1 1", "2 1", "3 1"])
  }

  @Test("new, returning, resurrected and dormant")
  func lifecycle() throws {
    var story = Story("A 03-01, A 03-02, A 03-05")
    // Delivered first, active the day after: resurrected, as PostHog and Amplitude have it.
    story.add("Delivered 03-01, A 03-02", person: "v")
    let fields = ["period", "active", "new", "returning", "resurrected", "dormant", "quickRatio"]
    let options = ["--lifecycle", "--passive", "Delivered"]
    let rows = try rows("cohort.lifecycle", fields, story, options)
    #expect(
      rows == [
        "2026-03-01 1 1 0 0 0 –", "2026-03-02 2 0 1 1 0 –", "2026-03-03 0 0 0 0 2 0",
        "2026-03-04 0 0 0 0 0 –", "2026-03-05 1 0 0 1 0 – …",
      ])
    let churn = try self.rows(
      "cohort.churn", ["period", "before", "kept", "lost", "churn"], story,
      ["--churn", "--passive", "Delivered"])
    #expect(
      churn == [
        "2026-03-01 0 0 0 –", "2026-03-02 1 1 0 0/1", "2026-03-03 2 0 2 2/2",
        "2026-03-04 0 0 0 –", "2026-03-05 0 0 0 – …",
      ])
  }

  @Test("100 of 1,000 lost is a churn of 10 %")
  func churn() throws {
    var story = Story()
    for person in 1...1000 {
      story.add(person <= 100 ? "A 02-10" : "A 02-10, A 03-10", person: "p\(person)")
    }
    let options = ["--churn", "--period", "month", "--as-of", "2026-03-31T23:59:59.999Z"]
    let record = try #require(story.run(options).records("cohort.churn").last)
    let rate = try #require(record["churn"] as? [String: Any])
    #expect(rate["value"] as? Double == 0.1)
    // Wilson's interval of 100 out of 1,000.
    #expect(abs((rate["low"] as? Double ?? 0) - 0.0829094) < 1e-6)
    #expect(abs((rate["high"] as? Double ?? 0) - 0.1201520) < 1e-6)
  }

  /// One person alone: the days at which the curve falls to nothing, and who is still here.
  @Test(
    "who leaves, and when",
    arguments: [
      // Three idle days, 2 to 4, are over at the end of the 4th.
      ("A 03-01", "2026-03-04T23:59:59.999Z", "left after 3"),
      ("A 03-01", "2026-03-04T23:59:59.998Z", "here"),
      ("A 03-01, A 03-04", "2026-03-05T00:00:00Z", "here"),
      ("A 03-01, A 03-03, A 03-06", "2026-03-09T23:59:59.999Z", "left after 8"),
      // The first time counts, whatever comes later.
      ("A 03-01, A 03-05", "2026-03-05T12:00:00Z", "left after 3"),
      ("A 03-01, A 03-02, A 03-06, A 03-07", "2026-04-05T12:00:00Z", "left after 4"),
    ])
  func leaving(story: String, asOf: String, expected: String) throws {
    let outcome = try Story(story).run(["--survival", "--idle", "3d", "--as-of", asOf])
    let points = outcome.records("cohort.survival")
    let lifetime = try #require(outcome.records("cohort.lifetime").first)
    let left = lifetime["left"] as? Int ?? 0
    #expect((left == 1 ? "left after \(points.first?["days"] ?? "-")" : "here") == expected)
    #expect(lifetime["persons"] as? Int == 1)
    #expect(lifetime["here"] as? Int == 1 - left)
  }

  @Test("the curve takes those who are still here for what they are")
  func survival() throws {
    var story = Story()
    for (person, last) in [1, 1, 2, 3, 5, 8].enumerated() {
      let days = (1...last).map { String(format: "A 03-%02d", $0) }
      story.add(days.joined(separator: ", "), person: "p\(person)")
    }
    let options = ["--survival", "--idle", "2d", "--as-of", "2026-03-06T23:59:59.999Z"]
    let outcome = try story.run(options)
    let points = outcome.records("cohort.survival").map { record in
      ["days", "atRisk", "left"].map { "\(record[$0] ?? "-")" }.joined(separator: " ")
    }
    // Lifetimes 2, 2, 3, 4 days; two are still here after 5.
    #expect(points == ["2 6 2", "3 4 1", "4 3 1"])
    let shares = outcome.records("cohort.survival").map { $0["here"] as? Double ?? 0 }
    for (share, expected) in zip(shares, [4.0 / 6, 0.5, 1.0 / 3]) {
      #expect(abs(share - expected) < 1e-12)
    }
    let lifetime = try #require(outcome.records("cohort.lifetime").first)
    #expect(lifetime["medianDays"] as? Int == 3)
    #expect(lifetime["idleDays"] as? Int == 2)
  }

  @Test(
    "what cannot be meant is told",
    arguments: [
      ("--active --churn", "--active and --churn are two reports: take a run for each"),
      ("--active --rolling", "--rolling is for --retention, not for --active"),
      ("--start A", nil), ("--survival --start A", nil),
      ("--lifecycle --start A", "--start is for --retention or --survival, not for --lifecycle"),
      ("--survival --period week", "--period is for --retention or --active or --lifecycle"),
      ("--idle 3d", "--idle is for --survival, not for --retention"),
      ("--survival --idle 36h", "--idle takes whole days, from 1d to 36500d, not '36h'"),
    ])
  func refuses(options: String, message: String?) throws {
    let outcome = try Programs.shell("cohort \(options) < /dev/null")
    guard let message else {
      #expect(outcome.status == 0)
      return
    }
    #expect(outcome.status == 64)
    #expect(outcome.errorText.hasPrefix("cohort: \(message)"), "\(outcome.errorText)")
  }
}
