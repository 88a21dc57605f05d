public import Records

/// What the look-back calls of an environment know of each person.
///
///     var memory = PersonMemory(for: environment)
///     memory.observe(person, place, fields: fields, in: bytes)
///     memory.captureIfLatest(person, place, fields: fields, in: bytes)
///     let answer = memory.holds(vip, person: person, at: place.time, failures: &failures)
///
/// Rules that are asked at each event are given to the memory at the start, and answered together:
/// see ``take(_:_:fields:in:at:failures:)``.
///
/// Persons are dense numbers that the caller gives. The state for a set of events is the same in
/// whatever order they are observed, and whether they are observed under one person or under two
/// that are linked before or after; so is every answer for a moment that is not before any of them.
///
/// State: 8 bytes a person for each `count`, `first`, `last`, 48 for each `sum`, 40 for each
/// `latest`; 8 for each call with a window and at most 65 buckets of 16 (`count`) or 64 (`sum`)
/// bytes; 16 for each captured value, and the distinct texts among those once. A bucket is there only
/// for a step in which something happened. Of the others, each with 8 bytes beside it:
///
///     distinct   16 bytes a value up to 256; from then on a sketch of 32 to about 80 KB more
///     days       8 bytes a day, at most those of its window
///     periods    16 bytes a step, at most 64 a period and 1
///     sequence   56 bytes a step, at most 4,098 and 130 where the window is not above 64 times
///                the time between the two
public struct PersonMemory: Sendable {
  let plan: LookBackPlan
  let rules: [Expression]
  /// Whether rules can be answered without an event, at a later moment.
  let keepsEvents: Bool
  /// The conditions, the captured parts and the rules, and where each of the plan's values lies.
  let quick: QuickProgram
  let conditionSteps: [Int]
  let captureSteps: [Int]
  let ruleSteps: [Int]
  let valueSources: [QuickSource?]
  /// How many persons there is room for.
  public private(set) var personCount = 0
  /// Conditions and values of look-back calls that had an error, so that the event did not count.
  public var failureCount = 0
  /// Answers of `distinct` that were estimates.
  public var estimateCount = 0

  /// Each array holds the state of person 0's calls of the sort, then person 1's, and so on.
  var counts: [Int64] = []
  var countWindows = WindowStore<EventCount>()
  var sums: [NumberSum] = []
  var sumWindows = WindowStore<NumberSum>()
  var moments: [Int64] = []
  var latests: [LatestValue] = []
  var distincts = DistinctStore()
  var dayWindows = WindowStore<Presence>()
  var periodWindows = WindowStore<EventCount>()
  var sequences = WindowStore<EventPairs>()
  let calendar: CalendarDays
  /// The place of the next event that is taken among those of equal time.
  var nextOrder: UInt64 = 1

  /// When the event whose values are captured happened, by person; the distant past for none.
  var capturedTimes: [Int64] = []
  var capturedFingerprints: [UInt64] = []
  var captured: [CapturedValue] = []
  var texts = TextTable()

  /// Working memory, used again for each event and evaluation.
  var truths: [Bool] = []
  var store = Frame.Store()
  /// What each call says of the person at hand.
  var callAnswers: [CallAnswer]
  var frame = QuickFrame(EventPlace(start: 0, end: 0, base: 0, time: .distantPast))

  /// Which of the rules are true for the person asked last: a bit a rule, in words of 64.
  public internal(set) var answers: [UInt64]
  /// Which of them have an error, and so are false.
  public internal(set) var failures: [UInt64]
  /// Whether any of them ever had one.
  var hasFailed = false
  /// Whether one of them asks for a part of `now`, such as its hour.
  public internal(set) var asksClock = false
  /// Whether it is said when such a part will be another one.
  var followsClock = true
  /// The first later moment at which one of these could be otherwise.
  public internal(set) var validUntil = Moment.distantFuture

