public import Records

/// What the look-back calls know of a person as bytes.
///
///     person = [is known] (for each call: its state) [is captured] [time][fingerprint] [value]…
///     count  = [number]                    sum    = [exact sum][has overflowed]
///     moment = [is there][time]            latest = [is there][time][fingerprint][value]
///     window = [count of buckets] [first step] ([steps further][amount])…
///     values = [count] ([steps further][hash])… [is there] sketch
///     sketch = [step of the last that went] (for each register: [count] ([steps further][rank])…)
///
/// Values stand there themselves and texts as names, so that the bytes mean the same in another run.
extension PersonMemory {
  /// Writes what is known of a person.
  public func encode(_ person: UInt32, into state: inout StateWriter) {
    let isKnown = Int(person) < personCount
    state.write(isKnown)
    guard isKnown else { return }
    for call in plan.calls.indices { encode(call, place(call, person), into: &state) }
    guard keepsEvents else { return }
    let index = Int(person)
    let isCaptured = capturedTimes[index] != Int64.min
    state.write(isCaptured)
    guard isCaptured else { return }
    state.write(Moment(milliseconds: capturedTimes[index]))
    state.write(word: capturedFingerprints[index])
    for offset in 0..<plan.captures.count {
      captured[index * plan.captures.count + offset].encode(texts, into: &state)
    }
  }

  /// Adds what another run knew of a person: as if this one had observed its events too.
  public mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    guard try state.flag() else { return }
    reserve(person)
    for call in plan.calls.indices { try decode(call, place(call, person), &state) }
    if keepsEvents, try state.flag() { try decodeCapture(Int(person), &state) }
  }

  private func encode(_ call: Int, _ place: Int, into state: inout StateWriter) {
    switch plan.calls[call].stateKind {
    case .count: state.write(counts[place])
    case .countWindow: countWindows.encode(place, into: &state)
    case .sum: sums[place].encode(into: &state)
    case .sumWindow: sumWindows.encode(place, into: &state)
    case .moment:
      let isSet = moments[place] != PersonMemory.noMoment
      state.write(isSet ? Moment(milliseconds: moments[place]) : nil)
    case .latest:
      let latest = latests[place]
      state.write(latest.value.kind != .nothing)
      guard latest.value.kind != .nothing else { return }
      state.write(Moment(milliseconds: latest.time))
      state.write(word: latest.fingerprint)
      latest.value.encode(texts, into: &state)
    case .distinct: distincts.encode(place, plan.calls[call].reach, into: &state)
    case .days: dayWindows.encode(place, into: &state)
    case .periods: periodWindows.encode(place, into: &state)
    case .sequence: sequences.encode(place, into: &state)
    }
  }

  private mutating func decode(
    _ call: Int, _ place: Int, _ state: inout StateReader
  ) throws(StateError) {
    let reach = plan.calls[call].reach
    switch plan.calls[call].stateKind {
    case .count:
      counts[place] += try EventCount(&state).count
      guard counts[place] <= EventCount.stateMax else { throw StateError("a count is too high") }
    case .countWindow: try countWindows.decode(place, steps(of: call), reach, &state)
    case .sum: sums[place].merge(try NumberSum(&state))
    case .sumWindow: try sumWindows.decode(place, steps(of: call), reach, &state)
    case .distinct: try distincts.decode(place, steps(of: call), reach, &state)
    case .days: try dayWindows.decode(place, steps(of: call), reach, &state)
    case .periods: try periodWindows.decode(place, steps(of: call), reach, &state)
    case .sequence:
      try sequences.decode(place, steps(of: call), reach, &state)
      nextOrder = max(nextOrder, sequences.latestFingerprint(of: place) &+ 1)
    case .moment:
      guard try state.flag() else { return }
      let time = try state.writableMoment().milliseconds
      let isFirst = plan.calls[call].kind == .first
      let known = moments[place]
      if known == PersonMemory.noMoment || (isFirst ? time < known : time > known) {
        moments[place] = time
      }
    case .latest:
      guard try state.flag() else { return }
      let time = try state.writableMoment().milliseconds
      let fingerprint = try state.word()
      let value = try CapturedValue(&state, in: &texts)
      guard value.kind != .nothing else { throw StateError("a value is none") }
      nextOrder = max(nextOrder, fingerprint &+ 1)
      if latests[place].precedes(time, fingerprint) {
        latests[place] = LatestValue(time: time, fingerprint: fingerprint, value: value)
      }
    }
  }

  /// The steps that events of writable times can lie in.
  private func steps(of call: Int) -> ClosedRange<Int64> {
    let (start, end) = (Moment.writableStart, Moment.writableEnd)
    if plan.calls[call].kind == .days { return calendar.day(of: start)...calendar.day(of: end) }
    guard let window = plan.calls[call].window else { return 0...0 }
    return window.step(of: start.milliseconds)...window.step(of: end.milliseconds)
  }

  private mutating func decodeCapture(
    _ index: Int, _ state: inout StateReader
  ) throws(StateError) {
    let order = (try state.writableMoment().milliseconds, try state.word())
    nextOrder = max(nextOrder, order.1 &+ 1)
    let isLater =
      capturedTimes[index] == Int64.min
      || (capturedTimes[index], capturedFingerprints[index]) < order
    if isLater { (capturedTimes[index], capturedFingerprints[index]) = order }
    for offset in 0..<plan.captures.count {
      let value = try CapturedValue(&state, in: &texts)
      if isLater { captured[index * plan.captures.count + offset] = value }
    }
  }
}

