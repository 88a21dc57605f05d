import Records

/// What one person did, in counts: by day, hour, weekday, channel and sort of event.
///
///     days    … 0 1 1 0 0 1      bit i: active i days before the newest day; 64 days
///
/// Only interactions count. It depends on the set of events alone, and two merge exactly.
/// Cost: 112 bytes a person, whatever the person did.
struct Activity: Sendable, BitwiseCopyable {
  /// How many days up to the newest one are told apart.
  static let reachDays = 64

  var firstDay = Int32.max
  var newestDay = Int32.min
  var days: UInt64 = 0
  var interactions: UInt32 = 0
  var orders: UInt32 = 0
  var onWeekends: UInt32 = 0
  /// Interactions by quarter of the day: 0 to 6, 6 to 12, 12 to 18, 18 to 24 o'clock.
  var byQuarter = InlineArray<4, UInt32>(repeating: 0)
  /// Interactions by channel, all others last.
  var byChannel = InlineArray<12, UInt32>(repeating: 0)
  /// Interactions by sort of event, see ``ActivityKind``.
  var byKind = InlineArray<5, UInt32>(repeating: 0)

  /// Whether the person did anything.
  var isActive: Bool { interactions > 0 }

  /// The number of days with an interaction, of the 64 up to the newest one.
  var activeDays: Int { days.nonzeroBitCount }

  /// Adds an interaction.
  mutating func add(
    day: Int32, quarter: Int, isWeekend: Bool, isOrder: Bool, channel: Int, kind: ActivityKind
  ) {
    note(newest: day, days: 1)
    firstDay = min(firstDay, day)
    interactions = Activity.sum(interactions, 1)
    if isOrder { orders = Activity.sum(orders, 1) }
    if isWeekend { onWeekends = Activity.sum(onWeekends, 1) }
    byQuarter[quarter] = Activity.sum(byQuarter[quarter], 1)
    byChannel[channel] = Activity.sum(byChannel[channel], 1)
    let place = Int(kind.rawValue)
    byKind[place] = Activity.sum(byKind[place], 1)
  }

  /// Adds what another row knows.
  mutating func merge(_ other: Activity) {
    guard other.isActive else { return }
    note(newest: other.newestDay, days: other.days)
    firstDay = min(firstDay, other.firstDay)
    interactions = Activity.sum(interactions, other.interactions)
    orders = Activity.sum(orders, other.orders)
    onWeekends = Activity.sum(onWeekends, other.onWeekends)
    for place in 0..<4 { byQuarter[place] = Activity.sum(byQuarter[place], other.byQuarter[place]) }
    for place in 0..<12 {
      byChannel[place] = Activity.sum(byChannel[place], other.byChannel[place])
    }
    for place in 0..<5 { byKind[place] = Activity.sum(byKind[place], other.byKind[place]) }
  }

  private mutating func note(newest day: Int32, days others: UInt64) {
    if day > newestDay {
      // The first day has nothing to shift.
      let shift = newestDay == .min ? 64 : Int(day) - Int(newestDay)
      days = shift < Activity.reachDays ? days << UInt64(shift) : 0
      newestDay = day
    }
    let age = Int(newestDay) - Int(day)
    if age < Activity.reachDays { days |= others << UInt64(age) }
  }

  private static func sum(_ one: UInt32, _ other: UInt32) -> UInt32 {
    let (sum, overflow) = one.addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}

/// Sorts of events that persons are told apart by.
///
/// Few: a sort that is rare with everybody would weigh as much as the others and tell of chance only.
enum ActivityKind: UInt8, CaseIterable, Sendable {
  case browsing
  case products
  case buying
  case email
  case other

  /// What it is called in words.
  var words: String {
    switch self {
    case .browsing: "pages and screens"
    case .products: "looking at products"
    case .buying: "carts and orders"
    case .email: "e-mail"
    case .other: "other events"
    }
  }

  /// The sort of an event by its name, as those of the Segment spec begin.
  init(name: [UInt8]) {
    let text = String(decoding: name, as: UTF8.self)
    self =
      switch text.split(separator: " ").first.map(String.init) ?? "" {
      case "Page", "Screen", "Application": .browsing
      case "Product" where text == "Product Added" || text == "Product Removed": .buying
      case "Product", "Promotion", "Wishlist": .products
      case "Cart", "Coupon", "Checkout", "Payment", "Order": .buying
      case "Email": .email
      default: .other
      }
  }
}