  /// An empty memory for all look-back calls that the environment has compiled so far.
  ///
  /// - Parameters:
  ///   - rules: conditions of the environment that are asked together.
  ///   - keepsEvents: whether persons are asked without an event too: then what the expressions
  ///     read of an event can be kept, and it is said how long answers stay true.
  public init(
    for environment: Environment, rules: [Expression] = [], keepsEvents: Bool = true
  ) {
    let plan = environment.plan
    calendar = CalendarDays(environment.timeZone)
    var quick = QuickProgram()
    conditionSteps = plan.conditions.map { quick.add($0.root, of: $0) }
    captureSteps = plan.captures.map { quick.add($0.node, of: plan.programs[$0.program]) }
    ruleSteps = rules.map {
      quick.add($0.program.root, of: $0.program, calls: $0.calls, plan: plan)
    }
    valueSources = plan.values.map { quick.addSource(of: $0) }
    self.plan = plan
    self.rules = rules
    self.keepsEvents = keepsEvents
    self.quick = quick
    truths = Array(repeating: false, count: plan.conditions.count)
    callAnswers = Array(repeating: CallAnswer(content: .count(0)), count: plan.calls.count)
    answers = Array(repeating: 0, count: (rules.count + 63) / 64)
    failures = answers
  }

  /// Makes room for the persons up to a number.
  mutating func reserve(_ person: UInt32) {
    guard Int(person) >= personCount else { return }
    personCount = Int(person) + 1
    counts.extend(to: personCount * plan.stateCount(.count), with: 0)
    countWindows.grow(to: personCount * plan.stateCount(.countWindow))
    sums.extend(to: personCount * plan.stateCount(.sum), with: NumberSum())
    sumWindows.grow(to: personCount * plan.stateCount(.sumWindow))
    let momentCount = plan.stateCount(.moment)
    while moments.count < personCount * momentCount {
      moments.append(PersonMemory.noMoment)
    }
    latests.extend(to: personCount * plan.stateCount(.latest), with: LatestValue())
    distincts.grow(to: personCount * plan.stateCount(.distinct))
    dayWindows.grow(to: personCount * plan.stateCount(.days))
    periodWindows.grow(to: personCount * plan.stateCount(.periods))
    sequences.grow(to: personCount * plan.stateCount(.sequence))
    guard keepsEvents else { return }
    capturedTimes.extend(to: personCount, with: Int64.min)
    capturedFingerprints.extend(to: personCount, with: 0)
    captured.extend(to: personCount * plan.captures.count, with: CapturedValue())
  }

  /// Asks the memory of the machine for what is remembered of a person; the answer means nothing.
  public func touch(_ person: UInt32) -> UInt64 {
    guard Int(person) < personCount else { return 0 }
    var touched: UInt64 = 0
    let (count, moment) = (plan.stateCount(.count), plan.stateCount(.moment))
    if count > 0 { touched &+= UInt64(bitPattern: counts[Int(person) * count]) }
    if moment > 0 { touched &+= UInt64(bitPattern: moments[Int(person) * moment]) }
    touched &+= countWindows.touch(Int(person) * plan.stateCount(.countWindow))
    return touched &+ sumWindows.touch(Int(person) * plan.stateCount(.sumWindow))
  }

  /// Bytes of the largest array, as far as their elements say.
  public var largestArrayBytes: Int {
    max(
      counts.count * 8, sums.count * MemoryLayout<NumberSum>.stride, moments.count * 8,
      latests.count * MemoryLayout<LatestValue>.stride,
      captured.count * MemoryLayout<CapturedValue>.stride, countWindows.largestArrayBytes,
      sumWindows.largestArrayBytes, distincts.largestArrayBytes, dayWindows.largestArrayBytes,
      periodWindows.largestArrayBytes, sequences.largestArrayBytes)
  }

  /// Stands for no event in ``moments``.
  static let noMoment = Int64.min

  /// The place of a call's state for a person in the array of its sort.
  @inline(__always)
  func place(_ call: Int, _ person: UInt32) -> Int {
    Int(person) * plan.stateCount(plan.calls[call].stateKind) + plan.calls[call].state
  }
}

/// The value at the latest event that met a condition.
struct LatestValue: Sendable, BitwiseCopyable {
  var time = Int64.min
  var fingerprint: UInt64 = 0
  var value = CapturedValue()

  /// Whether another event is later than the one the value is from.
  func precedes(_ otherTime: Int64, _ otherFingerprint: UInt64) -> Bool {
    value.kind == .nothing || (time, fingerprint) < (otherTime, otherFingerprint)
  }
}

extension Array {
  /// Adds elements until there are so many.
  mutating func extend(to count: Int, with element: Element) {
    guard self.count < count else { return }
    append(contentsOf: repeatElement(element, count: count - self.count))
  }
}
