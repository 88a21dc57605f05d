import Events
import Expressions
import Pipes
import Records

/// How engaged each person is, how well the relation is, and what the person bought.
///
///     event ─ meaning ─┬─ interaction  → activity by channel: days, kinds of event
///                      ├─ passive      → counted, and nothing else
///                      ├─ money        → purchases by currency, exact
///                      └─ signals      → tickets, latest rating, latest payment
///     report:  activity → Features → Engagement ┐
///              signals ─────────────────────────┴→ Health → Drivers
///              purchases → quintiles → RFM
///              days of purchases → CustomerValue, under --value
///              days of behaviour → GoalLearning, under --fit; GoalScores, under --model
struct Score: Filter {
  private let names: EventNames
  private let channels: ChannelReader
  private let money: PurchaseReader
  private let ratings: RatingReader
  private let reader: EventReader
  private let top: Int?
  private let rfm: RFMScale
  private let purchaseNames: [String]
  private let wantedCurrency: UInt32?
  private let value: ValueSetting?
  private let goal: GoalSetting?
  private let stage: Int?
  private let plan: HealthPlan?
  private let profile: ProfileSetting?
  /// What is asked of each event: for health, then for profiles.
  let questions: [Question]
  private let backtest: BacktestSetting?
  private let contract: ContractSetting?
  /// The day of `--origin`, the last one there is without it: asked for every event.
  private let originDay: Int32
  /// Whether an option asks for more than activity, money and signals: asked for every event.
  private let asksForMore: Bool

