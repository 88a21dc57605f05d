import Foundation
import TestSupport
import Testing

/// Clocks that are wrong, events that come late or twice, dates that are none.
@Suite("Time") struct TimeTests {
  private static func event(_ name: String, _ time: String) -> String {
    #"{"event":"\#(name)","userId":"\#(name)","timestamp":"\#(time)"}"# + "\n"
  }

  private static let bounded = Member.all.filter { $0.lateness != nil }

  @Test("21 far future: one event of 2099 makes no other late, and is counted", arguments: bounded)
  func farFuture(_ member: Member) throws {
    let option = try #require(member.lateness)
    let outcome = try Programs.script(
      """
      \(member.passing) \(option) 2h --max-jump 1h --rejects $d/r $d/in; cat $d/r
      """,
      text: Self.event("A", "2026-03-01T10:00:00Z") + Self.event("B", "2099-01-01T00:00:00Z")
        + Self.event("C", "2026-03-01T10:00:01Z") + Self.event("D", "2026-03-01T10:30:00Z"))
    #expect(outcome.status == 0)
    // Reports count it; who writes none says it.
    let told = "\(member.name): events further ahead than --max-jump lets the clock go: 1\n"
    #expect(member.messages(outcome) == (member.reports ? "" : told))
    #expect(outcome.lines.count { $0.contains(#""userId":""#) && !$0.contains("record") } == 4)
    guard member.reports else { return }
    let run = try #require(outcome.records("\(member.name).run").first)
    #expect(run["events"] as? Int == 4)
    #expect(run["late"] as? Int == 0)
    #expect(run["ahead"] as? Int == 1)
  }

  @Test("23 too late: counted, told and kept, with the bound", arguments: bounded)
  func tooLate(_ member: Member) throws {
    let late = Self.event("C", "2026-03-01T08:59:58Z")
    let option = try #require(member.lateness)
    let outcome = try Programs.script(
      "\(member.command) \(option) 1h --rejects $d/r $d/in; cat $d/r",
      text: Self.event("A", "2026-03-01T10:00:00Z") + Self.event("B", "2026-03-01T09:00:00Z") + late
    )
    #expect(outcome.status == 0)
    let rejected = try #require(outcome.records("rejected").first)
    #expect(rejected["reason"] as? String == "later than \(option) 1h by 2.000 s")
    #expect(rejected["text"] as? String == String(late.dropLast()))
    #expect(rejected["line"] as? Int == 3)
    #expect(
      member.messages(outcome).hasPrefix("\(member.name): 1 of 3 lines too late to count: "))
    guard member.reports else { return }
    let run = try #require(outcome.records("\(member.name).run").first)
    #expect(run["events"] as? Int == 2)
    #expect(run["late"] as? Int == 1)
  }

  @Test("23 no program takes an option that bounds lateness and does nothing with it")
  func unbounded() throws {
    for member in Member.all where member.lateness == nil {
      for option in ["--lateness 1h", "--reorder 1h", "--forget 1d", "--max-jump 1h"] {
        #expect(try Programs.shell("\(member.command) \(option) < /dev/null").status == 64)
      }
    }
  }

  @Test("25 replays: the same events twice count once behind parse --dedupe", arguments: Member.all)
  func replays(_ member: Member) throws {
    let outcome = try Programs.script(
      """
      first="parse --from segment --quiet --dedupe 365d"
      cat $d/in | $first | \(member.passing) --quiet > $d/once
      cat $d/in $d/in | $first | \(member.passing) --quiet | cmp - $d/once
      cat $d/in | $first | $first | \(member.passing) --quiet | cmp - $d/once
      grep -c . $d/once | sed 's/.*/some/'
      """,
      text: Stream.mixed(300, seed: 12).enumerated().map { number, line in
        line.contains("messageId")
          ? line : line.dropLast(2) + ",\"messageId\":\"n\(number)\"}\n"
      }.joined())
    #expect(outcome.text == "some\n")
    #expect(outcome.errorText.isEmpty)
  }

  @Test("28 leap second, bad dates: the second after, or rejected", arguments: Member.all)
  func dates(_ member: Member) throws {
    let bad = [
      "2026-02-30T00:00:00Z", "2026-03-01T24:00:01Z", "2026-03-01T24:00:00Z",
      "2026-03-01T00:00:00Zjunk", "2026-3-1T0:0:0Z", "2026-03-01T00:00:00+25:00",
      "2026-03-01T23:59:61Z", "2026-13-01T00:00:00Z", "2023-02-29T00:00:00Z", "2026-03-01",
    ]
    let good = ["2016-12-31T23:59:60Z", "2024-02-29T00:00:00Z", "2026-03-01T00:00:00+23:59"]
    let outcome = try Programs.script(
      "\(member.passing) --rejects $d/r $d/in; cat $d/r",
      text: (bad + good).map { Self.event("A", $0) }.joined())
    #expect(outcome.status == 0)
    let rejects = outcome.records("rejected")
    #expect(rejects.map { $0["line"] as? Int } == Array(1...bad.count))
    #expect(rejects.allSatisfy { ($0["reason"] as? String ?? "").hasPrefix("bad time") })
    guard member.reports else { return }
    let run = try #require(outcome.records("\(member.name).run").first)
    #expect(run["from"] as? String == "2017-01-01T00:00:00.000Z")
    #expect(run["events"] as? Int == 3)
  }

  @Test("27 a time without a zone is read only with --time-zone, gap and fold as documented")
  func zones() throws {
    for (time, zone, expected) in [
      // The clocks show it twice: the first. They skip it: as if not put forward yet.
      ("2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30:00.000Z"),
      ("2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:30:00.000Z"),
      ("2026-03-01T12:00:00", "Asia/Kathmandu", "2026-03-01T06:15:00.000Z"),
    ] {
      let input = Data(Self.event("A", time).utf8)
      for surroundings in ["TZ=America/New_York", "TZ=Asia/Kathmandu LC_ALL=tr_TR.UTF-8"] {
        let read = try Programs.shell(
          "\(surroundings) parse --from segment --quiet --time-zone \(zone)", input: input)
        #expect(read.text.contains(#""timestamp":"\#(expected)""#), "\(time) \(zone)")
        let refused = try Programs.shell("\(surroundings) parse --from segment", input: input)
        #expect(refused.text.isEmpty)
        #expect(refused.errorText.contains("1 of 1 lines rejected"))
      }
    }
  }
}
