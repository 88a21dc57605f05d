/// What persons visit with: the user agent and the tracking library of each model.
struct Device: Sendable {
  /// The `User-Agent` that it sends.
  let userAgent: String
  /// The tracker's library and its version.
  let library: (name: String, version: String)

  /// So many models are browsers; the apps stand behind them.
  static let webCount = 8

  /// The browsers, then the apps.
  static let all: [Device] =
    browsers.map { Device(userAgent: $0, library: ("analytics.js", "4.1.0")) } + [
      Device(
        userAgent: "Shop/3.2.0 (iPhone; iOS 17.5; Scale/3.00)",
        library: ("analytics-ios", "4.1.8")),
      Device(
        userAgent: "Shop/3.2.0 (Linux; Android 14; Pixel 8)",
        library: ("analytics-android", "4.11.3")),
    ]

  private static let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
  private static let macintosh = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
  private static let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"

  private static let browsers = [
    "\(windows) \(chrome) Safari/537.36",
    "\(windows) \(chrome) Safari/537.36 Edg/126.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "\(macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "\(macintosh) \(chrome) Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
      + " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) \(chrome) Mobile Safari/537.36",
  ]

  /// The user agents of crawlers, as they present themselves.
  static let crawlers = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    "Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot)",
  ]

  /// How many crawlers there are; several share a user agent.
  static let crawlerCount = 48

  /// A model for a person: four of five have a browser.
  static func drawn(_ stream: inout RandomStream) -> Int {
    stream.below(5) < 4 ? stream.below(webCount) : webCount + stream.below(all.count - webCount)
  }

  /// Whether a model is an app.
  static func isApp(_ model: Int) -> Bool { model >= webCount }
}

/// The languages of persons.
enum Locale {
  /// The tags of BCP 47.
  static let all = ["en-GB", "en-US", "de-DE", "fr-FR", "pl-PL", "es-ES"]
}
