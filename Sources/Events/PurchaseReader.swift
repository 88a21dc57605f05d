public import Records

/// What an event says about money.
public struct PurchaseReading: Sendable {
  /// Whether something was bought: a purchase whose amount is not negative.
  public let isPurchase: Bool
  /// The money that came in, negative for a refund; `nil` where the event names none.
  public let sum: DecimalSum?
  /// The currency as the event writes it.
  public let currency: [UInt8]
}

/// Reads purchases and refunds.
///
///     Order Completed   revenue 25     a purchase, + 25
///     Order Completed   revenue -25    no purchase, − 25
///     Order Refunded    revenue 25     no purchase, − 25; so −25
public struct PurchaseReader: Sendable {
  private let money: MoneyReader
  /// So that no sum of a stream can pass the range of an exact one.
  private static let amountMax: Int128 = 1_000_000_000_000_000_000_000_000

  /// A reader whose key is entered into a selection.
  public init(_ selection: inout Selection) { money = MoneyReader(&selection) }

  /// The money of a purchase or a refund.
  public func reading(
    of event: Event, _ meaning: EventMeaning, _ fields: [Field], in bytes: Span<UInt8>
  ) throws(RecordError) -> PurchaseReading {
    let isRefund = meaning.contains(.refund)
    guard let money = try money.money(fields, at: event.base, in: bytes) else {
      return PurchaseReading(isPurchase: !isRefund, sum: nil, currency: [])
    }
    let isNegative = money.amount.coefficient < 0
    let amount =
      isRefund && !isNegative
      ? DecimalNumber(coefficient: -money.amount.coefficient, exponent: money.amount.exponent)
      : money.amount
    var sum = DecimalSum()
    guard let whole = amount.scaled(by: 0), whole.magnitude <= PurchaseReader.amountMax,
      sum.add(amount)
    else {
      throw RecordError("amount out of range", at: event.start)
    }
    return PurchaseReading(
      isPurchase: !isRefund && !isNegative, sum: sum, currency: money.currency)
  }
}
