import Pipes
import Records
import Statistics

/// What is counted of events by period and value of `--by`: sums, which need no persons.
///
///     (2026-01, web)  → row 0     counters  12  3  …    values  Σ 48.50 …    EUR  Σ 910.20 of 31
///     (2026-01, mail) → row 1     counters   4  0  …
///
/// All are exact and none depends on order, so that parts of the input add up.
struct PeriodTally: Sendable {
  /// A value of events, added up.
  struct Values: Sendable {
    var sum = DecimalSum()
    var moments = Moments()
    /// The numbers themselves, where quantiles are asked for.
    var list = ExactQuantiles()

    /// Adds what is known of the same value.
    mutating func merge(_ other: Values) {
      sum.merge(other.sum)
      moments.merge(other.moments)
      list.merge(other.list)
    }
  }

  /// Purchases in a currency.
  struct Purchases: Sendable {
    /// The amounts, less what was paid back.
    var net = DecimalSum()
    /// The amounts of purchases alone.
    var sum = DecimalSum()
    /// The same, for their spread.
    var amounts = Moments()

    /// Adds what is known of the same purchases.
    mutating func merge(_ other: Purchases) {
      net.merge(other.net)
      sum.merge(other.sum)
      amounts.merge(other.amounts)
    }
  }

  let counterCount: Int
  let valueCount: Int
  /// A row for each period and value of `--by`.
  private(set) var rows = PairTable()
  /// Events of which anything was counted, by row.
  private(set) var sizes: [Int] = []
  private(set) var counters: [Int] = []
  private(set) var values: [Values] = []
  /// A row for each row and currency.
  private(set) var moneyRows = PairTable()
  private(set) var purchases: [Purchases] = []

  /// Nothing counted.
  init(counterCount: Int, valueCount: Int) {
    (self.counterCount, self.valueCount) = (counterCount, valueCount)
  }

  /// Bytes of the largest array.
  var largestArrayBytes: Int {
    max(counters.count * 8, values.count * MemoryLayout<Values>.stride)
  }

  /// The row of a period and a value of `--by`.
  @inline(__always)
  mutating func row(_ period: Int32, _ group: UInt32) -> Int {
    let row = rows.number(period, group)
    if row == sizes.count { addRow() }
    return row
  }

  @inline(never)
  private mutating func addRow() {
    sizes.append(0)
    counters.append(contentsOf: repeatElement(0, count: counterCount))
    values.append(contentsOf: repeatElement(Values(), count: valueCount))
  }

  /// Notes that an event counts in a row.
  mutating func addEvent(to row: Int, count: Int = 1) { sizes[row] = sizes[row] &+ count }

  /// Raises a counter of a row.
  mutating func raise(_ counter: Int, of row: Int, by count: Int = 1) {
    let index = row * counterCount + counter
    counters[index] = counters[index] &+ count
  }

  /// So that no sum of a stream can pass the range of an exact one.
  private static let valueMax: Int128 = 1_000_000_000_000_000_000_000_000

  /// Adds a value of an event; `false` where it is too large or too fine for an exact sum.
  mutating func add(_ number: DecimalNumber, to value: Int, of row: Int, isListed: Bool) -> Bool {
    let index = row * valueCount + value
    guard let whole = number.scaled(by: 0), whole.magnitude <= Self.valueMax.magnitude,
      values[index].sum.add(number)
    else { return false }
    values[index].moments.update(number.double)
    if isListed { values[index].list.update(number.double) }
    return true
  }

  /// Adds money of a purchase or a refund.
  mutating func add(_ sum: DecimalSum, isPurchase: Bool, in currency: UInt32, of row: Int) {
    var money = Purchases()
    money.net = sum
    if isPurchase {
      money.sum = sum
      money.amounts.update(sum.double)
    }
    merge(money, in: currency, of: row)
  }

  /// Adds purchases of a row in a currency.
  mutating func merge(_ other: Purchases, in currency: UInt32, of row: Int) {
    let index = moneyRows.number(Int32(truncatingIfNeeded: row), currency)
    if index == purchases.count { purchases.append(Purchases()) }
    purchases[index].merge(other)
  }

  /// Adds values of a row.
  mutating func merge(_ other: Values, to value: Int, of row: Int) {
    values[row * valueCount + value].merge(other)
  }

  /// A counter of a row.
  func counter(_ counter: Int, of row: Int) -> Int { counters[row * counterCount + counter] }

  /// A value of a row.
  func value(_ value: Int, of row: Int) -> Values { values[row * valueCount + value] }

  /// The purchases of a row in a currency.
  func purchases(in currency: UInt32, of row: Int) -> Purchases? {
    moneyRows.known(Int32(truncatingIfNeeded: row), currency).map { purchases[$0] }
  }

  /// The same with rows of several values of `--by` taken together: each goes to a place, or away.
  func gathered(_ places: [UInt32?]) -> PeriodTally {
    var whole = PeriodTally(counterCount: counterCount, valueCount: valueCount)
    var targets = [Int?](repeating: nil, count: rows.count)
    for (row, pair) in rows.pairs.enumerated() {
      guard let place = places[Int(pair.1)] else { continue }
      let target = whole.row(pair.0, place)
      targets[row] = target
      whole.addEvent(to: target, count: sizes[row])
      for counter in 0..<counterCount {
        whole.raise(counter, of: target, by: self.counter(counter, of: row))
      }
      for value in 0..<valueCount {
        whole.merge(self.value(value, of: row), to: value, of: target)
      }
    }
    for (number, pair) in moneyRows.pairs.enumerated() {
      guard let target = targets[Int(pair.0)] else { continue }
      whole.merge(purchases[number], in: pair.1, of: target)
    }
    return whole
  }
}
