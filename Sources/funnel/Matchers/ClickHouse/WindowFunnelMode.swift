import Pipes

/// The modes of ClickHouse's `windowFunnel`, any of which may stand together.
enum WindowFunnelMode: String, CaseIterable, Sendable {
  /// A step that comes again ends the search; step 1 that comes again begins anew.
  case strictDeduplication = "strict_deduplication"
  /// Once step 1 is done, an event that is none of the steps, or comes too early, ends the search; one
  /// that comes again does not.
  case strictOrder = "strict_order"
  /// Each step must be later than the one before, not at the same moment.
  case strictIncrease = "strict_increase"
  /// One event counts for one step only.
  case strictOnce = "strict_once"
  /// With `strict_order`: steps that come too early are passed over; events of no step still end it.
  case allowReentry = "allow_reentry"

  /// Reads `--mode MODE,…`.
  static func modes(_ arguments: Arguments) throws(Failure) -> Set<WindowFunnelMode> {
    guard let text = arguments.value("mode") else { return [] }
    var modes: Set<WindowFunnelMode> = []
    for word in text.split(separator: ",") {
      guard let mode = WindowFunnelMode(rawValue: String(word)) else {
        let known = WindowFunnelMode.allCases.map(\.rawValue)
        let hint = suggestion(for: String(word), among: known)
        throw .usage("unknown mode '\(word)'\(hint); there are \(known.joined(separator: ", "))")
      }
      modes.insert(mode)
    }
    guard !modes.contains(.allowReentry) || modes.contains(.strictOrder) else {
      throw .usage("the mode allow_reentry needs strict_order")
    }
    return modes
  }
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
