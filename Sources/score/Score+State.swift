import Events
import Pipes
import Records

/// What a score knows as bytes.
///
///     run    = [any channels] [count of currencies] ([currency][purchases])…
///     person = [count of channels] ([channel][activity])…
///              [count of currencies] ([currency][purchases])… [signals] [value of --by]
///              [count of days] ([day][currency][purchase?][amount])…                  under --value
///              [count of days] ([day][kind][count])…                                  under --goal
///              [count of answers] ([question][time][fingerprint][text])…              --health, --profile
///              [scores told]                                                          under --changes
///              [outcome?]                                                             under --backtest
///
/// All numbers of a person are merged into one, and come by channel and by the currency's code, so
/// that the same events give the same bytes.
extension Score {
  func encode(into state: inout StateWriter) {
    state.write(hasChannels)
    currencies.encode(into: &state)
  }

  mutating func decode(_ state: inout StateReader) throws(StateError) {
    if try state.flag() { hasChannels = true }
    try currencies.decode(&state)
  }

  func encode(into archive: inout PersonArchive) {
    let (breakdown, ids) = (archive.breakdown, archive.ids)
    archive.writeEach { person, state in
      states.encode(ids[person], currencies, into: &state)
      groups?.encode(ids[person], breakdown, into: &state)
      days?.encode(ids[person], currencies, into: &state)
      behaviours?.encode(ids[person], into: &state)
      if !questions.isEmpty {
        answers.encode(ids[person], count: questions.count, into: &state)
      }
      moves?.encode(ids[person], into: &state)
      if let outcomes { state.write(ids[person].contains(where: outcomes.contains)) }
    }
  }

  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ persons: Persons, _ breakdown: inout Breakdown
  ) throws(StateError) {
    let isKnown = try decodeActivities(person, &state)
    for _ in 0..<(try state.count()) {
      guard isKnown else { throw StateError("purchases of a person without events") }
      let other = try Purchases(try currencies.number(&state), &state)
      states.update(person, currency: other.currency) { $0.merge(other) }
    }
    if try state.flag() {
      guard isKnown else { throw StateError("signals of a person without events") }
      states.merge(person, try Signals(&state))
    }
    let hasGroup = try groups?.decode(person, &state, &breakdown) ?? isKnown
    guard hasGroup == isKnown else { throw StateError("a person without a value of --by") }
    try days?.decode(person, &state, &currencies)
    try behaviours?.decode(person, &state)
    if !questions.isEmpty { try answers.decode(person, questions, &state) }
    try moves?.decode(person, &state)
    try outcomes?.decode(person, &state)
  }

  private mutating func decodeActivities(
    _ person: UInt32, _ state: inout StateReader
  ) throws(StateError) -> Bool {
    let count = try state.count(upTo: Channel.count)
    if count > 0 { states.expect(person) }
    for _ in 0..<count {
      let other = try ChannelActivity(&state)
      states.update(person, channel: Int(other.channel)) { $0.merge(other) }
    }
    return count > 0
  }

}

extension PersonStates {
  /// Writes what is known of a person, given by all its ids.
  func encode(_ ids: ArraySlice<UInt32>, _ currencies: Currencies, into state: inout StateWriter) {
    var activities: [ChannelActivity] = []
    var purchases: [Purchases] = []
    var signals: Signals?
    for id in ids where Int(id) < count {
      forEachActivity(of: id) { other in
        guard let known = activities.firstIndex(where: { $0.channel == other.channel }) else {
          return activities.append(other)
        }
        activities[known].merge(other)
      }
      forEachPurchases(of: id) { other in
        guard let known = purchases.firstIndex(where: { $0.currency == other.currency }) else {
          return purchases.append(other)
        }
        purchases[known].merge(other)
      }
      guard let other = self.signals(of: id) else { continue }
      if signals == nil { signals = other } else { signals?.merge(other) }
    }
    activities.sort { $0.channel < $1.channel }
    state.write(activities.count)
    for activity in activities { activity.encode(into: &state) }
    let priced = purchases.map { (key: currencies.key($0.currency), purchases: $0) }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    state.write(priced.count)
    for (key, purchases) in priced {
      state.write(name: key)
      purchases.encode(into: &state)
    }
    state.write(signals != nil)
    signals?.encode(into: &state)
  }
}

extension ChannelActivity {
  /// Writes the channel and what was done in it; the kinds by age.
  func encode(into state: inout StateWriter) {
    state.write(Int(channel))
    state.write(UInt64(passiveContacts))
    state.write(UInt64(interactions))
    guard isActive else { return }
    state.write(Int(newestDay))
    state.write(word: days)
    var known: [UInt32] = []
    for index in kinds.indices where kinds[index] != 0 { known.append(kinds[index]) }
    known.sort { ($0 & 63, $0) < ($1 & 63, $1) }
    state.write(known.count)
    for kind in known { state.write(UInt64(kind)) }
  }

  /// Reads the channel and what was done in it.
  init(_ state: inout StateReader) throws(StateError) {
    self.init(channel: try state.count(upTo: Channel.other))
    passiveContacts = try state.short()
    interactions = try state.short()
    guard isActive else { return }
    newestDay = try state.dayNumber()
    days = try state.word()
    for index in 0..<(try state.count(upTo: ChannelActivity.kindsMax)) {
      kinds[index] = try state.short()
      guard kinds[index] >> 6 > 0 else { throw StateError("a kind of event is none") }
    }
  }
}

extension Signals {
  func encode(into state: inout StateWriter) {
    state.write(UInt64(opened))
    state.write(UInt64(closed))
    rating.encode(into: &state)
    payment.encode(into: &state)
  }

  /// Reads signals.
  init(_ state: inout StateReader) throws(StateError) {
    opened = try state.short()
    closed = try state.short()
    rating = try Latest(&state, upTo: 100)
    payment = try Latest(&state, upTo: 1)
  }
}

extension Latest {
  func encode(into state: inout StateWriter) {
    state.write(isKnown)
    guard isKnown else { return }
    state.write(time)
    state.write(word: fingerprint)
    state.write(UInt64(value))
  }

  /// Reads a value of at most `limit`.
  init(_ state: inout StateReader, upTo limit: UInt32) throws(StateError) {
    guard try state.flag() else {
      self.init()
      return
    }
    let time = try state.moment()
    let fingerprint = try state.word()
    let value = try state.short()
    guard time.isWritable, value <= limit else { throw StateError("a signal is out of range") }
    self.init(value, at: time, fingerprint: fingerprint)
  }
}
