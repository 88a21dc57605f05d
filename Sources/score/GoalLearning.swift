import Events
import Pipes
import Records
import Statistics

/// Who will reach the goal: learned from earlier times, judged at a later one.
///
///     |── window ──┬── horizon ──┬── horizon ──┬── horizon ──|
///                  learn         learn         judge         now
///                  features ← │ → did the goal come?
///
/// The times of learning and that of judging are horizons apart, so that what is judged by lies behind
/// all that was learned from, and no day of a person is in both. Persons stand in the order of their
/// names: the order of events decides nothing.
struct GoalLearning: Sendable {
  /// A feature, what it weighs, and how well it tells by itself.
  struct Feature: Sendable {
    fileprivate(set) var weighed: GoalModel.Feature
    let standardError: Double?
    /// How well the feature alone puts those who will reach the goal before others.
    let ranked: RankedOutcomes?
  }

  /// Cases: a person at a time.
  struct Cases: Sendable {
    fileprivate(set) var features: [[Double]] = []
    fileprivate(set) var outcomes: [Bool] = []

    /// How many of them reached the goal.
    var goals: Int { outcomes.count { $0 } }
  }

  /// From which days on it was learned, the latest first.
  private(set) var origins: [Int] = []
  /// From which day on it was judged.
  let evaluation: Int
  private(set) var training = Cases()
  private(set) var judged = Cases()
  private(set) var features: [Feature] = []
  private(set) var model: LogisticRegression?
  private(set) var ranked: RankedOutcomes?
  private(set) var quality: ForecastQuality?
  /// The share of persons whose cases were taken.
  private(set) var share = 1.0
  /// The chances that 0, 1, … 100 % of the cases learned from do not exceed.
  private(set) var percentiles: [Double] = []
  /// How many events are no features of their own.
  private(set) var eventsLeftOut = 0
  /// Why there is no model; `nil` where there is one.
  private(set) var reason: String?

  /// Learns from all persons of a run.
  init(
    _ run: Run, _ census: borrowing Census, _ evidence: GoalEvidence, _ setting: GoalSetting
  ) {
    let horizon = setting.horizonDays
    let end = Int(run.asOf?.dayNumber ?? 0) + 1
    evaluation = end - horizon
    let start = Int(run.from?.dayNumber ?? 0)
    var origin = evaluation - horizon
    while origin > start, origins.count < GoalSetting.originsMax {
      origins.append(origin)
      origin -= horizon
    }
    guard run.from != nil, !origins.isEmpty else {
      let days = run.from == nil ? 0 : end - start
      reason =
        "events of \(days == 1 ? "1 day" : "\(days) days") are too few: they must go back more than"
        + " two horizons"
      return
    }
    let names = census.persons.map { census.names[Int($0)] }
    let persons = run.persons.inNameOrder(names)
    let events = mostCommon(persons, run, census, evidence.behaviours, setting)
    var looking = GoalFeatures(evidence.behaviours, events: events, windowDays: horizon)
    let goal = (0..<UInt32(evidence.behaviours.count)).first {
      evidence.behaviours.meaning($0)?.kind == .goal
    }
    let cases = persons.count * origins.count
    share = min(1, Double(GoalSetting.casesMax) / Double(max(1, cases)))
    for name in persons where isTaken(run.persons.name(name)) {
      let days = evidence.days(of: run.persons.root(name), census)
      for origin in origins {
        Self.add(days, from: origin, &looking, goal, setting, to: &training)
      }
      Self.add(days, from: evaluation, &looking, goal, setting, to: &judged)
    }
    learn(
      GoalFeatures.Activity.allCases.map(\.name),
      events.map {
        String(decoding: evidence.behaviours.meaning($0)?.name ?? [], as: UTF8.self)
      })
  }

