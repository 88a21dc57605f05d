public import Records

extension PersonMemory {
  /// Counts an event for a person and answers the rules at a moment, which is not before it; what
  /// they read of the event is read of this one.
  ///
  /// Events of equal time are in the order in which they are taken, whatever fingerprint they have.
  /// Afterwards ``answers`` and ``validUntil`` say which are true, and how long without an event.
  ///
  /// - Parameter failures: is raised by one for each rule that has an error, and so is false.
  public mutating func take(
    _ person: UInt32, _ place: EventPlace, fields: [Field], in bytes: Span<UInt8>,
    at moment: Moment, failures: inout Int
  ) {
    frame.begin(place)
    frame.place.fingerprint = nextOrder
    nextOrder &+= 1
    if !plan.calls.isEmpty { observe(person, fields, bytes) }
    if keepsEvents { capture(person, fields, bytes) }
    let milliseconds = PersonMemory.clamped(moment.milliseconds)
    frame.place.time = Moment(milliseconds: milliseconds)
    frame.followsTime = keepsEvents
    frame.validUntil = .distantFuture
    askCalls(person, milliseconds)
    var word: UInt64 = 0
    var failedWord: UInt64 = 0
    for rule in ruleSteps.indices {
      var answer = quick.answer(ruleSteps[rule], bytes, fields, callAnswers, &frame)
      if answer == .unknown { answer = slowAnswer(rule, fields, bytes) }
      if answer == .failure {
        failures += 1
        failedWord |= 1 << UInt64(rule & 63)
      }
      if answer == .yes { word |= 1 << UInt64(rule & 63) }
      if rule & 63 == 63 || rule == ruleSteps.count - 1 {
        answers[rule >> 6] = word
        if failedWord != 0 || hasFailed {
          self.failures[rule >> 6] = failedWord
          hasFailed = true
        }
        (word, failedWord) = (0, 0)
      }
    }
    validUntil = frame.validUntil
  }

  /// Why a rule could not be answered at the event taken last, `nil` where it could.
  public func failure(
    of rule: Int, fields: [Field], in bytes: Span<UInt8>
  ) -> EvaluationError? {
    let program = rules[rule].program
    var frame = answeredFrame(for: rules[rule])
    do throws(EvaluationError) {
      _ = try program.truth(program.root, bytes, fields, &frame)
      return nil
    } catch { return error }
  }

  /// How often a person is asked at most between two events, where parts of `now` are followed.
  public static let clockAnswersMax = 10_000

  /// Answers the rules for a person at a moment, without an event: see
  /// ``holds(_:person:at:failures:)``.
  ///
  /// - Parameter followsClock: whether ``validUntil`` is also when a part of `now` will be another one,
  ///   which may be every second.
  public mutating func ask(
    _ person: UInt32, at moment: Moment, followsClock: Bool = true, failures: inout Int
  ) {
    self.followsClock = followsClock
    defer { self.followsClock = true }
    asksClock = false
    validUntil = .distantFuture
    for word in answers.indices { answers[word] = 0 }
    for rule in rules.indices {
      let answer = holds(rules[rule], person: person, at: moment, failures: &failures)
      validUntil = min(validUntil, answer.validUntil)
      if answer.holds { answers[rule >> 6] |= 1 << UInt64(rule & 63) }
    }
  }

  /// Asks all calls once, for all rules.
  private mutating func askCalls(_ person: UInt32, _ milliseconds: Int64) {
    for call in plan.calls.indices { callAnswers[call] = answer(call, person, milliseconds) }
  }

  /// Answers a rule that is more than comparisons.
  private mutating func slowAnswer(
    _ rule: Int, _ fields: [Field], _ bytes: Span<UInt8>
  ) -> QuickAnswer {
    let program = rules[rule].program
    var frame = answeredFrame(for: rules[rule])
    var answer = QuickAnswer.failure
    if let isTrue = try? program.truth(program.root, bytes, fields, &frame) {
      answer = QuickAnswer(isTrue)
    }
    self.frame.validUntil = min(self.frame.validUntil, frame.validUntil)
    return answer
  }

  /// A frame for the event taken last, with what the calls of an expression say of its person.
  private func answeredFrame(for expression: Expression) -> Frame {
    var frame = Frame(self.frame.place)
    guard !expression.calls.isEmpty else { return frame }
    var store = Frame.Store()
    for call in expression.calls {
      store.inputs.append(callAnswers[call].result(in: texts))
      store.validUntil.append(callAnswers[call].validUntil)
    }
    frame.store = store
    frame.isForPerson = true
    return frame
  }

  /// Adds the value of an expression for the event taken last as JSON text: see
  /// ``Expression/appendJSON(_:fields:in:to:failures:)``.
  ///
  /// - Parameter isKnown: whether the event has a person; else it was not taken, and there is none.
  public func appendJSON(
    _ expression: Expression, isKnown: Bool, fields: [Field], in bytes: Span<UInt8>,
    to output: inout [UInt8], failures: inout Int
  ) {
    let program = expression.program
    var frame = answeredFrame(for: expression)
    do throws(EvaluationError) {
      guard isKnown else { throw .needsPerson }
      let value = try program.evaluate(program.root, bytes, fields, &frame)
      try program.owned(value, bytes, &frame).append(to: &output, from: bytes)
    } catch {
      failures += 1
      output.append("null")
    }
  }
}
