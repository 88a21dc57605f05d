internal import Records

/// The calls that keep what happened by steps: `distinct`, `days`, `periods`, `sequence`.
extension PersonMemory {
  /// Adds the value of the event at hand, unless it is null.
  @inline(never)
  mutating func addValue(
    _ call: Int, _ state: Int, _ fields: [Field], _ bytes: Span<UInt8>
  ) {
    guard let hash = hash(of: call, fields, bytes) else { return }
    let step = plan.calls[call].window?.step(of: frame.place.time.milliseconds) ?? 0
    distincts.add(
      DistinctStore.Entry(hash: hash, step: step), to: state, reach: plan.calls[call].reach)
  }

  /// The hash of a call's value at the event at hand; an error is counted.
  private mutating func hash(
    of call: Int, _ fields: [Field], _ bytes: Span<UInt8>
  ) -> UInt64? {
    if let index = plan.calls[call].value, let source = valueSources[index],
      case .field(let field) = quick.find(source, bytes, fields, &frame),
      field.kind(in: bytes) == .string, !field.hasEscapes, !field.hasNonASCII
    {
      return ValueHash.hash(bytes, from: field.start + 1, to: field.end - 1)
    }
    guard let value = value(of: call, fields, bytes) else {
      failureCount += 1
      return nil
    }
    if case .null = value { return nil }
    return ValueHash.hash(value)
  }

  /// Adds the calendar day of the event at hand.
  @inline(never)
  mutating func addDay(_ call: Int, _ state: Int) {
    dayWindows.add(
      Presence(), at: calendar.day(of: frame.place.time), to: state, reach: plan.calls[call].reach)
  }

  /// Brings a sequence up to date with the event at hand.
  mutating func updateSequence(_ call: Int, _ person: UInt32) {
    let sequence = plan.calls[call]
    let isFirst = truths[sequence.condition]
    let isSecond = sequence.laterCondition.map { truths[$0] } ?? false
    guard isFirst || isSecond, let window = sequence.window else { return }
    let place = EventPairs.Place(
      time: frame.place.time.milliseconds, fingerprint: frame.place.fingerprint)
    sequences.add(
      EventPairs(place, isFirst: isFirst, isSecond: isSecond), at: window.step(of: place.time),
      to: self.place(call, person), reach: window.reach)
  }

  /// What such a call says at a moment, and until when.
  @inline(never)
  mutating func stepAnswer(
    _ call: LookBackCall, _ state: Int, _ milliseconds: Int64
  ) -> CallAnswer {
    switch call.kind {
    case .distinct:
      let first = call.window?.firstStep(at: milliseconds) ?? 0
      let answer = distincts.count(of: state, from: first)
      if answer.isEstimate { estimateCount += 1 }
      return CallAnswer(
        content: .count(Int64(answer.count)),
        validUntil: call.window?.expiry(of: answer.firstStep) ?? .distantFuture)
    case .days:
      let today = calendar.day(of: Moment(milliseconds: milliseconds))
      let days = dayWindows.days(of: state, from: today - call.length + 1)
      return CallAnswer(
        content: .count(Int64(days.count)),
        validUntil: days.first.map { calendar.start(of: $0 + call.length) } ?? .distantFuture)
    case .periods: return periodWindows.periods(of: state, at: milliseconds, call)
    default:
      guard let window = call.window,
        let last = sequences.lastCompleteStep(of: state, within: call.betweenMilliseconds),
        last >= window.firstStep(at: milliseconds)
      else { return CallAnswer(content: .truth(false)) }
      return CallAnswer(content: .truth(true), validUntil: window.expiry(of: last))
    }
  }
}
