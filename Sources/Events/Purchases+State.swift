public import Records

extension Purchases {
  /// Writes all but the currency.
  public func encode(into state: inout StateWriter) {
    amount.encode(into: &state)
    state.write(UInt64(count))
    if count > 0 { state.write(Int(newestDay)) }
  }

  /// Reads what was bought in a currency.
  public init(_ currency: UInt32, _ state: inout StateReader) throws(StateError) {
    self.init(currency: currency)
    amount = try DecimalSum(&state)
    count = try state.short()
    if count > 0 { newestDay = try state.dayNumber() }
  }
}

extension StateReader {
  /// Reads the number of a day that can be written.
  public mutating func dayNumber() throws(StateError) -> Int32 {
    let day = try integer()
    guard day >= Moment.writableStart.dayNumber, day < Moment.writableEnd.dayNumber else {
      throw StateError("a day is out of range")
    }
    return Int32(day)
  }
}
