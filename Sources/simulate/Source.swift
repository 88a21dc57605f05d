/// Where a visit comes from: a campaign, a referrer, both or neither.
struct Source: Sendable {
  /// The name of the group in GA4's default channel groups.
  let group: String
  /// The chance of a visit to come from there, in percent.
  let percent: Int
  /// `utm_source`, `utm_medium` and `utm_campaign`.
  let campaign: (source: String, medium: String, name: String)?
  /// The page that the visit comes from.
  let referrer: String?

  private init(
    _ group: String, _ percent: Int, referrer: String? = nil,
    campaign: (source: String, medium: String, name: String)? = nil
  ) {
    self.group = group
    self.percent = percent
    self.campaign = campaign
    self.referrer = referrer
  }

  /// All sources, the first of them none at all.
  ///
  /// The percentages add up to 100.
  static let all: [Source] = [
    Source("Direct", 24),
    Source("Organic Search", 18, referrer: "https://www.google.com/"),
    Source("Organic Search", 4, referrer: "https://www.bing.com/"),
    Source("Organic Search", 3, referrer: "https://duckduckgo.com/"),
    Source(
      "Paid Search", 11, referrer: "https://www.google.com/",
      campaign: ("google", "cpc", "spring-sale")),
    Source(
      "Paid Search", 3, referrer: "https://www.bing.com/", campaign: ("bing", "cpc", "brand")),
    Source("Organic Social", 5, referrer: "https://www.facebook.com/"),
    Source("Organic Social", 2, referrer: "https://www.linkedin.com/"),
    Source(
      "Paid Social", 5, referrer: "https://www.instagram.com/",
      campaign: ("instagram", "paid_social", "spring-sale")),
    Source(
      "Organic Video", 3, referrer: "https://www.youtube.com/",
      campaign: ("youtube", "video", "how-to")),
    Source("Email", 8, campaign: ("newsletter", "email", "weekly")),
    Source(
      "Affiliates", 3, referrer: "https://deals.example.net/",
      campaign: ("deals", "affiliate", "partners")),
    Source(
      "Display", 3, referrer: "https://news.example.com/",
      campaign: ("adnetwork", "display", "retargeting")),
    Source("Referral", 5, referrer: "https://blog.example.org/best-of"),
    Source("SMS", 2, campaign: ("sms", "sms", "flash")),
    Source("Mobile Push", 1, campaign: ("app", "push", "flash")),
  ]

  /// For each percent the source that it stands for.
  private static let byPercent: [UInt8] = all.enumerated().flatMap { index, source in
    [UInt8](repeating: UInt8(index), count: source.percent)
  }

  /// A source by its chance.
  static func drawn(_ stream: inout RandomStream) -> Int { Int(byPercent[stream.below(100)]) }
}
