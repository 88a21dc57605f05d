import Pipes
import Statistics

/// What `--value` and the options that go with it ask for.
struct ValueSetting: Sendable {
  /// The days of a month of money: the field's, whatever the calendar says.
  static let monthDays = 30
  /// The names of models as the option has them.
  static let models = ["bg-nbd", "pareto-nbd"]

  /// The name of the model.
  let model: String
  /// How far ahead it is looked.
  let horizonDays: Int
  /// By how much money of a month later is worth less.
  let discount: Double

  /// The setting; `nil` without `--value`.
  init?(_ arguments: Arguments) throws(Failure) {
    guard let model = arguments.value("value") else {
      guard !arguments.has("discount") else {
        throw .usage("--discount needs --value, which looks ahead")
      }
      let others = ["goal", "backtest", "contract"]
      guard others.contains(where: arguments.has) || !arguments.has("horizon") else {
        throw .usage("--horizon needs --value, --goal, --backtest or --contract, which look ahead")
      }
      return nil
    }
    self.model = model
    horizonDays = try Self.horizonDays(arguments) ?? 360
    let text = arguments.value("discount") ?? "0.01"
    guard let discount = Double(text), discount >= 0, discount < 1 else {
      throw .usage("--discount takes a rate for 30 days from 0 to below 1, as 0.01, not '\(text)'")
    }
    self.discount = discount
  }

  /// The days of `--horizon`.
  static func horizonDays(_ arguments: Arguments) throws(Failure) -> Int? {
    guard let horizon = try arguments.duration("horizon") else { return nil }
    let day: Int64 = 86_400_000
    guard horizon > 0, horizon % day == 0, horizon <= 3660 * day else {
      throw .usage("--horizon takes whole days from 1d to 3660d")
    }
    return Int(horizon / day)
  }

  /// The days at which a month ends, and the horizon: `30 60 … 360`.
  var months: [Int] {
    Array(stride(from: Self.monthDays, to: horizonDays, by: Self.monthDays)) + [horizonDays]
  }

  /// The most likely model of customers.
  func fit(_ customers: PurchaseHistories) -> LikelihoodMaximum {
    model == "bg-nbd" ? BGNBD.fit(customers) : ParetoNBD.fit(customers)
  }

  /// The model with some parameters.
  func model(_ parameters: [Double]) -> any PurchaseModel {
    model == "bg-nbd" ? BGNBD(parameters) : ParetoNBD(parameters)
  }

  /// What its parameters are called.
  var parameterNames: [String] {
    model == "bg-nbd" ? BGNBD.parameterNames : ParetoNBD.parameterNames
  }
}
