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
  private let currency: UInt32?
  private let currencyCode: [UInt8]?
  private let top: Int?
  private var view: PersonView
  private var drivers = Drivers()
  private var driversText: [UInt8] = []
  private let hasChannels: Bool

  /// A report of a run.
  init(
    _ run: Run, _ states: PersonStates, _ groups: PersonGroups?, _ setting: ReportSetting
  ) {
    self.run = run
    self.states = states
    census = Census(run, states, groups)
    currency = setting.currency
    currencyCode = setting.currencyCode
    top = setting.top
    hasChannels = setting.hasChannels
    view = PersonView(
      asOf: Int(run.asOf?.dayNumber ?? 0), hasChannels: setting.hasChannels)
  }

  /// Writes a record a person, by value of `--by` the largest first.
  mutating func write(to output: inout Output) {
    let lists = census.personsByGroup()
    guard run.breakdown.isUsed else {
      return write(lists.first ?? [], of: 0, to: &output)
    }
    let (shown, folded) = run.breakdown.ranked(census.groupSizes)
    for group in shown { write(lists[Int(group)], of: group, to: &output) }
    let others = folded.flatMap { lists[Int($0)] }.sorted()
    guard !others.isEmpty else { return }
    write(others, of: nil, to: &output)
    output.noticeFolded(folded.count)
  }

  /// Writes the report of one value of `--by`; its persons are in ascending order.
  private mutating func write(_ persons: [UInt32], of group: UInt32?, to output: inout Output) {
    let buyers = Buyers(persons, in: states, census, currency: currency)
    for person in ordered(persons) {
      view.look(at: person, in: states, census)
      view.scoreEngagement()
      view.scoreHealth()
      drivers.weigh(view)
      driversText.removeAll(keepingCapacity: true)
      drivers.append(view, to: &driversText)
      let bought = buyers.value(of: person)
      output.report("score") { writer in
        writer.field(census.names[Int(person)], of: run.persons)
        run.breakdown.write(group, to: &writer)
        writeScores(to: &writer)
        write(bought, to: &writer)
        writeActivity(to: &writer)
        writeChannels(to: &writer)
        writer.field("drivers", json: driversText)
      }
    }
  }

  /// The persons to write: all by name, or the highest by engagement, ties by name.
  private mutating func ordered(_ persons: [UInt32]) -> [UInt32] {
    guard let top else { return inNameOrder(persons) }
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

  private func writeScores(to writer: inout RecordWriter) {
    writer.field("engagement", view.engagement)
    writer.field("health", Health.Band(view.health).rawValue)
    writer.field("healthScore", view.health)
  }

  private func writeActivity(to writer: inout RecordWriter) {
    if let days = view.features.idleDays {
      writer.field("idleDays", days)
    } else {
      writer.null("idleDays")
    }
    writer.field("activeDays", view.features.activeDays)
    writer.field("interactions", Int(view.overall.interactions))
    writer.field("passiveContacts", Int(view.overall.passiveContacts))
    writer.array("healthOf") { writer in
      for component in view.healthParts { writer.element(component.kind.name) }
    }
  }

  private func write(_ bought: Buyers.Value?, to writer: inout RecordWriter) {
    guard let bought else {
      writer.null("recencyDays")
      writer.field("frequency", 0)
      writer.field("monetary", 0)
      return writeCurrencyAndGroup(nil, to: &writer)
    }
    if bought.frequency > 0 {
      writer.field("recencyDays", view.day - Int(bought.newestDay))
    } else {
      writer.null("recencyDays")
    }
    writer.field("frequency", Int(bought.frequency))
    writer.field("monetary", bought.monetary)
    writeCurrencyAndGroup(bought.rfm, to: &writer)
  }

  private func writeCurrencyAndGroup(_ rfm: RFM?, to writer: inout RecordWriter) {
    if let currencyCode {
      writer.field("currency", text: currencyCode)
    } else {
      writer.null("currency")
    }
    writer.field("rfm", rfm.map { "\($0.recency)\($0.frequency)\($0.monetary)" })
    writer.field("rfmGroup", rfm?.group.rawValue)
  }

  private func writeChannels(to writer: inout RecordWriter) {
    writer.object("engagementByChannel") { writer in
      for channel in 0..<Channel.other {
        guard let engagement = view.engagement(in: channel) else { continue }
        writer.field(Channel.names[channel], engagement)
      }
    }
  }
}

/// What a report needs to know of the options and of the stream.
struct ReportSetting: Sendable {
  /// The number of the currency that is reported.
  let currency: UInt32?
  /// Its code, `nil` where amounts name none.
  let currencyCode: [UInt8]?
  /// How many persons are written, `nil` for all.
  let top: Int?
  /// Whether any interaction of the stream names a channel.
  let hasChannels: Bool
}

extension RecordWriter {
  /// Writes a score with its decimal.
  mutating func field(_ name: String, _ score: Tenths) {
    key(name)
    bytes.append(integer: Int(score.count / 10))
    guard score.count % 10 != 0 else { return }
    bytes.append(ASCII.period)
    bytes.append(ASCII.zero + UInt8(score.count % 10))
  }
}
