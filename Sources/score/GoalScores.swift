import Statistics

/// How likely each person reaches the goal of a model, as of the end of a day.
///
///     what a person did and paid → GoalFeatures → Σ weight × deviations → chance
///                                                                       → percent of those learned from
struct GoalScores: Sendable {
  let model: GoalModel
  let evidence: GoalEvidence
  /// The day behind the last one that is looked at.
  let origin: Int
  /// By root; -1 for who had done nothing.
  private var chances: [Double] = []

  /// The chances of all persons of a census.
  init(
    _ model: GoalModel, _ evidence: GoalEvidence, _ census: borrowing Census, asOf day: Int
  ) {
    (self.model, self.evidence, origin) = (model, evidence, day + 1)
    var looking = features
    chances = Array(repeating: -1, count: Int(census.persons.last ?? 0) + 1)
    for person in census.persons
    where looking.look(at: evidence.days(of: person, census), from: origin) {
      chances[Int(person)] = model.chance(of: looking.values)
    }
  }

  /// The features of the model, of nobody yet.
  var features: GoalFeatures {
    let behaviours = evidence.behaviours
    var numbers: [String: UInt32] = [:]
    for number in 0..<UInt32(behaviours.count) {
      guard let (kind, name) = behaviours.meaning(number), kind == .event else { continue }
      numbers[String(decoding: name, as: UTF8.self)] = number
    }
    let events = model.features.filter(\.isEvent).map { numbers[$0.name] }
    return GoalFeatures(behaviours, events: events, windowDays: model.horizonDays)
  }

  /// The chance of a person; `nil` for who had done nothing.
  func chance(of person: UInt32) -> Double? {
    let chance = chances[Int(person)]
    return chance < 0 ? nil : chance
  }

  /// How many percent of those learned from had a lower chance; 0 for who had done nothing.
  func percent(of person: UInt32) -> Double {
    chance(of: person).map { GoalModel.percent(of: $0, in: model.percentiles) } ?? 0
  }
}

extension GoalModel {
  /// The chance of a person with these features to reach the goal.
  func chance(of values: [Double]) -> Double {
    logistic(
      zip(features, values).reduce(intercept) { $0 + $1.0.addition(of: $1.1) })
  }
}
