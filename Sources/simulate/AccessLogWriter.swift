import Records

/// Writes events as the requests that a web server would log, in the combined format.
///
///     10.3.7.1 - - [17/May/2026:10:05:03 +0000] "GET /cart HTTP/1.1" 200 5123 "-" "Mozilla/5.0 …"
///
/// The log has seconds, and no user ids.
/// Source: Apache HTTP Server documentation, "Log Files", Combined Log Format.
struct AccessLogWriter: Sendable {
  private let identities: Identities
  private let methods: [Phrases.Phrase]
  private let paths: [Phrases.Phrase?]
  private let places: [Phrases.Phrase]
  private let queries: [Phrases.Phrase]
  private let referrers: [Phrases.Phrase]
  private let ownReferrers: [Phrases.Phrase]
  private let agents: [Phrases.Phrase]
  private let crawlers: [Phrases.Phrase]
  private let server: Phrases.Phrase
  private let identity: Phrases.Phrase
  private let request: Phrases.Phrase
  private let found: Phrases.Phrase
  private let missing: Phrases.Phrase
  private let phrases: Phrases
  private var numbers = NumberText()
  private var date: [UInt8] = []
  private var day = Int64.min

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// A writer for a seed.
  init(seed: UInt64) {
    identities = Identities(seed: seed)
    var phrases = Phrases()
    identity = phrases.add(" - - [")
    request = phrases.add(" +0000] \"")
    found = phrases.add(" HTTP/1.1\" 200 ")
    missing = phrases.add(" HTTP/1.1\" 404 ")
    server = phrases.add(" \"-\" \"shop-server/1.8.0\"\n")
    methods = EventKind.allCases.map { phrases.add("\($0.request.method) ") }
    paths = EventKind.allCases.map { kind in kind.request.path.map { phrases.add($0) } }
    places = Place.all.map { phrases.add($0.path) }
    queries = Source.all.map { phrases.add($0.query) }
    referrers = Source.all.map { phrases.add(" \"\($0.referrer ?? "-")\" \"") }
    ownReferrers = Place.all.map { phrases.add(" \"\(EventPhrases.site)\($0.path)\" \"") }
    agents = Device.all.map { phrases.add("\($0.userAgent)\"\n") }
    crawlers = Device.crawlers.map { phrases.add("\($0)\"\n") }
    self.phrases = phrases
  }

  /// Writes an event.
  mutating func append(_ event: Occurrence, to bytes: inout [UInt8]) {
    numbers.append(address: identities.address(of: event), to: &bytes)
    phrases.append(identity, to: &bytes)
    append(time: event.time, to: &bytes)
    phrases.append(request, to: &bytes)
    let kind = Int(event.kind.rawValue)
    phrases.append(methods[kind], to: &bytes)
    phrases.append(paths[kind] ?? places[event.place], to: &bytes)
    if event.isLanding { phrases.append(queries[event.source], to: &bytes) }
    let variation = Int(event.time % 997)
    phrases.append(event.isCrawler && variation % 20 == 0 ? missing : found, to: &bytes)
    numbers.append(number: 600 + event.place * 37 + variation, to: &bytes)
    if event.kind.channel != nil { return phrases.append(server, to: &bytes) }
    phrases.append(
      event.isLanding ? referrers[event.source] : ownReferrers[event.place], to: &bytes)
    phrases.append((event.isCrawler ? crawlers : agents)[event.device], to: &bytes)
  }

  /// Writes `17/May/2026:10:05:03`.
  private mutating func append(time: Int64, to bytes: inout [UInt8]) {
    let moment = Moment(milliseconds: time)
    if moment.dayNumber != day {
      day = moment.dayNumber
      let civil = CivilDate(dayNumber: day)
      date.removeAll(keepingCapacity: true)
      date.append(digits: civil.day, count: 2)
      date.append("/\(AccessLogWriter.months[Int(civil.month) - 1])/")
      date.append(digits: civil.year, count: 4)
    }
    let seconds = Int((time - day * 86_400_000) / 1000)
    bytes.append(date.span, from: 0, to: date.count)
    for part in [seconds / 3600, seconds / 60 % 60, seconds % 60] {
      bytes.append(ASCII.colon)
      bytes.append(ASCII.zero + UInt8(part / 10))
      bytes.append(ASCII.zero + UInt8(part % 10))
    }
  }
}
