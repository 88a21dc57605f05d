import Expressions
import Pipes

/// What `--contract` and the options that go with it ask for.
struct ContractSetting: Sendable {
  /// The event that begins a contract.
  let start: Expression
  /// The event that ends it.
  let end: Expression
  /// How far ahead churn is told.
  let horizonDays: Int

  /// The setting; `nil` without `--contract`.
  init?(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    guard let start = arguments.value("contract") else {
      guard !arguments.has("contract-end") else {
        throw .usage("--contract-end needs --contract, the event that begins what it ends")
      }
      return nil
    }
    for option in ["value", "fit", "backtest"] where arguments.has(option) {
      throw .usage("--contract tells churn of persons by itself: it takes no --\(option)")
    }
    self.start = try setup.condition(start, of: "--contract")
    end = try setup.condition(
      arguments.value("contract-end") ?? #"event == "Subscription Cancelled""#,
      of: "--contract-end")
    horizonDays = try ValueSetting.horizonDays(arguments) ?? 30
  }
}
