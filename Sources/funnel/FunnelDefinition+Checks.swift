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
}
