/// What an event says about a person.
///
///     Product Viewed   [interaction]              Email Delivered   [passive]
///     Ticket Opened    [interaction, ticketOpened]      Identified  []
public struct EventMeaning: OptionSet, Sendable {
  /// A bit for each thing it says.
  public let rawValue: UInt16

  /// A meaning by its bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The person did something.
  public static let interaction = EventMeaning(rawValue: 1)
  /// The person was reached, and did nothing: a delivery, an impression.
  public static let passive = EventMeaning(rawValue: 2)
  /// The person bought something.
  public static let purchase = EventMeaning(rawValue: 4)
  /// Money went back.
  public static let refund = EventMeaning(rawValue: 8)
  /// A support ticket was opened.
  public static let ticketOpened = EventMeaning(rawValue: 16)
  /// A support ticket was done with.
  public static let ticketClosed = EventMeaning(rawValue: 32)
  /// The person gave a rating of 0 to 10, where the event names no scale.
  public static let ratedOfTen = EventMeaning(rawValue: 64)
  /// The person gave a rating of 1 to 5, where the event names no scale.
  public static let ratedOfFive = EventMeaning(rawValue: 128)
  /// A payment came in.
  public static let paid = EventMeaning(rawValue: 256)
  /// A payment failed, or will not come any more.
  public static let unpaid = EventMeaning(rawValue: 512)

  /// What goes into ``Signals``.
  public static let signals: EventMeaning = [
    .ticketOpened, .ticketClosed, .ratedOfTen, .ratedOfFive, .paid, .unpaid,
  ]
  /// What carries money.
  public static let money: EventMeaning = [.purchase, .refund]
  /// What needs more than the event's name, day and channel.
  public static let detailed: EventMeaning = [signals, money]

  /// The events that are not simply interactions.
  static let table: [(meaning: EventMeaning, names: [String])] = [
    (
      .passive,
      [
        "Email Sent", "Email Received", "Email Deferred", "Email Dropped", "Push Sent",
        "Push Received", "Push Notification Sent", "Push Notification Received", "SMS Sent",
        "SMS Received", "Ad Viewed", "Ad Served", "Promotion Viewed", "Experiment Viewed",
        "Survey Sent", "Survey Shown", "Message Shown",
      ]
    ),
    (
      [],
      [
        "Identified", "Grouped", "Aliased", "Application Updated", "Application Backgrounded",
        "Application Crashed", "Application Uninstalled", "Unsubscribed", "Email Unsubscribed",
        "Email Marked as Spam", "Order Updated", "Order Cancelled", "Ticket Replied",
      ]
    ),
    (.refund, ["Order Refunded"]),
    ([.interaction, .ticketOpened], ["Ticket Opened"]),
    (.ticketClosed, ["Ticket Solved", "Ticket Resolved", "Ticket Closed"]),
    ([.interaction, .ratedOfTen], ["Survey Answered"]),
    ([.interaction, .ratedOfFive], ["Ticket Rated", "Product Reviewed"]),
    (.paid, ["Invoice Paid", "Payment Succeeded", "Subscription Renewed"]),
    (.unpaid, ["Payment Failed", "Invoice Overdue", "Subscription Cancelled"]),
  ]

  /// An event whose name ends in one of these words is a passive contact whatever it is.
  static let passiveLastWords = ["Delivered", "Bounced", "Impression", "Impressions"]
}
