public import Records

/// The currencies of a stream as bytes: how many purchases are in each, by the bytes of their codes.
extension Currencies {
  /// Writes the purchases of each currency.
  public func encode(into state: inout StateWriter) {
    let used = purchases.indices.filter { purchases[$0] > 0 }.map {
      (key: key(UInt32($0)), purchases: purchases[$0])
    }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    state.write(used.count)
    for currency in used {
      state.write(name: currency.key)
      state.write(currency.purchases)
    }
  }

  /// Adds the purchases of another run.
  public mutating func decode(_ state: inout StateReader) throws(StateError) {
    for _ in 0..<(try state.count()) {
      let currency = try number(&state)
      try count(currency, times: try state.count(upTo: 1 << 60))
    }
  }

  /// Reads the key of a currency, and gives its number.
  public mutating func number(_ state: inout StateReader) throws(StateError) -> UInt32 {
    guard let number = number(key: try state.name()) else {
      throw StateError("a currency is none")
    }
    return number
  }
}
