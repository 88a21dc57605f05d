public import Records

/// A compiled expression, to be asked of one event after the other.
///
///     var environment = Environment()
///     let bought = try environment.compile("event == \"Order Completed\" && properties.revenue > 50")
///     …scan a line with environment.selection…
///     bought.holds(place, fields: fields, in: bytes, failures: &failures)
///
/// Cost: a comparison of a top-level field with a constant is some nanoseconds; nothing is
/// allocated for comparisons of fields with constants, `&&`, `||`, `!` and `in`. Every evaluation
/// ends after at most a million steps.
public struct Expression: Sendable {
  /// All of it: one reference, so that who hands an expression on copies no more than that.
  ///
  /// A copy of the parts themselves came to 2,200 instructions an event under `--where`.
  private let parts: Parts

  /// What an expression is made of; nothing of it ever changes.
  final class Parts: Sendable {
    let source: String
    let slots: [Int]
    let readsOnlyEventName: Bool
    let readsOnlyEventAndType: Bool
    let looksBack: Bool
    let readsNow: Bool
    let summary: ExpressionSummary
    let program: Program
    /// The same program, as far as it can be answered at once.
    let quick: QuickProgram
    /// The step of the whole, and where its value lies if it is a field.
    let quickRoot: Int
    let quickSource: QuickSource?
    /// The look-back calls of the environment that the program's calls are.
    let calls: [Int]
    /// The captures of the environment that the program's captured nodes are.
    let captures: [Int]

    init(
      source: String, slots: [Int], readsOnlyEventName: Bool, readsOnlyEventAndType: Bool,
      looksBack: Bool, readsNow: Bool, summary: ExpressionSummary, program: Program, calls: [Int],
      captures: [Int]
    ) {
      var quick = QuickProgram()
      quickRoot = quick.add(program.root, of: program)
      quickSource = quick.addSource(of: program)
      self.quick = quick
      (self.source, self.slots, self.summary) = (source, slots, summary)
      (self.readsOnlyEventName, self.readsOnlyEventAndType) =
        (readsOnlyEventName, readsOnlyEventAndType)
      (self.looksBack, self.readsNow) = (looksBack, readsNow)
      (self.program, self.calls, self.captures) = (program, calls, captures)
    }
  }

  init(_ parts: Parts) { self.parts = parts }

  /// The expression as it was written.
  public var source: String { parts.source }
  /// The slots of the top-level fields that the expression reads, in ascending order.
  public var slots: [Int] { parts.slots }
  /// Whether the answer depends on nothing but the event's name: the field `event`, or, where it is
  /// missing, `type`.
  ///
  /// Such an answer may be kept for each distinct name.
  public var readsOnlyEventName: Bool { parts.readsOnlyEventName }
  /// Whether the answer depends on nothing but the fields `event` and `type`.
  public var readsOnlyEventAndType: Bool { parts.readsOnlyEventAndType }
  /// Whether the expression asks for the person's earlier events, so that only a
  /// ``PersonMemory`` can answer it.
  public var looksBack: Bool { parts.looksBack }
  /// Whether the expression depends on the moment of evaluation.
  public var readsNow: Bool { parts.readsNow }
  /// What it is, reads, keeps and costs.
  public var summary: ExpressionSummary { parts.summary }
  /// The number of the condition among those that a stage answers at each event; `nil` where it is
  /// asked of the event itself.
  public var answerNumber: Int?

  var program: Program { parts.program }
  var quick: QuickProgram { parts.quick }
  var quickRoot: Int { parts.quickRoot }
  var calls: [Int] { parts.calls }
  var captures: [Int] { parts.captures }

  /// Whether the condition is true for an event.
  ///
  /// - Parameters:
  ///   - place: where the record lies among the bytes and fields.
  ///   - fields: what the scan found, for the environment's selection.
  ///   - bytes: the block of input.
  ///   - failures: is raised by one when the condition has an error, and so is false.
  public func holds(
    _ place: EventPlace, fields: [Field], in bytes: Span<UInt8>, failures: inout Int
  ) -> Bool {
    var quickFrame = QuickFrame(place)
    switch parts.quick.answer(parts.quickRoot, bytes, fields, [], &quickFrame) {
    case .yes: return true
    case .no: return false
    case .failure:
      failures += 1
      return false
    case .unknown: break
    }
    var frame = Frame(place)
    do {
      return try parts.program.truth(parts.program.root, bytes, fields, &frame)
    } catch {
      failures += 1
      return false
    }
  }

