import Events
import Expressions
import Pipes
import Records
import Statistics

/// How many persons are in each segment at the end, whatever the order of arrival.
///
/// Conditions on earlier events count all of a person's; what a condition reads of the event itself
/// is read of the person's latest one.
struct Census: Sendable {
  private let rules: [Rules.Rule]
  private let segmentNames: [String]
  private let reader: EventReader
  let isBrokenDown: Bool
  var memory: PersonMemory
  /// What the built-in segments know; `nil` where none are asked for.
  var builtIns: BuiltIns?
  var groups = PersonGroups(.latest)
  var isKnown: [Bool] = []
  /// What the next report says.
  private var counted = Counted()

  /// The persons and the members of each segment, by value of `--by`.
  private struct Counted {
    var persons: [Int] = []
    var members: [[Int]] = []
  }

  init(_ rules: Rules, _ builtIns: BuiltIns?, _ setup: Setup, isBrokenDown: Bool) {
    self.rules = rules.rules
    self.builtIns = builtIns
    segmentNames = rules.rules.map(\.name) + (builtIns?.segmentNames ?? [])
    self.isBrokenDown = isBrokenDown
    reader = setup.reader
    memory = PersonMemory(for: setup.environment)
  }

  /// Bytes of the largest array.
  var largestArrayBytes: Int {
    max(memory.largestArrayBytes, builtIns?.largestArrayBytes ?? 0)
  }

  /// Counts an event for its person.
  mutating func take(_ event: Event, in block: Block, into output: inout Output) {
    var place = EventPlace(event)
    place.fingerprint = reader.fingerprint(event, in: block)
    memory.observe(event.person, place, fields: block.fields, in: block.bytes.span)
    memory.captureIfLatest(event.person, place, fields: block.fields, in: block.bytes.span)
    output.tally.count(&memory)
    builtIns?.take(event, in: block, failures: &output.tally.conditionErrors)
    if isBrokenDown { groups.note(event, fingerprint: place.fingerprint) }
    markKnown(event.person)
  }

  /// Looks at an event that does not count: it is of the past that rules look back at.
  mutating func see(_ event: Event, in block: Block, into output: inout Output) {
    var place = EventPlace(event)
    place.fingerprint = reader.fingerprint(event, in: block)
    memory.observe(event.person, place, fields: block.fields, in: block.bytes.span)
    output.tally.count(&memory)
  }

  /// Notes that a person has an event.
  mutating func markKnown(_ person: UInt32) {
    while isKnown.count <= Int(person) { isKnown.append(false) }
    isKnown[Int(person)] = true
  }

  /// Two persons turned out to be one.
  mutating func link(_ link: Persons.Link) {
    memory.link(absorbed: link.absorbed, into: link.kept)
    builtIns?.link(absorbed: link.absorbed, into: link.kept)
  }

  /// Counts who is in each segment as of a report.
  mutating func count(_ run: Run, into output: inout Output) {
    let roots = run.persons.roots()
    let groupOf = isBrokenDown ? groups.resolved(roots) : []
    var isPerson = [Bool](repeating: false, count: roots.count)
    for id in isKnown.indices where isKnown[id] { isPerson[Int(roots[id])] = true }
    var watches = [FailureWatch](repeating: FailureWatch(), count: rules.count)
    let builtIns = ranked(isPerson, run, into: &output)
    let asOf = run.asOf ?? .distantPast
    var answers = [UInt64](repeating: 0, count: (segmentNames.count + 63) / 64)
    var persons = [Int](repeating: 0, count: run.breakdown.count)
    var members = [[Int]](
      repeating: [Int](repeating: 0, count: segmentNames.count), count: run.breakdown.count)
    for person in roots.indices where isPerson[person] {
      let group = isBrokenDown ? Int(groupOf[person]) : 0
      persons[group] += 1
      for (segment, rule) in rules.enumerated() {
        var failures = 0
        let answer = memory.holds(
          rule.condition, person: UInt32(person), at: asOf, failures: &failures)
        if answer.holds { members[group][segment] += 1 }
        guard failures > 0 else { continue }
        output.tally.conditionErrors += failures
        guard run.isFinal, watches[segment].isOn else { continue }
        let value = memory.value(rule.condition, person: UInt32(person), at: asOf)
        if case .failure(let error) = value.result {
          output.noteFailure(of: "segment \(rule.name)", error, &watches[segment])
        }
      }
      guard let builtIns else { continue }
      for word in answers.indices { answers[word] = 0 }
      _ = builtIns.answer(UInt32(person), at: asOf, into: &answers)
      for segment in rules.count..<segmentNames.count
      where answers[segment >> 6] >> UInt64(segment & 63) & 1 == 1 {
        members[group][segment] += 1
      }
    }
    output.tally.count(&memory)
    counted = Counted(persons: persons, members: members)
  }

  /// Writes one `segment.population` record a segment and value of `--by`.
  func report(_ run: Run, into output: inout Output) {
    write(counted.persons, counted.members, run, into: &output)
  }

  /// The built-in segments with all buyers ranked, and a word on money that is in no rank.
  private func ranked(_ isPerson: [Bool], _ run: Run, into output: inout Output) -> BuiltIns? {
    guard var builtIns else { return nil }
    let persons = isPerson.indices.filter { isPerson[$0] }.map { UInt32($0) }
    let ordered = run.persons.inNameOrder(persons, run.persons.roots())
    builtIns.rankAll(ordered.map(\.person), asOf: run.asOf ?? .distantPast)
    if run.isFinal { for notice in builtIns.noticesOfMoney { output.notice(notice) } }
    return builtIns
  }

  private func write(
    _ persons: [Int], _ members: [[Int]], _ run: Run, into output: inout Output
  ) {
    for (group, groups) in run.breakdown.reported(persons, into: &output) {
      var sizes = [Int](repeating: 0, count: segmentNames.count)
      for one in groups {
        for segment in segmentNames.indices { sizes[segment] += members[Int(one)][segment] }
      }
      write(group, groups.reduce(0) { $0 + persons[Int($1)] }, sizes, run, into: &output)
    }
  }

  private func write(
    _ group: UInt32?, _ persons: Int, _ members: [Int], _ run: Run, into output: inout Output
  ) {
    let currency = builtIns?.reportCurrencyText
    for (segment, name) in segmentNames.enumerated() {
      output.report("segment.population") { writer in
        run.breakdown.write(group, to: &writer)
        writer.field("segment", name)
        if let currency, BuiltIns.isOfMoney(name) { writer.field("currency", currency) }
        writer.field("persons", members[segment])
        writer.rate("share", Rate(numerator: members[segment], denominator: persons))
      }
    }
  }
}
