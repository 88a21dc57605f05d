import Events
import Records

/// Where each event's visitor came from: its own source, else that of the person's visit.
///
///     campaign (utm, click id) │ else referrer of another host │ else the visit's │ else (direct)
///
/// A visit ends when 30 minutes of event time have passed since the person's last event, as the
/// events arrive; an event more than 30 minutes older than the last one belongs to no visit known.
/// Memory: the persons of the last hour of event time, at most half a million an half-hour.
struct TrafficSources {
  private static let idleMilliseconds = SessionRules.usualIdleMilliseconds
  private static let visitsMax = 1 << 19
  static let textsMax = 1 << 16

  private let sites: SourceSites
  private let ownHosts: [[UInt8]]
  var seeds: (UInt64, UInt64)
  var visits = RecentTable(
    windowMilliseconds: TrafficSources.idleMilliseconds, entriesMax: TrafficSources.visitsMax)
  /// The sources of visits as JSON, one behind the other; number 0 is the direct one.
  private(set) var texts: [UInt8] = []
  private(set) var textEnds: [Int] = []
  private var numbers = Interner(seed: fingerprintSeed)

  /// Own sources found before, by the hash of what they were found from.
  struct Known {
    var hash: UInt64 = 0
    var number: UInt32?
  }

  static let knownCount = 4096
  var known = [Known](repeating: Known(), count: TrafficSources.knownCount)

  private var rules: ChannelRules
  private var traffic = ChannelRules.Traffic()
  /// The source, medium and campaign as they are written.
  private var source: [UInt8] = []
  private var medium: [UInt8] = []
  private var campaign: [UInt8] = []
  private var host: [UInt8] = []
  private var json: [UInt8] = []

  init(sites: SourceSites, rules: ChannelRules, ownHosts: [String]) {
    self.sites = sites
    self.rules = rules
    self.ownHosts = ownHosts.map { Array($0.utf8).map(\.lowercased) }
    var generator = SystemRandomNumberGenerator()
    seeds = (generator.next(), generator.next())
    source = Array("(direct)".utf8)
    medium = Array("(none)".utf8)
    compose()
    _ = number(of: json)
  }

  /// The ids whose visit an event belongs to, `nil` where there is none.
  struct Keys {
    var user: RecentTable.Key?
    var anonymous: RecentTable.Key?
  }

  /// Finds the source of an event and notes it for the visit.
  ///
  /// - Returns: its number, good until the next one is asked for.
  mutating func number(
    _ facts: PageFacts, _ parameters: CampaignParameters, keys: Keys, time: Moment,
    in bytes: Span<UInt8>
  ) -> UInt32 {
    let (user, anonymous) = (keys.user, keys.anonymous)
    var number: UInt32 = 0
    if let own = ownNumber(facts, parameters, in: bytes) {
      number = own
    } else if let user, let visit = visit(user, at: time) {
      number = visit
    } else if let anonymous, let visit = visit(anonymous, at: time) {
      number = visit
    }
    if let user { remember(user, number, at: time) }
    if let anonymous { remember(anonymous, number, at: time) }
    return number
  }

  /// Where the JSON of a source lies in ``texts``.
  @inline(__always)
  func textRange(_ number: UInt32) -> Range<Int> {
    (number == 0 ? 0 : textEnds[Int(number) - 1])..<textEnds[Int(number)]
  }

  /// Notes the source that an event brought with it, as JSON.
  mutating func note(_ json: Field, keys: Keys, time: Moment, in bytes: Span<UInt8>) {
    let number = number(of: bytes.copy(from: json.start, to: json.end))
    if let user = keys.user { remember(user, number, at: time) }
    if let anonymous = keys.anonymous { remember(anonymous, number, at: time) }
  }

  // MARK: Visits

  /// The key of an id without quotes.
  @inline(__always)
  func key(_ id: Field, in bytes: Span<UInt8>) -> RecentTable.Key {
    id.hasEscapes
      ? key(unescaped(bytes, from: id.start, to: id.end))
      : key(bytes, from: id.start, to: id.end)
  }

  /// The key of a decoded id.
  @inline(__always)
  func key(_ id: [UInt8]) -> RecentTable.Key {
    let padded = id + [UInt8](repeating: 0, count: 8)
    return key(padded.span, from: 0, to: id.count)
  }

  /// The key of an id that was linked.
  func key(_ id: UInt32, of persons: Persons) -> RecentTable.Key {
    RecentTable.Key(
      low: persons.nameHash(id, seed: seeds.0), high: persons.nameHash(id, seed: seeds.1))
  }

