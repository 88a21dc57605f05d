import Events
import Pipes
import Records

/// Who comes back, how many are active, who stays away.
///
///     event ─ is it a start, a return, activity? ─ the person's day
///     report:  days of each person ─┬─ RetentionReport     --retention
///                                   ├─ ActivityReport      --active
///                                   ├─ LifecycleReport     --lifecycle, --churn
///                                   └─ SurvivalReport      --survival
///
/// Of the events no more is kept than on which days a person did what, and of a day the first and the
/// last time where that matters; so the order in which they come never shows.
struct Cohort: Filter {
  private let start: ActivityTest
  private let back: ActivityTest
  private let isSameEvent: Bool
  private let question: CohortQuestion
  private let names: EventNames
  private let reader: EventReader
  private let retention: RetentionDefinition?
  private let recentCount: Int
  private let idleDays: Int32
  /// What a calendar day is.
  private let periods: CalendarPeriods
  private let keepsTimes: Bool
  private let keepsParts: Bool

  var days: PersonDays
  /// The value of `--by` at each person's first start; `nil` without `--by`.
  var groups: PersonGroups?

  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    question = try CohortQuestion(arguments)
    start = try ActivityTest(arguments, ["start", "event"], &setup)
    back = try ActivityTest(arguments, ["return", "event"], &setup)
    isSameEvent = start.isSame(as: back)
    names = try EventNames(arguments, setup.reader, purchases: [])
    reader = setup.reader
    periods = try CalendarPeriods(arguments)
    retention =
      question == .retention
      ? try RetentionDefinition(arguments, periods, isSameEvent: isSameEvent) : nil
    (keepsTimes, keepsParts) = (retention?.needsTimes ?? false, retention?.isRolling ?? false)
    let usualCount = periods.unit == .day ? 28 : 12
    recentCount =
      try arguments.count("periods", in: 1...RetentionDefinition.periodsMax) ?? usualCount
    idleDays = try Self.idleDays(arguments)
    days = PersonDays(keepsTimes: keepsTimes)
    if arguments.has("by") {
      groups = PersonGroups(.first)
      setup.useFingerprints()
    }
  }

  /// How many days without activity it takes to have left.
  private static func idleDays(_ arguments: Arguments) throws(Failure) -> Int32 {
    let milliseconds = try arguments.duration("idle") ?? 30 * 86_400_000
    guard milliseconds >= 86_400_000, milliseconds % 86_400_000 == 0,
      milliseconds / 86_400_000 <= 36_500
    else {
      throw .usage(
        "--idle takes whole days, from 1d to 36500d, not '\(arguments.value("idle") ?? "")'")
    }
    return Int32(clamping: milliseconds / 86_400_000)
  }

  func touch(_ person: UInt32) -> UInt64 { days.touch(person) }

  var largestArrayBytes: Int { days.largestArrayBytes }

  mutating func accept(
    _ event: Event, in block: Block, _ persons: Persons, into output: inout Output
  ) throws(RecordError) {
    guard event.person != Persons.nobody else { return }
    let marks = try marks(of: event, in: block, &output)
    guard !marks.isEmpty else { return }
    let day = periods.day(of: event.time)
    let offset = keepsTimes ? PersonDay.offset(of: event.time, onDay: day) : 0
    let slot =
      keepsParts
      ? PersonDay.slot(ofDay: day, partAt: offset) : PersonDay.slot(ofDay: day)
    days.note(event.person, slot, marks, at: offset)
    if groups != nil, marks.contains(.start) {
      groups?.note(event, fingerprint: reader.fingerprint(event, in: block))
    }
  }

  /// What an event is to its person.
  private func marks(
    of event: Event, in block: Block, _ output: inout Output
  ) throws(RecordError) -> PersonDay.Marks {
    if question == .lifecycle {
      // The first event of any kind is when a person came to be.
      return try holds(back, event, in: block, &output) ? .all : .start
    }
    let isStart = try holds(start, event, in: block, &output)
    if isSameEvent { return isStart ? .all : [] }
    let isReturn = try holds(back, event, in: block, &output)
    return (isStart ? PersonDay.Marks.start : []).union(isReturn ? .back : [])
  }

  private func holds(
    _ test: ActivityTest, _ event: Event, in block: Block, _ output: inout Output
  ) throws(RecordError) -> Bool {
    try test.holds(event, in: block, names, reader, failures: &output.tally.conditionErrors)
  }

  func report(_ run: Run, into output: inout Output) {
    switch question {
    case .retention:
      guard let retention else { return }
      RetentionReport(retention, run)?.write(days, groups, run, into: &output)
    case .active:
      ActivityReport(periods, recentCount: recentCount, run)?
        .write(days, groups, run, into: &output)
    case .lifecycle, .churn:
      LifecycleReport(periods, isChurn: question == .churn, run)?
        .write(days, groups, run, into: &output)
    case .survival:
      SurvivalReport(periods, idleDays: idleDays, run)?.write(days, groups, run, into: &output)
    }
  }
}
