/// The parts of events that never change, made once.
///
/// Each ends with a comma, but for keys whose value follows.
struct EventPhrases: Sendable {
  typealias Phrase = Phrases.Phrase

  let userId, anonymousId, endText, timestamp, originalTimestamp, sentAt, receivedAt: Phrase
  let messageId, plantedGroup, properties, context, address, orderId, revenue, shipping, question,
    integrations: Phrase
  let app, server: Phrase
  /// By kind of event.
  let names, types, details: [Phrase]
  /// By kind of event, then by whether it is on an app.
  private let channels: [Phrase]
  /// By product.
  let products, orderLines: [Phrase]
  /// By category.
  let categories: [Phrase]
  /// By page.
  let pageURLs, pagePaths, shortPages, screens: [Phrase]
  /// By source.
  let campaigns, queries, referrers: [Phrase]
  /// By model.
  let devices, crawlers: [Phrase]
  /// By their numbers.
  let locales, plans, currencies: [Phrase]
  private let phrases: Phrases

  /// The name of the site.
  static let site = "https://shop.example"

  /// All phrases; persons pay in these currencies.
  init(currencies codes: [String]) {
    var phrases = Phrases()
    userId = phrases.add("\"userId\":\"u")
    anonymousId = phrases.add("\"anonymousId\":\"")
    endText = phrases.add("\",")
    timestamp = phrases.add("\"timestamp\":\"")
    originalTimestamp = phrases.add("\"originalTimestamp\":\"")
    sentAt = phrases.add("\"sentAt\":\"")
    receivedAt = phrases.add("\"receivedAt\":\"")
    messageId = phrases.add("\"messageId\":\"")
    plantedGroup = phrases.add("\"plantedGroup\":")
    properties = phrases.add("\"properties\":{")
    context = phrases.add("\"context\":{")
    address = phrases.add("\"ip\":\"")
    orderId = phrases.add("\"order_id\":\"o")
    revenue = phrases.add("\",\"revenue\":")
    shipping = phrases.add("\"shipping\":")
    question = phrases.add("\"question\":\"recommend\",\"scale\":10,\"score\":")
    integrations = phrases.add("\"integrations\":{\"All\":true},")
    app = phrases.add("\"app\":{\"name\":\"Shop\",\"version\":\"3.2.0\"},")
    server = phrases.add("\"library\":{\"name\":\"shop-server\",\"version\":\"1.8.0\"},")
    let kinds = EventKind.allCases
    names = kinds.map { phrases.add("\"event\":\"\($0.name)\",") }
    types = kinds.map { phrases.add("\"type\":\"\($0.messageType)\",") }
    details = kinds.map { phrases.add(EventPhrases.detail(of: $0)) }
    channels = kinds.flatMap { kind in
      ["web", "mobile"].map { phrases.add("\"channel\":\"\(kind.channel ?? $0)\",") }
    }
    products = Product.all.indices.map { phrases.add(EventPhrases.product($0)) }
    orderLines = Product.all.indices.map { number in
      let product = Product.all[number]
      return phrases.add(
        "\"products\":[{\"product_id\":\"\(Product.identifier(number))\","
          + "\"price\":\(EventPhrases.price(product.cents)),\"quantity\":1}],")
    }
    categories = Product.categories.map { phrases.add("\"category\":\"\($0.name)\",") }
    pageURLs = Place.all.map { phrases.add("\"page\":{\"url\":\"\(EventPhrases.site)\($0.path)") }
    pagePaths = Place.all.map {
      phrases.add("\",\"path\":\"\($0.path)\",\"title\":\"\($0.title)\",")
    }
    shortPages = Place.all.map {
      phrases.add("\"page\":{\"path\":\"\($0.path)\",\"title\":\"\($0.title)\"},")
    }
    screens = Place.all.map { phrases.add("\"name\":\"\($0.title)\",") }
    campaigns = Source.all.map { phrases.add(EventPhrases.campaign(of: $0)) }
    queries = Source.all.map { phrases.add($0.query) }
    referrers = Source.all.map { source in
      phrases.add(source.referrer.map { "\"referrer\":\"\($0)\"," } ?? "")
    }
    devices = Device.all.map { phrases.add(EventPhrases.device($0.userAgent, $0.library)) }
    crawlers = Device.crawlers.map {
      phrases.add(EventPhrases.device($0, ("analytics.js", "4.1.0")))
    }
    locales = Locale.all.map { phrases.add("\"locale\":\"\($0)\",") }
    plans = ["free", "pro", "team"].map { phrases.add("\"plan\":\"\($0)\",") }
    currencies = codes.map { phrases.add("\"currency\":\"\($0)\",") }
    self.phrases = phrases
  }

  /// Writes a phrase.
  @inline(__always)
  func append(_ phrase: Phrase, to bytes: inout [UInt8]) { phrases.append(phrase, to: &bytes) }

  /// The touchpoint of an event.
  func channel(of event: Occurrence) -> Phrase {
    let isApp = !event.isCrawler && Device.isApp(event.device)
    return channels[Int(event.kind.rawValue) * 2 + (isApp ? 1 : 0)]
  }

  private static func detail(of kind: EventKind) -> String {
    switch kind {
    case .productsSearched: "\"query\":\"gift\","
    case .checkoutStarted: "\"step\":1,"
    case .paymentInfoEntered: "\"step\":2,\"payment_method\":\"card\","
    case .emailDelivered, .emailOpened, .emailLinkClicked: "\"campaign_name\":\"weekly\","
    case .ticketOpened, .ticketSolved: "\"topic\":\"delivery\","
    default: ""
    }
  }

  private static func product(_ number: Int) -> String {
    let product = Product.all[number]
    return "\"product_id\":\"\(Product.identifier(number))\",\"name\":\"\(product.name)\","
      + "\"category\":\"\(Product.categories[product.category].name)\","
      + "\"price\":\(price(product.cents)),"
  }

  private static func price(_ cents: Int) -> String {
    let rest = cents % 100
    return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static func campaign(of source: Source) -> String {
    guard let campaign = source.campaign else { return "" }
    return "\"campaign\":{\"source\":\"\(campaign.source)\",\"medium\":\"\(campaign.medium)\","
      + "\"name\":\"\(campaign.name)\"},"
  }

  private static func device(
    _ userAgent: String, _ library: (name: String, version: String)
  ) -> String {
    "\"userAgent\":\"\(userAgent)\","
      + "\"library\":{\"name\":\"\(library.name)\",\"version\":\"\(library.version)\"},"
  }
}

extension Source {
  /// The campaign as a query of the landing page's URL.
  var query: String {
    guard let campaign else { return "" }
    return "?utm_source=\(campaign.source)&utm_medium=\(campaign.medium)"
      + "&utm_campaign=\(campaign.name)"
  }
}
