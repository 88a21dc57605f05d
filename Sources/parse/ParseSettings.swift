import Pipes
import Records

/// The options of a run, read once.
struct ParseSettings {
  let check: Check
  let since: Moment?
  let until: Moment?
  let notBefore: Moment
  /// The latest time that counts; `nil` for no bound.
  var notAfter: Moment?
  /// Whether the bound is the clock on the wall, which moves on.
  let notAfterIsNow: Bool
  let dedupeMilliseconds: Int64?
  let ownHosts: [String]
  let zone: TimeZoneRules?
  /// Whether the two ids of an event are one person's.
  let links: Bool
  /// Whether a record tells of each link.
  let writesLinks: Bool
  /// The keys down to the person's id, in place of the ids.
  let key: [[UInt8]]?

  init(_ arguments: Arguments) throws(Failure) {
    check = arguments.value("check").flatMap(Check.init(rawValue:)) ?? .full
    since = try arguments.time("since")
    until = try arguments.time("until")
    notBefore =
      try arguments.time("not-before")
      ?? Moment(milliseconds: dayNumber(year: 1990, month: 1, day: 1) * 86_400_000)
    notAfterIsNow = arguments.value("not-after") == "now"
    notAfter = notAfterIsNow ? wallClock() : try arguments.time("not-after")
    dedupeMilliseconds = try arguments.duration("dedupe")
    if let dedupeMilliseconds, dedupeMilliseconds == 0 {
      throw .usage("--dedupe takes a duration above 0, like 24h")
    }
    ownHosts = arguments.values("own-host")
    if let host = ownHosts.first(where: { $0.isEmpty || $0.contains("/") || $0.contains(":") }) {
      throw .usage("--own-host takes a host like example.com, not '\(host)'")
    }
    links = !arguments.has("no-link")
    writesLinks = arguments.has("links")
    for option in ["links", "stitch"] where arguments.has(option) {
      for other in ["no-link", "key"] where arguments.has(other) {
        throw .usage(
          "--\(option) joins ids, which --\(other) says not to do: leave one of them out")
      }
    }
    key = arguments.value("key").map { path in
      path.split(separator: ".", omittingEmptySubsequences: false).map { Array($0.utf8) }
    }
    if let key, key.contains(where: \.isEmpty) {
      throw .usage("--key takes a path like properties.account.id")
    }
    zone = try arguments.value("time-zone").map { name throws(Failure) in
      try timeZone(named: name)
    }
  }

  /// Whether the period that `--since` and `--until` name holds a moment.
  @inline(__always)
  func includes(_ moment: Moment) -> Bool {
    if let since, moment < since { return false }
    if let until, moment >= until { return false }
    return true
  }

  /// Why a moment cannot be, by `--not-before` and `--not-after`; `nil` where it can.
  @inline(__always)
  mutating func objection(to moment: Moment) -> String? {
    if moment < notBefore {
      return "bad time: before --not-before \(ParseSettings.text(notBefore))"
    }
    guard let notAfter, moment > notAfter else { return nil }
    if notAfterIsNow {
      let now = wallClock()
      self.notAfter = now
      if moment <= now { return nil }
      return "bad time: after the present (--not-after now)"
    }
    return "bad time: after --not-after \(ParseSettings.text(notAfter))"
  }

  private static func text(_ moment: Moment) -> String {
    var bytes: [UInt8] = []
    moment.append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
