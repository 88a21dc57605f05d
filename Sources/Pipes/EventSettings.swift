import Expressions
import Records

/// The common options that decide which events count, and how they are read.
struct EventSettings: Sendable {
  let check: Check
  let since: Moment?
  let until: Moment?
  let asOf: Moment?
  let lateness: Lateness?
  let links: Bool
  let excludesBots: Bool
  let passes: Bool
  /// Whether what is known is written in place of reports.
  let isPartial: Bool
  let by: [Expression]
  let byLimit: Int
  /// What `--where` says.
  let condition: Expression?
  /// Whether it says anything: asked for every event, and quicker than the condition itself.
  let hasCondition: Bool

  init(_ arguments: Arguments, _ setup: inout Setup, isAggregator: Bool) throws(Failure) {
    check = arguments.value("check").flatMap(Check.init(rawValue:)) ?? .structure
    since = try arguments.time("since")
    until = try arguments.time("until")
    links = !arguments.has("no-link")
    condition = try arguments.value("where").map { source throws(Failure) in
      try setup.condition(source, of: "--where")
    }
    hasCondition = condition != nil
    passes = setup.passes
    guard isAggregator else {
      if let condition, condition.looksBack {
        throw .usage(
          "--where: '\(condition.source)' looks back at earlier events, which only reports and the rules"
            + " of segment do; let segment name such persons first, then ask for \"name\" in segments"
        )
      }
      (asOf, lateness, excludesBots, by, byLimit) = (nil, nil, false, [], 1)
      isPartial = false
      return
    }
    asOf = try arguments.time("as-of")
    lateness = setup.lateness
    excludesBots = arguments.value("bots") == nil
    by = try arguments.values("by").map { source throws(Failure) in
      try setup.value(source, of: "--by")
    }
    byLimit = try arguments.count("by-limit", in: 1...1_000_000) ?? 1000
    isPartial = arguments.has("partial")
    guard isPartial else { return }
    for other in ["lateness", "forget"] where arguments.has(other) {
      throw .usage(
        "--partial and --\(other) do not go together: what is late or long ago depends on the order of"
          + " all events")
    }
    for other in ["pass", "every", "live"] where arguments.has(other) {
      throw .usage("--partial writes what is known at the end: leave it or --\(other) out")
    }
    if let format = arguments.value("format"), format != "json" {
      throw .usage("--partial writes lines for programs: leave it or --format \(format) out")
    }
  }

  /// Whether a moment is before the end of the period that the options name.
  func isPast(_ moment: Moment) -> Bool {
    until.map { moment < $0 } ?? true && asOf.map { moment <= $0 } ?? true
  }

  /// Whether the period that the options name holds a moment.
  @inline(__always)
  func includes(_ moment: Moment) -> Bool {
    if let since, moment < since { return false }
    if let until, moment >= until { return false }
    if let asOf, moment > asOf { return false }
    return true
  }
}