extension StateReader {
  /// Reads a time that an event can have.
  mutating func writableMoment() throws(StateError) -> Moment {
    let moment = try moment()
    guard moment.isWritable else { throw StateError("a time is out of range") }
    return moment
  }
}

/// An amount of a window that can be written to a state.
protocol StateAmount: WindowAmount {
  func encode(into state: inout StateWriter)
  init(_ state: inout StateReader) throws(StateError)
}

extension EventCount: StateAmount {
  /// More events than any run has: far from where counts overflow.
  static let stateMax: Int64 = 1 << 40

  func encode(into state: inout StateWriter) { state.write(count) }

  init(_ state: inout StateReader) throws(StateError) {
    count = try state.integer()
    guard count >= 0, count <= EventCount.stateMax else { throw StateError("a count is too high") }
  }
}

extension NumberSum: StateAmount {
  func encode(into state: inout StateWriter) {
    sum.encode(into: &state)
    state.write(hasOverflowed)
  }

  init(_ state: inout StateReader) throws(StateError) {
    sum = try DecimalSum(&state)
    hasOverflowed = try state.flag()
  }
}

extension WindowStore where Amount: StateAmount {
  /// Writes the buckets of a window.
  func encode(_ window: Int, into state: inout StateWriter) {
    let slab = slabs[window]
    state.write(Int(slab.count))
    var last: Int64 = 0
    for place in 0..<Int(slab.count) {
      let bucket = pool[slab, place]
      state.write(bucket.step - last)
      last = bucket.step
      bucket.amount.encode(into: &state)
    }
  }

  /// Adds the buckets of another run to those of a window.
  mutating func decode(
    _ place: Int, _ steps: ClosedRange<Int64>, _ reach: Int64, _ state: inout StateReader
  ) throws(StateError) {
    var step: Int64 = 0
    for _ in 0..<(try state.count(upTo: Int(reach) + 1)) {
      step = try state.step(behind: step, in: steps)
      add(try Amount(&state), at: step, to: place, reach: reach)
    }
  }
}

extension StateReader {
  /// Reads how far a step is from another one; gives the step.
  mutating func step(
    behind last: Int64, in steps: ClosedRange<Int64>
  ) throws(StateError) -> Int64 {
    let (step, overflow) = last.addingReportingOverflow(try integer())
    guard !overflow, steps.contains(step) else { throw StateError("a time is out of range") }
    return step
  }
}

extension CapturedValue {
  /// Writes the value, which may lie in a table.
  func encode(_ table: TextTable, into state: inout StateWriter) {
    state.write(Int(kind.rawValue))
    switch kind {
    case .nothing, .null: break
    case .text, .encoded: state.write(name: table[UInt32(payload)])
    case .double: state.write(word: payload)
    case .failure, .bool, .int, .uint: state.write(payload)
    }
  }

  /// Reads a value, which may go into a table.
  init(_ state: inout StateReader, in table: inout TextTable) throws(StateError) {
    self.init()
    guard let kind = Kind(rawValue: UInt8(try state.count(upTo: 255))) else {
      throw StateError("a value is none")
    }
    self.kind = kind
    switch kind {
    case .nothing, .null: break
    case .text: payload = UInt64(table.number(of: try state.name()))
    case .encoded:
      let bytes = try state.name()
      guard ValueBytes.isWhole(bytes) else { throw StateError("a value is none") }
      payload = UInt64(table.number(of: bytes))
    case .double: payload = try state.word()
    case .failure, .bool, .int, .uint: payload = try state.number()
    }
  }
}
