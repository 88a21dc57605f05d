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
    let milliseconds = PersonMemory.clamped(moment.milliseconds)
    let time = Moment(milliseconds: milliseconds)
    var frame = Frame(EventPlace(start: 0, end: 0, base: 0, time: time))
    frame.isForPerson = true
    frame.readsCaptures = true
    frame.followsClock = followsClock
    var store = Frame.Store()
    swap(&store, &self.store)
    for call in expression.calls {
      let answer = answer(call, person, milliseconds)
      store.inputs.append(answer.result(in: texts))
      store.validUntil.append(answer.validUntil)
    }
    store.captureBase = store.inputs.count
    for capture in expression.captures {
      guard keepsEvents, Int(person) < personCount else {
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
    if frame.asksClock { asksClock = true }
    guard var used = frame.store else { return }
    frame.store = nil
    used.inputs.removeAll(keepingCapacity: true)
    used.validUntil.removeAll(keepingCapacity: true)
    store = used
  }

  /// A moment far from the ends of the range, so that windows and steps cannot leave it.
  static func clamped(_ milliseconds: Int64) -> Int64 {
    max(-Int64.max / 4, min(Int64.max / 4, milliseconds))
  }

  /// What a call says of a person at a moment, and until when.
  @inline(__always)
  mutating func answer(_ call: Int, _ person: UInt32, _ milliseconds: Int64) -> CallAnswer {
    let isKnown = Int(person) < personCount
    let state = place(call, person)
    let stateKind = plan.calls[call].stateKind
    switch stateKind {
    case .count: return CallAnswer(content: .count(isKnown ? counts[state] : 0))
    case .sum: return CallAnswer(content: .sum(isKnown ? sums[state] : NumberSum()))
    case .moment:
      let isSet = isKnown && moments[state] != PersonMemory.noMoment
      return CallAnswer(content: .moment(isSet ? moments[state] : nil))
    case .latest:
      return CallAnswer(content: .latest(isKnown ? latests[state].value : CapturedValue()))
    case .countWindow, .sumWindow: break
    case .distinct, .days, .periods, .sequence:
      return stepAnswer(plan.calls[call], state, milliseconds)
    }
    guard let window = plan.calls[call].window else { return CallAnswer(content: .count(0)) }
    let firstStep = window.firstStep(at: milliseconds)
    if stateKind == .countWindow {
      let total = countWindows.total(of: state, from: firstStep)
      return CallAnswer(
        content: .count(total.amount.count), validUntil: window.expiry(of: total.firstStep))
    }
    let total = sumWindows.total(of: state, from: firstStep)
    return CallAnswer(content: .sum(total.amount), validUntil: window.expiry(of: total.firstStep))
  }
}
