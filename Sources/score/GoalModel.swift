/// Who will reach a goal, as `--goal --fit` learned it: what `--model` tells it of persons by.
///
///     {"record":"score.model","version":1,"goal":"event == \"Order Completed\"","horizonDays":14,…,
///      "intercept":-2.1,"chancePercentiles":[0.01,…],"features":[{"name":"recency","weight":-0.4,…},…]}
struct GoalModel: Sendable {
  /// The version of the record that is written and read.
  static let version = 1

  /// What a feature weighs.
  struct Feature: Sendable {
    let name: String
    let isEvent: Bool
    let mean: Double
    /// 0 where the feature was the same in all cases.
    let deviation: Double
    /// What a deviation more adds to the logit.
    let weight: Double
    /// Whether it says nothing of the goal by itself; `nil` where that could not be told.
    var isVanity: Bool?

    /// What a value adds to the logit.
    func addition(of value: Double) -> Double {
      deviation > 0 ? weight * ((value - mean) / deviation) : 0
    }
  }

  /// The goal, as its expression.
  let goal: String
  /// In how many days it is to be reached.
  let horizonDays: Int
  /// The code of the currency that money is counted in; `nil` for amounts that name none.
  let currency: String?
  /// The options that what is known of persons depends on.
  let options: [String]
  /// Whether chance would not do as well; `nil` where that could not be told.
  let predicts: Bool?
  let intercept: Double
  /// The features of activity, then events.
  let features: [Feature]
  /// The chances that 0, 1, … 100 % of the cases learned from do not exceed.
  let percentiles: [Double]

  /// How many percent of the cases learned from have a lower chance, of equal ones half.
  ///
  /// Between two percentiles it goes straight.
  static func percent(of chance: Double, in percentiles: [Double]) -> Double {
    let below = percentiles.count { $0 < chance }
    let upTo = percentiles.count { $0 <= chance }
    if below < upTo { return Double(below + upTo - 1) / 2 }
    guard below > 0 else { return 0 }
    guard below < percentiles.count else { return 100 }
    let (low, high) = (percentiles[below - 1], percentiles[below])
    return Double(below - 1) + (chance - low) / (high - low)
  }

  /// The percentiles of chances, of which there is at least one.
  static func percentiles(of chances: [Double]) -> [Double] {
    let sorted = chances.sorted()
    return (0...100).map { sorted[(sorted.count - 1) * $0 / 100] }
  }
}
