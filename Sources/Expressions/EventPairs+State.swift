internal import Records

extension EventPairs: StateAmount {
  func encode(into state: inout StateWriter) {
    state.write(hasFirst)
    if hasFirst {
      earliestFirst.encode(into: &state)
      state.write(Moment(milliseconds: latestFirst))
    }
    state.write(hasSecond)
    if hasSecond {
      latestSecond.encode(into: &state)
      state.write(Moment(milliseconds: earliestSecond))
    }
  }

  init(_ state: inout StateReader) throws(StateError) {
    self.init()
    if try state.flag() {
      earliestFirst = try Place(&state)
      latestFirst = try state.writableMoment().milliseconds
    }
    if try state.flag() {
      latestSecond = try Place(&state)
      earliestSecond = try state.writableMoment().milliseconds
    }
  }
}

extension EventPairs.Place {
  fileprivate func encode(into state: inout StateWriter) {
    state.write(Moment(milliseconds: time))
    state.write(word: fingerprint)
  }

  fileprivate init(_ state: inout StateReader) throws(StateError) {
    time = try state.writableMoment().milliseconds
    fingerprint = try state.word()
  }
}

extension WindowStore where Amount == EventPairs {
  /// The highest fingerprint that a window knows.
  func latestFingerprint(of window: Int) -> UInt64 {
    let slab = slabs[window]
    return (0..<Int(slab.count)).reduce(0) { highest, place in
      let amount = pool[slab, place].amount
      let first = amount.hasFirst ? amount.earliestFirst.fingerprint : 0
      return max(highest, first, amount.latestSecond.fingerprint)
    }
  }
}

extension Presence: StateAmount {
  func encode(into state: inout StateWriter) {}

  init(_ state: inout StateReader) throws(StateError) { self.init() }
}
