import Expressions
import Pipes
import Records

/// All that a run counts: each condition once, and what is to be done where it is true.
///
///     conversionRate    persons purchase ÷ persons interaction ─┐      conditions  0 purchase
///     visitors          persons interaction ────────────────────┴─→                1 interaction
///                                                                  actions     0 mark 1    1 mark 2
struct MetricPlan: Sendable {
  /// A value that is taken of events.
  struct Value: Sendable {
    let expression: Expression
    /// Whether its numbers are kept, for quantiles.
    var isListed = false
  }

  /// Cases: what opens them, what closes them, and which of them belong together.
  struct Cases: Sendable {
    /// The value that openings and closings of one case share; the person where it is missing.
    let key: Expression?
    /// How large what is opened is.
    let size: Expression?
    /// How long after the opening a closing counts, in milliseconds; ever where it is `nil`.
    let within: Int64?
  }

  /// What a condition is to cases.
  struct CaseMark: Sendable, BitwiseCopyable {
    let log: Int
    let isOpening: Bool
  }

  /// The most conditions that persons are counted by: each is a bit of a word.
  static let marksMax = 32

  private(set) var conditions: [MetricCondition] = []
  /// The bit to set for the person of an event for which a condition is true, 0 for none.
  private(set) var marks: [UInt32] = []
  /// The counter to raise for it, -1 for none.
  private(set) var counters: [Int] = []
  /// The values to take of it.
  private(set) var valuesTaken: [[Int]] = []
  private(set) var values: [Value] = []
  /// Which cases it opens or closes.
  private(set) var caseMarks: [[CaseMark]] = []
  private(set) var cases: [Cases] = []
  private(set) var counterCount = 0
  private(set) var markCount = 0
  /// Whether purchases are read for their money.
  var readsMoney = false
  /// Whether sessions are cut.
  var cutsSessions = false
  private var numbers: [String: Int] = [:]
  private var valueNumbers: [String: Int] = [:]
  private var caseNumbers: [[String]: Int] = [:]

  /// The number of a condition.
  private mutating func number(_ condition: MetricCondition) -> Int {
    if let number = numbers[condition.key] { return number }
    numbers[condition.key] = conditions.count
    conditions.append(condition)
    marks.append(0)
    counters.append(-1)
    valuesTaken.append([])
    caseMarks.append([])
    return conditions.count - 1
  }

  /// The counter of events for which a condition is true.
  mutating func counter(_ condition: MetricCondition) -> Int {
    let number = number(condition)
    if counters[number] < 0 {
      counters[number] = counterCount
      counterCount += 1
    }
    return counters[number]
  }

  /// The mark of persons of whom there is an event for which a condition is true; `nil` where there
  /// are too many.
  mutating func mark(_ condition: MetricCondition) -> Int? {
    let number = number(condition)
    if marks[number] == 0 {
      guard markCount < Self.marksMax else { return nil }
      marks[number] = 1 << UInt32(markCount)
      markCount += 1
    }
    return marks[number].trailingZeroBitCount
  }

  /// The number of a value of the events for which a condition is true.
  mutating func value(
    _ expression: Expression, _ condition: MetricCondition, isListed: Bool
  ) -> Int {
    let key = "\(expression.source)\u{0}\(condition.key)"
    let known = valueNumbers[key]
    let value = known ?? values.count
    if known == nil {
      valueNumbers[key] = value
      values.append(Value(expression: expression))
      valuesTaken[number(condition)].append(value)
    }
    if isListed { values[value].isListed = true }
    return value
  }

  /// The number of the log of cases.
  mutating func log(
    _ cases: Cases, from opening: MetricCondition, to closing: MetricCondition
  ) -> Int {
    let key = [
      opening.key, closing.key, cases.key?.source ?? "", cases.size?.source ?? "",
      cases.within.map { "\($0)" } ?? "",
    ]
    if let number = caseNumbers[key] { return number }
    let log = self.cases.count
    caseNumbers[key] = log
    self.cases.append(cases)
    caseMarks[number(opening)].append(CaseMark(log: log, isOpening: true))
    caseMarks[number(closing)].append(CaseMark(log: log, isOpening: false))
    return log
  }

  /// Whether a condition has a counter, values or cases, and not only marks persons.
  func counts(_ condition: Int) -> Bool {
    counters[condition] >= 0 || !valuesTaken[condition].isEmpty || !caseMarks[condition].isEmpty
  }
}
