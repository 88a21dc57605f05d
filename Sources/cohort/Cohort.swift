import Events
import Pipes
import Records

/// Who comes back.
///
///     event ─ is it a start, a return? ─ the person's day
///     report:  days of each person → RetentionFinder → RetentionReport
///
/// Of the events no more is kept than on which days a person did what, and of a day the first and the
/// last time where that matters; so the order in which they come never shows.
struct Cohort: Filter {
  private let start: ActivityTest
  private let back: ActivityTest
  private let isSameEvent: Bool
  private let names: EventNames
  private let reader: EventReader
  private let definition: RetentionDefinition
  /// What a calendar day is.
  private let periods: CalendarPeriods
  private let keepsTimes: Bool
  private let keepsParts: Bool

  var days: PersonDays
  /// The value of `--by` at each person's first start; `nil` without `--by`.
  var groups: PersonGroups?

  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    for option in ["start", "return"] where arguments.has(option) && arguments.has("event") {
      throw .usage("--event stands for --start and --return: leave it or --\(option) out")
    }
    start = try ActivityTest(arguments, ["start", "event"], &setup)
    back = try ActivityTest(arguments, ["return", "event"], &setup)
    isSameEvent = start.isSame(as: back)
    names = try EventNames(arguments, setup.reader, purchases: [])
    reader = setup.reader
    definition = try RetentionDefinition(arguments, isSameEvent: isSameEvent)
    periods = definition.periods
    (keepsTimes, keepsParts) = (definition.needsTimes, definition.isRolling)
    days = PersonDays(keepsTimes: keepsTimes)
    if arguments.has("by") {
      groups = PersonGroups(.first)
      setup.useFingerprints()
    }
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
    let isStart = try holds(start, event, in: block, &output)
    if isSameEvent { return isStart ? .all : [] }
    let isReturn = try holds(back, event, in: block, &output)
    return (isStart ? PersonDay.Marks.start : []).union(isReturn ? .back : [])
  }

  @inline(__always)
  private func holds(
    _ test: ActivityTest, _ event: Event, in block: Block, _ output: inout Output
  ) throws(RecordError) -> Bool {
    switch test {
    case .interaction:
      try names.meaning(of: event, block.fields, in: block.bytes.span).meaning
        .contains(.interaction)
    case .condition(let condition):
      try condition.holds(event, in: block, reader, failures: &output.tally.conditionErrors)
    }
  }

  func report(_ run: Run, into output: inout Output) {
    RetentionReport(definition, run)?.write(days, groups, run, into: &output)
  }
}