  /// Whether a person is among those whose cases are taken, by a hash of the name.
  private func isTaken(_ name: [UInt8]) -> Bool {
    guard share < 1 else { return true }
    let padded = name + [UInt8](repeating: 0, count: 8)
    let hash = byteHash(padded.span, from: 0, to: name.count, seed: fingerprintSeed)
    return Double(hash >> 11) * 0x1p-53 < share
  }

  /// Purchases, and the other events that most persons had before the judgement, ties by name.
  private mutating func mostCommon(
    _ persons: [UInt32], _ run: Run, _ census: borrowing Census, _ behaviours: Behaviours,
    _ setting: GoalSetting
  ) -> [UInt32] {
    var counts = [Int](repeating: 0, count: behaviours.count)
    var latest = [Int](repeating: -1, count: behaviours.count)
    for (place, name) in persons.enumerated() {
      census.forEachNumber(of: run.persons.root(name)) { number in
        behaviours.days.forEach(of: number) { day in
          guard Int(day.day) < evaluation, latest[Int(day.kind)] != place else { return }
          latest[Int(day.kind)] = place
          counts[Int(day.kind)] += 1
        }
      }
    }
    var events: [(name: [UInt8], number: UInt32, persons: Int)] = []
    for (number, persons) in counts.enumerated() where persons > 0 {
      let number = UInt32(number)
      guard let (kind, name) = behaviours.meaning(number), kind == .event else { continue }
      events.append((name, number, persons))
    }
    events.sort {
      $0.persons != $1.persons
        ? $0.persons > $1.persons : $0.name.lexicographicallyPrecedes($1.name)
    }
    let purchases = events.filter { setting.purchaseNames.contains($0.name) }
    let others = events.filter { !setting.purchaseNames.contains($0.name) }
    eventsLeftOut = max(0, others.count - GoalSetting.behavioursMax)
    return (purchases + others.prefix(GoalSetting.behavioursMax)).map(\.number)
  }

  /// Adds a person at a time, if there was anything to know of it.
  private static func add(
    _ days: GoalEvidence.Days, from origin: Int, _ looking: inout GoalFeatures, _ goal: UInt32?,
    _ setting: GoalSetting, to cases: inout Cases
  ) {
    guard looking.look(at: days, from: origin) else { return }
    cases.features.append(looking.values)
    let period = origin..<origin + setting.horizonDays
    cases.outcomes.append(
      days.behaviours.contains { $0.kind == goal && period.contains(Int($0.day)) })
  }

  /// Finds the weights, and judges them.
  private mutating func learn(_ activities: [String], _ events: [String]) {
    let scale = Standardization(training.features)
    let flat = training.features.flatMap { scale.apply($0) }
    guard
      let model = LogisticRegression(
        flat, outcomes: training.outcomes, penalty: GoalSetting.penalty)
    else {
      reason =
        training.goals == 0
        ? "nobody reached the goal in the time to learn from"
        : "everybody reached the goal in the time to learn from"
      return
    }
    self.model = model
    let forecasts = judged.features.map { model.probability(of: scale.apply($0)[...]) }
    ranked = RankedOutcomes(scores: forecasts, outcomes: judged.outcomes)
    quality = ForecastQuality(chances: forecasts, outcomes: judged.outcomes)
    percentiles = GoalModel.percentiles(
      of: training.features.map { model.probability(of: scale.apply($0)[...]) })
    for (index, name) in (activities + events).enumerated() {
      let isConstant = scale.deviations[index] == 0
      features.append(
        Feature(
          weighed: GoalModel.Feature(
            name: name, isEvent: index >= activities.count, mean: scale.means[index],
            deviation: scale.deviations[index], weight: model.weights[index]),
          standardError: isConstant ? nil : model.standardErrors?.weights[index],
          ranked: isConstant
            ? nil
            : RankedOutcomes(
              scores: judged.features.map { $0[index] }, outcomes: judged.outcomes)))
    }
    for (index, isVanity) in vanities(features.map(\.ranked)).enumerated() {
      features[index].weighed.isVanity = isVanity
    }
  }
}
