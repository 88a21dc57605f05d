import Events
import Expressions
import Pipes
import Records

/// The metrics that have names: conversion rate, revenue, Net Promoter Score, retention rate and others.
///
///     event ─ name ─ conditions ─┬─ counters, values   → PeriodTally      by period and --by
///                                ├─ money              → PeriodTally      and currency
///                                ├─ marks of persons   → PersonPeriods
///                                └─ cases              → CaseLog          tickets, posts
///     report:  PeriodTally ───────────────┐
///              PersonPeriods ─ PersonTally ├─ Measures ─ KpiReport
///              CaseLog ─ CaseTally ────────┘
struct Kpi: Filter {
  private let table: MetricTable
  private let conditions: ConditionTable
  private let names: EventNames
  private let reader: EventReader
  private let money: PurchaseReader
  private let periods: CalendarPeriods
  private let periodsPerYear: Double
  private let lifespanYears: Double
  private let wantedCurrency: UInt32?
  private let channels: ChannelReader
  /// Whether sessions have values of `--by`, which come from their first events.
  private let groupsSessions: Bool
  private let targets: [MetricTarget]
  /// The period of the latest event, and the moments that it holds.
  private var latest: (start: Moment, end: Moment, period: Int32)

  var tally: PeriodTally
  var persons = PersonPeriods()
  /// The sessions of visitors; `nil` where no metric asks for them.
  var sessions: PersonSessions?
  /// The cases of each log of the plan.
  var cases: [CaseLog]
  var currencies: Currencies

  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    table = try MetricTable(arguments, &setup)
    targets = try MetricTarget.read(arguments, table, setup)
    conditions = ConditionTable(table.plan.conditions.map(\.eventNames))
    names = try EventNames(arguments, setup.reader)
    reader = setup.reader
    money = PurchaseReader(&setup.environment.selection)
    periods = try CalendarPeriods(arguments, or: .month)
    periodsPerYear = periods.unit.countPerYear
    lifespanYears = try Self.lifespan(arguments)
    var currencies = Currencies()
    wantedCurrency = setup.currency.map { currencies.number(Array($0.utf8)) }
    self.currencies = currencies
    tally = PeriodTally(counterCount: table.plan.counterCount, valueCount: table.plan.values.count)
    channels = ChannelReader(&setup.environment.selection)
    sessions =
      table.plan.cutsSessions
      ? PersonSessions(idleMilliseconds: SessionRules.ga4.idleMilliseconds) : nil
    groupsSessions = arguments.has("by")
    if groupsSessions, sessions != nil { setup.useFingerprints() }
    cases = Array(repeating: CaseLog(), count: table.plan.cases.count)
    if !cases.isEmpty { setup.useFingerprints() }
    latest = (.distantFuture, .distantPast, 0)
  }

  /// For how many years a customer stays, as the simple customer lifetime value takes it.
  private static func lifespan(_ arguments: Arguments) throws(Failure) -> Double {
    guard let text = arguments.value("lifespan") else { return 1 }
    guard let years = Double(text), years > 0, years <= 1000 else {
      throw .usage("--lifespan takes years, up to 1000, like 1 or 2.5, not '\(text)'")
    }
    return years
  }

  static func information(_ arguments: Arguments) -> [UInt8]? {
    arguments.has("definitions") ? Array(BuiltInMetrics.text.utf8) : nil
  }

  /// How many marks persons can have.
  var markCount: Int { table.plan.markCount }

  func touch(_ person: UInt32) -> UInt64 { persons.touch(person) }

  var largestArrayBytes: Int {
    cases.reduce(max(persons.largestArrayBytes, tally.largestArrayBytes)) {
      max($0, $1.largestArrayBytes)
    }
  }

  mutating func accept(
    _ event: Event, in block: Block, _ persons: Persons, into output: inout Output
  ) throws(RecordError) {
    let (meaning, hash) = try names.meaning(of: event, block.fields, in: block.bytes.span)
    var purchase: PurchaseReading?
    if table.plan.readsMoney, !meaning.isDisjoint(with: .money) {
      purchase = try money.reading(of: event, meaning, block.fields, in: block.bytes.span)
    }
    var (row, marks) = (-1, UInt32(0))
    if sessions != nil, meaning.contains(.interaction),
      visit(event, isKeyEvent: purchase?.isPurchase ?? false, hash, in: block)
    {
      row = self.row(of: event)
    }
    for place in conditions.places(hash) {
      let condition = conditions[place]
      let holds: Bool
      switch table.plan.conditions[condition] {
      case .interaction: holds = meaning.contains(.interaction)
      case .purchase: holds = purchase?.isPurchase ?? false
      case .event(let test):
        holds = try test.holds(event, in: block, reader, failures: &output.tally.conditionErrors)
      }
      guard holds else { continue }
      marks |= table.plan.marks[condition]
      guard table.plan.counts(condition) else { continue }
      if row < 0 { row = self.row(of: event) }
      count(condition, event, row, in: block, &output)
    }
    if let purchase { take(purchase, event, &row) }
    if row >= 0 { tally.addEvent(to: row) }
    guard marks != 0, event.person != Persons.nobody else { return }
    let period = period(of: event.time)
    self.persons.note(event.person, period, event.group, marks)
    if row < 0 { tally.addEvent(to: tally.row(period, event.group)) }
  }

  /// Adds what a person did on the site or in the app to the person's sessions.
  ///
  /// - Returns: whether it was there.
  private mutating func visit(
    _ event: Event, isKeyEvent: Bool, _ hash: UInt64, in block: Block
  ) -> Bool {
    let channel = channels.channel(of: event, block.fields, in: block.bytes.span)
    guard event.person != Persons.nobody, Self.visitChannels[channel] else { return false }
    let session = PersonSessions.Session(
      at: event.time.milliseconds,
      fingerprint: groupsSessions ? reader.fingerprint(event, in: block) : 0, group: event.group,
      isPage: Self.pageHashes.contains(hash), isKeyEvent: isKeyEvent)
    sessions?.add(session, of: event.person)
    return true
  }

  /// Whether events of a channel are visits: those of the site, the app, and of no known channel.
  private static let visitChannels: [Bool] = {
    let visits = ["web", "mobile", "shop"]
    return Channel.names.map { visits.contains($0.description) } + [true]
  }()

  /// The hashes of the names of pages and screens.
  private static let pageHashes: [UInt64] = ["Page Viewed", "Screen Viewed"].map { name in
    let padded = Array(name.utf8) + [UInt8](repeating: 0, count: 8)
    return byteHash(padded.span, from: 0, to: padded.count - 8, seed: fingerprintSeed)
  }

  /// Counts an event for which a condition is true.
  private mutating func count(
    _ condition: Int, _ event: Event, _ row: Int, in block: Block, _ output: inout Output
  ) {
    let counter = table.plan.counters[condition]
    if counter >= 0 { tally.raise(counter, of: row) }
    for number in table.plan.valuesTaken[condition] {
      let value = table.plan.values[number]
      let result = try? value.expression.value(
        EventPlace(event), fields: block.fields, in: block.bytes.span)
      guard let decimal = result?.decimal,
        tally.add(decimal, to: number, of: row, isListed: value.isListed)
      else {
        output.tally.conditionErrors += 1
        continue
      }
    }
    for mark in table.plan.caseMarks[condition] { note(mark, event, in: block, &output) }
  }

  /// Opens or closes a case; without a key and a person it is nobody's.
  private mutating func note(
    _ mark: MetricPlan.CaseMark, _ event: Event, in block: Block, _ output: inout Output
  ) {
    let plan = table.plan.cases[mark.log]
    let bytes = block.bytes.span
    func value(_ expression: Expression) -> Value? {
      try? expression.value(EventPlace(event), fields: block.fields, in: bytes)
    }
    var owner = event.person == Persons.nobody ? nil : CaseLog.Owner.person(event.person)
    if let key = plan.key.flatMap(value)?.idText { owner = .key(key) }
    guard let owner else { return }
    guard mark.isOpening else {
      return cases[mark.log].close(at: event.time.milliseconds, of: owner)
    }
    var size: UInt32 = 0
    if let expression = plan.size {
      guard let number = value(expression)?.decimal?.scaled(by: 0), number >= 0 else {
        output.tally.conditionErrors += 1
        return
      }
      size = UInt32(clamping: number)
    }
    cases[mark.log].open(
      CaseLog.Opening(
        time: event.time.milliseconds, fingerprint: reader.fingerprint(event, in: block),
        group: event.group, size: size),
      of: owner)
  }

  /// Adds the money of a purchase or a refund.
  private mutating func take(_ purchase: PurchaseReading, _ event: Event, _ row: inout Int) {
    guard let sum = purchase.sum else { return }
    let currency = currencies.number(purchase.currency)
    if purchase.isPurchase { currencies.count(currency) }
    if row < 0 { row = self.row(of: event) }
    tally.add(sum, isPurchase: purchase.isPurchase, in: currency, of: row)
  }

  private mutating func row(of event: Event) -> Int {
    tally.row(period(of: event.time), event.group)
  }

  /// The period of a moment: nearly always that of the event before.
  @inline(__always)
  private mutating func period(of moment: Moment) -> Int32 {
    if moment >= latest.start, moment < latest.end { return latest.period }
    return otherPeriod(of: moment)
  }

  @inline(never)
  private mutating func otherPeriod(of moment: Moment) -> Int32 {
    let period = periods.index(of: moment)
    latest = (periods.start(of: period), periods.start(of: period + 1), period)
    return period
  }

  func report(_ run: Run, into output: inout Output) {
    guard let asOf = run.asOf else { return }
    var sizes = [Int](repeating: 0, count: run.breakdown.count)
    for (row, pair) in tally.rows.pairs.enumerated() { sizes[Int(pair.1)] += tally.sizes[row] }
    let groups = run.breakdown.reported(sizes, into: &output)
    var places = [UInt32?](repeating: nil, count: run.breakdown.count)
    for (place, group) in groups.enumerated() {
      for member in group.members { places[Int(member)] = UInt32(truncatingIfNeeded: place) }
    }
    let ranges = tally.rows.pairs.map { $0.0...$0.0 }
    guard let shown = periods.reported(ranges, asOf: asOf, into: &output) else { return }
    let currency = wantedCurrency ?? currencies.ranked().first
    if run.isFinal, table.isMoneyReported, let currency,
      let notice = currencies.noticeOfOthers(than: currency)
    {
      output.notice(notice)
    }
    let measures = Measures(
      definitions: table.definitions, tally: tally.gathered(places),
      persons: PersonTally(
        persons, run.persons, markCount: table.plan.markCount, places: places),
      cases: zip(cases, table.plan.cases).map { log, plan in
        CaseTally(log, within: plan.within, run.persons, periods, places: places)
      },
      sessions: SessionTally(sessions, run.persons, periods, places: places),
      currency: currency, periodsPerYear: periodsPerYear, lifespanYears: lifespanYears)
    KpiReport(
      measures, targets, periods, asOf: asOf, currencyName: currency.map(currencies.text) ?? ""
    ).write(table.reported, shown, groups.map(\.group), run.breakdown, into: &output)
    TargetReport(measures, periods, asOf: asOf)
      .write(targets, shown, groups.map(\.group), run.breakdown, into: &output)
  }
}

extension Value {
  /// The bytes of an id, a text or a number: `"5"` and 5 are one; `nil` for what is none, and empty texts.
  fileprivate var idText: [UInt8]? {
    if case .text(let text) = self { return text.isEmpty ? nil : text }
    guard let decimal, abs(decimal.exponent) <= 38 else { return nil }
    var text: [UInt8] = []
    decimal.append(to: &text)
    return text
  }
}

extension CalendarPeriods.Unit {
  /// How many periods a year has, on average.
  fileprivate var countPerYear: Double {
    switch self {
    case .day: 365.25
    case .week: 365.25 / 7
    case .month: 12
    case .quarter: 4
    case .year: 1
    }
  }
}
