import Expressions
import Pipes
import Records
import Statistics

extension GoalLearning {
  /// Writes the model: what it was learned from, what it weighs, and what it is worth.
  func write(_ setting: GoalSetting, currency: [UInt8], to writer: inout RecordWriter) {
    writer.field("version", GoalModel.version)
    writer.field("goal", setting.condition?.source)
    writer.field("horizonDays", setting.horizonDays)
    writer.array("options") { writer in
      for option in setting.options { writer.element(option) }
    }
    writer.field("currency", json: currency)
    writer.field("reason", reason)
    writer.array("learnedFrom") { writer in
      for origin in origins.reversed() { writer.element(Self.moment(origin)) }
    }
    writer.field("judgedFrom", Self.moment(evaluation))
    writer.field("sampledShare", share)
    write(training, "learned", to: &writer)
    write(judged, "judged", to: &writer)
    writer.field("predicts", ranked?.interval().map { $0.low > 0.5 })
    writer.field("note", note)
    writer.field("auc", ranked)
    writeQuality(to: &writer)
    writer.field("penalty", GoalSetting.penalty)
    writer.field("iterations", model?.iterations ?? 0)
    writer.field("converged", model?.isConverged ?? false)
    writer.field("separated", model?.isSeparated ?? false)
    writer.field("intercept", model?.intercept)
    writer.field("interceptError", model?.standardErrors?.intercept)
    writer.field("eventsLeftOut", eventsLeftOut)
    writer.array("chancePercentiles") { writer in
      for chance in percentiles { writer.element(number: chance) }
    }
    writer.array("features") { writer in
      for feature in features { writer.element { writer in Self.write(feature, to: &writer) } }
    }
  }

  /// What the judgement comes to, in words.
  private var note: String {
    if let reason { return "no model: \(reason)" }
    guard let ranked else { return "cannot be judged: all or none reached the goal" }
    guard let interval = ranked.interval() else {
      return "cannot be judged: one person alone reached the goal, or did not"
    }
    if interval.low > 0.5 { return "the score predicts the goal" }
    return interval.high < 0.5
      ? "the score is wrong more often than chance: persons have changed"
      : "the score predicts nothing: chance would do as well"
  }

  private func write(_ cases: Cases, _ name: String, to writer: inout RecordWriter) {
    writer.object(name) { writer in
      writer.field("cases", cases.outcomes.count)
      writer.field("goals", cases.goals)
    }
  }

  private static func moment(_ day: Int) -> Moment {
    Moment(milliseconds: Int64(day) * 86_400_000)
  }

  private func writeQuality(to writer: inout RecordWriter) {
    writer.field("brier", quality?.brier)
    writer.field("baseBrier", quality?.baseBrier)
    writer.field("calibrationIntercept", quality?.calibrationIntercept)
    writer.field("calibrationSlope", quality?.calibrationSlope)
    writer.array("liftByDecile") { writer in
      for lift in ranked?.liftByDecile ?? [] { writer.element(number: lift) }
    }
    writer.array("reliability") { writer in
      for bin in quality?.reliability ?? [] {
        writer.element { writer in
          writer.field("chance", bin.meanChance)
          writer.rate("goal", bin.outcome)
        }
      }
    }
  }

  private static func write(_ feature: Feature, to writer: inout RecordWriter) {
    let weighed = feature.weighed
    writer.field("name", weighed.name)
    writer.field("kind", weighed.isEvent ? "event" : "activity")
    writer.field("weight", weighed.deviation > 0 ? weighed.weight : nil)
    if weighed.deviation == 0 { writer.field("weightReason", "the same in all cases") }
    writer.field("standardError", feature.standardError)
    writer.field("mean", weighed.mean)
    writer.field("deviation", weighed.deviation)
    writer.field("auc", feature.ranked)
    writer.field("vanity", weighed.isVanity)
  }
}
