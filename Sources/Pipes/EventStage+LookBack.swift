public import Events
public import Expressions
import Records

/// Expressions of an aggregator's options that look back over a person's earlier events.
///
///     event, in the order of time ─ its person ─ what is known of the person ─┬─ --where  --by
///                                                                            └─ steps, goals
///
/// They see every event of a person but bots' and late ones, also those that `--where`, `--since` and
/// `--until` leave out: a window may reach back before the period that is reported. The answers for
/// the event at hand lie in its block; there ``Expression/holds(_:in:failures:)`` finds them.
extension EventStage {
  /// Asks the conditions that look back at an event whose turn has come.
  mutating func lookBack(
    at line: WaitingLine, base: Int, of lines: inout LineBlock, _ output: inout Output
  ) {
    lines.block.lookBack = nil
    let event = line.event(base: base)
    let person = person(
      line, lines.waiting.hashes, at: .distantPast, in: lines.block.bytes.span, &output)
    guard person != Persons.nobody, !event.isBot || !settings.excludesBots else { return }
    // The conditions' own errors are counted where somebody asks them.
    var ownFailures = 0
    memory.take(
      person, EventPlace(event), fields: lines.block.fields, in: lines.block.bytes.span,
      at: event.time, failures: &ownFailures)
    output.tally.count(&memory)
    lines.block.lookBack = ConditionAnswers(truths: memory.answers, failures: memory.failures)
  }
}

extension Expression {
  /// Whether the condition is true for the event that has its turn, or was answered for it.
  ///
  /// - Parameter failures: is raised by one when the condition has an error, and so is false.
  public func holds(_ event: Event, in block: Block, failures: inout Int) -> Bool {
    guard let number = answerNumber else {
      return holds(
        EventPlace(event), fields: block.fields, in: block.bytes.span, failures: &failures)
    }
    // Nobody has no earlier events.
    guard let answers = block.lookBack, !answers.hasFailed(number) else {
      failures += 1
      return false
    }
    return answers.isTrue(number)
  }
}
