/// One step of a compiled expression: what to do with which other nodes.
///
/// Plain numbers only: operands are indices into the arrays of the ``Program``.
enum Node: Sendable, BitwiseCopyable {
  case constant(Int)
  /// A top-level field of the record.
  case field(slot: Int, fallback: Fallback)
  /// The field `event`, or the name that the message's type implies.
  case eventName(slot: Int, typeSlot: Int)
  /// The whole record.
  case record
  /// The event's time or the moment of evaluation.
  case now
  /// A value that the caller gives: variables of the standard's tests.
  case variable(Int)
  /// A variable of a macro.
  case local(Int)
  case member(Int, key: Int)
  case has(Int, key: Int)
  /// Whether the record has a top-level field.
  case isPresent(Int)
  case element(Int, Int)
  case lookBack(Int)
  case not(Int)
  case negate(Int)
  case and(first: Int, count: Int)
  case or(first: Int, count: Int)
  case conditional(Int, Int, Int)
  /// A sum, product and so on; `mixes` where numbers of all types go together.
  case arithmetic(Operator, Int, Int, mixes: Bool)
  case comparison(Operator, Int, Int)
  /// A comparison whose left side minus its right side grows with `now` by `slope`.
  case timeComparison(Operator, Int, Int, slope: Int)
  /// A field with a constant text.
  case textComparison(Operator, operand: Int, text: Int)
  /// A field with a constant number.
  case numberComparison(Operator, operand: Int, number: Int)
  /// A field in a list of constant texts.
  case oneOf(operand: Int, first: Int, count: Int)
  case membership(Int, Int)
  case list(first: Int, count: Int)
  case map(first: Int, count: Int)
  case call(Function, first: Int, count: Int)
  /// Whether a constant pattern stands in a text.
  case matches(Int, pattern: Int)
  /// A part of a time in a constant zone.
  case zonedPart(Function, Int, zone: Int)
  /// A part of a time that moves with `now` by `slope`; it changes every `unit` milliseconds.
  case movingPart(call: Int, slope: Int, unit: Int)
  case macro(Int)
  case failure(EvaluationError)

  /// What a field that the record does not have stands for.
  enum Fallback: Sendable {
    case null
    case no
    case emptyList
    case emptyText
  }
}