  /// Why the condition cannot be evaluated for an event, `nil` where it can.
  public func failure(
    _ place: EventPlace, fields: [Field], in bytes: Span<UInt8>
  ) -> EvaluationError? {
    var frame = Frame(place)
    do throws(EvaluationError) {
      _ = try parts.program.truth(parts.program.root, bytes, fields, &frame)
      return nil
    } catch { return error }
  }

  /// The value for an event, copied out of the record.
  public func value(
    _ place: EventPlace, fields: [Field], in bytes: Span<UInt8>
  ) throws(EvaluationError) -> Value {
    var frame = Frame(place)
    let value = try parts.program.evaluate(parts.program.root, bytes, fields, &frame)
    return try parts.program.owned(value, bytes, &frame)
  }

  /// Adds the value for an event as JSON text: `"pro"`, `49.90`, `true`, `null`.
  ///
  /// A number of the record keeps its digits; a string is written in one way, however the record
  /// escapes it. An error is `null`.
  ///
  /// - Parameter failures: is raised by one at an error.
  public func appendJSON(
    _ place: EventPlace, fields: [Field], in bytes: Span<UInt8>,
    to output: inout [UInt8], failures: inout Int
  ) {
    switch quickField(place, fields, bytes) {
    case .field(let field) where field.isWrittenAsIs(in: bytes):
      return output.append(bytes, from: field.start, to: field.end)
    case .none(.failure):
      failures += 1
      return output.append("null")
    default: break
    }
    var frame = Frame(place)
    do {
      let value = try parts.program.evaluate(parts.program.root, bytes, fields, &frame)
      try parts.program.owned(value, bytes, &frame).append(to: &output, from: bytes)
    } catch {
      failures += 1
      output.append("null")
    }
  }

  /// The field that is the value, unknown where the value is more than a field.
  private func quickField(
    _ place: EventPlace, _ fields: [Field], _ bytes: Span<UInt8>
  ) -> QuickField {
    guard let quickSource = parts.quickSource else { return .none(.unknown) }
    var frame = QuickFrame(place)
    return parts.quick.find(quickSource, bytes, fields, &frame)
  }

  /// The value where the caller gives the variables: for expressions of the standard.
  ///
  /// - Parameter variables: a value for each name that the environment was made with, `nil` where
  ///   the name is unbound.
  public func value(variables: [Value?]) throws(EvaluationError) -> Value {
    let bytes: [UInt8] = []
    var frame = Frame(EventPlace(start: 0, end: 0, base: 0, time: Moment(milliseconds: 0)))
    var store = Frame.Store()
    for variable in variables {
      store.inputs.append(variable.map { .success($0) } ?? .failure(.unknownName))
    }
    frame.store = store
    let value = try parts.program.evaluate(parts.program.root, bytes.span, [], &frame)
    return try parts.program.owned(value, bytes.span, &frame)
  }
}

/// A top-level name that is near the name of a known field.
///
/// It is legal, since any top-level field is a variable; but where no event has it, it is a slip.
public struct DoubtfulName: Sendable, Equatable {
  /// The name as it was written.
  public let name: String
  /// Its slot in the environment's selection.
  public let slot: Int
  /// The field that was perhaps meant.
  public let suggestion: String
  /// Where it stands, in characters from 1 on.
  public let column: Int
}

extension Field {
  /// Whether the JSON text of a value can be written as it stands in the record: all but strings that
  /// may be written in several ways, arrays and objects.
  fileprivate func isWrittenAsIs(in bytes: Span<UInt8>) -> Bool {
    switch kind(in: bytes) {
    case .array, .object, .absent: false
    case .string: !hasEscapes && !hasNonASCII
    case .number, .true, .false, .null: true
    }
  }
}
