import Pipes
import Records

/// What a run reports, if anything.
enum SegmentReport: Equatable, Sendable {
  /// Nothing: events pass with their segments.
  case none
  /// The size of each segment at the end.
  case populations
  /// The size of each segment at the end of each period.
  case trend
  /// So many groups found in what persons do.
  case groups(Int)

  /// What the options ask for; refuses those that do not go together.
  init(_ arguments: Arguments) throws(Failure) {
    if let count = try arguments.count("discover", in: 1...1000) {
      for other in ["rules", "builtin", "changes", "populations", "period", "by"]
      where arguments.has(other) {
        throw .usage("--discover finds groups without rules: leave it or --\(other) out")
      }
      self = .groups(count)
      return
    }
    guard !arguments.has("persons") else {
      throw .usage("--persons writes the groups of persons: it needs --discover")
    }
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
    guard !arguments.has("forget") else {
      throw .usage(
        "--forget would take persons out of periods that are past: leave it or --period out")
    }
    for (option, value) in [("rfm-nested", ""), ("rfm-ties", "split")]
    where arguments.has(option) && (value.isEmpty || arguments.value(option) == value) {
      throw .usage(
        "--\(option)\(value.isEmpty ? "" : " " + value) ranks all buyers at the end of a report, --period"
          + " those known by then: leave one of them out")
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
