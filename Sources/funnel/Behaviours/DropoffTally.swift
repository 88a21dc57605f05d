import Pipes
import Records
import Statistics

/// What those who stopped did next: the `funnel.dropoff` records.
///
///     step 2 reached ─── window ends ───          115 dropped behind step 2
///        └─ Cart Viewed                            31 of them did this next
///        └─ nothing any more                       62 of them left for good
///
/// Next is the first event behind the moment of the last step that was reached, however late it is, of
/// several at one moment the first by name. Who may still go on has not dropped.
struct DropoffTally: Sendable {
  private let definition: FunnelDefinition
  private let asOf: Moment?
  /// The name of each behaviour that is an event, `nil` for others.
  private let names: [[UInt8]?]
  /// Persons by step reached and number of the next event; who did nothing more has -1.
  private var next: [[Int: Int]]

  /// Nobody yet.
  init(_ log: BehaviourLog, _ definition: FunnelDefinition, asOf: Moment?) {
    (self.definition, self.asOf) = (definition, asOf)
    names = (0..<log.count).map { number in
      log.behaviour(number).flatMap { $0.kind == .event || $0.kind == .step ? $0.name : nil }
    }
    next = Array(repeating: [:], count: definition.steps.count)
  }

  /// Counts a person.
  mutating func count(_ passage: Passage, _ rows: ArraySlice<BehaviourLog.Row>) {
    let isOpen = asOf.map { passage.isOpen(at: $0.milliseconds) } ?? false
    guard passage.level < definition.steps.count, !isOpen else { return }
    let last = passage.times[passage.level - 1]
    var first: (time: Int64, number: Int, name: [UInt8])?
    for row in rows where row.time > last && row.time <= first?.time ?? .max {
      let number = Int(row.number)
      guard let name = names[number] else { continue }
      if let found = first, found.time == row.time, !name.lexicographicallyPrecedes(found.name) {
        continue
      }
      first = (row.time, number, name)
    }
    next[passage.level][first?.number ?? -1, default: 0] += 1
  }

  /// Writes for each step who left for good, then what most of the others did next.
  ///
  /// - Parameter limit: how many different events are told; the others are written as one.
  func report(limit: Int, into output: inout Output) {
    for step in 1..<definition.steps.count {
      let dropped = next[step].values.reduce(0, +)
      var persons: [[UInt8]: Int] = [:]
      for (number, count) in next[step] where number >= 0 {
        // A name is one event, whether it is a step there or not.
        persons[names[number] ?? [], default: 0] += count
      }
      let ordered = persons.sorted { left, right in
        left.value != right.value
          ? left.value > right.value : left.key.lexicographicallyPrecedes(right.key)
      }
      let others = ordered.dropFirst(limit).reduce(0) { $0 + $1.value }
      let leavers = next[step][-1] ?? 0
      write(step, leavers, of: dropped, into: &output) { writer in
        writer.null("next")
        writer.field("left", true)
      }
      for (name, count) in ordered.prefix(limit) {
        write(step, count, of: dropped, into: &output) { $0.field("next", text: name) }
      }
      guard others > 0 else { continue }
      write(step, others, of: dropped, into: &output) { $0.field("next", "(other)") }
    }
  }

  private func write(
    _ step: Int, _ count: Int, of dropped: Int, into output: inout Output,
    next: (inout RecordWriter) -> Void
  ) {
    output.report("funnel.dropoff") { writer in
      writer.field("step", step)
      writer.field("name", definition.name(step))
      next(&writer)
      writer.rate("share", Rate(numerator: count, denominator: dropped))
    }
  }
}
