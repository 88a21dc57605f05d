public import Records

/// What a condition says of a person at a moment, and how long it stays so without an event.
public struct TimedAnswer: Sendable, Equatable {
  /// Whether the condition is true.
  public let holds: Bool
  /// The first later moment at which it could be otherwise; the distant future where it cannot.
  public let validUntil: Moment

  /// An answer by its parts.
  public init(holds: Bool, validUntil: Moment) {
    self.holds = holds
    self.validUntil = validUntil
  }
}

/// The value of an expression for a person at a moment, and how long it stays so without an event.
public struct TimedValue: Sendable {
  /// The value, or why there is none.
  public let result: Result<Value, EvaluationError>
  /// The first later moment at which it could be another one; the distant future where it cannot.
  public let validUntil: Moment
}

extension PersonMemory {
  /// Whether a condition is true for a person at a moment.
  ///
  /// The moment should not be before any event that was observed for the person. What the
  /// condition reads of the event itself is what was captured last.
  ///
  /// - Parameter failures: is raised by one when the condition has an error, and so is false.
  public mutating func holds(
    _ expression: Expression, person: UInt32, at moment: Moment, failures: inout Int
  ) -> TimedAnswer {
    var frame = takeFrame(for: expression, person, moment)
    defer { giveBack(&frame) }
    let bytes: [UInt8] = []
    let program = expression.program
    do {
      let answer = try program.truth(program.root, bytes.span, [], &frame)
      return TimedAnswer(holds: answer, validUntil: frame.validUntil)
    } catch {
      failures += 1
      return TimedAnswer(holds: false, validUntil: frame.validUntil)
    }
  }

  /// The value of an expression for a person at a moment: see ``holds(_:person:at:failures:)``.
  public mutating func value(
    _ expression: Expression, person: UInt32, at moment: Moment
  ) -> TimedValue {
    var frame = takeFrame(for: expression, person, moment)
    defer { giveBack(&frame) }
    let bytes: [UInt8] = []
    let program = expression.program
    do {
      let value = try program.evaluate(program.root, bytes.span, [], &frame)
      return TimedValue(result: .success(value), validUntil: frame.validUntil)
    } catch {
      return TimedValue(result: .failure(error), validUntil: frame.validUntil)
    }
  }

  /// A frame with the values of the expression's calls and captures, in the working memory.
  private mutating func takeFrame(
    for expression: Expression, _ person: UInt32, _ moment: Moment
  ) -> Frame {
    // Far from the ends of the range, so that windows and steps cannot leave it.
    let limit = Int64.max / 4
    let milliseconds = max(-limit, min(limit, moment.milliseconds))
    let time = Moment(milliseconds: milliseconds)
    var frame = Frame(EventPlace(start: 0, end: 0, base: 0, time: time))
    frame.isForPerson = true
    var store = Frame.Store()
    swap(&store, &self.store)
    for call in expression.calls {
      let (result, validUntil) = answer(plan.calls[call], person, milliseconds)
      store.inputs.append(result)
      store.validUntil.append(validUntil)
    }
    store.captureBase = store.inputs.count
    for capture in expression.captures {
      guard Int(person) < personCount else {
        store.inputs.append(.failure(.noEvent))
        continue
      }
      let cell = captured[Int(person) * plan.captures.count + capture]
      store.inputs.append(cell.result(in: texts))
    }
    frame.store = store
    return frame
  }

  private mutating func giveBack(_ frame: inout Frame) {
    guard var used = frame.store else { return }
    frame.store = nil
    used.inputs.removeAll(keepingCapacity: true)
    used.validUntil.removeAll(keepingCapacity: true)
    store = used
  }

  /// The value of a call for a person at a moment, and until when it stays.
  private func answer(
    _ call: LookBackCall, _ person: UInt32, _ milliseconds: Int64
  ) -> (Result<Value, EvaluationError>, Moment) {
    let isKnown = Int(person) < personCount
    let state = place(call, person)
    var validUntil = Moment.distantFuture
    var firstStep: Int64 = 0
    if let window = call.window {
      firstStep = floorDivide(
        milliseconds - window.lengthMilliseconds, window.stepMilliseconds)
    }
    func expiry(_ step: Int64?) -> Moment {
      guard let step, let window = call.window else { return .distantFuture }
      let end = (step + 1) * window.stepMilliseconds
      return Moment(milliseconds: end + window.lengthMilliseconds)
    }
    switch call.stateKind {
    case .count: return (.success(.int(isKnown ? counts[state] : 0)), validUntil)
    case .countWindow:
      let total = countWindows.total(of: state, from: firstStep)
      return (.success(.int(total.amount.count)), expiry(total.firstStep))
    case .sum, .sumWindow:
      let sum: NumberSum
      if call.window == nil {
        sum = isKnown ? sums[state] : NumberSum()
      } else {
        let total = sumWindows.total(of: state, from: firstStep)
        sum = total.amount
        validUntil = expiry(total.firstStep)
      }
      return (sum.value.map { .success($0) } ?? .failure(.overflow), validUntil)
    case .moment:
      guard isKnown, moments[state] != PersonMemory.noMoment else {
        return (.success(.null), validUntil)
      }
      return (.success(.timestamp(Int128(moments[state]) * 1_000_000)), validUntil)
    case .latest:
      guard isKnown, latests[state].value.kind != .nothing else {
        return (.success(.null), validUntil)
      }
      return (latests[state].value.result(in: texts), validUntil)
    }
  }
}
