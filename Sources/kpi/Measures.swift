import Pipes
import Records
import Statistics

/// Works out what metrics come to from what was counted.
struct Measures: Sendable {
  let definitions: [MetricDefinition]
  let tally: PeriodTally
  let persons: PersonTally
  /// What became of cases, by number of their log.
  let cases: [CaseTally]
  let sessions: SessionTally
  /// The number of the currency of amounts; `nil` where nothing was paid.
  let currency: UInt32?
  /// How many periods a year has.
  let periodsPerYear: Double
  /// For how many years a customer stays.
  let lifespanYears: Double

  /// What a metric comes to in a period, for a place of the breakdown.
  func measure(_ number: Int, _ period: Int32, _ place: UInt32) -> Measure {
    let definition = definitions[number]
    let row = tally.rows.known(period, place)
    func amount(_ count: MetricDefinition.Count) -> Measure.Amount {
      self.amount(count, row, period, place)
    }
    var measure = Measure()
    switch definition.form {
    case .total(let count):
      let total = amount(count)
      (measure.numerator, measure.value) = (total, total.double)
    case .ratio(let numerator, let denominator):
      measure = ratio(amount(numerator), amount(denominator), definition.unit)
    case .net(let plus, let minus, let all):
      measure = net(amount(plus), amount(minus), amount(all))
    case .growth(let mark):
      measure = growth(mark, period, place)
    case .mean(let value):
      let values = row.map { tally.value(value, of: $0) } ?? PeriodTally.Values()
      measure = mean(.sum(values.sum), values.moments)
    case .meanPurchase:
      let purchases = self.purchases(row)
      measure = mean(.sum(purchases.sum), purchases.amounts)
    case .quantile(let value, let quantile):
      let list = row.map { tally.value(value, of: $0).list } ?? ExactQuantiles()
      measure.value = list.quantile(quantile)
      measure.denominator = .count(list.count)
    case .cases(let log, let answer):
      measure = self.cases(cases[log].count(period, place), answer)
    case .sessions(let answer):
      measure = self.sessions(sessions.count(period, place), answer)
    case .product(let factors):
      measure.value = factors.reduce(1) { product, factor in
        guard let product, let value = self.measure(factor, period, place).value else {
          return nil
        }
        return product * value
      }
    }
    if definition.isYearly {
      measure.value = measure.value.map { $0 * periodsPerYear * lifespanYears }
    }
    return measure
  }

  private func sessions(
    _ count: SessionTally.Count, _ answer: MetricDefinition.SessionAnswer
  ) -> Measure {
    switch answer {
    case .count:
      return Measure(numerator: .count(count.sessions), value: Double(count.sessions))
    case .bounced: return ratio(.count(count.bounced), .count(count.sessions), .share)
    case .pages:
      return mean(.count(count.pageSum), count.pages)
    case .seconds:
      var sum = DecimalSum()
      _ = sum.add(DecimalNumber(coefficient: Int128(count.milliseconds), exponent: -3))
      return mean(.sum(sum), count.seconds)
    }
  }

  private func cases(
    _ count: CaseTally.Count, _ answer: MetricDefinition.CaseAnswer
  ) -> Measure {
    switch answer {
    case .share: return ratio(.count(count.closed), .count(count.opened), .share)
    case .seconds: return mean(.sum(count.sum), count.moments)
    case .quantile(let quantile):
      return Measure(
        denominator: .count(count.closed), value: count.seconds.quantile(quantile))
    case .closingsBySize: return ratio(.count(count.closings), .count(count.size), .share)
    }
  }

  private func purchases(_ row: Int?) -> PeriodTally.Purchases {
    guard let row, let currency else { return PeriodTally.Purchases() }
    return tally.purchases(in: currency, of: row) ?? PeriodTally.Purchases()
  }

  private func amount(
    _ count: MetricDefinition.Count, _ row: Int?, _ period: Int32, _ place: UInt32
  ) -> Measure.Amount {
    switch count {
    case .events(let counter): .count(row.map { tally.counter(counter, of: $0) } ?? 0)
    case .persons(let mark, let span): .count(persons.count(mark, span, period, place))
    case .sum(let value): .sum(row.map { tally.value(value, of: $0).sum } ?? DecimalSum())
    case .money(.net): .sum(purchases(row).net)
    case .money(.purchases): .sum(purchases(row).sum)
    }
  }

  /// One by another; a share has an interval where it is a part of a whole.
  private func ratio(
    _ numerator: Measure.Amount, _ denominator: Measure.Amount, _ unit: MetricDefinition.Unit
  ) -> Measure {
    var measure = Measure(numerator: numerator, denominator: denominator)
    guard denominator.double != 0 else { return measure }
    measure.value = numerator.double / denominator.double
    if unit == .share, case (.count(let part), .count(let whole)) = (numerator, denominator),
      part <= whole
    {
      measure.evidence = .share(Rate(numerator: part, denominator: whole))
    }
    return measure
  }

  private func net(
    _ plus: Measure.Amount, _ minus: Measure.Amount, _ all: Measure.Amount
  ) -> Measure {
    guard
      case (.count(let promoters), .count(let detractors), .count(let answers)) =
        (plus, minus, all)
    else { return Measure() }
    var measure = Measure(
      numerator: .count(promoters - detractors), denominator: .count(answers))
    if answers > 0 {
      measure.value = 100 * Double(promoters - detractors) / Double(answers)
    }
    if let score = NetPromoterScore(
      promoters: promoters, detractors: detractors, answers: answers)
    {
      measure.evidence = .net(score)
    }
    return measure
  }

  private func growth(_ mark: Int, _ period: Int32, _ place: UInt32) -> Measure {
    let now = persons.count(mark, .now, period, place)
    let kept = persons.count(mark, .kept, period, place)
    let lost = persons.count(mark, .lost, period, place)
    let ratio = PairedRatio(stayed: kept, came: now - kept, left: lost)
    return Measure(
      numerator: .count(now - ratio.before), denominator: .count(ratio.before),
      value: ratio.growth, evidence: .growth(ratio))
  }

  private func mean(_ sum: Measure.Amount, _ moments: Moments) -> Measure {
    Measure(
      numerator: sum, denominator: .count(moments.count),
      value: moments.count == 0 ? nil : sum.double / Double(moments.count),
      evidence: moments.count == 0 ? .none : .mean(moments))
  }
}
