import Events
import Pipes
import Records
import Statistics

/// Writes the scores of all persons, or of the highest ones.
///
///     census → buyers and their quintiles → order → one record a person
struct ScoreReport: Sendable {
  private let run: Run
  private let states: PersonStates
  private let census: Census
  private let setting: ReportSetting
  /// The chances of persons to reach the goal; `nil` without `--model`.
  private let goal: GoalScores?

  /// A report of a run.
  init(
    _ run: Run, _ states: PersonStates, _ groups: PersonGroups?, _ setting: ReportSetting
  ) {
    self.run = run
    self.states = states
    let census = Census(run, states, groups)
    self.census = census
    self.setting = setting
    goal = setting.goal.map { GoalScores($0.model, $0.evidence, census, asOf: setting.day) }
  }

  /// A view that has looked at nobody yet.
  private var emptyView: PersonView {
    PersonView(asOf: setting.day, hasChannels: setting.hasChannels)
  }

  /// Writes a record a person, by value of `--by` the largest first.
  func write(to output: inout Output) {
    let lists = census.personsByGroup()
    for (group, members) in run.breakdown.reported(census.groupSizes, into: &output) {
      let persons = members.flatMap { lists[Int($0)] }
      write(group == nil ? persons.sorted() : persons, of: group, to: &output)
    }
  }

  /// Writes the report of one value of `--by`; its persons are in ascending order.
  private func write(_ persons: [UInt32], of group: UInt32?, to output: inout Output) {
    var buyers = Buyers(persons, in: states, census, currency: setting.currency)
    buyers.rank(
      by: setting.rfm, asOf: setting.day,
      order: setting.rfm.ties == .split ? inNameOrder(persons) : nil)
    let value = customerValue(of: buyers)
    if let value { write(value, of: group, to: &output) }
    let churn = setting.contract.map {
      ContractChurn(persons, $0.behaviours, census, $0.setting, asOf: setting.day)
    }
    if let churn { write(churn, of: group, to: &output) }
    var view = emptyView
    var drivers = goal.map { GoalDrivers($0) }
    var persons = ordered(persons)
    if let moves = setting.moves { persons.removeAll { moves.moved[$0] == nil } }
    var touched: UInt64 = 0
    for (place, person) in persons.enumerated() {
      if place % ScoreReport.batchPersons == 0 { touched &+= touch(persons, from: place) }
      view.look(at: person, in: states, census)
      scoreEngagement(of: person, &view)
      view.scoreHealth()
      let place = view.hasPurchases ? buyers.place(of: person) : nil
      write(
        person, view, place.map { buyers.values[$0] }, value?.expectation(at: place), churn,
        &drivers, of: group, to: &output)
    }
    // Each adds less than 2^35; asking keeps the reading ahead from being optimised away.
    precondition(touched < .max)
  }

  private func write(
    _ person: UInt32, _ view: PersonView, _ bought: Buyers.Value?,
    _ expectation: CustomerValue.Expectation?, _ churn: ContractChurn?,
    _ drivers: inout GoalDrivers?, of group: UInt32?, to output: inout Output
  ) {
    let currency = setting.currencyJSON
    defer { writeCrossing(person, view, to: &output) }
    output.report("score") { writer in
      writer.field(census.names[Int(person)], of: run.persons)
      run.breakdown.write(group, to: &writer)
      writer.fields(bytesMax: PersonView.fieldsBytesMax + currency.count) { line in
        view.writeFields(
          bought, currency: currency, withoutHealth: setting.health != nil, to: &line)
      }
      if setting.health != nil || setting.profile != nil {
        let answers = answers(of: person)
        health(answers, view)?.write(view, to: &writer)
        writeProfile(answers, view, to: &writer)
      }
      expectation?.write(to: &writer)
      churn?.write(person, to: &writer)
      drivers?.write(person, census, to: &writer)
    }
  }

  /// Computes a person's engagement: by the model where there is one.
  private func scoreEngagement(of person: UInt32, _ view: inout PersonView) {
    if let goal {
      view.takeEngagement(goal.percent(of: person))
    } else {
      view.scoreEngagement()
    }
  }

  /// Notes which persons moved since the report before.
  func watch(_ moves: inout ScoreMoves?) {
    var view = emptyView
    for person in census.persons {
      view.look(at: person, in: states, census)
      scoreEngagement(of: person, &view)
      view.scoreHealth()
      moves?.see(scores(of: person, view), of: person, bands)
    }
  }

