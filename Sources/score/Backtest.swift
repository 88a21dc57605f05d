import Expressions
import Pipes
import Records
import Statistics

/// Whether health told an outcome in advance: churn, or a renewal.
///
///     health of each person at the origin │ did the outcome come within the horizon?
///
/// Who is asked ahead of all by critics of health scores: most users say that theirs does not.
struct Backtest {
  /// Scores and outcomes of those who have a score.
  struct Cases {
    private(set) var scores: [Double] = []
    private(set) var outcomes: [Bool] = []

    /// Adds a person.
    mutating func add(_ score: Double, _ outcome: Bool) {
      scores.append(score)
      outcomes.append(outcome)
    }

    /// How well a higher score goes with the outcome; `nil` where all or none have it.
    var ranked: RankedOutcomes? { RankedOutcomes(scores: scores, outcomes: outcomes) }
  }

  private(set) var overall = Cases()
  /// Of each component, by its name, those who have a value of it.
  private(set) var components: [(name: String, cases: Cases)] = []
  /// How often the outcome came to persons of each band.
  private(set) var bands = Health.Band.allCases.map { (band: $0, rate: Rate()) }
  /// Persons of whom nothing that counts was known.
  private(set) var withoutScore = 0

  /// Adds a person's health.
  mutating func add(
    _ score: Tenths?, _ limits: Health.Bands, _ parts: [(name: String, value: Double)],
    _ outcome: Bool
  ) {
    guard let score else {
      withoutScore += 1
      return
    }
    overall.add(Double(score.count) / 10, outcome)
    let band = Health.Band(score, limits)
    for index in bands.indices where bands[index].band == band { bands[index].rate.update(outcome) }
    for (name, value) in parts {
      if !components.contains(where: { $0.name == name }) { components.append((name, Cases())) }
      for index in components.indices where components[index].name == name {
        components[index].cases.add(value, outcome)
      }
    }
  }

  /// Writes what it came to.
  func write(
    _ setting: BacktestSetting, _ limits: Health.Bands, seenDays: Int,
    to writer: inout RecordWriter
  ) {
    let ranked = overall.ranked
    writer.field("outcome", setting.outcome.source)
    writer.field("origin", Moment(milliseconds: Int64(setting.originDay) * 86_400_000))
    writer.field("horizonDays", setting.horizonDays)
    writer.field("seenDays", seenDays)
    writer.field("persons", overall.outcomes.count)
    writer.field("withoutScore", withoutScore)
    writer.field("outcomes", overall.outcomes.count { $0 })
    writer.field("reason", reason(ranked))
    writer.field("predicts", ranked?.interval().map { !$0.contains(0.5) })
    writer.field("note", note(ranked))
    writer.field("auc", ranked)
    writer.array("bands") { writer in
      for (band, rate) in bands {
        writer.element { writer in
          writer.field("band", band.name.description)
          writer.field("scores", limits.range(band))
          writer.rate("outcome", rate)
        }
      }
    }
    let areas = components.map(\.cases.ranked)
    writer.array("components") { writer in
      for (index, isVanity) in vanities(areas).enumerated() {
        writer.element { writer in
          writer.field("name", components[index].name)
          writer.field("persons", components[index].cases.outcomes.count)
          writer.field("auc", areas[index])
          writer.field("vanity", isVanity)
        }
      }
    }
  }

  /// Why there is no area or no interval of it; `nil` where there is.
  private func reason(_ ranked: RankedOutcomes?) -> String? {
    if overall.outcomes.isEmpty { return "nobody was known before the origin" }
    guard let ranked else {
      return overall.outcomes[0] ? "the outcome came to all" : "the outcome came to nobody"
    }
    return ranked.interval() == nil ? "the outcome came to one alone, or to all but one" : nil
  }

  private func note(_ ranked: RankedOutcomes?) -> String {
    guard let interval = ranked?.interval() else { return "cannot be judged" }
    if interval.high < 0.5 { return "health predicts: the outcome is rarer where it is high" }
    return interval.low > 0.5
      ? "health predicts: the outcome is more frequent where it is high"
      : "health predicts nothing: chance would do as well"
  }
}
