import Pipes

/// What a funnel counts: its steps, its window, and the rules by which a person passes.
struct FunnelDefinition: Sendable {
  /// The products whose rules can be followed.
  enum Semantics: String, CaseIterable, Sendable {
    /// The order that helps, one event one step, the latest try that can convert.
    case posthog
    /// `windowFunnel` with its modes.
    case clickhouse
  }

  let steps: [Step]
  let windowMilliseconds: Int64
  let semantics: Semantics
  let isStrict: Bool
  let modes: Set<WindowFunnelMode>

  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    steps = try Step.steps(arguments, &setup)
    guard steps.count >= 2 else { throw .usage("a funnel has at least two steps") }
    semantics = arguments.value("semantics").flatMap(Semantics.init(rawValue:)) ?? .posthog
    modes = try Self.modes(arguments)
    isStrict = arguments.value("order") == "strict"
    let window = try arguments.duration("window")
    switch semantics {
    case .posthog:
      guard modes.isEmpty else {
        throw .usage("--mode belongs to --semantics clickhouse; here it is --order strict")
      }
      windowMilliseconds = window ?? 14 * 86_400_000
    case .clickhouse:
      guard arguments.value("order") == nil else {
        throw .usage("--order belongs to --semantics posthog; here it is --mode strict_order")
      }
      guard let window else {
        throw .usage("--semantics clickhouse needs a --window, as windowFunnel does: --window 1h")
      }
      windowMilliseconds = window
    }
  }

  private static func modes(_ arguments: Arguments) throws(Failure) -> Set<WindowFunnelMode> {
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

  /// Whether events that match no step matter too.
  var keepsUnmatched: Bool { isStrict || modes.contains(.strictOrder) }

  /// Runs a body with the matcher of these rules.
  func withMatcher<Result>(_ body: (inout any Matcher) -> Result) -> Result {
    var matcher: any Matcher
    if semantics == .posthog {
      matcher = SequentialMatcher(
        stepCount: steps.count, windowMilliseconds: windowMilliseconds, isStrict: isStrict)
    } else if modes.contains(.strictOnce) {
      matcher = StrictOnceMatcher(
        stepCount: steps.count, windowMilliseconds: windowMilliseconds, modes: modes)
    } else {
      matcher = WindowFunnelMatcher(
        stepCount: steps.count, windowMilliseconds: windowMilliseconds, modes: modes)
    }
    return body(&matcher)
  }
}
