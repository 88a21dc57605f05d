import Pipes
import Records

/// What a metric is to be, by when, and what others have.
///
///     {"targets":[{"metric":"nps","target":45,"by":"2026-12-31","benchmark":38}]}
struct MetricTarget: Sendable {
  /// The number of the metric.
  let metric: Int
  let value: Double
  /// The day by which it is to be so, as it is written.
  let due: String
  let dueMoment: Moment
  let benchmark: Double?
  let isBetterHigher: Bool

  private static let known = ["metric", "target", "by", "benchmark", "better", "about"]

  /// Reads the file of `--targets`: a list, or one target.
  ///
  /// - Parameter zone: whose days the dates are.
  static func read(
    _ arguments: Arguments, _ table: MetricTable, _ setup: Setup
  ) throws(Failure) -> [MetricTarget] {
    guard let path = arguments.value("targets") else { return [] }
    let file = JSONFile(try setup.contents(of: path), path: path)
    let zone = try timeZone(named: arguments.value("time-zone") ?? "UTC")
    let members = try file.members()
    if members.contains(where: { $0.name == "metric" }) {
      return [try MetricTarget(members, at: 0, in: file, table, zone)]
    }
    var targets: [MetricTarget] = []
    for member in members {
      switch member.name {
      case "about": break
      case "targets":
        for field in try file.elements(of: member.value, "\"targets\"") {
          let parts = try file.members(of: field, "a target")
          let target = try MetricTarget(parts, at: field.start, in: file, table, zone)
          guard !targets.contains(where: { $0.metric == target.metric }) else {
            throw file.failure("two targets are of one metric", at: field.start)
          }
          targets.append(target)
        }
      default: throw file.unknown(member, among: ["about", "targets"])
      }
    }
    guard !targets.isEmpty else {
      throw file.failure(
        "a file of targets is {\"targets\":[{\"metric\":…,\"target\":…,\"by\":…},…]}", at: 0)
    }
    return targets
  }

  private init(
    _ pairs: [JSONFile.Pair], at offset: Int, in file: JSONFile, _ table: MetricTable,
    _ zone: TimeZoneRules
  ) throws(Failure) {
    var (metric, value, due): (Int?, Double?, (String, Moment)?) = (nil, nil, nil)
    var (benchmark, better): (Double?, Bool?) = (nil, nil)
    for pair in pairs {
      switch pair.name {
      case "about": break
      case "metric":
        let names = table.reported.map { table.definitions[$0].name }
        let name = try file.string(pair.value, "the name of a metric")
        guard let number = table.reported.first(where: { table.definitions[$0].name == name })
        else {
          throw file.failure(
            "there is no metric '\(name)' in this report\(suggestion(for: name, among: names))",
            at: pair.value.start)
        }
        metric = number
      case "target": value = try file.number(pair.value, "a number")
      case "by":
        let text = try file.string(pair.value, "a date like \"2026-12-31\"")
        let bytes = Array(text.utf8)
        guard bytes.count == 10, let day = parseDate(bytes.span, from: 0) else {
          throw file.failure("a date is like 2026-12-31, not '\(text)'", at: pair.value.start)
        }
        due = (text, CalendarPeriods(.day, zone: zone).start(ofDay: Int32(clamping: day)))
      case "benchmark": benchmark = try file.number(pair.value, "a number")
      case "better":
        better = try file.word(pair.value, of: ["higher", "lower"], "better") == "higher"
      default: throw file.unknown(pair, among: Self.known)
      }
    }
    guard let metric, let value, let due else {
      throw file.failure("a target needs \"metric\", \"target\" and \"by\"", at: offset)
    }
    (self.metric, self.value, self.benchmark) = (metric, value, benchmark)
    (self.due, dueMoment) = due
    isBetterHigher = better ?? table.definitions[metric].isBetterHigher ?? true
  }

  /// Whether a value is as good as the target.
  func isReached(by value: Double) -> Bool {
    isBetterHigher ? value >= self.value : value <= self.value
  }
}
