import Events
import Records

/// The state of every person, in arrays indexed by the person's number.
///
///     handles     [ activity │ purchases │ signals ] [ … ] …      12 bytes a number
///                      │           │          │
///     activities  [ web, next ]→[ email ]     │                   a row a channel
///     purchases                [ EUR ]        │                   a row a currency, buyers only
///     signals                           [ tickets, … ]            some persons only
///
/// An event updates the number that it carries; numbers that turn out to be one person are folded
/// when a report is made, so that the order of links does not matter.
/// Cost: 12 bytes a person, 48 a channel, 48 a currency, 64 where there are signals, and 24 under
/// `--by`.
struct PersonStates: Sendable {
  /// Where a person's rows begin, counted from 1; 0 for none.
  private struct Handles: BitwiseCopyable {
    var activity: UInt32 = 0
    var purchases: UInt32 = 0
    var signals: UInt32 = 0
  }

  private var handles: [Handles] = []
  private var activities: [ChannelActivity] = []
  private var purchases: [Purchases] = []
  private var signals: [Signals] = []
  /// The value of `--by` at each number's latest event; empty without `--by`.
  private var groups: [Latest] = []
  private let hasGroups: Bool

  /// Nobody yet.
  init(hasGroups: Bool) { self.hasGroups = hasGroups }

  /// The numbers that may have a state are smaller.
  var count: Int { handles.count }

  /// Makes room for a number.
  @inline(__always)
  mutating func expect(_ person: UInt32) {
    let missing = Int(person) + 1 - handles.count
    guard missing > 0 else { return }
    handles.append(contentsOf: repeatElement(Handles(), count: missing))
    if hasGroups { groups.append(contentsOf: repeatElement(Latest(), count: missing)) }
  }

  /// Changes what a person did in a channel.
  @inline(__always)
  mutating func update(
    _ person: UInt32, channel: Int, _ body: (inout ChannelActivity) -> Void
  ) {
    var row = handles[Int(person)].activity
    while row != 0 {
      let index = Int(row) - 1
      if Int(activities[index].channel) == channel { return body(&activities[index]) }
      row = activities[index].next
    }
    var activity = ChannelActivity(channel: channel)
    body(&activity)
    activity.next = handles[Int(person)].activity
    activities.append(activity)
    handles[Int(person)].activity = UInt32(activities.count)
  }

  /// Changes what a person bought in a currency.
  mutating func update(_ person: UInt32, currency: UInt32, _ body: (inout Purchases) -> Void) {
    var row = handles[Int(person)].purchases
    while row != 0 {
      let index = Int(row) - 1
      if purchases[index].currency == currency { return body(&purchases[index]) }
      row = purchases[index].next
    }
    var bought = Purchases(currency: currency)
    body(&bought)
    bought.next = handles[Int(person)].purchases
    purchases.append(bought)
    handles[Int(person)].purchases = UInt32(purchases.count)
  }

  /// Adds signals to a person's.
  mutating func merge(_ person: UInt32, _ signal: Signals) {
    let row = handles[Int(person)].signals
    if row != 0 { return signals[Int(row) - 1].merge(signal) }
    signals.append(signal)
    handles[Int(person)].signals = UInt32(signals.count)
  }

  /// Takes the value of `--by` at an event.
  mutating func merge(_ person: UInt32, group: Latest) { groups[Int(person)].merge(group) }

  /// Whether a number has a state.
  func isKnown(_ person: Int) -> Bool { handles[person].activity != 0 }

  /// Hands each row of a number's activity to a closure.
  @inline(__always)
  func forEachActivity(of person: UInt32, _ body: (ChannelActivity) -> Void) {
    var row = handles[Int(person)].activity
    while row != 0 {
      body(activities[Int(row) - 1])
      row = activities[Int(row) - 1].next
    }
  }

  /// Hands each row of a number's purchases to a closure.
  @inline(__always)
  func forEachPurchases(of person: UInt32, _ body: (Purchases) -> Void) {
    var row = handles[Int(person)].purchases
    while row != 0 {
      body(purchases[Int(row) - 1])
      row = purchases[Int(row) - 1].next
    }
  }

  /// The signals of a number, `nil` for none.
  func signals(of person: UInt32) -> Signals? {
    let row = handles[Int(person)].signals
    return row == 0 ? nil : signals[Int(row) - 1]
  }

  /// The value of `--by` at a number's latest event.
  func group(of person: UInt32) -> Latest { hasGroups ? groups[Int(person)] : Latest() }
}
