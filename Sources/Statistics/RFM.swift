/// Recency, frequency and monetary quintile of a buyer: `545`.
public struct RFM: Equatable, Sendable, BitwiseCopyable {
  /// 5 for those who bought most recently.
  public let recency: UInt8
  /// 5 for those who bought most often.
  public let frequency: UInt8
  /// 5 for those who paid most.
  public let monetary: UInt8

  /// A code by its digits, each 1 to 5.
  public init(_ recency: UInt8, _ frequency: UInt8, _ monetary: UInt8) {
    self.recency = recency
    self.frequency = frequency
    self.monetary = monetary
  }

  /// The groups that the 125 codes are told by.
  ///
  ///     F + M     2 – 3        4 – 6                7 – 8      9 – 10
  ///     R = 5     New          Potential loyalist   Loyal      Champions
  ///     R = 4     New          Potential loyalist   Loyal      Loyal
  ///     R = 3     About to sleep                    Need attention
  ///     R ≤ 2     Hibernating                       At risk
  ///
  /// Each code has exactly one. Source: the codes that published tables agree on: Champions 555 554
  /// 545, Loyal 453 543 444, At risk 155 154 144, Hibernating 111 112; all others are ours.
  public enum Group: CaseIterable, Sendable {
    /// The best in all three.
    case champions
    /// Recent, and good in frequency or money.
    case loyal
    /// Recent, and on the way.
    case potentialLoyalist
    /// Recent, and hardly anything else yet.
    case new
    /// Good ones who were last seen a while ago.
    case needAttention
    /// Small ones who were last seen a while ago.
    case aboutToSleep
    /// Good ones who have long not come.
    case atRisk
    /// Small ones who have long not come.
    case hibernating

    /// The name in records.
    public var name: StaticString {
      switch self {
      case .champions: "Champions"
      case .loyal: "Loyal"
      case .potentialLoyalist: "Potential loyalist"
      case .new: "New"
      case .needAttention: "Need attention"
      case .aboutToSleep: "About to sleep"
      case .atRisk: "At risk"
      case .hibernating: "Hibernating"
      }
    }
  }

  /// The named group of the code.
  public var group: Group {
    let worth = frequency + monetary
    switch (recency, worth) {
    case (5, 9...): return .champions
    case (4..., 7...): return .loyal
    case (4..., 4...): return .potentialLoyalist
    case (4..., _): return .new
    case (3, 7...): return .needAttention
    case (3, _): return .aboutToSleep
    case (_, 7...): return .atRisk
    default: return .hibernating
    }
  }
}
