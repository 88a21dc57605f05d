/// What a program is: everything that its help, its manual page and its completions are made from.
public struct Program: Sendable {
  /// The families differ in their output, and so in the common options that they take.
  public enum Family: Sendable {
    /// Passes each event at once, with fields added.
    case annotate
    /// Writes reports, and the events too with `--pass`.
    case aggregate
    /// Makes events from nothing.
    case make
  }

  /// A command to try and what it does.
  public struct Example: Sendable {
    let command: String
    let meaning: String

    /// An example for the end of the help text.
    public init(_ command: String, _ meaning: String) {
      self.command = command
      self.meaning = meaning
    }
  }

  /// The name of the program, as in its documentation.
  public let name: String
  /// What it does, in one line.
  public let summary: String
  /// What one should know before using it; paragraphs divided by blank lines.
  public let discussion: String
  /// What its output is.
  public let family: Family
  /// The options that only this program has.
  public let options: [OptionDeclaration]
  /// Commands to try.
  public let examples: [Example]
  /// The names of common options that this program does not take.
  public let omitted: [String]
  /// For an annotator, the names of its options that make it an aggregator in that run.
  public let reportOptions: [String]

  /// A program by its parts.
  public init(
    name: String, summary: String, discussion: String, family: Family,
    options: [OptionDeclaration], examples: [Example], omitting omitted: [String] = [],
    reportsWith reportOptions: [String] = []
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.family = family
    self.options = options
    self.examples = examples
    self.omitted = omitted
    self.reportOptions = reportOptions
  }

  /// The version of the whole family.
  public static let version = "0.1.0"

  /// The common options that the program takes.
  var commonOptions: [OptionDeclaration] {
    let families = reportOptions.isEmpty ? [family] : [family, .aggregate]
    return CommonOptions.all.filter { option in
      option.families.contains(where: families.contains) && !omitted.contains(option.name)
    }
  }

  /// Refuses options for reports in a run that writes none.
  func checkReportOptions(_ arguments: Arguments, isAggregator: Bool) throws(Failure) {
    guard !isAggregator, !reportOptions.isEmpty else { return }
    for option in commonOptions
    where !option.families.contains(family) && arguments.has(option.name) {
      let needed = reportOptions.map { "--\($0)" }.joined(separator: " or ")
      throw .usage("--\(option.name) is for reports: it needs \(needed)")
    }
  }

  /// Whether the program has an option.
  func takes(_ name: String) -> Bool { allOptions.contains { $0.name == name } }

  /// All options, its own first.
  var allOptions: [OptionDeclaration] { options + commonOptions }
}

/// One long option: what the command line, the help, the manual and the completions need of it.
///
///     OptionDeclaration("window", "DURATION", "Time from the first step to the last. Default 14d.")
public struct OptionDeclaration: Sendable {
  /// The name without its dashes.
  public let name: String
  /// What stands for the value in the help; `nil` for a switch.
  public let value: String?
  /// What it does, in one or two sentences.
  public let help: String
  /// Whether it may be given more than once.
  public let isRepeatable: Bool
  /// The words that it accepts, where they are few; checked, and offered by completions.
  public let choices: [String]
  /// Who takes it, for common options.
  let families: [Program.Family]

  /// An option of one program.
  public init(
    _ name: String, _ value: String? = nil, _ help: String, repeatable isRepeatable: Bool = false,
    choices: [String] = []
  ) {
    self.init(name, value, help, repeatable: isRepeatable, choices: choices, families: [])
  }

  init(
    _ name: String, _ value: String?, _ help: String, repeatable isRepeatable: Bool = false,
    choices: [String] = [], families: [Program.Family]
  ) {
    self.name = name
    self.value = value
    self.help = help
    self.isRepeatable = isRepeatable
    self.choices = choices
    self.families = families
  }
}
