/// How many more promoters there are than detractors, out of all who answered.
///
///     let score = NetPromoterScore(promoters: 50, detractors: 20, answers: 100)
///     score.value           // 0.30
///     score.adjustedWald()  // 0.1405 to 0.4420
///
/// Shares, -1 to 1; people say them times 100. Counts are exact, so order never shows.
public struct NetPromoterScore: Equatable, Sendable {
  /// Those who count for it.
  public let promoters: Int
  /// Those who count against it.
  public let detractors: Int
  /// All, those who do neither too.
  public let answers: Int

  /// A score by its counts; `nil` where more count for and against it than there are.
  public init?(promoters: Int, detractors: Int, answers: Int) {
    let (sum, overflow) = promoters.addingReportingOverflow(detractors)
    guard promoters >= 0, detractors >= 0, !overflow, sum <= answers else { return nil }
    (self.promoters, self.detractors, self.answers) = (promoters, detractors, answers)
  }

  /// The score, -1 to 1; `nil` without answers.
  public var value: Double? {
    answers == 0 ? nil : Double(promoters - detractors) / Double(answers)
  }

  /// Whether there are too few promoters, passives or detractors together to measure anything: fewer than 5
  /// are, or are not, on the side that has more.
  public var isSmall: Bool {
    let larger = max(promoters, detractors)
    return larger < Rate.smallUnder || answers - larger < Rate.smallUnder
  }

  /// The interval that holds the true score with `confidence`; `nil` without answers.
  ///
  /// The best of those known for small samples: three answers more, three quarters of each kind that
  /// counts and one and a half passive, then the interval of a trinomial's difference.
  ///
  /// Source: B. Rocks, Interval estimation for the "Net Promoter Score", The American Statistician
  /// 70 (2016), 365-372, the adjusted Wald interval.
  public func adjustedWald(confidence: Double = Interval.usualConfidence) -> Interval? {
    guard let value else { return nil }
    let spread = NormalDistribution.criticalValue(confidence: confidence) * adjustedError
    let low = max(-1, adjustedValue - spread)
    let high = min(1, adjustedValue + spread)
    return Interval(low: min(low, value), high: max(high, value))
  }

  /// The score with three answers more.
  private var adjustedValue: Double { Double(promoters - detractors) / (Double(answers) + 3) }

  /// The standard error with three answers more.
  private var adjustedError: Double {
    let cases = Double(answers) + 3
    let share = (Double(promoters) + Double(detractors) + 1.5) / cases
    return ((share - adjustedValue * adjustedValue) / cases).squareRoot()
  }

  /// The interval that holds the true difference to `baseline`, whose answers are of others; `nil`
  /// where either has none.
  public func difference(
    against baseline: NetPromoterScore, confidence: Double = Interval.usualConfidence
  ) -> Interval? {
    guard let value, let reference = baseline.value else { return nil }
    let (own, other) = (adjustedError, baseline.adjustedError)
    let middle = adjustedValue - baseline.adjustedValue
    let spread =
      NormalDistribution.criticalValue(confidence: confidence)
      * (own * own + other * other).squareRoot()
    let difference = value - reference
    return Interval(
      low: min(difference, max(-2, middle - spread)),
      high: max(difference, min(2, middle + spread)))
  }
}
