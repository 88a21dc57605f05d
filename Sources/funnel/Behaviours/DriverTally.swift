import Pipes
import Records
import Statistics

/// What sets those who convert apart: the `funnel.driver` records.
///
///     entry ├──── events, segments, properties ────┤ conversion           who converted
///     entry ├──── events, segments, properties ────────────┤ window       who did not
///
/// Only what came before the outcome counts, for those who did not convert within the same window.
/// Persons who may still go on have no outcome yet, and are left out. Events that are steps are no
/// drivers, but what they carry is. A value of a property is compared with the other values of it:
/// persons who never had the property before them, having stopped earlier, say nothing about it.
///
/// Source: PostHog's correlation analysis, with its guards; odds ratio, intervals and probabilities
/// are those of ``FourfoldTable``, without PostHog's prior of 1.
struct DriverTally: Sendable {
  /// A behaviour is compared when so many persons show it, or this share of all.
  private static let supportMin = 25
  private static let supportShareMin = 0.02
  /// Outcomes are skewed when one is more than so many times as frequent as the other.
  private static let skewMax = 10
  /// Properties that are compared, and values of each: those of the most persons.
  static let propertiesMax = 50
  static let valuesMax = 100

  /// Persons by outcome.
  struct Persons: Sendable {
    var hits = 0
    var misses = 0
    var total: Int { hits + misses }

    mutating func count(_ hasConverted: Bool) {
      if hasConverted { hits += 1 } else { misses += 1 }
    }
  }

  private let log: BehaviourLog
  private let definition: FunnelDefinition
  private let asOf: Moment?
  private var all = Persons()
  /// Who showed each behaviour.
  private var exposed: [Persons]
  /// The property that each behaviour is a value of, -1 for none; their names, and who had each.
  private var properties: [Int] = []
  private var propertyNames: [[UInt8]] = []
  private var known: [Persons] = []
  /// The number of the person who was last counted for each behaviour and property.
  private var lastExposed: [Int]
  private var lastKnown: [Int]

  /// Nobody yet.
  init(_ log: BehaviourLog, _ definition: FunnelDefinition, asOf: Moment?) {
    (self.log, self.definition, self.asOf) = (log, definition, asOf)
    exposed = Array(repeating: Persons(), count: log.count)
    lastExposed = Array(repeating: 0, count: log.count)
    var numbers: [[UInt8]: Int] = [:]
    for index in 0..<log.count {
      guard let behaviour = log.behaviour(index), behaviour.kind == .property else {
        properties.append(-1)
        continue
      }
      let number = numbers[behaviour.name] ?? numbers.count
      if number == numbers.count {
        numbers[behaviour.name] = number
        propertyNames.append(behaviour.name)
      }
      properties.append(number)
    }
    known = Array(repeating: Persons(), count: propertyNames.count)
    lastKnown = Array(repeating: 0, count: propertyNames.count)
  }

  /// Counts a person's behaviours before the outcome.
  mutating func count(_ passage: Passage, _ rows: ArraySlice<BehaviourLog.Row>) {
    let hasConverted = passage.level == definition.steps.count
    let isOpen = asOf.map { passage.isOpen(at: $0.milliseconds) } ?? false
    guard hasConverted || !isOpen else { return }
    all.count(hasConverted)
    let person = all.total
    let last =
      hasConverted
      ? passage.times[passage.level - 1] - 1 : passage.entry + definition.windowMilliseconds
    for row in rows where row.time >= passage.entry && row.time <= last {
      let number = Int(row.number)
      guard lastExposed[number] != person else { continue }
      lastExposed[number] = person
      exposed[number].count(hasConverted)
      let property = properties[number]
      guard property >= 0, lastKnown[property] != person else { continue }
      lastKnown[property] = person
      known[property].count(hasConverted)
    }
  }

  /// Writes the strongest drivers of conversion, then those against it.
  ///
  /// - Parameter limit: how many of each.
  func report(limit: Int, into output: inout Output) {
    guard all.hits > 0, all.misses > 0 else {
      let reason = all.hits > 0 ? "everybody" : "nobody"
      return output.notice(
        "no drivers: \(reason) whose outcome is known converted, so there is nothing to compare")
    }
    var drivers = compared(into: &output)
    let corrected = holmCorrected(drivers.map(\.p))
    for index in drivers.indices { drivers[index].corrected = corrected[index] }
    drivers.sort { $0.precedes($1) }
    let (hits, misses) = (all.hits, all.misses)
    let isSkewed = hits > misses * Self.skewMax || misses > hits * Self.skewMax
    if isSkewed {
      output.notice(
        "the outcomes are skewed, \(hits) converted and \(misses) did not: drivers are uncertain")
    }
    let sides = [drivers.filter { $0.oddsRatio > 1 }, drivers.filter { $0.oddsRatio < 1 }]
    for driver in sides.flatMap({ $0.prefix(limit) }) {
      output.report("funnel.driver") { writer in
        driver.write(tests: drivers.count, isSkewed: isSkewed, to: &writer)
      }
    }
  }

  /// The behaviours of enough persons, each with its table.
  private func compared(into output: inout Output) -> [ConversionDriver] {
    let least = min(Double(Self.supportMin), Self.supportShareMin * Double(all.total))
    var drivers: [ConversionDriver] = []
    for number in exposed.indices where Double(exposed[number].total) >= least {
      guard let behaviour = log.behaviour(number), behaviour.kind != .step else { continue }
      let population = properties[number] >= 0 ? known[properties[number]] : all
      let shown = exposed[number]
      let table = FourfoldTable(
        exposedHits: shown.hits, exposedMisses: shown.misses,
        otherHits: population.hits - shown.hits, otherMisses: population.misses - shown.misses)
      if let driver = ConversionDriver(behaviour, table) { drivers.append(driver) }
    }
    return Self.folded(drivers, propertyNames, known, into: &output)
  }

  /// Leaves properties and values past the limits out, and says so.
  private static func folded(
    _ drivers: [ConversionDriver], _ names: [[UInt8]], _ known: [Persons], into output: inout Output
  ) -> [ConversionDriver] {
    var byName: [[UInt8]: [ConversionDriver]] = [:]
    var kept: [ConversionDriver] = []
    for driver in drivers {
      if driver.behaviour.kind == .property {
        byName[driver.behaviour.name, default: []].append(driver)
      } else {
        kept.append(driver)
      }
    }
    let order = names.indices.filter { byName[names[$0]] != nil }.sorted { left, right in
      known[left].total != known[right].total
        ? known[left].total > known[right].total
        : names[left].lexicographicallyPrecedes(names[right])
    }
    for property in order.prefix(propertiesMax) {
      let values = (byName[names[property]] ?? []).sorted { left, right in
        left.table.exposed != right.table.exposed
          ? left.table.exposed > right.table.exposed
          : left.behaviour.value.lexicographicallyPrecedes(right.behaviour.value)
      }
      kept += values.prefix(valuesMax)
      if values.count > valuesMax {
        let name = String(decoding: names[property], as: UTF8.self)
        output.notice(
          "drivers: of \(name) the \(valuesMax) values of the most persons are compared, and"
            + " \(values.count - valuesMax) are not")
      }
    }
    if order.count > propertiesMax {
      output.notice(
        "drivers: the \(propertiesMax) properties of the most persons are compared, and"
          + " \(order.count - propertiesMax) are not; --drivers-of names those to compare")
    }
    return kept
  }
}
