import Foundation
import TestSupport
import Testing

/// Which user agents are crawlers'.
@Suite struct CrawlerTests {
  /// The user agents of a list that parse says are a crawler's.
  private func bots(_ agents: [String]) throws -> [Bool] {
    let lines = try agents.map { agent in
      let text = try JSONSerialization.data(
        withJSONObject: agent, options: [.fragmentsAllowed, .withoutEscapingSlashes])
      return "{\"event\":\"A\",\"timestamp\":1573470087,\"context\":{\"userAgent\":"
        + String(decoding: text, as: UTF8.self) + "}}\n"
    }
    return try parse(["--from", "segment"], lines.joined()).lines.map { line in
      try object(line)["bot"] as? Bool ?? false
    }
  }

  @Test("no browser and no app that people use is a crawler")
  func people() throws {
    let file = Programs.root.appendingPathComponent("Tests/ParseTests/Samples/user-agents.txt")
    let agents = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .map(String.init).filter { !$0.hasPrefix("#") }
    #expect(Set(agents).count >= 200)
    let bots = try bots(agents)
    #expect(bots.count == agents.count)
    #expect(zip(agents, bots).filter(\.1).map(\.0) == [])
  }

  @Test(
    "every crawler of a list that others keep is one",
    .enabled(if: Programs.hasShared("data/lists/crawler-user-agents.json")))
  func crawlers() throws {
    let data = try Programs.sharedData("data/lists/crawler-user-agents.json")
    let list = try JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []
    let agents = list.flatMap { $0["instances"] as? [String] ?? [] }
    #expect(agents.count > 1498)
    let bots = try bots(agents)
    #expect(bots.count == agents.count)
    #expect(zip(agents, bots).filter { !$1 }.map(\.0) == [])
  }

  /// By the patterns of that list 1,955 lines are a crawler's.
  @Test(.enabled(if: Programs.hasShared("data/logs/apache_logs")))
  func accessLog() throws {
    let data = try Programs.sharedData("data/logs/apache_logs")
    let outcome = try Programs.run("parse", ["--from", "combined"], input: data)
    let count = outcome.text.matches(of: /"bot":true/).count
    #expect(abs(count - 1955) <= 39, "\(count)")
    #expect(outcome.errorText.contains("\(count) of them by bots"))
  }

  @Test("a word counts where it stands")
  func places() throws {
    let agents: [(agent: String, isCrawler: Bool)] = [
      ("curl/8.4.0", true), ("curl", true), ("Mozilla/5.0 curly", false), ("Silk/1.0", true),
      ("Mozilla/5.0 Silk/98.6.10 like Chrome/98", false), ("Magellan", true), ("Magellan 2", false),
      ("CUBOT", false), ("Cubot X30 Googlebot/2.1", true), ("bo", false), ("", false),
      ("bot", true),
      ("Mozilla/5.0 (compatible; X/1.0; +https://x.example)", true),
      ("Mozilla/5.0 (compatible; X/1.0; https://x.example)", false),
      ("Mozilla/5.0 (compatible; X/1.0) +https://x.example", false),
    ]
    #expect(try bots(agents.map(\.agent)) == agents.map(\.isCrawler))
  }
}
