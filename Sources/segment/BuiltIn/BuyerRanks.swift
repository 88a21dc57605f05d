import Events
import Pipes
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
    var scale = RFMScale()
    /// Amounts, two rising numbers.
    var valueCuts: [DecimalSum] = []

    /// Whether the ranks of others play a part in the RFM code.
    var ranksCode: Bool { scale.ranks }
  }

  /// What is ranked of a buyer.
  typealias Buyer = RFMScale.Buyer

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
      settings.scale.recency(of: buyer, on: day) ?? fifth(Int(buyer.day), in: days),
      settings.scale.frequency(of: buyer) ?? fifth(Int(buyer.frequency), in: frequencies),
      settings.scale.monetary(of: buyer)
        ?? fifth(RankedCounts.bin(of: buyer.monetary.double), in: amounts))
  }

  /// The tier of a buyer among those known.
  func knownTier(_ buyer: Buyer) -> ValueTier {
    tierByCuts(buyer)
      ?? ValueTier(fifth: fifth(RankedCounts.bin(of: buyer.monetary.double), in: amounts))
  }

  private func fifth(_ value: Int, in ranks: RankedCounts) -> UInt8 {
    let (below, equal) = (ranks.below(value), max(1, ranks.equal(value)))
    // Which of equal ones comes first is known in reports only.
    let ties = settings.scale.ties == .split ? QuintileTies.middle : settings.scale.ties
    return ties.quintile(place: below, below: below, equal: equal, of: max(1, ranks.count))
  }

  /// The day from which on a buyer's recency by cuts is another one.
  func nextRecencyDay(_ buyer: Buyer, after day: Int32) -> Int32? {
    settings.scale.recencyCuts.map { Int(buyer.day) + $0 + 1 }.first { $0 > Int(day) }
      .map { Int32(clamping: $0) }
  }

  // MARK: In a report

  /// The codes of all buyers as of a day; equal ones are split in the order given.
  func exact(_ buyers: [Buyer], on day: Int32) -> [RFM] {
    settings.scale.codes(of: buyers, on: day)
  }

  /// The tiers of all buyers.
  func exactTiers(_ buyers: [Buyer]) -> [ValueTier] {
    guard settings.valueCuts.isEmpty else { return buyers.map { tierByCuts($0) ?? .low } }
    return quintiles(buyers.map(\.monetary), ties: settings.scale.ties).map(ValueTier.init(fifth:))
  }

  private func tierByCuts(_ buyer: Buyer) -> ValueTier? {
    let tiers: [ValueTier] = [.low, .medium, .high]
    return settings.valueCuts.isEmpty
      ? nil : tiers[settings.valueCuts.count { buyer.monetary >= $0 }]
  }
}