  private var bands: Health.Bands { setting.health?.bands ?? Health.Bands() }

  /// The scores that are watched of the person that a view looks at.
  private func scores(of person: UInt32, _ view: PersonView) -> ScoreMoves.Scores {
    let planned = setting.health == nil ? nil : health(answers(of: person), view)
    return ScoreMoves.Scores(
      engagement: view.engagement, health: planned.map(\.score) ?? view.health)
  }

  /// Writes that a person's health is in another band than it was in the report before.
  private func writeCrossing(_ person: UInt32, _ view: PersonView, to output: inout Output) {
    guard let told = setting.moves?.moved[person], let before = told?.health,
      let now = scores(of: person, view).health,
      case (let from, let to) = (Health.Band(before, bands), Health.Band(now, bands)), from != to
    else { return }
    output.report("score.crossed") { writer in
      writer.field(census.names[Int(person)], of: run.persons)
      writer.field("from", from.name.description)
      writer.field("to", to.name.description)
      writer.field("healthScore", Double(now.count) / 10)
      writer.field("healthScoreBefore", Double(before.count) / 10)
    }
  }

  /// What a person answered to the questions of health, then to those of profiles, as JSON.
  private func answers(of person: UInt32) -> [[UInt8]?] {
    let count = (setting.health?.answers.count ?? 0) + (setting.profile?.names.count ?? 0)
    return setting.answers.texts(count) { census.forEachNumber(of: person, $0) }
  }

  /// A person's health by the file of `--health`; `nil` without it.
  private func health(_ answers: [[UInt8]?], _ view: PersonView) -> PlannedHealth? {
    guard let plan = setting.health else { return nil }
    let values = zip(plan.answers, answers).map { answer, text in
      text.flatMap(Question.number).map(answer.scaled)
    }
    return PlannedHealth(plan, view, values)
  }

  /// Writes what the latest events say of a person, and what signals say; nothing without `--profile`.
  private func writeProfile(
    _ answers: [[UInt8]?], _ view: PersonView, to writer: inout RecordWriter
  ) {
    guard let profile = setting.profile else { return }
    writer.object("profile") { writer in
      for (name, text) in zip(profile.names, answers.suffix(profile.names.count)) {
        writer.field(name, json: text ?? Array("null".utf8))
      }
      let tickets = view.signals.flatMap { $0.hasTickets ? $0.openTickets : nil }
      if let tickets { writer.field("openTickets", tickets) } else { writer.null("openTickets") }
      let day = view.features.idleDays.map { Int64(view.day - $0) }
      writer.field("lastInteraction", day.map { Moment(milliseconds: $0 * 86_400_000) })
    }
  }

  /// Writes whether health told an outcome.
  func write(_ setting: BacktestSetting, _ outcomes: Outcomes, to output: inout Output) {
    var (view, backtest) = (emptyView, Backtest())
    let came = outcomes.resolved(run.persons.roots())
    // Sums of rounded numbers depend on their order: it is that of names.
    for person in inNameOrder(census.persons) {
      view.look(at: person, in: states, census)
      scoreEngagement(of: person, &view)
      view.scoreHealth()
      let planned = health(answers(of: person), view)
      backtest.add(
        planned.map(\.score) ?? view.health, bands,
        planned?.leaves.map { ($0.name, $0.value) }
          ?? view.healthParts.map { ($0.kind.name.description, $0.value) },
        came[Int(person)])
    }
    let seen = min(
      max(0, Int(run.asOf?.dayNumber ?? 0) + 1 - setting.originDay), setting.horizonDays)
    if run.isFinal, seen < setting.horizonDays {
      output.notice(
        "the events end \(setting.horizonDays - seen) days before the horizon of --backtest does:"
          + " outcomes that came later are not seen")
    }
    output.report("score.backtest") { writer in
      backtest.write(setting, bands, seenDays: seen, to: &writer)
    }
  }

  /// What `--value` asks for; `nil` without it.
  private func customerValue(of buyers: Buyers) -> CustomerValue? {
    guard let value = setting.value else { return nil }
    let customers = buyers.values.map {
      CustomerDays($0.person, in: value.days, census, currency: setting.currency)
    }
    return CustomerValue(customers, value.setting, asOf: emptyView.day)
  }

