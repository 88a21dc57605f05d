internal import Records

/// A compiled expression: nodes, and the tables that they point into.
///
///     event == "A" && properties.n > 1
///     nodes     0 eventName   1 textComparison(0, "A")   2 field   3 member(2, n)
///               4 numberComparison(3, 1)   5 and(1, 4)
struct Program: Sendable {
  var nodes: [Node] = []
  /// What each node depends on.
  var traits: [NodeTraits] = []
  /// The index of the whole.
  var root = 0
  /// Operands of nodes that have many.
  var children: [Int] = []
  var constants: [Value] = []
  /// Constant numbers that fields are compared with.
  var numbers: [ComparedNumber] = []
  /// Keys of objects.
  var keys: [[UInt8]] = []
  /// Constant texts that fields are compared with.
  var texts = TextList()
  var macros: [Macro] = []
  /// Constant regular expressions.
  var patterns: [Pattern] = []
  /// Constant time zones.
  var zoneRules: [TimeZoneRules] = []
  /// All time zones, for names that an event has.
  var zones = TimeZones.fixed
  /// Where a value that was captured from the person's event stands, by node; -1 where it is not.
  var captures: [Int] = []
  /// Whether the extensions for JSON are on.
  var allowsExtensions = true
}
