/// The modes of ClickHouse's `windowFunnel`, any of which may stand together.
enum WindowFunnelMode: String, CaseIterable, Sendable {
  /// A step that comes again ends the search.
  case strictDeduplication = "strict_deduplication"
  /// An event that is none of the steps, or comes too early, ends the search.
  case strictOrder = "strict_order"
  /// Each step must be later than the one before, not at the same moment.
  case strictIncrease = "strict_increase"
  /// One event counts for one step only.
  case strictOnce = "strict_once"
  /// With `strict_order`: steps that come too early are passed over.
  case allowReentry = "allow_reentry"
}

/// What the modes of a `windowFunnel` ask for, read once.
struct WindowFunnelRules: Sendable {
  let isDeduplicating: Bool
  let isOrdered: Bool
  let isIncreasing: Bool
  let allowsReentry: Bool

  init(_ modes: Set<WindowFunnelMode>) {
    isDeduplicating = modes.contains(.strictDeduplication)
    isOrdered = modes.contains(.strictOrder)
    isIncreasing = modes.contains(.strictIncrease)
    allowsReentry = modes.contains(.allowReentry)
  }
}