  private func write(_ value: CustomerValue, of group: UInt32?, to output: inout Output) {
    guard let setting = setting.value?.setting else { return }
    output.report("score.value") { writer in
      run.breakdown.write(group, to: &writer)
      value.write(setting, currency: self.setting.currencyJSON, to: &writer)
    }
  }

  private func write(_ churn: ContractChurn, of group: UInt32?, to output: inout Output) {
    guard let setting = setting.contract?.setting else { return }
    output.report("score.contract") { writer in
      run.breakdown.write(group, to: &writer)
      churn.write(setting, to: &writer)
    }
  }

  /// How many persons are read ahead.
  private static let batchPersons = 32

  /// Asks the memory for what will be read of a batch of persons: in the order of their names they
  /// lie anywhere, and so the misses of the caches overlap.
  ///
  /// - Returns: what means nothing.
  private func touch(_ persons: [UInt32], from start: Int) -> UInt64 {
    var touched: UInt64 = 0
    for person in persons[start..<min(start + ScoreReport.batchPersons, persons.count)] {
      touched &+= states.touch(person)
      touched &+= states.touch(census.second(of: person))
      touched &+= run.persons.touch(name: census.names[Int(person)])
    }
    return touched
  }

  /// The persons to write: all by name, or the highest by engagement, ties by name.
  private func ordered(_ persons: [UInt32]) -> [UInt32] {
    guard let top = setting.top else { return inNameOrder(persons) }
    var view = emptyView
    var counts = [Int](repeating: 0, count: 1001)
    let scores = persons.map { person in
      view.look(at: person, in: states, census)
      scoreEngagement(of: person, &view)
      counts[Int(view.engagement.count)] += 1
      return view.engagement.count
    }
    // The lowest score that may still be among them; only from there on names decide.
    var lowest = 1000
    var above = counts[lowest]
    while lowest > 0, above < top {
      lowest -= 1
      above += counts[lowest]
    }
    var lists = [[UInt32]](repeating: [], count: 1001)
    for (place, person) in persons.enumerated() where scores[place] >= lowest {
      lists[Int(scores[place])].append(person)
    }
    var highest: [UInt32] = []
    for list in lists.reversed() where !list.isEmpty { highest += inNameOrder(list) }
    return Array(highest.prefix(top))
  }

  /// Persons in the order of the bytes of the ids that name them.
  private func inNameOrder(_ persons: [UInt32]) -> [UInt32] {
    var personsByName: [UInt32] = []
    var names: [UInt32] = []
    names.reserveCapacity(persons.count)
    for person in persons { names.append(census.names[Int(person)]) }
    let isNamedByRoot = zip(persons, names).allSatisfy { $0 == $1 }
    names = run.persons.inNameOrder(names)
    if isNamedByRoot { return names }
    personsByName.reserveCapacity(names.count)
    for name in names { personsByName.append(run.persons.root(name)) }
    return personsByName
  }
}

/// What a report needs to know of the options and of the stream.
struct ReportSetting: Sendable {
  /// The number of the day that recency counts to.
  let day: Int
  /// The number of the currency that is reported.
  let currency: UInt32?
  /// Its code as JSON, `null` where amounts name none.
  let currencyJSON: [UInt8]
  /// How buyers are told apart.
  let rfm: RFMScale
  /// How many persons are written, `nil` for all.
  let top: Int?
  /// Whether any interaction of the stream names a channel.
  let hasChannels: Bool
  /// Who has moved since the report before; `nil` without `--changes`.
  let moves: ScoreMoves?
  /// What `--value` asks for, and what it needs; `nil` without it.
  let value: (setting: ValueSetting, days: PurchaseDays)?
  /// The model of `--model`, and what persons are told of by it; `nil` without.
  let goal: (model: GoalModel, evidence: GoalEvidence)?
  /// What health is made of; `nil` without `--health`.
  let health: HealthPlan?
  /// What stands in profiles; `nil` without `--profile`.
  let profile: ProfileSetting?
  /// What persons answered to the questions of health, then to those of profiles.
  let answers: LatestAnswers
  /// What `--contract` asks for, and what it needs; `nil` without it.
  let contract: (setting: ContractSetting, behaviours: Behaviours)?
}
