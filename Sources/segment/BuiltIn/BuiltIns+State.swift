import Events
import Records

/// What the built-in segments know as bytes; the ranks of buyers are made anew from what each bought.
///
///     run    = [purchases by currency] [currency that is ranked]
///     person = [lifecycle] [channels] [devices] [purchases], each where it is asked for
extension BuiltIns {
  func encode(into state: inout StateWriter) {
    guard asksForMoney else { return }
    book.encode(into: &state)
    state.write(knownCurrency != nil)
    if let knownCurrency { state.write(name: book.currencies.key(knownCurrency)) }
  }

  mutating func decode(_ state: inout StateReader) throws(StateError) {
    guard asksForMoney else { return }
    try book.decode(&state)
    guard try state.flag() else { return }
    let currency = try book.readCurrency(&state)
    if knownCurrency == nil { knownCurrency = currency }
  }

  func encode(_ person: UInt32, into state: inout StateWriter) {
    lifecycle?.encode(person, into: &state)
    channels?.encode(person, into: &state)
    devices?.encode(person, into: &state)
    if asksForMoney { book.encode(person, into: &state) }
  }

  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    try lifecycle?.decode(person, &state)
    try channels?.decode(person, &state)
    try devices?.decode(person, &state)
    guard asksForMoney else { return }
    leaveRanks(person)
    try book.decode(person, &state)
    enterRanks(person)
  }
}
