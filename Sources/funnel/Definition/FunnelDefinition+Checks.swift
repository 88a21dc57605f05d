import Pipes

/// Which options go together: each profile takes what its product has, and nothing is ignored.
extension FunnelDefinition {
  /// The profiles that an option belongs to.
  private static let owners: [(option: String, owners: [Semantics], hint: String)] = [
    ("mode", [.clickhouse], "elsewhere it is --order strict"),
    ("order", [.posthog, .amplitude], "for clickhouse it is --mode strict_order"),
    ("exclude", [.posthog, .mixpanel], "--where leaves events out altogether"),
    ("optional", [.posthog], "the other profiles know required steps only"),
    ("step-window", [.posthog], "the other profiles have one window, from the first step on"),
    ("reentry", [.mixpanel], "in the others the best try counts anyway"),
    (
      "tie-grace", [.mixpanel],
      "ties of posthog and clickhouse are of one moment, of amplitude one second"
    ),
  ]

  /// Throws where an option is given that the profile or the order has not.
  static func checkOptions(
    _ arguments: Arguments, _ semantics: Semantics, _ order: Order
  ) throws(Failure) {
    for (option, owners, hint) in owners
    where arguments.has(option) && !owners.contains(semantics) {
      let names = owners.map(\.rawValue).joined(separator: " or ")
      throw .usage("--\(option) belongs to --semantics \(names); \(hint)")
    }
    guard order == .any else { return }
    guard semantics == .posthog else {
      throw .usage("--order any belongs to --semantics posthog")
    }
    for option in ["optional", "step-window", "pass"] where arguments.has(option) {
      throw .usage("--\(option) needs steps in order; --order any has none")
    }
  }

  /// Throws where what is counted does not go with the rules.
  static func checkCounting(
    _ counting: FunnelCounting, _ semantics: Semantics, _ order: Order, isReentryOptimized: Bool
  ) throws(Failure) {
    if counting.unit == .totals {
      switch semantics {
      case .clickhouse: throw .usage("--count totals: windowFunnel finds one way a person")
      case .amplitude:
        throw .usage("--count totals: how Amplitude pairs events of several tries is not public")
      case .mixpanel where isReentryOptimized:
        throw .usage("--count totals takes one try after the other: it needs --reentry first")
      default: break
      }
    }
    guard order == .any else { return }
    let needsEntry = "needs a first step; with --order any each may be the first"
    if counting.unit == .totals { throw .usage("--count totals \(needsEntry)") }
    if counting.periods != nil { throw .usage("--trend \(needsEntry)") }
    if counting.isSequential { throw .usage("--interval sequential \(needsEntry)") }
    if counting.isMatured { throw .usage("--matured \(needsEntry)") }
    if counting.attributedStep != nil { throw .usage("--attribution step:N \(needsEntry)") }
  }

  /// Why `--lateness` is refused.
  static var cannotFold: Failure {
    .usage(
      "--lateness keeps of a person how far each try has come, no events: that is not enough for"
        + " --order any, --count, --hold, --value, --trend, --matured, --explain, --interval sequential,"
        + " --attribution all or step:N, and --semantics mixpanel or amplitude")
  }
}
