import Pipes
import Records
import Statistics

extension CustomerValue {
  /// Writes the models and what they expect of all customers together.
  func write(_ setting: ValueSetting, currency: [UInt8], to writer: inout RecordWriter) {
    writer.field("customers", customerCount)
    writer.field("repeatCustomers", repeatCustomerCount)
    writer.field("repeatPurchases", repeatPurchaseCount)
    writer.field("model", setting.model)
    Self.write(purchaseFit, setting.parameterNames, to: &writer)
    writer.object("spend") { writer in
      writer.field("model", "gamma-gamma")
      writer.field("customers", spenderCount)
      Self.write(spendFit, GammaGamma.parameterNames, to: &writer)
      writer.field("currency", json: currency)
      writer.field("mean", meanSpend)
      if spendFit.maximum != nil, meanSpend == nil {
        writer.field("meanReason", "q is at most 1: spend varies too much to have a mean")
      }
      writer.field("correlationWithFrequency", correlation)
      writer.field("correlationNote", correlationNote)
    }
    writer.field("timeUnit", "day")
    writer.field("horizonDays", setting.horizonDays)
    writer.field("discountPer30Days", setting.discount)
    writer.array("curve") { writer in
      for point in curve {
        writer.element { writer in
          writer.field("days", point.days)
          writer.field("newcomer", point.newcomer)
          writer.field("customers", point.customers)
        }
      }
    }
  }

  /// What the correlation of spend and frequency says of the model, which takes it for 0.
  ///
  /// Source: J. Cohen, Statistical Power Analysis for the Behavioral Sciences (1988): from 0.3 on a
  /// correlation is more than small.
  private var correlationNote: String {
    guard let correlation else {
      return "cannot be computed: fewer than two customers, or all are alike"
    }
    return abs(correlation) < 0.3
      ? "small, as the model of spend supposes"
      : "the model of spend supposes none: clv is off for frequent customers"
  }

  /// Writes the parameters of a model, or why there are none.
  private static func write(_ fit: Fit, _ names: [String], to writer: inout RecordWriter) {
    writer.field("reason", fit.reason)
    guard let maximum = fit.maximum else { return writer.null("parameters") }
    writer.object("parameters") { writer in
      for (index, name) in names.enumerated() {
        writer.object(name) { writer in
          writer.field("value", maximum.parameters[index])
          writer.field("standardError", maximum.standardErrors?[index])
          writer.field("low", maximum.intervals?[index].low)
          writer.field("high", maximum.intervals?[index].high)
        }
      }
    }
    writer.field("logLikelihood", maximum.logLikelihood)
    writer.field("iterations", maximum.iterations)
  }
}

extension CustomerValue.Expectation {
  /// Writes what is expected of a customer.
  func write(to writer: inout RecordWriter) {
    writer.field("pAlive", alive)
    writer.field("churnRisk", alive.map { 1 - $0 })
    writer.field("expectedPurchases", purchases)
    writer.field("expectedSpend", spend)
    writer.field("clv", worth)
    writer.field("valueReason", reason)
  }
}
