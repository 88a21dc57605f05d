import Events
import Pipes
import Records

/// What became of one person, event by event.
///
///     12:00:00   Product Viewed   enters the funnel by 'Product Viewed'
///     12:00:35   Product Added    reaches step 2 'Product Added', 35 s after step 1
///     13:05:00   Order Completed  would be step 3 'Order Completed', but the window has passed
///                                 dropped: came to step 2 of 3
///
/// Each line compares what a report would say if the events ended before the event's moment, and
/// behind it. Both come from the same search as the report, so that the last line is what the report
/// counts. Cost: as many searches as the person has moments.
struct Explanation {
  private struct Line {
    let time: Int64
    let event: [UInt8]
    let steps: [Int]
    let level: Int
    let text: String
  }

  private let definition: FunnelDefinition
  private var lines: [Line] = []
  private var verdicts: [(passage: Passage, outcome: String)] = []

  init(
    _ events: ArraySlice<FacetedMatch>, _ definition: FunnelDefinition, _ facets: Facets,
    _ finder: inout PassageFinder, personGroup: UInt32, asOf: Moment?
  ) {
    self.definition = definition
    var before: [Passage] = []
    var start = events.startIndex
    while start < events.endIndex {
      var end = start + 1
      while end < events.endIndex, events[end].match.time == events[start].match.time { end += 1 }
      let after = finder.passages(of: events[events.startIndex..<end], personGroup: personGroup)
        .map(\.passage)
      for row in events[start..<end] {
        let numbers = finder.numbers(of: row)
        let text = Change(definition, before, after, row.match.time).text(numbers)
        lines.append(
          Line(
            time: row.match.time, event: facets.nameText(facets.facets[Int(row.facet)].name),
            steps: numbers.filter { $0 <= definition.steps.count },
            level: after.map(\.level).max() ?? 0, text: text))
      }
      before = after
      start = end
    }
    verdicts = before.map { ($0, outcome(of: $0, asOf)) }
  }

  /// How a passage is counted.
  private func outcome(of passage: Passage, _ asOf: Moment?) -> String {
    if passage.isExcluded { return "excluded" }
    if passage.level == definition.steps.count { return "converted" }
    guard let asOf, passage.isOpen(at: asOf.milliseconds) else { return "dropped" }
    return "open"
  }

  /// Writes the explanation of the person with an id, as `funnel.explain` records.
  static func write(
    _ id: String, _ explanations: [UInt32: Explanation], _ persons: Persons, _ roots: [UInt32],
    _ definition: FunnelDefinition, into output: inout Output
  ) {
    guard let person = ExplainedPersons.person(id, persons, roots),
      let explanation = explanations[person]
    else {
      return output.report("funnel.explain") { writer in
        writer.field("id", id)
        writer.null("time")
        writer.null("event")
        writer.field("steps", json: Array("[]".utf8))
        writer.field("level", 0)
        writer.field("outcome", "unknown")
        writer.field("text", "has no event that counts")
      }
    }
    for line in explanation.lines {
      output.report("funnel.explain") { writer in
        writer.field("id", id)
        writer.field("time", Moment(milliseconds: line.time))
        writer.field("event", text: line.event)
        let steps = line.steps.map(\.description).joined(separator: ",")
        writer.field("steps", json: Array("[\(steps)]".utf8))
        writer.field("level", line.level)
        writer.null("outcome")
        writer.field("text", line.text)
      }
    }
    if explanation.verdicts.isEmpty {
      explanation.writeVerdict(id, nil, "none", into: &output)
    }
    for (passage, outcome) in explanation.verdicts {
      explanation.writeVerdict(id, passage, outcome, into: &output)
    }
  }

  private func writeVerdict(
    _ id: String, _ passage: Passage?, _ outcome: String, into output: inout Output
  ) {
    output.report("funnel.explain") { writer in
      writer.field("id", id)
      writer.null("time")
      writer.null("event")
      writer.field("steps", json: Array("[]".utf8))
      writer.field("level", passage?.level ?? 0)
      writer.field("outcome", outcome)
      writer.field("text", words(passage, outcome))
    }
  }

  private func words(_ passage: Passage?, _ outcome: String) -> String {
    guard let passage else { return "never entered the funnel" }
    var bytes: [UInt8] = []
    Moment(milliseconds: passage.entry).append(to: &bytes)
    let entry = String(decoding: bytes, as: UTF8.self)
    let level = "step \(passage.level) of \(definition.steps.count)"
    return switch outcome {
    case "excluded":
      "excluded: an excluded event came into the try that went furthest, from \(entry)"
    case "converted": "converted: all steps from \(entry) on"
    case "open": "still on the way: came to \(level), entered \(entry)"
    default: "dropped: came to \(level), entered \(entry)"
    }
  }
}