  var states = PersonStates()
  /// The value of `--by` at each person's latest event; `nil` without `--by`.
  var groups: PersonGroups?
  /// What persons did by day; `nil` without `--goal`, `--model` and `--contract`.
  var behaviours: Behaviours?
  /// What the latest events answer.
  var answers = LatestAnswers()
  /// The scores that were written last, and who moved; `nil` without `--changes`.
  var moves: ScoreMoves?
  /// To whom the outcome of `--backtest` came; `nil` without it.
  var outcomes: Outcomes?
  /// The days with purchases; `nil` without `--value`, `--goal` and `--model`.
  var days: PurchaseDays?
  var currencies: Currencies
  var hasChannels = false

  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    purchaseNames = EventNames.purchases(arguments)
    names = try EventNames(arguments, setup.reader)
    value = try ValueSetting(arguments)
    goal = try GoalSetting(arguments, &setup)
    days = value == nil && goal == nil ? nil : PurchaseDays()
    contract = try ContractSetting(arguments, &setup)
    behaviours = goal == nil && contract == nil ? nil : Behaviours()
    stage = goal == nil ? nil : setup.slot("stage")
    plan = try arguments.value("health").map { path throws(Failure) in
      try HealthPlan(path, &setup)
    }
    profile = try ProfileSetting(arguments, &setup)
    questions = (plan?.answers.map(\.question) ?? []) + (profile?.questions ?? [])
    backtest = try BacktestSetting(arguments, &setup)
    outcomes = backtest == nil ? nil : Outcomes()
    originDay = backtest.map { Int32(clamping: $0.originDay) } ?? .max
    asksForMore = goal != nil || contract != nil || !questions.isEmpty
    moves = try ScoreMoves(arguments)
    top = try arguments.count("top", in: 1...1_000_000_000)
    rfm = try RFMScale(arguments)
    reader = setup.reader
    setup.useFingerprints()
    channels = ChannelReader(&setup.environment.selection)
    money = PurchaseReader(&setup.environment.selection)
    ratings = RatingReader(&setup.environment.selection)
    if arguments.has("by") { groups = PersonGroups(.latest) }
    var currencies = Currencies()
    wantedCurrency = setup.currency.map { currencies.number(Array($0.utf8)) }
    self.currencies = currencies
  }

  func touch(_ person: UInt32) -> UInt64 { states.touch(person) }

  var largestArrayBytes: Int {
    max(
      states.largestArrayBytes, days?.largestArrayBytes ?? 0, behaviours?.largestArrayBytes ?? 0,
      answers.largestArrayBytes)
  }

  mutating func accept(
    _ event: Event, in block: Block, _ persons: Persons, into output: inout Output
  ) throws(RecordError) {
    guard event.person != Persons.nobody else { return }
    let (meaning, name) = try names.meaning(of: event, block.fields, in: block.bytes.span)
    let day = Int32(clamping: event.time.dayNumber)
    // Nothing of this may be in what is judged.
    if day >= originDay { return noteOutcome(event, on: Int(day), in: block, &output) }
    states.expect(event.person)
    // What can throw comes first: an event that is rejected leaves no trace.
    if !meaning.isDisjoint(with: .detailed) { try note(event, meaning, on: day, in: block) }
    let channel = channels.channel(of: event, block.fields, in: block.bytes.span)
    states.update(event.person, channel: channel) { activity in
      if meaning.contains(.interaction) {
        activity.interact(on: day, name: name)
      } else if meaning.contains(.passive) {
        activity.contact()
      }
    }
    if channel != Channel.other, meaning.contains(.interaction) { hasChannels = true }
    if asksForMore { noteMore(event, meaning, channel, on: day, in: block, &output) }
    if groups != nil { groups?.note(event, fingerprint: reader.fingerprint(event, in: block)) }
  }

  /// Notes what an event says beside activity, money and signals, where options ask for it.
  @inline(never)
  private mutating func noteMore(
    _ event: Event, _ meaning: EventMeaning, _ channel: Int, on day: Int32, in block: Block,
    _ output: inout Output
  ) {
    if goal != nil { noteBehaviour(event, meaning, channel, on: day, in: block, &output) }
    if let contract { noteContract(event, contract, on: day, in: block, &output) }
    if !questions.isEmpty { noteAnswers(event, in: block, &output) }
  }

  /// Notes what an event says of the goal, and of what may tell it in advance.
  private mutating func noteBehaviour(
    _ event: Event, _ meaning: EventMeaning, _ channel: Int, on day: Int32, in block: Block,
    _ output: inout Output
  ) {
    func note(_ kind: Behaviours.Kind, _ name: [UInt8]) {
      guard let number = behaviours?.number(kind, name) else { return }
      behaviours?.count(number, on: day, of: event.person)
    }
    let bytes = block.bytes.span
    if let condition = goal?.condition,
      condition.holds(event, in: block, failures: &output.tally.conditionErrors)
    {
      note(.goal, [])
    }
    guard meaning.contains(.interaction) else { return }
    behaviours?.noteHalfHour(of: event.time, on: day, of: event.person)
    // A name that cannot be read was thrown out before.
    if let name = try? reader.name(block.fields, at: event.base, in: bytes) {
      note(.event, name.bytes(in: bytes))
    }
    if channel != Channel.other { note(.channel, [UInt8(channel)]) }
    guard let stage, case let field = block.fields[event.base + stage], field.count > 2,
      field.kind(in: bytes) == .string
    else { return }
    note(.stage, bytes.copy(from: field.start + 1, to: field.end - 1))
  }

  /// Notes whether an event begins or ends a contract.
  private mutating func noteContract(
    _ event: Event, _ contract: ContractSetting, on day: Int32, in block: Block,
    _ output: inout Output
  ) {
    for (condition, kind) in [
      (contract.start, Behaviours.Kind.contractStart), (contract.end, .contractEnd),
    ] where condition.holds(event, in: block, failures: &output.tally.conditionErrors) {
      guard let number = behaviours?.number(kind, []) else { return }
      behaviours?.count(number, on: day, of: event.person)
    }
  }

  /// Notes whether an event behind the origin is the outcome that health is to have told.
  @inline(never)
  private mutating func noteOutcome(
    _ event: Event, on day: Int, in block: Block, _ output: inout Output
  ) {
    guard let backtest, backtest.watches(day),
      backtest.outcome.holds(event, in: block, failures: &output.tally.conditionErrors)
    else { return }
    outcomes?.note(event.person)
  }

  /// Notes what an event answers to what is asked of health and of profiles.
  private mutating func noteAnswers(_ event: Event, in block: Block, _ output: inout Output) {
    for (number, question) in questions.enumerated() {
      let answer = question.answer(
        event, in: block, failures: &output.tally.conditionErrors)
      guard let answer else { continue }
      answers.add(
        answer, to: number, of: event.person, at: event.time,
        fingerprint: reader.fingerprint(event, in: block))
    }
  }

  /// Notes what an event says of money, tickets, ratings and payments, as few events do.
  @inline(never)
  private mutating func note(
    _ event: Event, _ meaning: EventMeaning, on day: Int32, in block: Block
  ) throws(RecordError) {
    var purchase: PurchaseReading?
    if !meaning.isDisjoint(with: .money) {
      purchase = try money.reading(
        of: event, meaning, block.fields, in: block.bytes.span)
    }
    var signals: Signals?
    if !meaning.isDisjoint(with: .signals) {
      signals = try self.signals(of: event, meaning, purchase, in: block)
    }
    if let purchase { count(purchase, of: event.person, on: day) }
    if let signals { states.merge(event.person, signals) }
  }

  /// Adds a purchase or a refund to those of a person.
  private mutating func count(_ purchase: PurchaseReading, of person: UInt32, on day: Int32) {
    guard purchase.isPurchase || purchase.sum != nil else { return }
    var currency = Currencies.none
    if purchase.sum != nil { currency = currencies.number(purchase.currency) }
    if purchase.isPurchase { currencies.count(currency) }
    states.update(person, currency: currency) { purchases in
      if purchase.isPurchase { purchases.buy(on: day) }
      if let sum = purchase.sum { purchases.add(sum) }
    }
    days?.add(
      PurchaseDay(
        day, currency: currency, hasPurchase: purchase.isPurchase,
        amount: purchase.sum ?? DecimalSum()),
      of: person)
  }

  /// What an event says of tickets, ratings and payments.
  private func signals(
    of event: Event, _ meaning: EventMeaning, _ purchase: PurchaseReading?, in block: Block
  ) throws(RecordError) -> Signals? {
    var signals = Signals()
    if meaning.contains(.ticketOpened) { signals.opened = 1 }
    if meaning.contains(.ticketClosed) { signals.closed = 1 }
    let fingerprint = reader.fingerprint(event, in: block)
    if !meaning.isDisjoint(with: [.ratedOfTen, .ratedOfFive]) {
      let best = meaning.contains(.ratedOfTen) ? 10.0 : 5.0
      let rating = try ratings.rating(of: event, in: block, bestAnswer: best)
      guard let rating else { return nil }
      signals.rating = Latest(rating, at: event.time, fingerprint: fingerprint)
    }
    if meaning.contains(.unpaid) || meaning.contains(.paid) {
      // An order of a negative amount pays nothing.
      if let purchase, !purchase.isPurchase { return nil }
      let value: UInt32 = meaning.contains(.paid) ? 1 : 0
      signals.payment = Latest(value, at: event.time, fingerprint: fingerprint)
    }
    return signals
  }

  mutating func prepareReport(_ run: Run, into output: inout Output) {
    guard moves != nil else { return }
    let report = ScoreReport(run, states, groups, reportSetting(run))
    moves?.begin(run.persons.roots())
    report.watch(&moves)
  }

  func report(_ run: Run, into output: inout Output) {
    let setting = reportSetting(run)
    if run.isFinal, let currency = setting.currency,
      let notice = currencies.noticeOfOthers(than: currency)
    {
      output.notice(notice)
    }
    if let goal, goal.model == nil, let evidence = evidence(in: setting.currency) {
      let learning = GoalLearning(run, Census(run, states, nil), evidence, goal)
      return output.report("score.model") { writer in
        learning.write(goal, currency: setting.currencyJSON, to: &writer)
      }
    }
    if run.isFinal, goal?.model?.predicts == false {
      output.notice(
        "the model of --model says that it predicts nothing: chance would have done as well when it"
          + " was judged")
    }
    let others = currencies.ranked().filter { $0 != setting.currency }
    writeWeights(setting.currencyJSON, others, into: &output)
    let report = ScoreReport(run, states, groups, setting)
    guard let backtest, let outcomes else { return report.write(to: &output) }
    report.write(backtest, outcomes, to: &output)
  }

  /// What a report needs to know of the options and of the stream.
  private func reportSetting(_ run: Run) -> ReportSetting {
    let currency = wantedCurrency ?? currencies.ranked().first
    var currencyJSON: [UInt8] = []
    if let currency, let code = currencies.code(currency) {
      currencyJSON.append(jsonString: code.span, from: 0, to: code.count)
    } else {
      currencyJSON.append("null")
    }
    return ReportSetting(
      day: backtest.map { $0.originDay - 1 } ?? Int(run.asOf?.dayNumber ?? 0),
      currency: currency, currencyJSON: currencyJSON, rfm: rfm, top: top,
      hasChannels: hasChannels, moves: moves,
      value: value.flatMap { setting in days.map { (setting, $0) } }, goal: tellingOfGoal,
      health: plan, profile: profile, answers: answers,
      contract: contract.flatMap { contract in behaviours.map { (contract, $0) } })
  }

  /// What goals are learned from and told by; `nil` without `--goal` and `--model`.
  private func evidence(in currency: UInt32?) -> GoalEvidence? {
    guard let behaviours, let days else { return nil }
    return GoalEvidence(behaviours: behaviours, purchases: days, currency: currency)
  }

  /// The model of `--model`, and what persons are told of by it; `nil` without.
  private var tellingOfGoal: (model: GoalModel, evidence: GoalEvidence)? {
    guard let model = goal?.model else { return nil }
    // The currency is the model's, whichever is reported.
    var known = currencies
    let currency = known.number(Array((model.currency ?? "").utf8))
    return evidence(in: currency).map { (model, $0) }
  }

  /// Says by which weights the scores are made, and that nothing has shown them to matter.
  private func writeWeights(
    _ currencyJSON: [UInt8], _ others: [UInt32], into output: inout Output
  ) {
    output.report("score.weights") { writer in
      writer.field("tiedToGoal", goal != nil)
      if let model = goal?.model {
        writer.field(
          "note", "engagement is how many percent of those learned from had a lower goalChance")
        writer.field("goal", model.goal)
        writer.field("horizonDays", model.horizonDays)
        writer.field("predicts", model.predicts)
      } else {
        writer.field("note", "default weights, tied to no goal")
        writer.object("engagement") { writer in
          for kind in Component.Kind.ofEngagement where kind != .channels || hasChannels {
            writer.field(kind.name.description, kind.defaultWeight)
          }
        }
      }
      writer.object("health") { writer in
        if let plan { return HealthPlan.write(plan.parts, to: &writer) }
        for kind in Component.Kind.ofHealth {
          writer.field(kind.name.description, kind.defaultWeight)
        }
      }
      writer.object("bands") { writer in
        let bands = plan?.bands ?? Health.Bands()
        for band in Health.Band.allCases {
          writer.field(band.name.description, bands.range(band))
        }
      }
      writer.field("periodDays", Features.periodDays)
      writer.field("halfLifeDays", Engagement.halfLifeDays)
      writer.array("purchases") { writer in
        for name in purchaseNames { writer.element(name) }
      }
      writer.field("purchasesWithoutAmount", currencies.purchases[Int(Currencies.none)])
      writer.field("currency", json: currencyJSON)
      writer.object("otherCurrencies") { writer in
        for other in others {
          writer.field(currencies.text(other), currencies.purchases[Int(other)])
        }
      }
    }
  }
}
