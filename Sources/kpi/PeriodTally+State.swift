import Events
import Pipes
import Records
import Statistics

/// What is counted by period as bytes.
extension PeriodTally {
  private static let countMax = 1 << 60

  /// Writes all rows, by the texts of their values and periods.
  func encode(_ breakdown: Breakdown, _ currencies: Currencies, into state: inout StateWriter) {
    let order = rows.pairs.indices.sorted { one, other in
      let (left, right) = (rows.pairs[one], rows.pairs[other])
      guard left.1 != right.1 else { return left.0 < right.0 }
      return breakdown.text(of: left.1).lexicographicallyPrecedes(breakdown.text(of: right.1))
    }
    var money = [[(key: [UInt8], purchases: Purchases)]](repeating: [], count: rows.count)
    for (number, pair) in moneyRows.pairs.enumerated() {
      money[Int(pair.0)].append((currencies.key(pair.1), purchases[number]))
    }
    state.write(order.count)
    for row in order {
      state.write(Int(rows.pairs[row].0))
      state.write(name: breakdown.text(of: rows.pairs[row].1))
      state.write(sizes[row])
      for counter in 0..<counterCount { state.write(self.counter(counter, of: row)) }
      for value in 0..<valueCount { self.value(value, of: row).encode(into: &state) }
      let sorted = money[row].sorted { $0.key.lexicographicallyPrecedes($1.key) }
      state.write(sorted.count)
      for one in sorted {
        state.write(name: one.key)
        one.purchases.net.encode(into: &state)
        one.purchases.sum.encode(into: &state)
        one.purchases.amounts.encode(into: &state)
      }
    }
  }

  /// Adds what another run counted.
  mutating func decode(
    _ state: inout StateReader, _ breakdown: inout Breakdown, _ currencies: inout Currencies
  ) throws(StateError) {
    for _ in 0..<(try state.count()) {
      guard let period = Int32(exactly: try state.integer()), period.magnitude < 1 << 28 else {
        throw StateError("a period is out of range")
      }
      let group = breakdown.number(try state.name())
      guard breakdown.isUsed || group == Breakdown.missing else {
        throw StateError("it has other options")
      }
      let row = row(period, group)
      addEvent(to: row, count: try state.count(upTo: Self.countMax))
      for counter in 0..<counterCount {
        raise(counter, of: row, by: try state.count(upTo: Self.countMax))
      }
      for value in 0..<valueCount { merge(try Values(&state), to: value, of: row) }
      for _ in 0..<(try state.count()) {
        let currency = try currencies.number(&state)
        var purchases = Purchases()
        purchases.net = try DecimalSum(&state)
        purchases.sum = try DecimalSum(&state)
        purchases.amounts = try Moments(&state)
        merge(purchases, in: currency, of: row)
      }
    }
  }
}

extension PeriodTally.Values {
  fileprivate func encode(into state: inout StateWriter) {
    sum.encode(into: &state)
    moments.encode(into: &state)
    state.write(list.count)
    // Their order says nothing.
    for number in list.values.sorted() { state.write(word: number.bitPattern) }
  }

  fileprivate init(_ state: inout StateReader) throws(StateError) {
    sum = try DecimalSum(&state)
    moments = try Moments(&state)
    for _ in 0..<(try state.count()) {
      let number = Double(bitPattern: try state.word())
      guard number.isFinite else { throw StateError("a number is none") }
      list.update(number)
    }
  }
}

extension Moments {
  /// Writes the moments, exactly.
  fileprivate func encode(into state: inout StateWriter) {
    state.write(count)
    sum.encode(into: &state)
    sumOfSquares.encode(into: &state)
  }

  /// Reads moments.
  fileprivate init(_ state: inout StateReader) throws(StateError) {
    let count = try state.count(upTo: 1 << 60)
    let (sum, sumOfSquares) = (try ExactSum(&state), try ExactSum(&state))
    guard let moments = Moments(count: count, sum: sum, sumOfSquares: sumOfSquares) else {
      throw StateError("moments are of no numbers")
    }
    self = moments
  }
}

extension ExactSum {
  /// Writes the sum, exactly.
  fileprivate func encode(into state: inout StateWriter) {
    let parts = self.state
    state.write(parts.position)
    state.write(parts.words.count)
    for word in parts.words { state.write(word: word) }
  }

  /// Reads a sum of finite numbers.
  fileprivate init(_ state: inout StateReader) throws(StateError) {
    let position = Int(clamping: try state.integer())
    var words: [UInt64] = []
    for _ in 0..<(try state.count(upTo: 100)) { words.append(try state.word()) }
    let parts = ExactSum.State(words: words, position: position, nonFinite: [])
    guard let sum = ExactSum(parts) else { throw StateError("a sum is out of range") }
    self = sum
  }
}
