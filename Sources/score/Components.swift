/// The components of one score, in the order of ``Component/Kind``: five at most, without a heap.
///
///     engagement   recency · activeDays · events · channels
///     health       usage · engagement · support · sentiment · finance
struct Components: Sendable, RandomAccessCollection {
  private var components = InlineArray<5, Component>(repeating: Component(.recency, 0))
  private(set) var count = 0

  /// None.
  init() {}

  /// Adds one.
  mutating func append(_ component: Component) {
    components[count] = component
    count += 1
  }

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  subscript(index: Int) -> Component { components[index] }

  /// The sum of the weights.
  var weight: Double { reduce(0) { $0 + $1.weight } }

  /// The weighted mean of the components that are there, 0 of none.
  var weightedMean: Double {
    isEmpty ? 0 : reduce(0) { $0 + $1.weight * $1.value } / weight
  }
}
