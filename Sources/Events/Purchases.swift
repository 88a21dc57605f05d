public import Records

/// What one person bought in one currency.
///
/// Cost: 48 bytes, only for persons who bought.
public struct Purchases: Sendable {
  /// The exact sum of what was paid, less what was paid back.
  public var amount = DecimalSum()
  /// Purchases; a refund is none.
  public var count: UInt32 = 0
  /// The day of the newest purchase.
  public var newestDay: Int32 = .min
  /// The number of the currency.
  public let currency: UInt32
  /// The person's next row, 0 at the last one.
  public var next: UInt32 = 0

  /// Nothing bought yet.
  public init(currency: UInt32) { self.currency = currency }

  /// Adds a purchase.
  public mutating func buy(on day: Int32) {
    count = count == .max ? .max : count + 1
    newestDay = max(newestDay, day)
  }

  /// Adds money, negative for a refund.
  public mutating func add(_ sum: DecimalSum) { amount.merge(sum) }

  /// Adds what another row knows.
  public mutating func merge(_ other: Purchases) {
    let (sum, overflow) = count.addingReportingOverflow(other.count)
    count = overflow ? .max : sum
    newestDay = max(newestDay, other.newestDay)
    amount.merge(other.amount)
  }
}
