import Expressions
import Pipes
import Records

/// What `--backtest` asks: whether health at the start of a day told what came within the horizon.
struct BacktestSetting: Sendable {
  /// What came: churn, or a renewal.
  let outcome: Expression
  /// The first day that health does not know.
  let originDay: Int
  /// For how many days it is watched whether the outcome comes.
  let horizonDays: Int

  /// The setting; `nil` without `--backtest`.
  init?(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    guard let outcome = arguments.value("backtest") else {
      guard !arguments.has("origin") else {
        throw .usage("--origin needs --backtest, which looks from there")
      }
      return nil
    }
    for option in ["goal", "fit", "by", "top", "value"] where arguments.has(option) {
      throw .usage("--backtest judges health and writes no persons: it takes no --\(option)")
    }
    guard let origin = try arguments.time("origin") else {
      throw .usage(
        "--backtest needs --origin: health is taken as of the start of that day, and the outcome"
          + " looked for within --horizon from there")
    }
    guard origin.milliseconds % 86_400_000 == 0 else {
      throw .usage("--origin takes the start of a day in UTC, as 2026-03-01")
    }
    self.outcome = try setup.condition(outcome, of: "--backtest")
    originDay = Int(origin.dayNumber)
    horizonDays = try ValueSetting.horizonDays(arguments) ?? 90
  }

  /// Whether a day is one that the outcome may come on.
  func watches(_ day: Int) -> Bool { day >= originDay && day - originDay < horizonDays }
}

/// To whom the outcome of `--backtest` came.
struct Outcomes: Sendable {
  private var hits: [Bool] = []

  /// Notes that it came to a person.
  mutating func note(_ person: UInt32) {
    while hits.count <= Int(person) { hits.append(false) }
    hits[Int(person)] = true
  }

  /// Whether it came to a number.
  func contains(_ person: UInt32) -> Bool { Int(person) < hits.count && hits[Int(person)] }

  /// Whether it came to the person of each root: by any id, one too that nobody had seen before the
  /// origin.
  func resolved(_ roots: [UInt32]) -> [Bool] {
    var came = [Bool](repeating: false, count: roots.count)
    for number in hits.indices where hits[number] { came[Int(roots[number])] = true }
    return came
  }

  /// Adds what another run knew of a person.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    if try state.flag() { note(person) }
  }
}
