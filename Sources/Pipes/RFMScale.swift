public import Events
public import Records
public import Statistics

/// How buyers are told apart by recency, frequency and money: by fifths of all, or by cuts of one's own.
///
///     fifths     the 20 % who bought last have 5 for recency, the next 20 % 4, …
///     cuts       7,30,90,180 days: 5 within 7, 4 within 30, … 1 after 180
public struct RFMScale: Sendable {
  /// What is told of a buyer.
  public struct Buyer: Sendable {
    /// The day of the newest purchase.
    public let day: Int32
    /// How many purchases there were.
    public let frequency: UInt32
    /// What was paid, less what was paid back.
    public let monetary: DecimalSum

    /// A buyer by what was bought.
    public init(_ purchases: Purchases) {
      day = purchases.newestDay
      frequency = purchases.count
      monetary = purchases.amount
    }
  }

  /// The fifth of equal values at its edge.
  public var ties = QuintileTies.middle
  /// Whether frequency and money are ranked within the same recency.
  public var isNested = false
  /// Days since the newest purchase, four rising numbers: who is within the first one has 5.
  public var recencyCuts: [Int] = []
  /// Purchases, four rising numbers: who has fewer than the first one has 1.
  public var frequencyCuts: [Int] = []
  /// Amounts, four rising numbers.
  public var monetaryCuts: [DecimalSum] = []

  /// Fifths, each by itself.
  public init() {}

  /// Whether the ranks of others play a part in the code of a buyer.
  public var ranks: Bool { recencyCuts.isEmpty || frequencyCuts.isEmpty || monetaryCuts.isEmpty }

  /// The codes of all buyers as of a day; equal ones are split in the order given.
  public func codes(of buyers: [Buyer], on day: Int32) -> [RFM] {
    let recency =
      recencyCuts.isEmpty
      ? quintiles(buyers.map(\.day), ties: ties)
      : buyers.map { self.recency(of: $0, on: day) ?? 1 }
    let groups = isNested ? recency.map { Int($0) } : buyers.map { _ in 0 }
    let frequency =
      frequencyCuts.isEmpty
      ? quintiles(buyers.map(\.frequency), within: groups, ties: ties)
      : buyers.map { self.frequency(of: $0) ?? 1 }
    let monetary =
      monetaryCuts.isEmpty
      ? quintiles(buyers.map(\.monetary), within: groups, ties: ties)
      : buyers.map { self.monetary(of: $0) ?? 1 }
    return buyers.indices.map { RFM(recency[$0], frequency[$0], monetary[$0]) }
  }

  /// The recency of a buyer on a day by the cuts; `nil` without them.
  public func recency(of buyer: Buyer, on day: Int32) -> UInt8? {
    let idle = Int(day) - Int(buyer.day)
    return recencyCuts.isEmpty ? nil : UInt8(1 + recencyCuts.count { idle <= $0 })
  }

  /// The frequency of a buyer by the cuts; `nil` without them.
  public func frequency(of buyer: Buyer) -> UInt8? {
    frequencyCuts.isEmpty ? nil : UInt8(1 + frequencyCuts.count { Int(buyer.frequency) >= $0 })
  }

  /// The money of a buyer by the cuts; `nil` without them.
  public func monetary(of buyer: Buyer) -> UInt8? {
    monetaryCuts.isEmpty ? nil : UInt8(1 + monetaryCuts.count { buyer.monetary >= $0 })
  }
}
