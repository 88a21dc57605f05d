import Records

/// GA4's default channel group for manual traffic: 18 rules, the first one that fits counts.
///
/// `cpm` is both Display (7) and paid (8), a campaign called `spring-shop` is both shopping (3, 9)
/// and whatever its source is: the order decides. Source: Google Analytics help, "Default channel
/// group", as of ``ruleSet``; the rules by number in the reference, §4.1.
enum ChannelRules {
  /// The day of the rules and of the lists of sites.
  static let ruleSet = "2026-07-01"

  /// What the rules look at, in small letters.
  struct Traffic {
    var source: [UInt8] = []
    var medium: [UInt8] = []
    var campaign: [UInt8] = []
    /// The kind of site that the source is.
    var kind: SourceSites.Kind?
  }

  /// The names of the channels by the number of their rule; 0 is for what no rule fits.
  static let channels = [
    "Unassigned", "Direct", "Cross-network", "Paid Shopping", "Paid Search", "Paid Social",
    "Paid Video", "Display", "Paid Other", "Organic Shopping", "Organic Social", "Organic Video",
    "Organic Search", "Referral", "Email", "Affiliates", "Audio", "SMS", "Mobile Push",
  ]

  private static let display = words("display banner expandable interstitial cpm")
  private static let social =
    words("social social-network social-media sm") + [Array("social network".utf8)]
    + [Array("social media".utf8)]
  private static let referral = words("referral app link")
  private static let email = words("email e-mail e_mail") + [Array("e mail".utf8)]

  private static func words(_ text: String) -> [[UInt8]] {
    text.split(separator: " ").map { Array($0.utf8) }
  }

  /// The number of the first rule that fits, 0 for none.
  static func rule(for traffic: Traffic) -> Int {
    let (source, medium, campaign) = (traffic.source, traffic.medium, traffic.campaign)
    if source.equals("(direct)"), medium.equals("(not set)") || medium.equals("(none)") { return 1 }
    if campaign.contains("cross-network") { return 2 }
    let isShopping = traffic.kind == .shopping || namesShop(campaign)
    if isPaid(medium) {
      if isShopping { return 3 }
      if traffic.kind == .search { return 4 }
      if traffic.kind == .social { return 5 }
      if traffic.kind == .video { return 6 }
    }
    if display.contains(medium) { return 7 }
    if isPaid(medium) { return 8 }
    if isShopping { return 9 }
    if traffic.kind == .social || social.contains(medium) { return 10 }
    if traffic.kind == .video || medium.contains("video") { return 11 }
    if traffic.kind == .search || medium.equals("organic") { return 12 }
    if referral.contains(medium) { return 13 }
    if email.contains(source) || email.contains(medium) { return 14 }
    if medium.equals("affiliate") { return 15 }
    if medium.equals("audio") { return 16 }
    if source.equals("sms") || medium.equals("sms") { return 17 }
    if medium.suffix(4).elementsEqual("push".utf8) || medium.contains("mobile")
      || medium.contains("notification")
    {
      return 18
    }
    return 0
  }

  /// Whether a medium is paid for.
  ///
  /// As an expression: `^(.*cp.*|ppc|retargeting|paid.*)$`
  private static func isPaid(_ medium: [UInt8]) -> Bool {
    medium.contains("cp") || medium.equals("ppc") || medium.equals("retargeting")
      || medium.starts(with: "paid".utf8)
  }

  /// Whether a campaign names a shop: "eshop" and "my-shop" do, "workshop" does not.
  ///
  /// As an expression: `^(.*(([^a-df-z]|^)shop|shopping).*)$`
  private static func namesShop(_ campaign: [UInt8]) -> Bool {
    if campaign.contains("shopping") { return true }
    let shop = Array("shop".utf8)
    guard campaign.count >= shop.count else { return false }
    for start in 0...campaign.count - shop.count
    where campaign[start..<start + shop.count].elementsEqual(shop) {
      guard start > 0 else { return true }
      let before = campaign[start - 1]
      let isLetter = before &- UInt8(ascii: "a") < 26
      if !isLetter || before == UInt8(ascii: "e") { return true }
    }
    return false
  }
}
