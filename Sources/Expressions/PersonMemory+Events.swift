public import Records

extension PersonMemory {
  /// Counts an event for a person; events may come in any order.
  ///
  /// A condition with an error is not met; a value with an error, or one that `sum` cannot add
  /// exactly, leaves the event out. Both are counted in ``failureCount``.
  public mutating func observe(
    _ person: UInt32, _ place: EventPlace, fields: [Field], in bytes: Span<UInt8>
  ) {
    frame.begin(place)
    observe(person, fields, bytes)
  }

  /// Counts the event at hand for a person.
  mutating func observe(_ person: UInt32, _ fields: [Field], _ bytes: Span<UInt8>) {
    reserve(person)
    for index in conditionSteps.indices {
      var answer = quick.answer(conditionSteps[index], bytes, fields, [], &frame)
      if answer == .unknown { answer = slowAnswer(plan.conditions[index], fields, bytes) }
      truths[index] = answer == .yes
      if answer == .failure { failureCount += 1 }
    }
    for call in plan.calls.indices where truths[plan.calls[call].condition] {
      update(call, person, fields, bytes)
    }
    for call in plan.sequences { updateSequence(call, person) }
  }

  /// What a condition says of an event.
  private func slowAnswer(
    _ program: Program, _ fields: [Field], _ bytes: Span<UInt8>
  ) -> QuickAnswer {
    var frame = Frame(frame.place)
    do {
      return QuickAnswer(try program.truth(program.root, bytes, fields, &frame))
    } catch {
      return .failure
    }
  }

  /// Brings a call's state up to date with the event at hand, which meets its condition.
  private mutating func update(
    _ call: Int, _ person: UInt32, _ fields: [Field], _ bytes: Span<UInt8>
  ) {
    let state = place(call, person)
    let time = frame.place.time.milliseconds
    switch plan.calls[call].stateKind {
    case .count: counts[state] += 1
    case .countWindow:
      guard let step = plan.calls[call].window?.step(of: time) else { return }
      countWindows.add(
        EventCount(count: 1), at: step, to: state, reach: LookBackCall.Window.stepCount)
    case .moment:
      let known = moments[state]
      let isFirst = plan.calls[call].kind == .first
      if known == PersonMemory.noMoment || (isFirst ? time < known : time > known) {
        moments[state] = time
      }
    case .sum, .sumWindow: addNumber(call, state, fields, bytes)
    case .latest: replaceLatest(call, state, fields, bytes)
    case .distinct: addValue(call, state, fields, bytes)
    case .days: addDay(call, state)
    case .periods:
      guard let window = plan.calls[call].window else { return }
      periodWindows.add(
        EventCount(count: 1), at: window.step(of: time), to: state, reach: window.reach)
    // It has two conditions.
    case .sequence: break
    }
  }

  private mutating func addNumber(
    _ call: Int, _ state: Int, _ fields: [Field], _ bytes: Span<UInt8>
  ) {
    var addend = NumberSum()
    guard let number = number(of: call, fields, bytes), addend.add(number) else {
      failureCount += 1
      return
    }
    if let window = plan.calls[call].window {
      let step = window.step(of: frame.place.time.milliseconds)
      sumWindows.add(addend, at: step, to: state, reach: window.reach)
    } else {
      sums[state].merge(addend)
    }
  }

  private mutating func replaceLatest(
    _ call: Int, _ state: Int, _ fields: [Field], _ bytes: Span<UInt8>
  ) {
    guard let value = value(of: call, fields, bytes) else {
      failureCount += 1
      return
    }
    let (time, fingerprint) = (frame.place.time.milliseconds, frame.place.fingerprint)
    guard latests[state].precedes(time, fingerprint) else { return }
    latests[state] = LatestValue(
      time: time, fingerprint: fingerprint, value: CapturedValue(.success(value), in: &texts))
  }

  /// The value of a call at the event at hand.
  func value(of call: Int, _ fields: [Field], _ bytes: Span<UInt8>) -> Value? {
    guard let index = plan.calls[call].value else { return nil }
    let program = plan.values[index]
    var frame = Frame(frame.place)
    do {
      let value = try program.evaluate(program.root, bytes, fields, &frame)
      return try program.owned(value, bytes, &frame)
    } catch {
      return nil
    }
  }

  private mutating func number(
    of call: Int, _ fields: [Field], _ bytes: Span<UInt8>
  ) -> DecimalNumber? {
    if let index = plan.calls[call].value, let source = valueSources[index],
      case .field(let field) = quick.find(source, bytes, fields, &frame),
      field.kind(in: bytes) == .number
    {
      return DecimalNumber(bytes, from: field.start, to: field.end)
    }
    return value(of: call, fields, bytes).flatMap { Number.decimal($0) }
  }

