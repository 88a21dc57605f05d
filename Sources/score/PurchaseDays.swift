import Events
import Pipes
import Records

/// On which days each person bought, and for how much; kept only where `--value` asks.
///
/// Cost: 48 bytes a day with a purchase or a refund and a currency.
typealias PurchaseDays = DayLists<PurchaseDay>

/// What a person bought on a day in one currency.
struct PurchaseDay: DayRow {
  let day: Int32
  /// The number of the currency.
  let kind: UInt32
  /// False where there was nothing but a refund.
  var hasPurchase: Bool
  /// What came in, less what was paid back.
  var amount: DecimalSum
  var next: UInt32 = 0

  /// A day's purchase or refund.
  init(_ day: Int32, currency: UInt32, hasPurchase: Bool, amount: DecimalSum) {
    (self.day, kind) = (day, currency)
    (self.hasPurchase, self.amount) = (hasPurchase, amount)
  }

  mutating func merge(_ other: PurchaseDay) {
    hasPurchase = hasPurchase || other.hasPurchase
    amount.merge(other.amount)
  }
}

extension DayLists<PurchaseDay> {
  /// Writes the days of a person, given by all its ids.
  func encode(_ ids: ArraySlice<UInt32>, _ currencies: Currencies, into state: inout StateWriter) {
    let merged = merged(ids) { currencies.key($0) }
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
        PurchaseDay(
          day, currency: currency, hasPurchase: hasPurchase, amount: try DecimalSum(&state)),
        of: person)
    }
  }
}
