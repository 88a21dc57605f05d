import Events
import Records
import Statistics

/// What the buyers of a report are worth: a model of when they buy, a model of what they pay, and what
/// both expect of each.
///
///     days → x, t_x, T        → BG/NBD or Pareto/NBD → P(alive), purchases to come ┐
///          → mean of repeats  → gamma-gamma          → spend of the next purchase ─┴→ CLV
///
/// The day is the period: what is bought on one day is one purchase. What the first day brought is in
/// neither x nor the mean.
/// Source: P. S. Fader, B. G. S. Hardie and K. L. Lee, RFM and CLV: using iso-value curves for customer
/// base analysis, Journal of Marketing Research 42 (2005), 415-430.
struct CustomerValue: Sendable {
  /// A model, or why there is none.
  enum Fit: Sendable {
    case found(LikelihoodMaximum)
    case none(String)

    /// Where the likelihood is greatest; `nil` where it is nowhere.
    var maximum: LikelihoodMaximum? {
      if case .found(let maximum) = self { maximum } else { nil }
    }

    /// Why there is no model; `nil` where there is one.
    var reason: String? {
      if case .none(let reason) = self { reason } else { nil }
    }

    /// The model that a climb found, if it found one.
    fileprivate init(_ maximum: LikelihoodMaximum) {
      self =
        maximum.isConverged
        ? .found(maximum)
        : .none("the likelihood has no maximum: there are too few customers, or they are too alike")
    }
  }

  /// What is expected of customers of one history.
  private struct Outlook {
    var alive = 0.0
    var purchases = 0.0
    /// Purchases to come, those of later months counting less.
    var discounted = 0.0
  }

  /// What is expected of one customer; what is `nil` cannot be said, and ``reason`` says why.
  struct Expectation {
    let alive: Double?
    let purchases: Double?
    let spend: Double?
    let worth: Double?
    let reason: String?
  }

  private let setting: ValueSetting
  /// The customers, and of each number of ``Buyers`` which one it is.
  private let histories: PurchaseHistories
  private var customers: [Int?] = []
  private var spends: [GammaGamma.Spend?] = []
  private var outlooks: [Outlook] = []
  /// The model of purchases.
  let purchaseFit: Fit
  /// The model of spend.
  let spendFit: Fit
  private let spendModel: GammaGamma?
  /// How much purchases go with what they cost; `nil` where that cannot be said.
  let correlation: Double?
  /// What is expected up to the end of each month: of a newcomer, and of all customers.
  private(set) var curve: [(days: Int, newcomer: Double, customers: Double)] = []

  /// The value of the buyers of a report as of a day.
  init(_ buyers: [CustomerDays?], _ setting: ValueSetting, asOf day: Int) {
    self.setting = setting
    var given: [PurchaseHistory] = []
    for buyer in buyers {
      customers.append(buyer == nil ? nil : given.count)
      guard let buyer else { continue }
      given.append(buyer.history(asOf: day))
      spends.append(buyer.spend)
    }
    histories = PurchaseHistories(given)
    let known = spends.compactMap { $0 }
    correlation = GammaGamma.correlation(known)
    if given.isEmpty {
      purchaseFit = .none("nobody bought")
    } else if histories.histories.last?.repeats == 0 {
      purchaseFit = .none("nobody bought on a second day")
    } else {
      purchaseFit = Fit(setting.fit(histories))
    }
    spendFit =
      known.isEmpty ? .none("no repeat purchase has an amount") : Fit(GammaGamma.fit(known))
    spendModel = spendFit.maximum.map { GammaGamma($0.parameters) }
    if let maximum = purchaseFit.maximum { lookAhead(setting.model(maximum.parameters)) }
  }

