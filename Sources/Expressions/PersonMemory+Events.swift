public import Records

extension PersonMemory {
  /// Counts an event for a person; events may come in any order.
  ///
  /// A condition with an error is not met; a value with an error, or one that `sum` cannot add
  /// exactly, leaves the event out. Both are counted in ``failureCount``.
  public mutating func observe(
    _ person: UInt32, _ place: EventPlace, fields: [Field], in bytes: Span<UInt8>
  ) {
    var frame = QuickFrame(place)
    observe(person, fields, bytes, &frame)
  }

  /// Counts the event of a frame for a person.
  mutating func observe(
    _ person: UInt32, _ fields: [Field], _ bytes: Span<UInt8>, _ frame: inout QuickFrame
  ) {
    reserve(person)
    for index in conditionSteps.indices {
      var answer = quick.answer(conditionSteps[index], bytes, fields, [], &frame)
      if answer == .unknown { answer = slowAnswer(plan.conditions[index], frame, fields, bytes) }
      truths[index] = answer == .yes
      if answer == .failure { failureCount += 1 }
    }
    for index in plan.calls.indices where truths[plan.calls[index].condition] {
      update(plan.calls[index], person, fields, bytes, &frame)
    }
  }

  /// What a condition says of an event.
  private func slowAnswer(
    _ program: Program, _ frame: QuickFrame, _ fields: [Field], _ bytes: Span<UInt8>
  ) -> QuickAnswer {
    var frame = Frame(frame.place)
    do {
      return QuickAnswer(try program.truth(program.root, bytes, fields, &frame))
    } catch {
      return .failure
    }
  }

  private mutating func update(
    _ call: LookBackCall, _ person: UInt32, _ fields: [Field], _ bytes: Span<UInt8>,
    _ frame: inout QuickFrame
  ) {
    let state = self.place(call, person)
    let time = frame.place.time.milliseconds
    let step = call.window?.step(of: time) ?? 0
    switch call.kind {
    case .count where call.window == nil: counts[state] += 1
    case .count: countWindows.add(EventCount(count: 1), at: step, to: state)
    case .first:
      if moments[state] == PersonMemory.noMoment || time < moments[state] { moments[state] = time }
    case .last: moments[state] = max(moments[state], time)
    case .sum:
      var addend = NumberSum()
      guard let number = number(of: call, fields, bytes, &frame), addend.add(number) else {
        failureCount += 1
        return
      }
      if call.window == nil {
        sums[state].merge(addend)
      } else {
        sumWindows.add(addend, at: step, to: state)
      }
    case .latest:
      guard let value = value(of: call, frame.place, fields, bytes) else {
        failureCount += 1
        return
      }
      let fingerprint = frame.place.fingerprint
      guard latests[state].precedes(time, fingerprint) else { return }
      latests[state] = LatestValue(
        time: time, fingerprint: fingerprint,
        value: CapturedValue(.success(value), in: &texts))
    }
  }

  private func value(
    of call: LookBackCall, _ place: EventPlace, _ fields: [Field], _ bytes: Span<UInt8>
  ) -> Value? {
    guard let index = call.value else { return nil }
    let program = plan.values[index]
    var frame = Frame(place)
    do {
      let value = try program.evaluate(program.root, bytes, fields, &frame)
      return try program.owned(value, bytes, &frame)
    } catch {
      return nil
    }
  }

  private func number(
    of call: LookBackCall, _ fields: [Field], _ bytes: Span<UInt8>, _ frame: inout QuickFrame
  ) -> DecimalNumber? {
    if let index = call.value, let source = valueSources[index],
      case .field(let field) = quick.find(source, bytes, fields, &frame),
      field.kind(in: bytes) == .number
    {
      return DecimalNumber(bytes, from: field.start, to: field.end)
    }
    return value(of: call, frame.place, fields, bytes).flatMap { Number.decimal($0) }
  }

  /// Keeps what the expressions need of this event, so that they can be evaluated for the person
  /// later, without it.
  public mutating func capture(
    _ person: UInt32, _ place: EventPlace, fields: [Field], in bytes: Span<UInt8>
  ) {
    var frame = QuickFrame(place)
    capture(person, fields, bytes, &frame)
  }

  /// Keeps what the expressions need of the event of a frame.
  mutating func capture(
    _ person: UInt32, _ fields: [Field], _ bytes: Span<UInt8>, _ frame: inout QuickFrame
  ) {
    reserve(person)
    capturedTimes[Int(person)] = frame.place.time.milliseconds
    capturedFingerprints[Int(person)] = frame.place.fingerprint
    let base = Int(person) * captureSteps.count
    for offset in captureSteps.indices {
      let answer = quick.answer(captureSteps[offset], bytes, fields, [], &frame)
      captured[base + offset] =
        answer == .yes || answer == .no
        ? CapturedValue(.success(.bool(answer == .yes)), in: &texts)
        : captured(plan.captures[offset], frame.place, fields, bytes)
    }
  }

  private mutating func captured(
    _ point: LookBackPlan.CapturePoint, _ place: EventPlace, _ fields: [Field],
    _ bytes: Span<UInt8>
  ) -> CapturedValue {
    let program = plan.programs[point.program]
    var frame = Frame(place)
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
    for call in plan.calls {
      let source = place(call, absorbed)
      let target = place(call, person)
      switch call.stateKind {
      case .count:
        counts[target] += counts[source]
        counts[source] = 0
      case .countWindow: countWindows.move(source, into: target)
      case .sum:
        sums[target].merge(sums[source])
        sums[source] = NumberSum()
      case .sumWindow: sumWindows.move(source, into: target)
      case .moment:
        let moment = moments[source]
        if moments[target] == PersonMemory.noMoment {
          moments[target] = moment
        } else if moment != PersonMemory.noMoment {
          moments[target] =
            call.kind == .first ? min(moments[target], moment) : max(moments[target], moment)
        }
        moments[source] = PersonMemory.noMoment
      case .latest:
        let latest = latests[source]
        if latest.value.kind != .nothing, latests[target].precedes(latest.time, latest.fingerprint)
        {
          latests[target] = latest
        }
        latests[source] = LatestValue()
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
