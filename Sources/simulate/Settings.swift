import Pipes
import Records

/// What the command line asks for.
struct Settings: Sendable {
  /// The world to simulate.
  private(set) var scenario = Scenario()
  /// What is written.
  private(set) var format = Simulate.Format.events
  /// Whether every event carries the whole context.
  private(set) var isFull = false
  /// Whether the truth is written in place of the events.
  private(set) var printsTruth = false
  /// The currencies that persons pay in, evenly.
  private(set) var currencies = ["EUR"]

  /// Reads and checks the options.
  init(_ arguments: Arguments) throws(Failure) {
    if let operand = arguments.operands.first {
      throw .usage("simulate reads nothing: what should it do with '\(operand)'?")
    }
    format = arguments.value("format").flatMap { Simulate.Format(rawValue: $0) } ?? .events
    isFull = arguments.value("context") == "full"
    printsTruth = arguments.has("print-truth")
    if let text = arguments.value("currencies") {
      currencies = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard currencies.allSatisfy(Settings.isCurrency) else {
        throw .usage("--currencies takes codes like EUR,USD, not '\(text)'")
      }
    }
    try readBehaviour(arguments)
    try readNoise(arguments)
    try readSize(arguments)
  }

  private static func isCurrency(_ code: String) -> Bool {
    code.utf8.count == 3
      && code.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
  }

  /// Reads how persons behave.
  private mutating func readBehaviour(_ arguments: Arguments) throws(Failure) {
    scenario.plantsGroups = arguments.has("groups")
    try read("enter", of: arguments, into: &scenario.enters)
    try read("sign-up", of: arguments, into: &scenario.signsUp)
    if let numbers = try Settings.numbers("step-rates", 4, 0...100, of: arguments) {
      for step in 0..<4 { scenario.stepRates[step] = numbers[step] / 100 }
    }
    if let numbers = try Settings.numbers("shipping-odds", 1, 0.001...1000, of: arguments) {
      scenario.shippingCause = ShippingCause(oddsRatio: numbers[0])
    }
    if let text = arguments.value("step-delays") {
      let delays = text.split(separator: ",").compactMap { parseDuration(String($0)) }
      guard delays.count == 4, delays.allSatisfy({ $0 > 0 && $0 <= 31_536_000_000 }) else {
        throw .usage("--step-delays takes four durations like 4m,10m,2m,1m, not '\(text)'")
      }
      for step in 0..<4 { scenario.stepDelays[step] = Double(delays[step]) }
    }
    if let numbers = try Settings.numbers("activity", 1, 0.5...100, of: arguments) {
      scenario.activityShape = numbers[0]
    }
    if let numbers = try Settings.numbers("repeat", 4, 0.05...10_000, of: arguments) {
      scenario.purchase.r = numbers[0]
      scenario.purchase.alphaDays = numbers[1]
      scenario.purchase.a = numbers[2]
      scenario.purchase.b = numbers[3]
    }
    if let numbers = try Settings.numbers("spend", 3, 0.05...100_000, of: arguments) {
      scenario.purchase.p = numbers[0]
      scenario.purchase.q = numbers[1]
      scenario.purchase.gamma = numbers[2]
    }
  }

  /// Reads what makes the data dirty.
  private mutating func readNoise(_ arguments: Arguments) throws(Failure) {
    try read("bots", of: arguments, into: &scenario.noise.bots)
    try read("duplicates", of: arguments, into: &scenario.noise.duplicates)
    try read("late", of: arguments, into: &scenario.noise.late, percentMax: 50)
    try read("broken", of: arguments, into: &scenario.noise.broken)
    try read("ties", of: arguments, into: &scenario.noise.ties)
    if let lateBy = try arguments.duration("late-by") {
      guard lateBy > 0, lateBy <= 31_536_000_000 else {
        throw .usage("--late-by takes a duration of at most a year")
      }
      scenario.noise.lateBy = lateBy
    }
  }

  /// Reads how much there is, and when.
  private mutating func readSize(_ arguments: Arguments) throws(Failure) {
    if let seed = try arguments.count("seed", in: 0...Int.max) { scenario.seed = UInt64(seed) }
    if let start = try arguments.time("start") { scenario.start = start.milliseconds }
    if let days = try arguments.count("days", in: 1...36_500) { scenario.days = days }
    scenario.events = try arguments.count("events", in: 1...1_000_000_000_000)
    let persons = try arguments.count("persons", in: 1...20_000_000)
    if let visits = try Settings.numbers("visits", 1, 1.05...100_000, of: arguments) {
      guard scenario.events == nil else {
        throw .usage("--visits follows from --events: give only one of them")
      }
      scenario.visits = visits[0]
    }
    scenario.persons =
      persons ?? scenario.events.map { min(max($0 / 20 * 3, 1), 20_000_000) } ?? scenario.persons
    if let events = scenario.events {
      let wanted = Double(events) * (1 - scenario.noise.bots) / Double(scenario.persons)
      scenario.visits = Population.visits(forEventsPerPerson: wanted, in: scenario)
    }
  }

  /// Reads a percentage.
  private func read(
    _ name: String, of arguments: Arguments, into share: inout Double, percentMax: Double = 100
  ) throws(Failure) {
    if let numbers = try Settings.numbers(name, 1, 0...percentMax, of: arguments) {
      share = numbers[0] / 100
    }
  }

  /// Reads so many numbers from a range, with commas between them.
  private static func numbers(
    _ name: String, _ count: Int, _ range: ClosedRange<Double>, of arguments: Arguments
  ) throws(Failure) -> [Double]? {
    guard let text = arguments.value(name) else { return nil }
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap {
      Double($0.hasSuffix("%") ? $0.dropLast() : $0)
    }
    guard numbers.count == count, numbers.allSatisfy({ range.contains($0) }) else {
      let what = count == 1 ? "a number" : "\(count) numbers with commas between them, each"
      throw .usage(
        "--\(name) takes \(what) from \(plain(range.lowerBound)) to \(plain(range.upperBound)),"
          + " not '\(text)'")
    }
    return numbers
  }

  private static func plain(_ number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
  }
}
