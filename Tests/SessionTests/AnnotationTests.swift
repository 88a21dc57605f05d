import Foundation
import TestSupport
import Testing

/// Which session each event is in, as events pass.
@Suite struct AnnotationTests {
  @Test("events get their session, their number in it and the time since the one before")
  func places() throws {
    let visits = Visits("/a 09:00:00, x 09:00:07.5, x 09:30:07.5, /b 10:00:07.501, x 10:00:07.501")
    #expect(try visits.places() == "A1 A2+7.5 A3+1800 B1 B2+0")
    #expect(try visits.places("--idle", "7s") == "A1 B1 C1 D1 D2+0")
    #expect(try visits.places("--max", "30m") == "A1 A2+7.5 B1 C1 C2+0")
    #expect(try visits.places("--max-events", "2") == "A1 A2+7.5 B1 C1 C2+0")
  }

  @Test("all other bytes stay as they were, and a session that was there is replaced")
  func bytes() throws {
    let lines = [
      #"{ "event" : "A","userId":"u","timestamp":"2026-03-01T09:00:00Z","x":1e400 , "y":"\u00e9" }"#,
      #"{"sessionId":"theirs","event":"A","userId":"u","timestamp":1772355601,"session":null,"z":[ ]}"#,
      #"{"session":{"a":1},"event":"A","userId":"u","timestamp":1772355602,"sessionId":7}"#,
      #"{"event":"A","userId":"u","timestamp":1772355603,"session":{"a":1}}"#,
    ]
    let outcome = try Programs.run("session", text: lines.map { $0 + "\n" }.joined())
    let id = "\"984d5517b1a22ddd\""
    func session(_ number: Int, _ gap: String) -> String {
      #"{"start":"2026-03-01T09:00:00.000Z","number":\#(number),"gapSeconds":\#(gap)}"#
    }
    let found = outcome.text.firstMatch(of: /"sessionId":("[0-9a-f]{16}")/).map { String($0.1) }
    #expect(found == id)
    var expected = lines
    expected[0] = String(lines[0].dropLast())
    expected[0] += ",\"sessionId\":\(id),\"session\":\(session(1, "null"))}"
    expected[1] = lines[1].replacing("\"theirs\"", with: id)
      .replacing("\"session\":null", with: "\"session\":\(session(2, "1"))")
    expected[2] = lines[2].replacing("{\"a\":1}", with: session(3, "1"))
      .replacing("\"sessionId\":7", with: "\"sessionId\":\(id)")
    expected[3] = String(lines[3].replacing("{\"a\":1}", with: session(4, "1")).dropLast())
    expected[3] += ",\"sessionId\":\(id)}"
    #expect(outcome.lines == expected)
  }

  @Test("what only reaches a person, or is nobody's, is of no session")
  func passive() throws {
    var visits = Visits(
      "A 09:00:00, Email_Delivered 09:20:00, A 09:40:00, Seen 10:00:00, A 10:10:00")
    visits.add("A 10:10:00", ids: #""x":1"#)
    #expect(try visits.places() == "A1 – B1 B2+1200 B3+600 –")
    #expect(try visits.places("--passive", "Seen") == "A1 – B1 – B2+1800 –")
    #expect(try visits.places("--event", "1 == 1") == "A1 A2+1200 A3+1200 A4+1200 A5+600 –")
    #expect(try visits.places("--event", "Seen") == "– – – A1 – –")
  }

  @Test("midnight is that of the zone, on days of 23 and 25 hours too")
  func midnight() throws {
    let visits = Visits(
      "A 2026-03-28T22:50:00, A 2026-03-28T23:10:00, A 2026-03-29T21:50:00, A 2026-03-29T22:10:00,"
        + "A 2026-10-25T22:50:00, A 2026-10-25T23:10:00")
    #expect(
      try visits.places("--split-at-midnight", "--time-zone", "Europe/Berlin")
        == "A1 B1 C1 D1 E1 F1")
    #expect(try visits.places("--split-at-midnight") == "A1 A2+1200 B1 B2+1200 C1 C2+1200")
  }

  @Test("a campaign is its name, else its source, else its medium, with its keyword")
  func campaigns() throws {
    var visits = Visits()
    for campaign in [
      #""context":{"campaign":{"name":"Spring","source":"x"}}"#,
      #""context":{"campaign":{"source":"y","name":"SPRING"}}"#, #""context":{}"#,
      #""trafficSource":{"campaign":"spring"}"#, #""context":{"campaign":{"source":"Spring"}}"#,
      #""context":{"campaign":{"name":"spring","term":"shoes"}}"#,
      #""context":{"campaign":{"name":"","medium":"cpc"}}"#, #""trafficSource":{"campaign":null}"#,
    ] {
      visits.add("A 09:00:00", ",\(campaign)")
    }
    #expect(
      try visits.places("--split-on-campaign") == "A1 A2+0 A3+0 A4+0 A5+0 B1 C1 C2+0")
    #expect(try visits.places() == "A1 A2+0 A3+0 A4+0 A5+0 A6+0 A7+0 A8+0")
    #expect(try visits.places("--rules", "matomo") == "A1 A2+0 A3+0 A4+0 A5+0 B1 C1 C2+0")
    // Sessions of one moment have ids of their own in reports too.
    let ids = try visits.sessions("sessionId", by: ["--rules", "matomo"])
    #expect(Set(ids).count == ids.count)
  }

  @Test("an older event is of the session that it is near to, else of one by itself")
  func late() throws {
    let visits = Visits("A 09:00:00, A 09:10:00, A 08:55:00, A 07:00:00, A 09:40:00, A 10:10:01")
    #expect(try visits.places() == "A1 A2+600 A3 B1 A4+1800 C1")
    #expect(try visits.places("--reorder", "4h") == "A1 B1 B2+300 B3+600 B4+1800 C1")
  }

  @Test("a person who is linked goes on with the newest session of the two")
  func links() throws {
    var visits = Visits()
    visits.add("/a 09:00:00", ids: #""anonymousId":"a""#)
    visits.add("Signed_Up 09:05:00", ids: #""userId":"u","anonymousId":"a""#)
    visits.add("/b 09:20:00")
    visits.add("/c 09:20:00", ids: #""userId":"v""#)
    visits.add("/d 09:25:00", ids: #""anonymousId":"b""#)
    visits.add("/e 09:30:00", ids: #""userId":"v","anonymousId":"b""#)
    #expect(try visits.places() == "A1 A2+300 A3+900 B1 C1 C2+300")
    #expect(try visits.places("--no-link") == "A1 B1 B2+900 C1 D1 C2+600")
  }

  @Test("ids are those of the report, where events come in order")
  func ids() throws {
    var visits = Visits("/a 09:00:00, /b 09:00:05, /c 11:00:00")
    visits.add("/a 09:00:00", ids: #""anonymousId":"ü""#)
    visits.add("/b 09:00:01", ids: #""anonymousId":"\u00fc""#)
    let annotated = try visits.run([]).text.matches(of: /"sessionId":"([0-9a-f]{16})"/)
      .map { String($0.1) }
    let reported = try visits.run(["--report"]).records("session")
      .compactMap { $0["sessionId"] as? String }
    #expect(Set(annotated) == Set(reported))
    #expect(reported.count == 3)
    #expect(annotated[0] == annotated[1] && annotated[3] == annotated[4])
  }
}
