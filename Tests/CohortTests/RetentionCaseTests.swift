import Foundation
import TestSupport
import Testing

/// The retention that PostHog's own tests expect.
@Suite struct RetentionCaseTests {
  struct Case: Decodable {
    struct Event: Decodable {
      let user: String
      let event: String
      let timestamp: String

      enum CodingKeys: String, CodingKey {
        case user = "user_id"
        case event
        case timestamp
      }
    }
    struct Expected: Decodable { let matrix: [[Int]]? }
    let name: String
    let identity: [String: String]?
    let events: [Event]?
    let expected: Expected?
  }

  @Test(
    "PostHog's retention by day", .enabled(if: Programs.hasShared("cases/posthog.json")))
  func postHog() throws {
    let json = try JSONSerialization.jsonObject(with: Programs.sharedData("cases/posthog.json"))
    let cases = try #require(json as? [[String: Any]])
    let raw = try #require(cases.first { $0["name"] as? String == "retention_day_rolling" })
    let data = try JSONSerialization.data(withJSONObject: raw)
    let one = try JSONDecoder().decode(Case.self, from: data)
    let matrix = try #require(one.expected?.matrix)
    // The other id is tied to the person by an alias message, which is no page view.
    let lines =
      (one.events ?? []).map {
        #"{"event":"\#($0.event)","userId":"\#($0.user)","timestamp":"\#($0.timestamp)"}"# + "\n"
      }
      + (one.identity ?? [:]).map { other, person in
        #"{"type":"alias","userId":"\#(person)","previousId":"\#(other)","#
          + #""timestamp":"2020-06-01T00:00:00Z"}"# + "\n"
      }
    let outcome = try Programs.run(
      "cohort",
      [
        "--event", "event == '$pageview'", "--periods", "\(matrix.count - 1)", "--as-of",
        "2020-06-20T23:59:59.999Z",
      ], text: lines.joined())
    let found = outcome.records("cohort.retention").map { record in
      [record["persons"] as? Int ?? -1]
        + Story.cells(record).map { $0.rate["numerator"] as? Int ?? -1 }
    }
    #expect(found.count == matrix.count)
    for (ours, theirs) in zip(found, matrix) {
      // Of a cohort of nobody there are no rates, and PostHog has zeros.
      #expect(ours == theirs || ours == [0] && theirs.allSatisfy { $0 == 0 })
    }
  }
}
