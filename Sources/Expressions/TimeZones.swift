public import Records
internal import Synchronization

/// The time zones that expressions name: `UTC`, `+05:45`, `Europe/Berlin`.
///
///     let zones = TimeZones { name in …the rules of a zone file… }
///
/// Each name is looked for once; what an event names is kept too, up to ``countMax`` names.
public final class TimeZones: Sendable {
  /// Zones of a fixed offset alone.
  public static let fixed = TimeZones { _ in nil }

  /// The most names that are kept; more are unknown.
  private static let countMax = 1024

  private let find: @Sendable (String) -> TimeZoneRules?
  private let known = Mutex<[[UInt8]: TimeZoneRules?]>([:])

  /// Zones of fixed offsets, and those that `find` knows by their names.
  public init(_ find: @escaping @Sendable (String) -> TimeZoneRules?) { self.find = find }

  /// The rules of a zone, `nil` where there is none of the name.
  func rules(named name: [UInt8]) -> TimeZoneRules? {
    known.withLock { zones in
      if let rules = zones[name] { return rules }
      guard zones.count < TimeZones.countMax, name.count <= 64 else { return nil }
      let fixed = TimeText.zoneSeconds(name).map { TimeZoneRules(offsetSeconds: $0) }
      let rules = fixed ?? find(String(decoding: name, as: UTF8.self))
      zones[name] = .some(rules)
      return rules
    }
  }
}
