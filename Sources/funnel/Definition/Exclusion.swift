import Pipes

/// An event that must not come between two steps.
///
/// What becomes of a person then is the profile's: see `SequentialMatcher`, `AnyOrderMatcher` and
/// `MixpanelMatcher`.
struct Exclusion: Sendable {
  let condition: EventCondition
  /// The steps between which it stands.
  let range: ClosedRange<Int>

  /// Reads `--exclude 'EXPR[@m-n]'`; without a range it stands between the first step and the last.
  static func exclusions(
    _ arguments: Arguments, _ steps: [Step], _ semantics: FunnelDefinition.Semantics,
    _ order: FunnelDefinition.Order, _ setup: inout Setup
  ) throws(Failure) -> [Exclusion] {
    var exclusions: [Exclusion] = []
    for text in arguments.values("exclude") {
      let (source, bounds) = split(text)
      guard !source.isEmpty else { throw .usage("--exclude '\(text)' names no event") }
      let range = try range(bounds ?? (1, steps.count), of: text, stepCount: steps.count)
      if order == .any, range != 1...steps.count {
        throw .usage(
          "--exclude '\(text)': with --order any there are no steps to stand between; leave out"
            + " @\(range.lowerBound)-\(range.upperBound)")
      }
      let condition = try EventCondition(source, of: "--exclude", &setup)
      if semantics == .posthog {
        for step in range where steps[step - 1].condition.source == condition.source {
          throw .usage("--exclude '\(text)' is step \(step) itself, which stands in its range")
        }
      }
      exclusions.append(Exclusion(condition: condition, range: range))
    }
    return exclusions
  }

  private static func range(
    _ bounds: (Int, Int), of text: String, stepCount: Int
  ) throws(Failure) -> ClosedRange<Int> {
    let (first, last) = bounds
    guard first < last else {
      throw .usage("--exclude '\(text)': the end of a range comes behind its start, as in @1-2")
    }
    guard first >= 1, last <= stepCount else {
      throw .usage("--exclude '\(text)': the funnel has the steps 1 to \(stepCount)")
    }
    return first...last
  }

  /// Splits `EXPR@m-n`; an `@` that no range follows belongs to the expression.
  private static func split(_ text: String) -> (source: String, bounds: (Int, Int)?) {
    guard let at = text.lastIndex(of: "@") else { return (text, nil) }
    let parts = text[text.index(after: at)...].split(
      separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
      let first = Int(parts[0]), let last = Int(parts[1])
    else { return (text, nil) }
    return (String(text[..<at]), (first, last))
  }
}