  /// Keeps what the expressions need of this event, so that they can be evaluated for the person
  /// later, without it.
  public mutating func capture(
    _ person: UInt32, _ place: EventPlace, fields: [Field], in bytes: Span<UInt8>
  ) {
    frame.begin(place)
    capture(person, fields, bytes)
  }

  /// Keeps what the expressions need of the event at hand.
  mutating func capture(_ person: UInt32, _ fields: [Field], _ bytes: Span<UInt8>) {
    reserve(person)
    capturedTimes[Int(person)] = frame.place.time.milliseconds
    capturedFingerprints[Int(person)] = frame.place.fingerprint
    let base = Int(person) * captureSteps.count
    for offset in captureSteps.indices {
      let answer = quick.answer(captureSteps[offset], bytes, fields, [], &frame)
      captured[base + offset] =
        answer == .yes || answer == .no
        ? CapturedValue(.success(.bool(answer == .yes)), in: &texts)
        : captured(plan.captures[offset], fields, bytes)
    }
  }

  private mutating func captured(
    _ point: LookBackPlan.CapturePoint, _ fields: [Field], _ bytes: Span<UInt8>
  ) -> CapturedValue {
    let program = plan.programs[point.program]
    var frame = Frame(frame.place)
    do {
      let value = try program.evaluate(point.node, bytes, fields, &frame)
      return CapturedValue(.success(try program.owned(value, bytes, &frame)), in: &texts)
    } catch {
      return CapturedValue(.failure(error), in: &texts)
    }
  }

  /// Keeps what the expressions need of this event where it is the person's latest: by time, then
  /// by fingerprint.
  ///
  /// So what is kept does not depend on the order in which events come.
  public mutating func captureIfLatest(
    _ person: UInt32, _ place: EventPlace, fields: [Field], in bytes: Span<UInt8>
  ) {
    reserve(person)
    let order = (place.time.milliseconds, place.fingerprint)
    let index = Int(person)
    guard !hasCapture(index) || (capturedTimes[index], capturedFingerprints[index]) < order else {
      return
    }
    capture(person, place, fields: fields, in: bytes)
  }

  /// Whether something of an event was kept for a person.
  private func hasCapture(_ person: Int) -> Bool { capturedTimes[person] != Int64.min }

  /// Makes two persons one: what is known of `absorbed` becomes knowledge of `person`.
  ///
  /// The state is then as if all events had been observed under `person`; of what was captured, the
  /// later event's stays.
  public mutating func link(absorbed: UInt32, into person: UInt32) {
    guard absorbed != person else { return }
    reserve(max(absorbed, person))
    for call in plan.calls.indices {
      let source = place(call, absorbed)
      let target = place(call, person)
      let reach = plan.calls[call].reach
      switch plan.calls[call].stateKind {
      case .count:
        counts[target] += counts[source]
        counts[source] = 0
      case .countWindow: countWindows.move(source, into: target, reach: reach)
      case .sum:
        sums[target].merge(sums[source])
        sums[source] = NumberSum()
      case .sumWindow: sumWindows.move(source, into: target, reach: reach)
      case .moment:
        let moment = moments[source]
        if moments[target] == PersonMemory.noMoment {
          moments[target] = moment
        } else if moment != PersonMemory.noMoment {
          moments[target] =
            plan.calls[call].kind == .first
            ? min(moments[target], moment) : max(moments[target], moment)
        }
        moments[source] = PersonMemory.noMoment
      case .latest:
        let latest = latests[source]
        if latest.value.kind != .nothing, latests[target].precedes(latest.time, latest.fingerprint)
        {
          latests[target] = latest
        }
        latests[source] = LatestValue()
      case .distinct: distincts.move(source, into: target, reach: reach)
      case .days: dayWindows.move(source, into: target, reach: reach)
      case .periods: periodWindows.move(source, into: target, reach: reach)
      case .sequence: sequences.move(source, into: target, reach: reach)
      }
    }
    if keepsEvents { moveCapture(from: Int(absorbed), to: Int(person)) }
  }

  private mutating func moveCapture(from source: Int, to target: Int) {
    let count = plan.captures.count
    let order = (capturedTimes[source], capturedFingerprints[source])
    if hasCapture(source),
      !hasCapture(target) || (capturedTimes[target], capturedFingerprints[target]) < order
    {
      (capturedTimes[target], capturedFingerprints[target]) = order
      for offset in 0..<count {
        captured[target * count + offset] = captured[source * count + offset]
      }
    }
    capturedTimes[source] = Int64.min
    capturedFingerprints[source] = 0
    for offset in 0..<count { captured[source * count + offset] = CapturedValue() }
  }
}
