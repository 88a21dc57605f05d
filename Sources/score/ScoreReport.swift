import Events
import Pipes
import Records

/// Writes the scores of all persons, or of the highest ones.
///
///     census → buyers and their quintiles → order → one record a person
struct ScoreReport: Sendable {
  private let run: Run
  private let states: PersonStates
  private let census: Census
  private let setting: ReportSetting

  /// A report of a run.
  init(
    _ run: Run, _ states: PersonStates, _ groups: PersonGroups?, _ setting: ReportSetting
  ) {
    self.run = run
    self.states = states
    census = Census(run, states, groups)
    self.setting = setting
  }

  /// A view that has looked at nobody yet.
  private var emptyView: PersonView {
    PersonView(asOf: Int(run.asOf?.dayNumber ?? 0), hasChannels: setting.hasChannels)
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
    let buyers = Buyers(persons, in: states, census, currency: setting.currency)
    let value = customerValue(of: buyers)
    if let value { write(value, of: group, to: &output) }
    var view = emptyView
    let persons = ordered(persons)
    var touched: UInt64 = 0
    for (place, person) in persons.enumerated() {
      if place % ScoreReport.batchPersons == 0 { touched &+= touch(persons, from: place) }
      view.look(at: person, in: states, census)
      view.scoreEngagement()
      view.scoreHealth()
      let place = view.hasPurchases ? buyers.place(of: person) : nil
      write(
        person, view, place.map { buyers.values[$0] }, value?.expectation(at: place), of: group,
        to: &output)
    }
    // Each adds less than 2^35; asking keeps the reading ahead from being optimised away.
    precondition(touched < .max)
  }

  private func write(
    _ person: UInt32, _ view: PersonView, _ bought: Buyers.Value?,
    _ expectation: CustomerValue.Expectation?, of group: UInt32?, to output: inout Output
  ) {
    let currency = setting.currencyJSON
    output.report("score") { writer in
      writer.field(census.names[Int(person)], of: run.persons)
      run.breakdown.write(group, to: &writer)
      writer.fields(bytesMax: PersonView.fieldsBytesMax + currency.count) { line in
        view.writeFields(bought, currency: currency, to: &line)
      }
      expectation?.write(to: &writer)
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
      view.scoreEngagement()
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
  /// The number of the currency that is reported.
  let currency: UInt32?
  /// Its code as JSON, `null` where amounts name none.
  let currencyJSON: [UInt8]
  /// How many persons are written, `nil` for all.
  let top: Int?
  /// Whether any interaction of the stream names a channel.
  let hasChannels: Bool
  /// What `--value` asks for, and what it needs; `nil` without it.
  let value: (setting: ValueSetting, days: PurchaseDays)?
}
