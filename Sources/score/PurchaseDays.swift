import Events
import Pipes
import Records

/// On which days each person bought, and for how much; kept only where `--value` asks.
///
///     newest     person → day 40 · EUR → day 12 · EUR → day 12 · USD       counted from 1, 0 ends
///
/// Days of a person stand the newest first, so that events in order cost one look each.
/// Cost: 48 bytes a day with a purchase or a refund and a currency.
struct PurchaseDays: Sendable {
  /// What a person bought on a day in one currency.
  struct Day: Sendable {
    let day: Int32
    let currency: UInt32
    /// False where there was nothing but a refund.
    var hasPurchase: Bool
    /// What came in, less what was paid back.
    var amount: DecimalSum
    fileprivate var next: UInt32 = 0

    init(_ day: Int32, currency: UInt32, hasPurchase: Bool, amount: DecimalSum) {
      (self.day, self.currency) = (day, currency)
      (self.hasPurchase, self.amount) = (hasPurchase, amount)
    }

    /// Adds what else is known of the same day and currency.
    mutating func merge(_ other: Day) {
      hasPurchase = hasPurchase || other.hasPurchase
      amount.merge(other.amount)
    }
  }

  private var newest: [UInt32] = []
  private var days: [Day] = []

  /// Bytes of the largest array.
  var largestArrayBytes: Int { days.count * MemoryLayout<Day>.stride }

  /// Adds to what a person bought on a day.
  mutating func add(_ day: Day, of person: UInt32) {
    let index = Int(person)
    while newest.count <= index { newest.append(0) }
    var (before, row) = (UInt32(0), newest[index])
    while row != 0 {
      let place = Int(row) - 1
      let (other, currency) = (days[place].day, days[place].currency)
      if other == day.day, currency == day.currency { return days[place].merge(day) }
      if (other, currency) < (day.day, day.currency) { break }
      (before, row) = (row, days[place].next)
    }
    days.append(day)
    days[days.count - 1].next = row
    if before == 0 {
      newest[index] = UInt32(days.count)
    } else {
      days[Int(before) - 1].next = UInt32(days.count)
    }
  }

  /// Hands each day of a number to a closure.
  func forEach(of person: UInt32, _ body: (Day) -> Void) {
    guard Int(person) < newest.count else { return }
    var row = newest[Int(person)]
    while row != 0 {
      body(days[Int(row) - 1])
      row = days[Int(row) - 1].next
    }
  }
}

extension PurchaseDays {
  /// Writes the days of a person, given by all its ids: the oldest first, then by the currency's code.
  func encode(_ ids: ArraySlice<UInt32>, _ currencies: Currencies, into state: inout StateWriter) {
    var known: [(key: [UInt8], day: Day)] = []
    for id in ids { forEach(of: id) { known.append((currencies.key($0.currency), $0)) } }
    known.sort {
      $0.day.day != $1.day.day ? $0.day.day < $1.day.day : $0.key.lexicographicallyPrecedes($1.key)
    }
    var merged: [(key: [UInt8], day: Day)] = []
    for (key, day) in known {
      if let last = merged.last, last.day.day == day.day, last.key == key {
        merged[merged.count - 1].day.merge(day)
      } else {
        merged.append((key, day))
      }
    }
    state.write(merged.count)
    for (key, day) in merged {
      state.write(Int(day.day))
      state.write(name: key)
      state.write(day.hasPurchase)
      day.amount.encode(into: &state)
    }
  }

  /// Adds the days of a person that another run wrote.
  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ currencies: inout Currencies
  ) throws(StateError) {
    for _ in 0..<(try state.count()) {
      let day = try state.dayNumber()
      let currency = try currencies.number(&state)
      let hasPurchase = try state.flag()
      add(
        Day(day, currency: currency, hasPurchase: hasPurchase, amount: try DecimalSum(&state)),
        of: person)
    }
  }
}
