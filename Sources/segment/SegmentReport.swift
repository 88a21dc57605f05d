import Pipes
import Records

/// What a run reports, if anything.
enum SegmentReport: Sendable {
  /// Nothing: events pass with their segments.
  case none
  /// The size of each segment at the end.
  case populations
  /// The size of each segment at the end of each period.
  case trend

  /// What the options ask for; refuses those that do not go together.
  init(_ arguments: Arguments) throws(Failure) {
    guard arguments.has("populations") else {
      self = .none
      return
    }
    guard !arguments.has("changes") else {
      throw .usage(
        "--changes tells what happens as events pass, --populations what is true at the end;"
          + " take one of them")
    }
    self = arguments.has("period") ? .trend : .populations
    guard self == .trend else { return }
    guard !arguments.has("by") else {
      throw .usage(
        "--by is for populations at the end: leave it or --period out, or write a rule a value")
    }
    let ranked = (arguments.value("builtin") ?? "").split(separator: ",")
      .contains { $0 == BuiltIn.rfm.rawValue || $0 == BuiltIn.value.rawValue }
    guard !arguments.has("partial") || !ranked else {
      throw .usage(
        "--partial cannot rank the buyers of other parts at the end of each period: leave rfm and"
          + " value out, or --period")
    }
  }
}

extension CalendarPeriods {
  /// The periods of `--period` in `--time-zone`.
  init(_ arguments: Arguments) throws(Failure) {
    self.init(
      arguments.value("period").flatMap(Unit.init(rawValue:)) ?? .day,
      zone: try timeZone(named: arguments.value("time-zone") ?? "UTC"))
  }
}
