import Expressions

/// The texts of `--help-expr` and `--explain-expr`.
enum ExpressionHelp {
  /// What expressions may say, by tested examples.
  static let text = makeText()

  private static func makeText() -> String {
    var text = """
      Expressions are CEL, the Common Expression Language (https://cel.dev), over one event. An error,
      such as comparing a text with a number, makes a condition false and is counted. A value of --by
      that is an error is null and is counted too; so are NaN and the infinities, which JSON does not
      have: 0.0 / 0.0 and 1.0 / 0.0 are one group with a field that is null. Searching in a text costs
      as much as it is long, whatever the pattern: a step for 64 bytes, out of 1,000,000 an event; a
      pattern of many repetitions costs more where its texts come through ever new states, and keeps at
      most 8 MB of them. The examples are of this event:

      \(ExpressionGuide.event)

      and of a person with these before it:

      \(ExpressionGuide.earlierEvents)

      event is Page Viewed, Screen Viewed, Identified, Grouped or Aliased for a message of such a type
      without a name.

      """
    for section in ExpressionGuide.sections {
      text += "\n\(section.title)\n"
      if !section.intro.isEmpty { text += "  \(section.intro)\n" }
      for row in section.rows {
        text += "  \(row.example)   →   \(row.value)\n"
        text += row.meaning.wrapped(to: 80, indent: 6) + "\n"
      }
    }
    return text + "\n" + LookBackGuide.text
  }

  /// What the expressions of a command are, read, keep and cost.
  static func explanation(of summaries: [ExpressionSummary]) -> [UInt8] {
    guard !summaries.isEmpty else { return Array("The command has no expression.\n".utf8) }
    return Array(summaries.map(\.text).joined(separator: "\n").utf8)
  }
}
