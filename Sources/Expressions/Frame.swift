internal import Records

/// What one evaluation has at hand beside the record's bytes.
struct Frame {
  /// Where the record lies and when it is; the moment alone where a person is asked.
  var place: EventPlace
  /// Steps that may still be taken.
  var fuel = Frame.fuelMax
  /// Whether a person is asked, so that look-back calls have answers.
  var isForPerson = false
  /// Whether values of the record are those that were captured for the person.
  var readsCaptures = false
  /// Whether it is noted when a part of `now` will be another one.
  var followsClock = true
  /// Whether a part of `now` was asked for.
  var asksClock = false
  /// The first moment at which the answer could be another one.
  var validUntil = Moment(milliseconds: .max)
  /// What only some evaluations need: without it a frame owns nothing, and costs next to nothing.
  var store: Store?

  /// The values that an evaluation is given or keeps.
  struct Store {
    /// The variables of the macros that are running.
    var locals: [Value] = []
    /// Variables by index; or the look-back calls' values, then the captured ones.
    var inputs: [Result<Value, EvaluationError>] = []
    /// Where the inputs are those of a person: until when each call's value stays as it is.
    var validUntil: [Moment] = []
    /// Where captured values start among the inputs.
    var captureBase = 0
  }

  /// The steps that one evaluation may take: elements looped over, keys and values compared, bytes
  /// searched in units of 64.
  static var fuelMax: Int { 1_000_000 }

  init(_ place: EventPlace) { self.place = place }

  /// Takes steps, and throws when there are none left.
  @inline(__always)
  mutating func spend(_ steps: Int) throws(EvaluationError) {
    fuel -= steps
    if fuel < 0 { throw .tooCostly }
  }

  /// A value that was given: a variable, or that of a look-back call.
  func input(_ index: Int) throws(EvaluationError) -> Value {
    guard let store else { throw .needsPerson }
    return try store.inputs[index].get()
  }

  /// A value that was captured.
  func captured(_ index: Int) throws(EvaluationError) -> Value {
    guard let store else { throw .needsPerson }
    return try store.inputs[store.captureBase + index].get()
  }
}
