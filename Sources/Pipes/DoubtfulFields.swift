public import Expressions
public import Records

/// Top-level names in expressions that look like slips, until an event has such a field.
///
///     --where 'evnt == "A"'  →  no event of this run has 'evnt', which an expression reads: did you
///                               mean 'event'?
///
/// Any top-level field is a variable, so such a name is no error; and one that events have is none
/// either. Cost: nothing an event once all of them were seen, or where there are none.
public struct DoubtfulFields: Sendable {
  private var unseen: [DoubtfulName] = []
  private var hasSeenEvent = false

  /// The doubtful names of expressions, each once.
  public init(_ summaries: [ExpressionSummary]) {
    for name in summaries.flatMap(\.doubtfulNames)
    where !unseen.contains(where: { $0.slot == name.slot }) {
      unseen.append(name)
    }
  }

  /// Whether no name is in doubt.
  @inline(__always)
  public var isEmpty: Bool { unseen.isEmpty }

  /// Looks which of the fields the row of an event has.
  public mutating func see(_ fields: [Field], at base: Int) {
    hasSeenEvent = true
    unseen.removeAll { fields[base + $0.slot].isPresent }
  }

  /// Tells people of the names that no event had, where there were events.
  public func tell(into output: inout Output) {
    guard hasSeenEvent else { return }
    for name in unseen {
      output.notice(
        "no event of this run has '\(name.name)', which an expression reads: did you mean"
          + " '\(name.suggestion)'?")
    }
  }
}
