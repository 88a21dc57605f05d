import Foundation
import TestSupport
import Testing

/// Campaigns, referrers and visits.
@Suite struct SourceTests {
  /// The URL, the campaign that must come of it, and the rule.
  static let campaigns: [(url: String, campaign: String, rule: Int)] = [
    (
      "/a?utm_source=news&utm_medium=e-mail&utm_campaign=spring+sale%21&x=1#utm_term=no",
      #"{"source":"news","medium":"e-mail","name":"spring sale!"}"#, 14
    ),
    (
      "/a?utm_term=caf%C3%A9&utm_content=%22q%22&utm_id=7&utm_source=google&utm_medium=cpc",
      #"{"source":"google","medium":"cpc","term":"café","content":"\"q\"","id":"7"}"#, 4
    ),
    // The first of two counts, an empty one does not, bad UTF-8 stays as it is written.
    ("/?utm_source=&utm_source=a%ff&utm_source=b", #"{"source":"a%ff"}"#, 0),
    ("/?gclid=Cj0", #"{"gclid":"Cj0"}"#, 4),
    ("/?fbclid=F1", #"{"fbclid":"F1"}"#, 10),
    ("/?msclkid=M1", #"{"msclkid":"M1"}"#, 4),
    ("/?ttclid=T1", #"{"ttclid":"T1"}"#, 5),
    ("/?yclid=Y1", #"{"yclid":"Y1"}"#, 4),
    (
      "/?utm_source=news&utm_medium=email&gclid=G",
      #"{"source":"news","medium":"email","gclid":"G"}"#, 14
    ),
  ]

  @Test(arguments: campaigns.indices) func campaign(_ index: Int) throws {
    let (url, campaign, rule) = Self.campaigns[index]
    let line =
      "{\"event\":\"A\",\"timestamp\":1573470087,\"context\":{\"page\":{\"url\":\"https://a.org\(url)\"}}}\n"
    let outcome = try parse(["--from", "segment"], line)
    #expect(outcome.text.contains("},\"campaign\":\(campaign)}}\n"), "\(outcome.text)")
    let traffic = try object(outcome.lines[0])["trafficSource"] as? [String: Any]
    #expect(traffic?["rule"] as? Int ?? 0 == rule)
    #expect(try parse(["--from", "segment"], outcome.text).text == outcome.text)
  }

  @Test func whatTheCampaignSaysStays() throws {
    let line =
      #"{"event":"A","timestamp":1573470087,"context":{"campaign":{"source":"own" },"page":{"url":"https:\/\/a.org\/?utm_source=x\u0026utm_medium=email"}}}"#
    let text = try parse(["--from", "segment"], line + "\n").text
    #expect(text.contains(#""context":{"campaign":{"source":"own","medium":"email"},"page":"#))
  }

  /// Referrer, options, and the source that must come of it.
  static let referrers: [(referrer: String, options: [String], source: String)] = [
    ("https://www.google.de/", [], "google organic 12"),
    ("https://www.google.com.br/search?q=a", [], "google organic 12"),
    ("https://duckduckgo.com", [], "duckduckgo organic 12"),
    // The app of a site names itself as Android does.
    ("android-app://com.google.android.googlequicksearchbox/", [], "google organic 12"),
    ("android-app://com.reddit.frontpage", [], "com.reddit.frontpage referral 10"),
    ("https://maps.google.com/x", [], "maps.google.com referral 13"),
    ("https://l.facebook.com/l.php?u=x", [], "l.facebook.com referral 10"),
    ("https://www.youtube.com/watch", [], "youtube.com referral 11"),
    ("https://chatgpt.com/", [], "chatgpt.com referral 13"),
    ("https://www.amazon.co.uk/dp/1", [], "amazon.co.uk referral 9"),
    ("http://Blog.Example.ORG:8080/x", [], "blog.example.org referral 13"),
    // The page's own host, and what --own-host names or holds.
    ("https://www.a.org/x", [], "(direct) (none) 1"),
    ("https://pay.example.com/", ["--own-host", "example.com"], "(direct) (none) 1"),
    ("https://badexample.com/", ["--own-host", "example.com"], "badexample.com referral 13"),
    ("", [], "(direct) (none) 1"),
    ("about:blank", [], "(direct) (none) 1"),
  ]

  @Test(arguments: referrers.indices) func referrer(_ index: Int) throws {
    let (referrer, options, source) = Self.referrers[index]
    let line =
      "{\"event\":\"A\",\"timestamp\":1573470087,\"context\":{\"page\":"
      + "{\"url\":\"https://a.org/\",\"referrer\":\"\(referrer)\"}}}\n"
    #expect(try sources(["--from", "segment"] + options, line) == [source])
  }

  private func sources(_ arguments: [String], _ text: String) throws -> [String] {
    try parse(arguments, text).lines.map { line in
      let traffic = try object(line)["trafficSource"] as? [String: Any] ?? [:]
      return "\(traffic["source"] ?? "") \(traffic["medium"] ?? "") \(traffic["rule"] ?? "")"
    }
  }

  @Test func visits() throws {
    func event(_ time: String, _ ids: String, _ page: String = "") -> String {
      "{\"event\":\"A\",\"timestamp\":\"2026-01-01T\(time):00Z\",\(ids),\"context\":{\(page)}}\n"
    }
    let search = #""page":{"url":"https://a.org/","referrer":"https://google.com/"}"#
    let anonymous = #""anonymousId":"a""#
    let both = #""anonymousId":"a","userId":"u""#
    let user = #""userId":"u""#
    let text = [
      event("10:00", anonymous), event("10:10", anonymous, search), event("10:40", anonymous),
      // Signed up: the visit goes on under the user id.
      event("10:50", both), event("11:20", user),
      // A late event of the visit, and one from long before.
      event("11:00", user), event("08:00", user), event("11:25", user),
      // 31 minutes of idleness end it.
      event("11:56", user), event("11:57", #""userId":"other""#),
    ].joined()
    let google = "google organic 12"
    let none = "(direct) (none) 1"
    #expect(
      try sources(["--from", "segment"], text)
        == [none, google, google, google, google, google, none, google, none, none])
  }

  @Test func dedupe() throws {
    func event(_ id: String, _ time: String) -> String {
      "{\"event\":\"A\",\"messageId\":\(id),\"timestamp\":\"2026-01-\(time):00Z\"}\n"
    }
    let text = [
      event("\"m\"", "01T00:00"), event("\"m\"", "01T00:01"), event("\"\\u006d\"", "02T00:00"),
      // Beyond the window of the first one: a new message.
      event("\"m\"", "02T00:01"), event("\"n\"", "02T00:01"),
      // Without an id the line counts.
      event("null", "02T00:02"), event("null", "02T00:02"), event("null", "02T00:03"),
    ].joined()
    let outcome = try parse(["--from", "segment", "--dedupe", "24h"], text)
    #expect(outcome.lines.count == 5)
    #expect(
      outcome.errorText.contains("8 lines read = 5 used + 0 rejected + 3 duplicates + 0 filtered"))
    #expect(try parse(["--from", "segment"], text).lines.count == 8)
  }

  @Test("a table's record of several lines is repeated only where all of them are")
  func dedupeOfRecords() throws {
    let text = """
      event,userId,timestamp,note
      A,u1,2026-01-01T00:00:00Z,"one
      end"
      A,u2,2026-01-01T00:00:00Z,"one
      end"
      A,u1,2026-01-01T00:00:00Z,"one
      end"

      """
    let outcome = try parse(["--from", "csv", "--dedupe", "24h"], text)
    #expect(outcome.lines.count == 2)
    #expect(outcome.errorText.contains("2 duplicates"), "\(outcome.errorText)")
  }
}

@Suite struct VisitPersonTests {
  static let input = """
    {"event":"A","userId":"u","anonymousId":"a","acct":{"id":7},"timestamp":"2026-01-01T00:00:00Z",\
    "context":{"campaign":{"source":"news","medium":"email"}}}
    {"event":"B","anonymousId":"a","timestamp":"2026-01-01T00:01:00Z"}
    {"event":"C","userId":"x","acct":{"id":7},"timestamp":"2026-01-01T00:02:00Z"}

    """

  @Test(
    "a visit is shared by the ids of a person, by --key, or with --no-link by none",
    arguments: [
      ([], ["Email", "Email", "Direct"]), (["--no-link"], ["Email", "Direct", "Direct"]),
      (["--key", "acct.id"], ["Email", "Direct", "Email"]),
    ] as [([String], [String])])
  func visits(options: [String], channels: [String]) throws {
    let outcome = try Programs.run("parse", options + ["--quiet"], text: Self.input)
    let written = try outcome.lines.map { line in
      let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return (event?["trafficSource"] as? [String: Any])?["channel"] as? String
    }
    #expect(written == channels)
  }
}