  /// Computes what is expected of each history, once.
  private mutating func lookAhead(_ model: some PurchaseModel) {
    let months = setting.months
    curve = months.map { days in
      (days, model.expectedPurchases(.newcomer, within: Double(days)), 0)
    }
    outlooks.reserveCapacity(histories.histories.count)
    for (history, count) in zip(histories.histories, histories.customers) {
      var outlook = Outlook(alive: model.chanceAlive(history))
      var factor = 1.0
      for (month, days) in months.enumerated() {
        let purchases = model.expectedPurchases(history, within: Double(days))
        factor /= 1 + setting.discount
        outlook.discounted += (purchases - outlook.purchases) * factor
        outlook.purchases = purchases
        curve[month].customers += purchases * Double(count)
      }
      outlooks.append(outlook)
    }
  }

  /// How many have bought.
  var customerCount: Int { histories.places.count }

  /// How many have bought on a second day.
  var repeatCustomerCount: Int {
    zip(histories.histories, histories.customers).reduce(0) { $0 + ($1.0.repeats > 0 ? $1.1 : 0) }
  }

  /// On how many days after their first they bought.
  var repeatPurchaseCount: Int {
    zip(histories.histories, histories.customers).reduce(0) { $0 + $1.0.repeats * $1.1 }
  }

  /// How many of them paid something then.
  var spenderCount: Int { spends.count { $0 != nil } }

  /// What a purchase costs on average over all customers there might be.
  var meanSpend: Double? { spendModel?.mean }

  /// What is expected of a buyer by its place among ``Buyers``; of `nil`, who bought nothing, it is said.
  func expectation(at place: Int?) -> Expectation {
    guard let place, let customer = customers[place] else {
      return Expectation(alive: nil, purchases: nil, spend: nil, worth: nil, reason: "no purchase")
    }
    guard let spendModel, let mean = spendModel.mean else {
      return expectation(of: customer, spend: nil)
    }
    return expectation(
      of: customer, spend: spends[customer].flatMap(spendModel.expectedSpend) ?? mean)
  }

  private func expectation(of customer: Int, spend: Double?) -> Expectation {
    guard !outlooks.isEmpty else {
      return Expectation(
        alive: nil, purchases: nil, spend: spend, worth: nil, reason: "no model of purchases")
    }
    let outlook = outlooks[histories.places[customer]]
    return Expectation(
      alive: outlook.alive, purchases: outlook.purchases, spend: spend,
      worth: spend.map { $0 * outlook.discounted },
      reason: spend == nil ? "no model of spend" : nil)
  }
}

/// The days on which one customer bought, brought together.
struct CustomerDays: Sendable {
  private let first: Int32
  private let last: Int32
  private let repeats: Int
  /// What repeats cost on average, of as many as name an amount.
  let spend: GammaGamma.Spend?

  /// The days of a person in a currency; `nil` without a purchase.
  ///
  /// Purchases without an amount are of any currency. A refund lowers what the repeats cost, unless it
  /// came up to the day of the first purchase.
  init?(
    _ person: UInt32, in days: PurchaseDays, _ census: borrowing Census, currency: UInt32?
  ) {
    var known: [PurchaseDay] = []
    census.forEachNumber(of: person) { number in
      days.forEach(of: number) { day in
        if day.kind == Currencies.none || day.kind == currency { known.append(day) }
      }
    }
    known.sort { $0.day < $1.day }
    guard let first = known.first(where: \.hasPurchase)?.day else { return nil }
    var (last, repeats, priced, pricedDay) = (first, 0, 0, first)
    var total = DecimalSum()
    for day in known where day.day > first {
      total.merge(day.amount)
      guard day.hasPurchase else { continue }
      if day.day > last { (last, repeats) = (day.day, repeats + 1) }
      if day.kind != Currencies.none, day.day > pricedDay {
        (priced, pricedDay) = (priced + 1, day.day)
      }
    }
    (self.first, self.last, self.repeats) = (first, last, repeats)
    let amount = total.double
    spend =
      priced > 0 && amount > 0
      ? GammaGamma.Spend(purchases: priced, mean: amount / Double(priced)) : nil
  }

  /// The history as of a day, which is none before the last purchase.
  func history(asOf day: Int) -> PurchaseHistory {
    let age = max(day, Int(last)) - Int(first)
    return PurchaseHistory(
      repeats: repeats, last: Double(Int(last) - Int(first)), age: Double(age))
  }
}
