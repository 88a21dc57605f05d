/// The look-back calls of an environment, and what must be captured of a person's events.
///
/// Equal calls, conditions and values, compared by their tokens, are there once.
struct LookBackPlan: Sendable {
  /// The conditions of the calls.
  private(set) var conditions: [Program] = []
  /// The values of the calls.
  private(set) var values: [Program] = []
  /// The calls.
  private(set) var calls: [LookBackCall] = []
  /// The programs that have parts to capture.
  private(set) var programs: [Program] = []
  /// The parts to capture, in the order of the captured values.
  private(set) var captures: [CapturePoint] = []
  /// The calls that ask for two events, one behind the other.
  private(set) var sequences: [Int] = []
  /// How many calls keep each sort of state.
  private(set) var stateCounts = [Int](repeating: 0, count: StateKind.allCases.count)

  private var conditionTexts: [[UInt8]] = []
  private var valueTexts: [[UInt8]] = []

  /// The sorts of state that calls keep.
  enum StateKind: Int, CaseIterable {
    case count
    case countWindow
    case sum
    case sumWindow
    case moment
    case latest
    case distinct
    case days
    case periods
    case sequence
  }

  /// A node whose value is kept of the person's event.
  struct CapturePoint: Sendable {
    let program: Int
    let node: Int
  }

  /// The index of a condition, a new one where none has the same text.
  mutating func condition(_ program: Program, text: [UInt8]) -> Int {
    if let index = conditionTexts.firstIndex(of: text) { return index }
    conditions.append(program)
    conditionTexts.append(text)
    return conditions.count - 1
  }

  /// The index of a value, a new one where none has the same text.
  mutating func value(_ program: Program, text: [UInt8]) -> Int {
    if let index = valueTexts.firstIndex(of: text) { return index }
    values.append(program)
    valueTexts.append(text)
    return values.count - 1
  }

  /// The index of a call, a new one where none is equal.
  mutating func call(_ call: LookBackCall) -> Int {
    for index in calls.indices {
      var other = calls[index]
      other.state = call.state
      if other == call { return index }
    }
    var entered = call
    entered.state = stateCounts[call.stateKind.rawValue]
    stateCounts[call.stateKind.rawValue] += 1
    calls.append(entered)
    if call.kind == .sequence { sequences.append(calls.count - 1) }
    return calls.count - 1
  }

  /// Enters the parts of a program that are to be captured; gives the index of each.
  mutating func capture(_ nodes: [Int], of program: Program) -> [Int] {
    guard !nodes.isEmpty else { return [] }
    programs.append(program)
    let first = captures.count
    for node in nodes { captures.append(CapturePoint(program: programs.count - 1, node: node)) }
    return Array(first..<captures.count)
  }

  /// How many calls keep a sort of state.
  func stateCount(_ kind: StateKind) -> Int { stateCounts[kind.rawValue] }
}
