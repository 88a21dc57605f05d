import Events
import Records

/// What each person bought, a row a currency.
///
///     persons   [ first row ] [ 0 ] …             4 bytes a person
///     rows      [ EUR · next ] [ USD · next ] …   48 bytes a buyer and currency
///
/// It depends on the set of events alone.
struct PurchaseBook: Sendable {
  /// The first row of each person, counted from 1; 0 for none.
  private var firsts: [UInt32] = []
  private var rows: [Purchases] = []
  private(set) var currencies = Currencies()

  /// Bytes of the largest array.
  var largestArrayBytes: Int {
    max(firsts.count * 4, rows.count * MemoryLayout<Purchases>.stride)
  }

  /// The number of a currency's code.
  mutating func currency(_ code: [UInt8]) -> UInt32 { currencies.number(code) }

  /// Adds a purchase or a refund.
  mutating func take(_ reading: PurchaseReading, of person: UInt32, on day: Int32) {
    guard reading.isPurchase || reading.sum != nil else { return }
    let currency = reading.sum == nil ? Currencies.none : currencies.number(reading.currency)
    if reading.isPurchase { currencies.count(currency) }
    let row = row(of: person, currency)
    if reading.isPurchase { rows[row].buy(on: day) }
    if let sum = reading.sum { rows[row].add(sum) }
  }

  /// What a person bought in a currency, `nil` for one without a purchase.
  ///
  /// Purchases without an amount count in any currency. Who only got money back has no purchase.
  func purchases(of person: UInt32, in currency: UInt32?) -> Purchases? {
    guard Int(person) < firsts.count else { return nil }
    var bought: Purchases?
    var next = firsts[Int(person)]
    while next != 0 {
      let row = rows[Int(next) - 1]
      next = row.next
      guard row.currency == Currencies.none || row.currency == currency else { continue }
      if bought == nil { bought = row } else { bought?.merge(row) }
    }
    return bought.flatMap { $0.count > 0 ? $0 : nil }
  }

  /// Two persons turned out to be one.
  mutating func link(absorbed: UInt32, into kept: UInt32) {
    guard Int(absorbed) < firsts.count else { return }
    var next = firsts[Int(absorbed)]
    firsts[Int(absorbed)] = 0
    while next != 0 {
      let other = rows[Int(next) - 1]
      next = other.next
      rows[row(of: kept, other.currency)].merge(other)
    }
  }

  /// The place of a person's row of a currency, a new one where there is none.
  private mutating func row(of person: UInt32, _ currency: UInt32) -> Int {
    firsts.extend(to: Int(person) + 1, with: 0)
    var next = firsts[Int(person)]
    while next != 0 {
      let place = Int(next) - 1
      if rows[place].currency == currency { return place }
      next = rows[place].next
    }
    var row = Purchases(currency: currency)
    row.next = firsts[Int(person)]
    rows.append(row)
    firsts[Int(person)] = UInt32(rows.count)
    return rows.count - 1
  }

  /// Writes how many purchases are in each currency.
  func encode(into state: inout StateWriter) { currencies.encode(into: &state) }

  /// Adds the purchases by currency of another run.
  mutating func decode(_ state: inout StateReader) throws(StateError) {
    try currencies.decode(&state)
  }

  /// Reads the key of a currency, and gives its number.
  mutating func readCurrency(_ state: inout StateReader) throws(StateError) -> UInt32 {
    try currencies.number(&state)
  }

  /// Writes what a person bought.
  func encode(_ person: UInt32, into state: inout StateWriter) {
    var priced: [(key: [UInt8], purchases: Purchases)] = []
    var next = Int(person) < firsts.count ? firsts[Int(person)] : 0
    while next != 0 {
      let row = rows[Int(next) - 1]
      priced.append((currencies.key(row.currency), row))
      next = row.next
    }
    priced.sort { $0.key.lexicographicallyPrecedes($1.key) }
    state.write(priced.count)
    for (key, purchases) in priced {
      state.write(name: key)
      purchases.encode(into: &state)
    }
  }

  /// Adds what a person bought in another run.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    for _ in 0..<(try state.count()) {
      let other = try Purchases(try currencies.number(&state), &state)
      rows[row(of: person, other.currency)].merge(other)
    }
  }
}
