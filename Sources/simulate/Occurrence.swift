/// One event as it happens, before it is written in any format.
struct Occurrence: Sendable {
  /// Which ids the event carries.
  enum Identity: UInt8, Sendable {
    case anonymous
    case both
    case user
  }

  /// What happens.
  let kind: EventKind
  /// When, in milliseconds since 1970.
  var time: Int64
  /// The number of the person, or of the crawler.
  let number: Int
  /// Which ids it carries.
  var identity = Identity.anonymous
  /// 0 for the person's usual device, 1 for the other one.
  var deviceSlot = 0
  /// The model of that device, or of the crawler.
  var device = 0
  /// The person's language.
  var locale = 0
  /// The person's plan, 0 before sign-up.
  var plan = 0
  /// The currency the person pays in.
  var currency = 0
  /// Where the visit comes from.
  var source = 0
  /// The number of the person's planted group, 0 for none.
  var group = 0
  /// The page it happens on.
  var place = 0
  /// The product it is about.
  var product = 0
  /// The value of an order, in hundredths.
  var cents = 0
  /// What shipping costs, in hundredths; `nil` where it is not told.
  var shippingCents: Int?
  /// The score of a survey's answer, 0 to 10.
  var score = 0
  /// Whether it opens a visit, so that it carries the whole context.
  var isLanding = false
  /// Whether it is the person's first event.
  var isFirst = false
  /// Whether it belongs to the person's first journey through the funnel.
  var isFirstJourney = false
  /// Whether a crawler did it.
  var isCrawler = false
}
