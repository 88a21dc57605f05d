/// What the value of a node depends on.
struct NodeTraits: Sendable, Equatable {
  /// On the record, or on a variable that the caller gives.
  var readsRecord = false
  /// On the person's earlier events.
  var looksBack = false
  /// On the moment of evaluation.
  var readsNow = false
  /// The outermost variable of a macro that it depends on; past every variable where on none.
  var lowestLocal = Int.max
  /// Whether it depends on anything that an event says, so that its numbers go together with others.
  var isFromJSON = false
  /// How the value moves with `now`: 1 forward, -1 backward, 0 not at all, or accounted for below.
  var slope = 0

  /// Whether the value is settled by the event alone.
  var isOfEvent: Bool { readsRecord && !looksBack && !readsNow && lowestLocal == .max }

  /// Adds what an operand depends on; the slope stays.
  mutating func include(_ operand: NodeTraits) {
    readsRecord = readsRecord || operand.readsRecord
    looksBack = looksBack || operand.looksBack
    readsNow = readsNow || operand.readsNow
    isFromJSON = isFromJSON || operand.isFromJSON
    lowestLocal = min(lowestLocal, operand.lowestLocal)
  }
}
