import Events
import Expressions
import Pipes
import Records

/// What one passage is counted for, and how passages are told apart: the options beyond the rules.
///
/// All of them are views of a person's events, on which the same matcher works:
///
///     --count sessions     each session by itself
///     --hold PATH          the events with one value; one without it is no step, and excludes for every value
///     --attribution all    the events with one value of --by
///     --attribution step:2 the second step only by events with one value of --by
///     --trend day          the first step only by events of one day
///     --matured            the first step only by events whose window has closed
struct FunnelCounting: Sendable {
  /// What is counted once.
  enum Unit: String, CaseIterable, Sendable {
    case persons
    case sessions
    case totals
  }

  /// Which of a person's values of `--by` counts.
  enum Attribution: Sendable, Equatable {
    /// The first one of any step: of persons among all their events, of sessions and tries among
    /// those that took them on. An event without a value counts only where none has one.
    case first
    /// The last one, likewise.
    case last
    /// Each, with the events that carry it; to have none is a value too.
    case all
    /// Those that the events of a step have, and it is no such step without one; the other steps may
    /// have any.
    case step(Int)
  }

  let unit: Unit
  /// When a session ends.
  let sessions: SessionRules
  let holds: [Expression]
  /// The amount of an event: added up over the events that took the counted passages to each step.
  let value: Expression?
  /// Whether there is a `--by` at all.
  let isBrokenDown: Bool
  let attribution: Attribution
  /// The periods of `--trend`.
  let periods: CalendarPeriods?
  let isMatured: Bool
  /// Whether persons are explained, which takes all their events with their names.
  let isExplained: Bool
  /// Whether intervals hold however often they are looked at.
  let isSequential: Bool

  init(_ arguments: Arguments, stepCount: Int, _ setup: inout Setup) throws(Failure) {
    unit = arguments.value("count").flatMap(Unit.init(rawValue:)) ?? .persons
    sessions = SessionRules(
      idleMilliseconds: try arguments.duration("idle") ?? SessionRules.usualIdleMilliseconds)
    guard unit == .sessions || !arguments.has("idle") else {
      throw .usage("--idle ends sessions: it needs --count sessions")
    }
    var holds: [Expression] = []
    for path in arguments.values("hold") { holds.append(try Self.value(path, of: "hold", &setup)) }
    self.holds = holds
    value = try arguments.value("value").map { path throws(Failure) in
      try Self.value(path, of: "value", &setup)
    }
    guard value != nil || setup.currency == nil else {
      throw .usage("--currency restricts --value, which is not given")
    }
    isBrokenDown = !arguments.values("by").isEmpty
    attribution = try Self.attribution(arguments, stepCount: stepCount)
    periods = arguments.has("trend") ? try CalendarPeriods(arguments, of: "trend") : nil
    isExplained = arguments.has("explain")
    isSequential = arguments.value("interval") == "sequential"
    // Of entries that may still convert, those that have come first: a share that is no sample.
    isMatured = arguments.has("matured") || isSequential
  }

  private static func value(
    _ path: String, of option: String, _ setup: inout Setup
  ) throws(Failure) -> Expression {
    let expression = try setup.value(path, of: "--\(option)")
    guard !expression.looksBack else {
      throw .usage("--\(option) takes a value of the event itself, none that looks back")
    }
    return expression
  }

  private static func attribution(
    _ arguments: Arguments, stepCount: Int
  ) throws(Failure) -> Attribution {
    guard let text = arguments.value("attribution") else { return .first }
    guard !arguments.values("by").isEmpty else {
      throw .usage("--attribution says which value of --by counts, which is not given")
    }
    switch text {
    case "first": return .first
    case "last": return .last
    case "all": return .all
    default:
      guard text.hasPrefix("step:"), let step = Int(text.dropFirst(5)), step >= 1 else {
        throw .usage("--attribution takes first, last, all or step:N, not '\(text)'")
      }
      guard step <= stepCount else {
        throw .usage("--attribution step:\(step): the funnel has the steps 1 to \(stepCount)")
      }
      return .step(step)
    }
  }

  /// Whether each value of `--by` is a funnel of its own.
  var splitsByGroup: Bool { attribution == .all || attributedStep != nil }

  /// The step of `--attribution step:N`.
  var attributedStep: Int? {
    if case .step(let step) = attribution { return step }
    return nil
  }

  /// Whether more is kept of an event than its time and steps.
  var keepsFacets: Bool {
    isExplained || !holds.isEmpty || value != nil
      || isBrokenDown && (splitsByGroup || unit != .persons)
  }

  /// Whether a person is one passage, by the events as they are.
  var isPlain: Bool {
    unit == .persons && !keepsFacets && !splitsByGroup && periods == nil && !isMatured
  }

  /// The period of `--trend` that a moment lies in.
  func period(of time: Int64) -> Int32? { periods?.index(of: Moment(milliseconds: time)) }
}
