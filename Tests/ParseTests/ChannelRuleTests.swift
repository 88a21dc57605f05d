import Foundation
import TestSupport
import Testing

/// GA4's default channel group, and rules of one's own.
@Suite struct ChannelRuleTests {
  /// Source, medium and campaign, divided by strokes, for each rule; 0 is for what no rule fits.
  ///
  /// Where several rules fit, the case says which one comes first: `cpm` is Display and paid, `shop` in
  /// a campaign is shopping whatever the source is, a known site wins over the medium `referral`.
  static let cases: [(rule: Int, traffic: [String])] = [
    (
      1,
      [
        "(direct)|(none)|", "(direct)|(not set)|", "(Direct)|(None)|",
        "(direct)|(none)|cross-network",
        "(direct)|(none)|spring-shop",
      ]
    ),
    (
      2,
      [
        "google|cpc|x-Cross-Network", "bing|organic|cross-network", "(direct)|cpc|cross-network",
        "amazon|cpc|cross-network shop", "newsletter|email|cross-network",
        "x|display|a cross-network b",
      ]
    ),
    (
      3,
      [
        "amazon|cpc|", "news|cpc|spring-shop", "google|ppc|eshop",
        "facebook|paid-social|shopping week",
        "partner|cpm|shop", "etsy.com|retargeting|", "youtube|cpv-cp|SHOP", "ebay.co.uk|paid|",
      ]
    ),
    (
      4,
      [
        "google|cpc|", "www.bing.com|PPC|", "google.co.uk|paid-search|", "google|cpc|workshop",
        "duckduckgo|cpm|", "yandex|retargeting|", "baidu|cpa/cpc|",
      ]
    ),
    (
      5,
      [
        "facebook|cpc|", "fb|paidsocial|", "m.facebook.com|cpm|", "instagram|ppc|",
        "linkedin|retargeting|", "twitter|paid|video",
      ]
    ),
    (
      6,
      [
        "youtube|cpv-cpc|", "vimeo.com|paid|", "youtube.com|cpm|", "twitch|ppc|",
        "dailymotion|retargeting|", "youtube|paid video|",
      ]
    ),
    (
      7,
      [
        "partner|display|", "partner|cpm|", "partner|banner|", "google|display|",
        "facebook|banner|",
        "partner|expandable|", "partner|interstitial|shop", "amazon|display|",
      ]
    ),
    (
      8,
      [
        "partner|cpc|", "partner|retargeting|", "partner|paid-email|", "(direct)|cpc|",
        "newsletter|ppc|", "chatgpt.com|cpc|", "partner|cpm-x|workshop",
      ]
    ),
    (
      9,
      [
        "etsy|referral|", "news|email|shopping-week", "google|organic|my-shop",
        "facebook|social|shop now", "amazon.de|link|", "youtube|referral|eshop",
        "partner|push|2shop",
      ]
    ),
    (
      10,
      [
        "instagram|bio|", "partner|social media|", "t.co|referral|", "facebook|email|",
        "partner|social-network|", "partner|SM|", "pinterest|video|", "x|social network|workshop",
      ]
    ),
    (
      11,
      [
        "youtube|referral|", "partner|in-video|", "vimeo|email|", "google|video|", "twitch.tv||",
        "partner|video-organic|",
      ]
    ),
    (
      12,
      [
        "google|organic|", "partner|organic|", "duckduckgo|x|", "google|referral|", "bing|email|",
        "google|audio|",
      ]
    ),
    (
      13,
      [
        "partner|referral|", "partner|app|", "chatgpt.com|link|", "email|referral|", "sms|link|",
        "partner|Referral|workshop",
      ]
    ),
    (
      14,
      [
        "newsletter|email|", "e-mail|weekly|", "x-news|e_mail|", "e mail|x|", "email|affiliate|",
        "sms|e mail|", "partner|E-Mail|",
      ]
    ),
    (
      15,
      [
        "partner|affiliate|", "blog|Affiliate|", "sms|affiliate|", "x.example|affiliate|",
        "audio|affiliate|workshop",
      ]
    ),
    (
      16,
      [
        "podcast|audio|", "radio|AUDIO|", "sms|audio|", "partner|audio|x", "stream|audio|workshop",
      ]
    ),
    (
      17,
      ["sms|text|", "twilio|sms|", "SMS|SMS|", "sms|push|", "partner|sms|workshop"]
    ),
    (
      18,
      [
        "app-x|push|", "app-x|web-push|", "app-x|mobile-x|", "app-x|in-app notification|",
        "firebase|Mobile|", "partner|notification|workshop",
      ]
    ),
    (
      0,
      [
        "partner|something|", "workshop|poster|workshop", "(direct)|x|", "(not set)|(not set)|",
        "partner|pushed|", "chatgpt.com|assistant|", "partner|displays|",
      ]
    ),
  ]

  private static func message(_ traffic: String) -> String {
    let parts = traffic.split(separator: "|", omittingEmptySubsequences: false)
    let members = zip(["source", "medium", "name"], parts).filter { !$1.isEmpty }
      .map { "\"\($0)\":\"\($1)\"" }
    return "{\"event\":\"A\",\"timestamp\":1573470087,\"context\":{\"campaign\":{"
      + "\(members.joined(separator: ","))}}}\n"
  }