  @inline(__always)
  private func key(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> RecentTable.Key {
    RecentTable.Key(
      low: byteHash(bytes, from: start, to: end, seed: seeds.0),
      high: byteHash(bytes, from: start, to: end, seed: seeds.1))
  }

  /// The source of the visit that a moment falls into, `nil` for none.
  @inline(__always)
  private func visit(_ key: RecentTable.Key, at time: Moment) -> UInt32? {
    guard let entry = visits.entry(key) else { return nil }
    let gap = time.milliseconds - entry.time.milliseconds
    return abs(gap) <= TrafficSources.idleMilliseconds ? entry.number : nil
  }

  private mutating func remember(_ key: RecentTable.Key, _ number: UInt32, at time: Moment) {
    var newest = time
    if let entry = visits.entry(key), entry.time > time {
      // An event from long before does not end the visit that is going on.
      guard entry.time.milliseconds - time.milliseconds <= TrafficSources.idleMilliseconds else {
        return
      }
      newest = entry.time
    }
    visits.set(key, time: newest, number: number, at: time)
  }

  /// The number of a source's JSON; all is forgotten when there are too many different ones.
  mutating func number(of json: [UInt8]) -> UInt32 {
    if numbers.count >= TrafficSources.textsMax {
      let direct = Array(texts[..<textEnds[0]])
      removeAll()
      _ = number(of: direct)
    }
    var padded = json
    padded.append(contentsOf: repeatElement(0, count: 8))
    let hash = numbers.hash(padded.span, from: 0, to: json.count)
    let number = numbers.intern(padded.span, from: 0, to: json.count, hash: hash)
    if Int(number) == textEnds.count {
      texts.append(contentsOf: json)
      textEnds.append(texts.count)
    }
    return number
  }

  /// Forgets all sources and visits, the direct source too.
  mutating func removeAll() {
    numbers = Interner(seed: fingerprintSeed)
    visits.removeAll()
    known = Array(repeating: Known(), count: TrafficSources.knownCount)
    texts = []
    textEnds = []
  }

  // MARK: An event's own source

  /// The number of an event's own source, `nil` where it has none.
  ///
  /// What was found for the same campaign, parameters and referrer is kept: a few sources make most
  /// of the traffic. The key is a hash of 64 bits under a secret seed.
  private mutating func ownNumber(
    _ facts: PageFacts, _ parameters: CampaignParameters, in bytes: Span<UInt8>
  ) -> UInt32? {
    let hasCampaign = facts.campaign.isPresent || parameters.found != 0
    guard hasCampaign || facts.referrer.isPresent else { return nil }
    var hash = seeds.0
    func mix(_ field: Field) {
      hash = byteHash(bytes, from: field.start, to: field.end, seed: hash)
    }
    mix(facts.campaign)
    mix(facts.referrer)
    mix(hostStretch(facts.url, in: bytes))
    if parameters.found != 0 {
      let values = parameters.values.span
      for index in CampaignParameters.names.indices where parameters.has(index) {
        let range = parameters.range(index)
        hash = byteHash(
          values, from: range.lowerBound, to: range.upperBound, seed: hash &+ UInt64(index))
      }
    }
    let place = Int(truncatingIfNeeded: hash) & (TrafficSources.knownCount - 1)
    if known[place].hash == hash { return known[place].number }
    var number: UInt32?
    if findOwn(facts, parameters, in: bytes) {
      compose()
      number = self.number(of: json)
    }
    known[place] = Known(hash: hash, number: number)
    return number
  }

  /// The stretch of a URL that ends with its host; absent for a path, which has none.
  private func hostStretch(_ url: Field, in bytes: Span<UInt8>) -> Field {
    guard url.isPresent else { return url }
    var offset = url.start
    if bytes[url.start + 1] == ASCII.slash, !url.hasEscapes {
      offset = url.start + 2
      while offset < url.end, bytes[offset] != ASCII.slash || bytes[offset - 1] != ASCII.slash {
        offset += 1
      }
      return offset == url.end ? .absent : url
    }
    var slashes = 0
    while offset < url.end {
      if bytes[offset] == ASCII.slash { slashes += 1 }
      if slashes == 3 { break }
      offset += 1
    }
    return Field(start: url.start, end: offset)
  }

  /// Finds source, medium and campaign of an event.
  ///
  /// - Returns: false where it has none of its own.
  private mutating func findOwn(
    _ facts: PageFacts, _ parameters: CampaignParameters, in bytes: Span<UInt8>
  ) -> Bool {
    source.removeAll(keepingCapacity: true)
    medium.removeAll(keepingCapacity: true)
    campaign.removeAll(keepingCapacity: true)
    if facts.campaign.isPresent || parameters.found != 0 {
      take(facts.campaignSource, CampaignParameters.source, parameters, bytes, &source)
      take(facts.campaignMedium, CampaignParameters.medium, parameters, bytes, &medium)
      take(facts.campaignName, CampaignParameters.name, parameters, bytes, &campaign)
      takeClick(facts, parameters)
      if !source.isEmpty || !medium.isEmpty || !campaign.isEmpty {
        if source.isEmpty { source.append("(not set)") }
        if medium.isEmpty { medium.append("(not set)") }
        classifySource()
        return true
      }
    }
    guard facts.referrer.isPresent, findHost(of: facts.referrer, in: bytes) else { return false }
    return takeReferrer(facts, in: bytes)
  }

  /// A member of the campaign, else the parameter of the URL.
  private func take(
    _ member: Field, _ index: Int, _ parameters: CampaignParameters, _ bytes: Span<UInt8>,
    _ target: inout [UInt8]
  ) {
    if member.isPresent {
      if member.hasEscapes {
        target = unescaped(bytes, from: member.start + 1, to: member.end - 1)
      } else {
        target.append(bytes, from: member.start + 1, to: member.end - 1)
      }
    } else if parameters.has(index) {
      target.append(contentsOf: parameters.values[parameters.range(index)])
    }
  }

  /// What a click id tells of source and medium, by the bit of its name.
  private static let clicks: [(source: String, medium: String)] = [
    ("google", "cpc"), ("facebook", "referral"), ("bing", "cpc"), ("tiktok", "cpc"),
    ("yandex", "cpc"),
  ]

  /// A click id names the source and medium where nothing else does: of all but `fbclid`, which
  /// Facebook adds to unpaid links too, it is an advertisement.
  private mutating func takeClick(_ facts: PageFacts, _ parameters: CampaignParameters) {
    guard source.isEmpty || medium.isEmpty else { return }
    let found = (facts.campaignMembers | parameters.found) >> UInt32(CampaignParameters.firstClick)
    guard found != 0 else { return }
    let click = TrafficSources.clicks[found.trailingZeroBitCount]
    if source.isEmpty { source.append(click.source) }
    if medium.isEmpty { medium.append(click.medium) }
  }

  /// The source of a referrer whose host has been found.
  private mutating func takeReferrer(_ facts: PageFacts, in bytes: Span<UInt8>) -> Bool {
    let referrerHost = host
    let isOwn = ownHosts.contains { own in
      referrerHost == own
        || referrerHost.count > own.count && referrerHost.suffix(own.count).elementsEqual(own)
          && referrerHost[referrerHost.count - own.count - 1] == ASCII.period
    }
    if isOwn { return false }
    if facts.url.isPresent, findHost(of: facts.url, in: bytes), host == referrerHost {
      return false
    }
    source.append(contentsOf: referrerHost)
    medium.append("referral")
    classifySource()
    if let site = site(of: referrerHost), site.kind == .search {
      source = site.name
      medium.removeAll(keepingCapacity: true)
      medium.append("organic")
    }
    return true
  }

  private func site(of name: [UInt8]) -> SourceSites.Site? {
    let padded = name + [UInt8](repeating: 0, count: 8)
    return sites.site(padded.span, from: 0, to: name.count)
  }

  private mutating func classifySource() {
    traffic.category = site(of: source.map(\.lowercased))?.kind
  }

  /// Puts the host of a URL into ``host``: small letters, no `www.`, no port.
  private mutating func findHost(of url: Field, in bytes: Span<UInt8>) -> Bool {
    host.removeAll(keepingCapacity: true)
    guard !url.hasEscapes else {
      let decoded = unescaped(bytes, from: url.start + 1, to: url.end - 1)
      return findHost(decoded.span, from: 0, to: decoded.count)
    }
    return findHost(bytes, from: url.start + 1, to: url.end - 1)
  }

  private mutating func findHost(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    // The host stands behind "//"; a text without it is a host where a dot is in it.
    var offset = start
    while offset + 1 < end, bytes[offset] != ASCII.slash || bytes[offset + 1] != ASCII.slash {
      offset += 1
    }
    let hasScheme = offset + 1 < end
    offset = hasScheme ? offset + 2 : start
    var hasPeriod = false
    scan: while offset < end {
      let byte = bytes[offset]
      switch byte {
      case ASCII.slash, ASCII.colon, UInt8(ascii: "?"), UInt8(ascii: "#"): break scan
      case UInt8(ascii: "@"): host.removeAll(keepingCapacity: true)
      case 0...0x20: return false
      default:
        if byte == ASCII.period { hasPeriod = true }
        host.append(byte.lowercased)
      }
      offset += 1
    }
    if host.starts(with: "www.".utf8) { host.removeFirst(4) }
    return !host.isEmpty && (hasScheme || hasPeriod)
  }

  /// Writes source, medium, campaign and the rule that fits them as JSON.
  private mutating func compose() {
    traffic.source = source.map(\.lowercased)
    traffic.medium = medium.map(\.lowercased)
    traffic.campaign = campaign.map(\.lowercased)
    let rule = rules.rule(for: traffic)
    // Second references: the span of one property may not be held while another one changes.
    let (source, medium, campaign) = (source, medium, campaign)
    json.removeAll(keepingCapacity: true)
    json.append(ASCII.openBrace)
    rules.appendChannel(rule, to: &json)
    json.append(",\"source\":")
    json.append(jsonString: source.span, from: 0, to: source.count)
    json.append(",\"medium\":")
    json.append(jsonString: medium.span, from: 0, to: medium.count)
    if !campaign.isEmpty {
      json.append(",\"campaign\":")
      json.append(jsonString: campaign.span, from: 0, to: campaign.count)
    }
    json.append(ASCII.comma)
    rules.appendRule(rule, to: &json)
    json.append(ASCII.closeBrace)
  }
}