/// What the events of one moment changed for a person.
private struct Change {
  private let definition: FunnelDefinition
  private let before: [Passage]
  private let after: [Passage]
  private let time: Int64

  init(_ definition: FunnelDefinition, _ before: [Passage], _ after: [Passage], _ time: Int64) {
    (self.definition, self.before, self.after, self.time) = (definition, before, after, time)
  }

  /// What an event that matches these steps and exclusions did, in words.
  func text(_ numbers: [Int]) -> String {
    let steps = numbers.filter { $0 <= definition.steps.count }
    guard let reached = after.last else {
      if let step = steps.last { return "is \(name(step)), but the person has not entered" }
      return numbers.isEmpty ? "is no step" : "is excluded, but the person has not entered"
    }
    if numbers.contains(where: { $0 > definition.steps.count }) {
      return excluded(steps)
    }
    guard !steps.isEmpty else {
      let ends = before.last?.openUntil != nil && reached.openUntil == nil
      return ends ? "is no step, and ends the tries, since none may stand between" : "is no step"
    }
    if after.count > before.count {
      return before.isEmpty
        ? "enters the funnel by \(name(steps[0]))" : "enters the funnel again by \(name(steps[0]))"
    }
    if let last = before.last, last != reached { return moved(last, reached) }
    return unchanged(steps, reached)
  }

  private func excluded(_ steps: [Int]) -> String {
    let wasExcluded = before.last?.isExcluded ?? false
    if after.last?.isExcluded ?? false, !wasExcluded {
      return "is excluded here: the person leaves the funnel"
    }
    if before.last?.openUntil != nil, after.last?.openUntil == nil {
      return "is excluded here: the person drops off"
    }
    return "is an excluded event, but none stands where it matters"
  }

  /// The report has become another one.
  private func moved(_ last: Passage, _ reached: Passage) -> String {
    let step = name(reached.level)
    if reached.level > last.level {
      guard reached.level > 1 else { return "enters the funnel by \(step)" }
      let isAfresh = reached.entry != last.entry
      let previous = reached.times[..<(reached.level - 1)].last { $0 != Passage.skipped }
      let seconds = Double(reached.times[reached.level - 1] - (previous ?? reached.entry)) / 1000
      let text = "reaches \(step), \(Self.digits(seconds)) s after the step before"
      return isAfresh ? text + ", in a later try" : text
    }
    if last.isExcluded, !reached.isExcluded { return "reaches \(step) in a clean try" }
    if reached.level < last.level { return "begins anew" }
    if reached.times[..<reached.level] != last.times[..<last.level] {
      return "reaches \(step) in another try, which counts in place of the earlier one"
    }
    return reached.openUntil == nil ? "ends the tries" : "begins a try, which may convert later"
  }

  /// Why the report is the same as before; the first reason that holds is told.
  ///
  ///     session over │ all steps done │ a step before it missing │ reached already │ try ended │ window passed
  private func unchanged(_ steps: [Int], _ reached: Passage) -> String {
    let step = steps.last ?? 1
    if definition.counting.unit == .sessions, (reached.openUntil ?? .min) < time {
      return "is \(name(step)), but this session has nothing to go on with"
    }
    if reached.level == definition.steps.count { return "changes nothing: all steps are done" }
    if definition.order == .any { return "is \(name(steps[0])) once more" }
    if step > reached.level + 1 {
      return "is \(name(step)), but step \(reached.level + 1) has not been reached"
    }
    if step <= reached.level { return "is \(name(step)) once more: it has been reached" }
    guard let until = reached.openUntil else {
      return "would be \(name(step)), but the try has ended"
    }
    return "would be \(name(step)), but "
      + (time <= until ? "no try can go on with it" : "the window has passed")
  }

  private func name(_ step: Int) -> String {
    definition.order == .any ? "a step" : "step \(step) '\(definition.steps[step - 1].name)'"
  }

  private static func digits(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
  }
}

/// The persons who are to be explained.
struct ExplainedPersons {
  private let persons: Set<UInt32>

  init(_ ids: [String], _ persons: Persons, _ roots: [UInt32]) {
    self.persons = Set(ids.compactMap { Self.person($0, persons, roots) })
  }

  /// Whether a person, given by the root, is one of them.
  func contains(_ person: UInt32) -> Bool { persons.contains(person) }

  /// The person with an id, `nil` where no event has it.
  static func person(_ id: String, _ persons: Persons, _ roots: [UInt32]) -> UInt32? {
    var persons = persons
    let number = Int(persons.id(Array(id.utf8), isUser: false))
    return number < roots.count ? roots[number] : nil
  }
}