  /// What is told of each traffic: the number of the rule, the channel, and the rule set.
  private static func outcomes(
    _ options: [String], _ traffic: [String]
  ) throws -> [(rule: Int, channel: String, ruleSet: String)] {
    try parse(["--from", "segment"] + options, traffic.map(message).joined()).lines.map { line in
      let source = try object(line)["trafficSource"] as? [String: Any] ?? [:]
      return (
        source["rule"] as? Int ?? 0, source["channel"] as? String ?? "",
        source["ruleSet"] as? String ?? ""
      )
    }
  }

  static let channels = [
    "Unassigned", "Direct", "Cross-network", "Paid Shopping", "Paid Search", "Paid Social",
    "Paid Video", "Display", "Paid Other", "Organic Shopping", "Organic Social", "Organic Video",
    "Organic Search", "Referral", "Email", "Affiliates", "Audio", "SMS", "Mobile Push",
  ]

  @Test func googleAnalytics() throws {
    #expect(Set(Self.cases.map(\.rule)) == Set(0...18))
    #expect(Self.cases.allSatisfy { $0.traffic.count >= 5 })
    let all = Self.cases.flatMap(\.traffic)
    let expected = Self.cases.flatMap { rule in rule.traffic.map { _ in rule.rule } }
    let outcomes = try Self.outcomes([], all)
    #expect(outcomes.count == all.count)
    for (index, outcome) in outcomes.enumerated() {
      #expect(outcome.rule == expected[index], "\(all[index])")
      #expect(outcome.channel == Self.channels[expected[index]], "\(all[index])")
      #expect(outcome.ruleSet == "2026-07-01")
    }
  }

  /// What is printed decides as what is built in.
  @Test func printedRules() throws {
    let all = Self.cases.flatMap(\.traffic)
    try withFile(parse(["--print-channel-rules"], "").text) { file in
      let printed = try Self.outcomes(["--channel-rules", file], all).map(\.rule)
      let builtIn = try Self.outcomes([], all).map(\.rule)
      #expect(printed == builtIn)
    }
  }

  @Test func ownRules() throws {
    let rules = """
      {"about":"ours","ruleSet":"ours \\"1\\"","rules":[
        {"channel":"AI \\u0041ssistants","when":"category == 'assistant'"},
        {"about":"x","channel":"Partners","when":"source.endsWith('.example') && campaign == 'a\\"b'"}]}
      """
    try withFile(rules) { file in
      let traffic = [
        "claude.ai|referral|", "perplexity|x|", "a.Example|x|A\\\"B", "a.example|x|", "google|cpc|",
      ]
      let outcomes = try Self.outcomes(["--channel-rules", file], traffic)
      #expect(outcomes.map(\.rule) == [1, 1, 2, 0, 0])
      #expect(
        outcomes.map(\.channel)
          == ["AI Assistants", "AI Assistants", "Partners", "Unassigned", "Unassigned"])
      #expect(outcomes.allSatisfy { $0.ruleSet == "ours \"1\"" })
      // Traffic of no source goes through them too, and what is written stays.
      let line = #"{"event":"A","timestamp":1573470087}"# + "\n"
      let direct = try parse(["--channel-rules", file], line)
      #expect(
        direct.text.contains(
          #""trafficSource":{"channel":"Unassigned","source":"(direct)","medium":"(none)","rule":null,"ruleSet":"ours \"1\""}"#
        ))
      #expect(try parse([], direct.text).text == direct.text)
    }
  }

  static let faults: [(rules: String, message: String)] = [
    ("[]", ":1:1: invalid JSON: the file is one object"),
    (
      #"{"rules":[]}"#,
      ":1:1: channel rules need \"ruleSet\", their name or date, and \"rules\", a list"
    ),
    (#"{"ruleSet":"1","rules":[]}"#, ":1:24: \"rules\" is empty"),
    (#"{"ruleSet":1,"rules":[]}"#, ":1:12: expected the name or the date of the rules"),
    (
      #"{"ruleSet":"1","rule":[]}"#,
      ":1:16: unknown key 'rule'; known are about, ruleSet, rules; did you mean 'rules'?"
    ),
    (
      #"{"ruleSet":"1","rules":[{"channel":"A"}]}"#, ":1:25: a rule needs \"channel\" and \"when\""
    ),
    (
      "{\"ruleSet\":\"1\",\"rules\":[\n {\"channel\":\"A\",\"when\":\"sorce == 'x'\"}]}",
      ":2:24: no 'sorce' here: a rule reads source, medium, campaign, category"
    ),
    (
      #"{"ruleSet":"1","rules":[{"channel":"A","if":"true"}]}"#,
      ":1:40: unknown key 'if'; known are about, channel, when"
    ),
    (#"{"ruleSet":"1","rules":[{"channel":"A","when":"source =="}]}"#, ":1:57: "),
  ]

  @Test(arguments: faults.indices) func fault(_ index: Int) throws {
    let (rules, message) = Self.faults[index]
    try withFile(rules) { file in
      let outcome = try parse(["--channel-rules", file], "")
      #expect(outcome.status == 64)
      #expect(outcome.errorText.contains("\(file)\(message)"), "\(outcome.errorText)")
    }
  }
}
