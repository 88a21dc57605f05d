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
  private let reader: EventReader
  let isBrokenDown: Bool
  var memory: PersonMemory
  var groups = PersonGroups(.latest)
  var isKnown: [Bool] = []

  init(_ rules: Rules, _ setup: Setup, isBrokenDown: Bool) {
    self.rules = rules.rules
    self.isBrokenDown = isBrokenDown
    reader = setup.reader
    memory = PersonMemory(for: setup.environment)
  }

  /// Counts an event for its person.
  mutating func take(_ event: Event, in block: Block, into output: inout Output) {
    var place = EventPlace(event)
    place.fingerprint = reader.fingerprint(event, in: block)
    memory.observe(event.person, place, fields: block.fields, in: block.bytes.span)
    memory.captureIfLatest(event.person, place, fields: block.fields, in: block.bytes.span)
    output.tally.count(&memory)
    if isBrokenDown { groups.note(event, fingerprint: place.fingerprint) }
    markKnown(event.person)
  }

  /// Notes that a person has an event.
  mutating func markKnown(_ person: UInt32) {
    while isKnown.count <= Int(person) { isKnown.append(false) }
    isKnown[Int(person)] = true
  }

  /// Two persons turned out to be one.
  mutating func link(_ link: Persons.Link) {
    memory.link(absorbed: link.absorbed, into: link.kept)
  }

  /// Writes one `segment.population` record a segment and value of `--by`.
  func report(_ run: Run, into output: inout Output) {
    let roots = run.persons.roots()
    let groupOf = isBrokenDown ? groups.resolved(roots) : []
    var isPerson = [Bool](repeating: false, count: roots.count)
    for id in isKnown.indices where isKnown[id] { isPerson[Int(roots[id])] = true }
    var memory = memory
    var persons = [Int](repeating: 0, count: run.breakdown.count)
    var members = [[Int]](
      repeating: [Int](repeating: 0, count: rules.count), count: run.breakdown.count)
    for person in roots.indices where isPerson[person] {
      let group = isBrokenDown ? Int(groupOf[person]) : 0
      persons[group] += 1
      for (segment, rule) in rules.enumerated() {
        let answer = memory.holds(
          rule.condition, person: UInt32(person), at: run.asOf ?? .distantPast,
          failures: &output.tally.conditionErrors)
        if answer.holds { members[group][segment] += 1 }
      }
    }
    output.tally.count(&memory)
    write(persons, members, run, into: &output)
  }

  private func write(
    _ persons: [Int], _ members: [[Int]], _ run: Run, into output: inout Output
  ) {
    guard run.breakdown.isUsed else {
      return write(0, persons[0], members[0], run, into: &output)
    }
    let (shown, folded) = run.breakdown.ranked(persons)
    for group in shown {
      write(group, persons[Int(group)], members[Int(group)], run, into: &output)
    }
    guard !folded.isEmpty else { return }
    var others = [Int](repeating: 0, count: rules.count)
    for group in folded {
      for segment in rules.indices { others[segment] += members[Int(group)][segment] }
    }
    let total = folded.reduce(0) { $0 + persons[Int($1)] }
    write(nil, total, others, run, into: &output)
    output.noticeFolded(folded.count)
  }

  private func write(
    _ group: UInt32?, _ persons: Int, _ members: [Int], _ run: Run, into output: inout Output
  ) {
    for (segment, rule) in rules.enumerated() {
      output.report("segment.population") { writer in
        run.breakdown.write(group, to: &writer)
        writer.field("segment", rule.name)
        writer.field("persons", members[segment])
        writer.rate("share", Rate(numerator: members[segment], denominator: persons))
      }
    }
  }
}
