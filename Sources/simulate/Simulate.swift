import Pipes

/// Data with known truth: the events of a seeded population of customers.
///
///     population ─ next person ┐
///     crawlers ────────────────┴ event ─ writer ─ delivery (late, twice, broken) ─ output
///
/// Events are made in the order of their times, so that memory is that of the persons.
struct Simulate: Generator {
  /// What is written.
  enum Format: String, CaseIterable {
    case events
    case reordered
    case segment
    case combined
  }

  private let scenario: Scenario
  private let format: Format
  private let printsTruth: Bool
  private var population: Population
  private var crawlers: Crawlers
  private var ties: RandomStream
  private var records: EventWriter
  private var log: AccessLogWriter
  private var delivery: Delivery
  private var truth: Truth
  /// The number of events so far.
  private var sequence = 0
  /// The time of the last event.
  private var lastTime: Int64

  /// So many bytes are made at a time.
  private static let blockBytes = 256 << 10

  init(_ arguments: Arguments) throws(Failure) {
    let settings = try Settings(arguments)
    scenario = settings.scenario
    format = settings.format
    printsTruth = settings.printsTruth
    population = Population(
      scenario, events: scenario.events ?? Int(Double(scenario.persons) * scenario.visits * 3))
    crawlers = Crawlers(scenario)
    ties = RandomStream(seed: scenario.seed, .ties)
    records = EventWriter(
      seed: scenario.seed, currencies: settings.currencies, isFull: settings.isFull)
    log = AccessLogWriter(seed: scenario.seed)
    delivery = Delivery(scenario, isLog: format == .combined)
    truth = Truth(currencies: settings.currencies)
    lastTime = scenario.start
  }

  mutating func generate(into output: inout Output) -> Bool {
    output.bytes.reserveCapacity(Simulate.blockBytes + Simulate.blockBytes / 4)
    while output.bytes.count < Simulate.blockBytes {
      guard let event = next() else {
        delivery.finish(into: &output.bytes)
        if printsTruth {
          output.bytes.removeAll()
          truth.report(scenario, delivery, into: &output)
        }
        return false
      }
      let start = output.bytes.count
      write(event, into: &output.bytes)
      delivery.deliver(lineFrom: start, at: event.time, in: &output.bytes)
    }
    if printsTruth { output.bytes.removeAll(keepingCapacity: true) }
    return true
  }

  /// The next event, or `nil` at the end.
  private mutating func next() -> Occurrence? {
    if let events = scenario.events, sequence >= events { return nil }
    let time = population.nextTime()
    if scenario.events == nil, time >= scenario.end { return nil }
    var event = crawlers.next(from: lastTime, to: time) ?? population.next(in: scenario)
    if scenario.noise.ties > 0, ties.happens(scenario.noise.ties), sequence > 0 {
      event.time = lastTime
    }
    lastTime = event.time
    sequence += 1
    truth.count(event)
    return event
  }

  private mutating func write(_ event: Occurrence, into bytes: inout [UInt8]) {
    switch format {
    case .events: records.appendCanonical(event, sequence, to: &bytes)
    case .reordered: records.appendReordered(event, sequence, to: &bytes)
    case .segment: records.appendSegment(event, sequence, to: &bytes)
    case .combined: log.append(event, to: &bytes)
    }
  }
}
