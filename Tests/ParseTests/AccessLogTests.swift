import TestSupport
import Testing

/// A log line of plain ASCII is not read again as a message; any other is, and both say the same.
@Suite("Access logs on both ways") struct AccessLogTests {
  private static let targets = [
    "/", "/p/p1", "/a.css", "/x?q=1&utm_source=News&utm_medium=e-mail#top", "/a/b//c.org/d",
    "//host/a", "*", "/?gclid=Cj0&x=%C3%A9", "http://shop.example/a?utm_campaign=spring+sale",
  ]
  private static let referrers = [
    "-", "", "https://www.google.de/search?q=a", "http://shop.example/", "https://c.org/x", "about",
    "https://m.facebook.com:443/", "/here",
  ]
  private static let agents = [
    "-", "", "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Googlebot/2.1 (+http://www.google.com/bot.html)", "curl/8.5", "CUBOT X18",
  ]

  private static func line(_ randomness: inout Randomness) -> String {
    func two(_ range: ClosedRange<Int>, _ randomness: inout Randomness) -> String {
      let number = randomness.number(range)
      return number < 10 ? "0\(number)" : "\(number)"
    }
    let day = two(17...19, &randomness)
    let time =
      "\(two(0...23, &randomness)):\(two(0...59, &randomness)):\(two(0...60, &randomness))"
    let zone = randomness.one(of: ["+0000", "+0545", "-0800"])
    let method = randomness.one(of: ["GET ", "POST ", ""])
    let version = randomness.one(of: [" HTTP/1.1", " HTTP/2.0", ""])
    return "10.0.0.\(randomness.number(1...9)) - \(randomness.one(of: ["-", "-", "ada"]))"
      + " [\(day)/May/2015:\(time) \(zone)]"
      + " \"\(method)\(randomness.one(of: targets))\(version)\""
      + " \(randomness.one(of: [200, 304, 404, 500])) \(randomness.one(of: ["-", "0", "007", "512"]))"
      + " \"\(randomness.one(of: referrers))\" \"\(randomness.one(of: agents))\""
  }

  @Test("a cookie that is not plain changes nothing else", arguments: [1, 2, 3])
  func bothWays(_ seed: UInt64) throws {
    var randomness = Randomness(seed: seed)
    let lines = (0..<2000).map { _ in Self.line(&randomness) }
    func events(_ cookie: String) throws -> [String] {
      let text = lines.map { "\($0) \"\(cookie)\"\n" }.joined()
      return try parse(["--from", "combined"], text).lines
    }
    let noted = try events("c=1")
    #expect(noted.count == lines.count)
    #expect(try events("c=é") == noted)
    #expect(try events(#"c=\"1\""#) == noted)
  }
}
