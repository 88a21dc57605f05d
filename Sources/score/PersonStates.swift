import Events
import Records

/// The state of every person, in arrays indexed by the person's number.
///
///     persons     [ web, next │ purchases │ signals ] [ … ] …     56 bytes a number
///                         │         │          │
///     activities          └→[ email ]          │                  a row a further channel
///     purchases                 [ EUR ]        │                  a row a currency, buyers only
///     signals                            [ tickets, … ]           some persons only
///
/// Which channel stands first depends on the order of events, and shows nowhere. An event updates
/// the number that it carries; numbers that turn out to be one person are folded when a report is
/// made, so that the order of links does not matter.
/// Cost: 56 bytes a person with one channel, 48 a further channel, 48 a currency, 64 where there
/// are signals.
struct PersonStates: Sendable {
  /// The first channel, and where the person's other rows begin, counted from 1; 0 for none.
  private struct Person: BitwiseCopyable {
    var activity = ChannelActivity.none
    var purchases: UInt32 = 0
    var signals: UInt32 = 0
  }

  private var persons: [Person] = []
  private var activities: [ChannelActivity] = []
  private var purchases: [Purchases] = []
  private var signals: [Signals] = []

  /// The numbers that may have a state are smaller.
  var count: Int { persons.count }

  /// Bytes of the largest array.
  var largestArrayBytes: Int {
    max(
      persons.count * MemoryLayout<Person>.stride,
      activities.count * MemoryLayout<ChannelActivity>.stride,
      purchases.count * MemoryLayout<Purchases>.stride)
  }

  /// Makes room for a number.
  @inline(__always)
  mutating func expect(_ person: UInt32) {
    // Nearly always there is none or one to add.
    while persons.count <= Int(person) { persons.append(Person()) }
  }

  /// Changes what a person did in a channel.
  @inline(__always)
  mutating func update(
    _ person: UInt32, channel: Int, _ body: (inout ChannelActivity) -> Void
  ) {
    let index = Int(person)
    if Int(persons[index].activity.channel) == channel { return body(&persons[index].activity) }
    guard isKnown(index) else {
      persons[index].activity = ChannelActivity(channel: channel)
      return body(&persons[index].activity)
    }
    var row = persons[index].activity.next
    while row != 0 {
      let place = Int(row) - 1
      if Int(activities[place].channel) == channel { return body(&activities[place]) }
      row = activities[place].next
    }
    var activity = ChannelActivity(channel: channel)
    body(&activity)
    activity.next = persons[index].activity.next
    activities.append(activity)
    persons[index].activity.next = UInt32(activities.count)
  }

  /// Changes what a person bought in a currency.
  mutating func update(_ person: UInt32, currency: UInt32, _ body: (inout Purchases) -> Void) {
    var row = persons[Int(person)].purchases
    while row != 0 {
      let index = Int(row) - 1
      if purchases[index].currency == currency { return body(&purchases[index]) }
      row = purchases[index].next
    }
    var bought = Purchases(currency: currency)
    body(&bought)
    bought.next = persons[Int(person)].purchases
    purchases.append(bought)
    persons[Int(person)].purchases = UInt32(purchases.count)
  }

  /// Adds signals to a person's.
  mutating func merge(_ person: UInt32, _ signal: Signals) {
    let row = persons[Int(person)].signals
    if row != 0 { return signals[Int(row) - 1].merge(signal) }
    signals.append(signal)
    persons[Int(person)].signals = UInt32(signals.count)
  }

  /// Reads the two ends of a number's row and the first row of a further channel, so that the memory
  /// brings them; the answer means nothing.
  @inline(__always)
  func touch(_ person: UInt32) -> UInt64 {
    let index = Int(person)
    guard index < persons.count else { return 0 }
    let touched = UInt64(persons[index].activity.interactions) &+ UInt64(persons[index].signals)
    guard !activities.isEmpty else { return touched }
    // Without a branch on what is on its way. Where there is no further row the first of all is read.
    let row = Int(max(persons[index].activity.next, 1)) - 1
    return touched &+ UInt64(activities[row].channel)
  }

  /// Whether a number has a state.
  func isKnown(_ person: Int) -> Bool {
    persons[person].activity.channel != ChannelActivity.none.channel
  }

  /// Hands each row of a number's activity to a closure.
  @inline(__always)
  func forEachActivity(of person: UInt32, _ body: (ChannelActivity) -> Void) {
    guard isKnown(Int(person)) else { return }
    body(persons[Int(person)].activity)
    var row = persons[Int(person)].activity.next
    while row != 0 {
      body(activities[Int(row) - 1])
      row = activities[Int(row) - 1].next
    }
  }

  /// Whether a number bought anything or got money back.
  func hasPurchases(_ person: UInt32) -> Bool { persons[Int(person)].purchases != 0 }

  /// Hands each row of a number's purchases to a closure.
  @inline(__always)
  func forEachPurchases(of person: UInt32, _ body: (Purchases) -> Void) {
    var row = persons[Int(person)].purchases
    while row != 0 {
      body(purchases[Int(row) - 1])
      row = purchases[Int(row) - 1].next
    }
  }

  /// The signals of a number, `nil` for none.
  func signals(of person: UInt32) -> Signals? {
    let row = persons[Int(person)].signals
    return row == 0 ? nil : signals[Int(row) - 1]
  }
}
