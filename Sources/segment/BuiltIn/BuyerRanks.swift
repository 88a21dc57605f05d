import Events
import Records
import Statistics

/// Where a buyer stands among the buyers: the fifths of recency, frequency and money.
///
/// Two ways to know it, for two questions:
///
/// - As an event passes (``known(_:)``): among the buyers known by then. Their days, counts and sums
///   are kept as ``RankedCounts``; sums in bins 2 % wide, equal within one.
/// - In a report (``exact(_:)``): among all buyers as of its moment, exactly.
///
/// With cuts of one's own there is no population to know, and both agree.
struct BuyerRanks: Sendable {
  /// What is asked for.
  struct Settings: Sendable {
    var ties = QuintileTies.middle
    /// Whether frequency and money are ranked within the same recency.
    var isNested = false
    /// Days since the newest purchase, four rising numbers: who is within the first one has 5.
    var recencyCuts: [Int] = []
    /// Purchases, four rising numbers: who has fewer than the first one has 1.
    var frequencyCuts: [Int] = []
    /// Amounts, four rising numbers.
    var monetaryCuts: [DecimalSum] = []
    /// Amounts, two rising numbers.
    var valueCuts: [DecimalSum] = []

    /// Whether the ranks of others play a part in the RFM code.
    var ranksCode: Bool { recencyCuts.isEmpty || frequencyCuts.isEmpty || monetaryCuts.isEmpty }
  }

  /// What is ranked of a buyer.
  struct Buyer: Sendable {
    let day: Int32
    let frequency: UInt32
    let monetary: DecimalSum

    /// A buyer by what was bought.
    init(_ purchases: Purchases) {
      day = purchases.newestDay
      frequency = purchases.count
      monetary = purchases.amount
    }
  }

  let settings: Settings
  private var days = RankedCounts()
  private var frequencies = RankedCounts()
  private var amounts = RankedCounts()

  init(_ settings: Settings) { self.settings = settings }

  /// A buyer comes into the population.
  mutating func add(_ buyer: Buyer) {
    days.add(Int(buyer.day))
    frequencies.add(Int(buyer.frequency))
    amounts.add(RankedCounts.bin(of: buyer.monetary.double))
  }

  /// A buyer goes, to come back with other values.
  mutating func remove(_ buyer: Buyer) {
    days.remove(Int(buyer.day))
    frequencies.remove(Int(buyer.frequency))
    amounts.remove(RankedCounts.bin(of: buyer.monetary.double))
  }

  // MARK: As an event passes

  /// The code of a buyer among those known, on a day.
  func known(_ buyer: Buyer, on day: Int32) -> RFM {
    RFM(
      recencyByCuts(buyer, on: day) ?? fifth(Int(buyer.day), in: days),
      frequencyByCuts(buyer) ?? fifth(Int(buyer.frequency), in: frequencies),
      monetaryByCuts(buyer) ?? fifth(RankedCounts.bin(of: buyer.monetary.double), in: amounts))
  }

  /// The tier of a buyer among those known.
  func knownTier(_ buyer: Buyer) -> ValueTier {
    tierByCuts(buyer)
      ?? ValueTier(fifth: fifth(RankedCounts.bin(of: buyer.monetary.double), in: amounts))
  }

  private func fifth(_ value: Int, in ranks: RankedCounts) -> UInt8 {
    let (below, equal) = (ranks.below(value), max(1, ranks.equal(value)))
    // Which of equal ones comes first is known in reports only.
    let ties = settings.ties == .split ? QuintileTies.middle : settings.ties
    return ties.quintile(place: below, below: below, equal: equal, of: max(1, ranks.count))
  }

  /// The day from which on a buyer's recency by cuts is another one.
  func nextRecencyDay(_ buyer: Buyer, after day: Int32) -> Int32? {
    settings.recencyCuts.map { Int(buyer.day) + $0 + 1 }.first { $0 > Int(day) }
      .map { Int32(clamping: $0) }
  }

  // MARK: In a report

  /// The codes of all buyers as of a day; equal ones are split in the order given.
  func exact(_ buyers: [Buyer], on day: Int32) -> [RFM] {
    let ties = settings.ties
    let recency =
      settings.recencyCuts.isEmpty
      ? quintiles(buyers.map(\.day), ties: ties)
      : buyers.map { recencyByCuts($0, on: day) ?? 1 }
    let groups = settings.isNested ? recency.map { Int($0) } : buyers.map { _ in 0 }
    let frequency =
      settings.frequencyCuts.isEmpty
      ? quintiles(buyers.map(\.frequency), within: groups, ties: ties)
      : buyers.map { frequencyByCuts($0) ?? 1 }
    let monetary =
      settings.monetaryCuts.isEmpty
      ? quintiles(buyers.map(\.monetary), within: groups, ties: ties)
      : buyers.map { monetaryByCuts($0) ?? 1 }
    return buyers.indices.map { RFM(recency[$0], frequency[$0], monetary[$0]) }
  }

  /// The tiers of all buyers.
  func exactTiers(_ buyers: [Buyer]) -> [ValueTier] {
    guard settings.valueCuts.isEmpty else { return buyers.map { tierByCuts($0) ?? .low } }
    return quintiles(buyers.map(\.monetary), ties: settings.ties).map(ValueTier.init(fifth:))
  }

  // MARK: By cuts

  private func recencyByCuts(_ buyer: Buyer, on day: Int32) -> UInt8? {
    let idle = Int(day) - Int(buyer.day)
    return settings.recencyCuts.isEmpty
      ? nil : UInt8(1 + settings.recencyCuts.count { idle <= $0 })
  }

  private func frequencyByCuts(_ buyer: Buyer) -> UInt8? {
    settings.frequencyCuts.isEmpty
      ? nil : UInt8(1 + settings.frequencyCuts.count { Int(buyer.frequency) >= $0 })
  }

  private func monetaryByCuts(_ buyer: Buyer) -> UInt8? {
    settings.monetaryCuts.isEmpty
      ? nil : UInt8(1 + settings.monetaryCuts.count { buyer.monetary >= $0 })
  }

  private func tierByCuts(_ buyer: Buyer) -> ValueTier? {
    let tiers: [ValueTier] = [.low, .medium, .high]
    return settings.valueCuts.isEmpty
      ? nil : tiers[settings.valueCuts.count { buyer.monetary >= $0 }]
  }
}
